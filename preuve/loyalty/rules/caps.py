"""How much a rule may still give: its caps, and what its campaign may give a member and all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from preuve.loyalty.rules.effects import Cap
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


ROOM = Room()
"""For a rule that nothing holds."""


def room_for(rule: EarnRule, scene: Scene, spent: Mapping[str, int]) -> Room:
    """`spent` are the points that this occasion has taken from each campaign's budget so far."""
    room = ROOM
    for cap in rule.caps:
        left = _left_under(cap, rule, scene)
        if _is_narrower(left, room):
            told = {"points": cap.points} if cap.points else {"times": cap.times or 0}
            room = Room(max(left, 0), {"per": cap.per, "of": cap.of, **told})
    if rule.campaign:
        room = _in_campaign(rule.campaign, room, scene, spent.get(rule.campaign, 0))
    return room


def _in_campaign(key: str, room: Room, scene: Scene, spent: int) -> Room:
    campaign = scene.program.campaigns[key]
    if campaign.member_cap is not None:
        left = campaign.member_cap - scene.history.given_in(key) - spent
        if _is_narrower(left, room):
            room = Room(max(left, 0), {"per": "whole_campaign", "points": campaign.member_cap})
    if campaign.budget is not None:
        left = scene.history.budget_left(key, campaign.budget) - spent
        if _is_narrower(left, room):
            room = Room(max(left, 0), {"per": "budget", "points": campaign.budget})
    return room


def _left_under(cap: Cap, rule: EarnRule, scene: Scene) -> int | None:
    if cap.per == "receipt":
        return cap.points
    first, last = period_of(scene.day, cap.per)
    given = scene.history.given(rule.rule, first, last, everyone=cap.of == "all")
    if cap.times is not None and given.times >= cap.times:
        return 0
    return None if cap.points is None else cap.points - given.points


def _is_narrower(left: int | None, room: Room) -> TypeGuard[int]:
    return left is not None and (room.points is None or left < room.points)
