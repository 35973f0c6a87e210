"""A program made ready for judging: expressions compiled, products indexed, rules in order."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_

from preuve.loyalty.rules.expressions import Uses
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.history import History
from preuve.loyalty.rules.matching import Matcher
from preuve.loyalty.rules.narrowing import Narrowing
from preuve.loyalty.rules.products import Products
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.ready import Ready, made_ready, own_list
from preuve.loyalty.rules.scene import Scene
from preuve.loyalty.rules.windows import LONGEST


class Compiled:
    """The rules in the order in which they apply: by stage, priority and place in the file."""

    def __init__(self, program: Program) -> None:
        own = {
            own_list(rule): rule.condition.items
            for rule in program.earn
            if rule.condition.items and not rule.condition.items.says_nothing
        }
        named: dict[str, Products] = {**program.products, **own}
        self.program, self.matcher = program, Matcher(named)
        rules = [made_ready(rule, program, named) for rule in program.earn]
        self.rules = sorted(rules, key=lambda one: (one.stage, -one.rule.priority))
        used = (one.expression.uses for one in rules if one.expression)
        self.uses = reduce(or_, used, Uses())
        counted = (LONGEST[rule.nth.per] for rule in program.earn if rule.nth)
        self.looks_back = max(self.uses.days, *counted, 0)
        """How many days before an occasion its member's purchases may be asked for."""
        self._narrowing = Narrowing(self.rules)

    def scene(self, occasion: Occasion, history: History) -> Scene:
        return Scene(occasion, self.program, history, self.matcher, self.uses)

    def rules_for(self, scene: Scene) -> tuple[Ready, ...]:
        """The rules that may apply to the occasion, in their order."""
        return self._narrowing.rules_for(scene)


@lru_cache(64)
def compiled(program: Program) -> Compiled:
    """Raises ExpressionsInvalid for a program that `parse_program` would have refused."""
    return Compiled(program)
