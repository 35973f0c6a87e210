"""How much a rule may still give: its caps, and the budget of its campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from preuve.loyalty.rules.rule import EarnRule
from preuve.loyalty.rules.scene import Scene
from preuve.loyalty.rules.windows import period_of


@dataclass(frozen=True, slots=True)
class Room:
    """`points` that a rule may still give; None: as many as it likes. `by` is what holds it."""

    points: int | None = None
    by: Mapping[str, str | int] | None = None

    @property
    def none_left(self) -> bool:
        return self.points is not None and self.points <= 0


def room_for(rule: EarnRule, scene: Scene, spent: Mapping[str, int]) -> Room:
    """`spent` are the points that this occasion has taken from each campaign's budget so far."""
    room = Room()
    for cap in rule.caps:
        if cap.per == "receipt":
            left = cap.points
        else:
            first, last = period_of(scene.day, cap.per)
            given = scene.history.given(rule.rule, first, last, everyone=cap.of == "all")
            left = None if cap.points is None else cap.points - given.points
            if cap.times is not None and given.times >= cap.times:
                left = 0
        by: dict[str, str | int] = {"per": cap.per, "of": cap.of}
        by |= {"points": cap.points} if cap.points else {"times": cap.times or 0}
        room = _narrower(room, Room(left, by))
    campaign = scene.program.campaigns.get(rule.campaign or "")
    if campaign and campaign.budget is not None and rule.campaign:
        left = scene.history.budget_left(rule.campaign, campaign.budget)
        left -= spent.get(rule.campaign, 0)
        by = {"per": "budget", "points": campaign.budget}
        room = _narrower(room, Room(left, by))
    return room


def _narrower(one: Room, other: Room) -> Room:
    if other.points is None:
        return one
    if one.points is None or other.points < one.points:
        return Room(max(other.points, 0), other.by)
    return one
