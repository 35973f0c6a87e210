"""What an occasion gives otherwise than before, and which later ones of its member may count it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.windows import Period, period_of, within


@dataclass(frozen=True, slots=True)
class Change:
    """A rule gives something else on a day, as part of a campaign or of none."""

    rule: str
    campaign: str | None
    day: date | None


def matters(changes: frozenset[Change] | None, then: Program, day: date | None) -> bool:
    """Whether a later occasion of that day, judged by `then`, may count what has changed."""
    return changes is None or any(
        day is None or within(change.day, *period_of(day, period))
        for change in changes
        for period in _counted_in(then, change.rule, change.campaign)
    )


@lru_cache(1_000)
def _counted_in(program: Program, rule: str, campaign: str | None) -> frozenset[Period]:
    """The periods in which a member's caps count what the rule gave in the campaign."""
    caps = (cap for one in program.earn if one.rule == rule for cap in one.caps)
    periods = set[Period](cap.per for cap in caps if cap.of == "member") - {"receipt"}
    shared = program.campaigns.get(campaign) if campaign else None
    if shared and shared.member_cap is not None:
        periods.add("campaign")
    return frozenset(periods)


@lru_cache(64)
def campaigns_of(program: Program) -> Mapping[str, str | None]:
    """The campaign of each rule."""
    return {rule.rule: rule.campaign for rule in program.earn}
