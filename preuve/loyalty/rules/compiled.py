"""A program made ready for judging: expressions compiled, products indexed, rules in order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_

from preuve.loyalty.rules.expressions import Expression, Uses, compile_expression
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.matching import Matcher
from preuve.loyalty.rules.products import Products
from preuve.loyalty.rules.program import Campaign, Program
from preuve.loyalty.rules.rule import HAPPENS, Condition, EarnRule, Window

SPENDING, MULTIPLIERS, BONUSES = range(3)


@dataclass(frozen=True, slots=True)
class Ready:
    """One rule. `lists` are those that its items belong to; None: it asks for no items, and
    empty: for every product. What a rule does not limit is None here, and costs no time."""

    rule: EarnRule
    stage: int
    campaign: Campaign | None
    window: Window | None
    condition: Condition | None
    expression: Expression | None
    lists: tuple[str, ...] | None


class Compiled:
    """The rules in the order in which they apply: by stage, priority and place in the file."""

    def __init__(self, program: Program) -> None:
        own = {
            f"items of {rule.rule}": rule.condition.items
            for rule in program.earn
            if rule.condition.items and not rule.condition.items.says_nothing
        }
        named: dict[str, Products] = {**program.products, **own}
        self.matcher = Matcher(named)
        rules = [_ready(rule, program, named) for rule in program.earn]
        self.rules = sorted(rules, key=lambda one: (one.stage, -one.rule.priority))
        used = (one.expression.uses for one in rules if one.expression)
        self.uses = reduce(or_, used, Uses())
        self._waiting = lru_cache(10_000)(self._find)

    def waiting_for(self, occasion: Occasion) -> tuple[Ready, ...]:
        """The rules that such an occasion may trigger, in their order."""
        retailer = occasion.purchase.retailer_key if occasion.purchase else None
        return self._waiting(occasion.trigger, occasion.event, retailer)

    def _find(self, trigger: str, event: str, retailer: str | None) -> tuple[Ready, ...]:
        return tuple(
            one
            for one in self.rules
            if HAPPENS[one.rule.trigger] == trigger
            and (trigger != "event" or one.rule.event == event)
            and (not one.rule.condition.retailers or retailer in one.rule.condition.retailers)
        )


def _ready(rule: EarnRule, program: Program, named: dict[str, Products]) -> Ready:
    items, when = rule.condition.items, rule.condition.when
    kind = rule.effect.kind if rule.effect else "grants"
    stage = {"per_amount": SPENDING, "multiplier": MULTIPLIERS}.get(kind, BONUSES)
    lists: tuple[str, ...] | None = None
    if items is not None:
        own = f"items of {rule.rule}"
        lists = (*items.lists, own) if own in named else items.lists
    looked_at_elsewhere = {"items": None, "when": None, "retailers": ()}
    facts = rule.condition.model_copy(update=looked_at_elsewhere)
    return Ready(
        rule,
        stage,
        program.campaigns[rule.campaign] if rule.campaign else None,
        None if rule.window == Window() else rule.window,
        None if facts == Condition() else facts,
        compile_expression(when) if when else None,
        lists,
    )


@lru_cache(64)
def compiled(program: Program) -> Compiled:
    """Raises ExpressionsInvalid for a program that `parse_program` would have refused."""
    return Compiled(program)
