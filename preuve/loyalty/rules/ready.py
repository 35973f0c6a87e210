"""One rule made ready for judging, with everything found that does not depend on the occasion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from preuve.loyalty.rules.expressions import Expression, compile_expression
from preuve.loyalty.rules.products import Products
from preuve.loyalty.rules.program import Campaign, Program
from preuve.loyalty.rules.rule import Condition, EarnRule, Window

SPENDING, MULTIPLIERS, BONUSES = range(3)
STAGES: Mapping[str, int] = {"per_amount": SPENDING, "multiplier": MULTIPLIERS}


@dataclass(frozen=True, slots=True)
class Ready:
    """One rule. `lists` are those that its items belong to; None: it asks for no items, and
    empty: for every product. What a rule does not limit is None here, and costs no time.

    `counts`: it is for the first receipt, or the so-manieth. `about` is what every line of it
    tells of the rule, whatever it gives.
    """

    rule: EarnRule
    stage: int
    campaign: Campaign | None
    window: Window | None
    condition: Condition | None
    expression: Expression | None
    lists: tuple[str, ...] | None
    counts: bool
    about: Mapping[str, Any]


def own_list(rule: EarnRule) -> str:
    """What the products that are written into a rule are called among the lists."""
    return f"items of {rule.rule}"


def made_ready(rule: EarnRule, program: Program, named: Mapping[str, Products]) -> Ready:
    items, when = rule.condition.items, rule.condition.when
    lists: tuple[str, ...] | None = None
    if items is not None:
        own = own_list(rule)
        lists = (*items.lists, own) if own in named else items.lists
    facts = rule.condition.model_copy(update={"items": None, "when": None})
    campaign = program.campaigns[rule.campaign] if rule.campaign else None
    return Ready(
        rule,
        STAGES.get(rule.effect.kind, BONUSES) if rule.effect else BONUSES,
        campaign,
        None if rule.window == Window() else rule.window,
        None if facts == Condition() else facts,
        compile_expression(when) if when else None,
        lists,
        rule.trigger in ("first_receipt", "nth_receipt"),
        _about(rule, campaign),
    )


def _about(rule: EarnRule, campaign: Campaign | None) -> dict[str, Any]:
    ends = [day for day in (rule.window.ends_on, campaign and campaign.ends_on) if day]
    about: dict[str, Any] = {
        "kind": rule.effect.kind if rule.effect else "grants",
        "name": rule.name,
        "trigger": rule.trigger,
    }
    if campaign:
        about |= {"campaign": rule.campaign, "campaign_name": campaign.name}
    if ends:
        about["until"] = min(ends).isoformat()
    if rule.window.weekdays:
        about["weekdays"] = list(rule.window.weekdays)
    if rule.window.hours:
        about["hours"] = list(rule.window.hours)
    if rule.trigger == "event":
        about["event"] = rule.event
    return about
