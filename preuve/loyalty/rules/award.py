"""What an occasion earns: a program's rules applied to it. Pure but for what history answers.

Rules apply in three stages: first those that give points for what was spent (`per_amount`), then
at most one multiplier of these, then everything else. Within a stage the higher priority comes
first, and of equal ones the one that stands first in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Literal

from preuve.loyalty.rules.caps import room_for
from preuve.loyalty.rules.compiled import compiled
from preuve.loyalty.rules.conditions import blocked_by
from preuve.loyalty.rules.earning import Earned, earned
from preuve.loyalty.rules.effects import Giveaway, Voucher
from preuve.loyalty.rules.expressions import RuleFault
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.facts_of import exponent_of, minor_units
from preuve.loyalty.rules.history import History
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.ready import BONUSES, MULTIPLIERS, SPENDING, Ready
from preuve.loyalty.rules.scene import Scene


@dataclass(frozen=True, slots=True)
class AwardLine:
    """Points from one rule, above zero; `why` tells an operator how they come about.

    `detail` is the whole calculation, for `sentences.py` and for provenance: numbers, texts,
    lists and mappings alone, so that it can be kept as JSON. Amounts in it are minor units.
    """

    rule: str
    points: int
    why: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule gives that is no points. `key` names it to the partner who hands it out.

    `value` is a voucher's worth in minor units of `currency`.
    """

    rule: str
    kind: Literal["gift", "voucher", "badge", "message"]
    key: str
    name: str
    why: str
    value: int | None = None
    currency: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleError:
    """A rule that could not be judged on this occasion; `told` says why, to an operator."""

    rule: str
    told: str


@dataclass(frozen=True, slots=True)
class Award:
    """At most one line for each rule; a rule that gives nothing has none.

    With any error nothing is given: no lines, no grants. `counted_on` is the day that windows,
    caps and history take the occasion for. `held_back` are the points of each rule that its caps
    and its campaign's budget kept from the member.
    """

    lines: tuple[AwardLine, ...] = ()
    grants: tuple[Grant, ...] = ()
    errors: tuple[RuleError, ...] = ()
    counted_on: date | None = None
    held_back: Mapping[str, int] = field(default_factory=dict)

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def given(self) -> dict[str, int]:
        """What each rule gives; 0 where it is no points but a grant."""
        points = {grant.rule: 0 for grant in self.grants}
        return points | {line.rule: line.points for line in self.lines}


NOTHING = Award()


def award(occasion: Occasion, program: Program, history: History) -> Award:
    """What `occasion` earns in `program`, whose limits the caller has already looked at."""
    ready = compiled(program)
    scene = ready.scene(occasion, history)
    applying: list[Ready] = []
    errors: list[RuleError] = []
    for one in ready.rules_for(scene):
        try:
            if blocked_by(one, scene) is None:
                applying.append(one)
        except RuleFault as fault:
            errors.append(RuleError(one.rule.rule, fault.told))
    tally = _Tally(scene, errors)
    tally.add(applying)
    if tally.errors:
        return Award(errors=tuple(tally.errors), counted_on=scene.day)
    lines, grants = tuple(tally.lines), tuple(tally.grants)
    return Award(lines, grants, (), scene.day, tally.held_back)


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a rule gives; None where its caps let it give no more. `held` is what they hold back."""

    earned: Earned | None = None
    held: int = 0

    @property
    def order(self) -> tuple[int, int]:
        return (self.earned.points, 0) if self.earned else (-1, self.held)


class _Tally:
    """An award as it comes together, rule by rule."""

    def __init__(self, scene: Scene, errors: list[RuleError]) -> None:
        self.scene, self.errors = scene, errors
        self.lines: list[AwardLine] = []
        self.grants: list[Grant] = []
        self.held_back: dict[str, int] = {}
        self.spending: dict[str, int] = {}
        self.spent: dict[str, int] = {}
        self.ended = False

    def add(self, applying: list[Ready]) -> None:
        """`applying` stand in the order in which they apply."""
        for one in (one for one in applying if one.stage == SPENDING):
            self.give(one, self.worth(one))
        multipliers = [one for one in applying if one.stage == MULTIPLIERS]
        for _, equals in groupby(multipliers, lambda one: one.rule.priority):
            found = [(one, self.worth(one)) for one in equals]
            # Of the same points the first in the file, as `max` keeps the first.
            if self.give(*max(found, key=lambda pair: pair[1].order)):
                break
        for one in (one for one in applying if one.stage == BONUSES):
            self.give(one, self.worth(one))

    def worth(self, one: Ready) -> _Worth:
        if self.ended:
            return _Worth()
        try:
            found = earned(one, self.scene, self.spending)
        except RuleFault as fault:
            self.errors.append(RuleError(one.rule.rule, fault.told))
            return _Worth()
        room = room_for(one.rule, self.scene, self.spent)
        if room.none_left:
            return _Worth(None, found.points)
        if room.points is None or found.points <= room.points:
            return _Worth(found)
        held = found.points - room.points
        numbers = {**found.numbers, "uncapped": found.points, "held_by": dict(room.by or {})}
        return _Worth(Earned(room.points, f"{found.why}, at most {room.points}", numbers), held)

    def give(self, one: Ready, worth: _Worth) -> bool:
        """Writes down what a rule gives and what is held back of it; whether it gives anything."""
        rule, found = one.rule, worth.earned
        if worth.held:
            self.held_back[rule.rule] = worth.held
        if found is None or not (found.points or rule.grants):
            return False
        about = {**one.about, "counted_on": self.scene.written_day}
        if found.points:
            detail, why = {**about, **found.numbers}, f"{rule.name}: {found.why}"
            self.lines.append(AwardLine(rule.rule, found.points, why, detail))
        if one.stage == SPENDING:
            self.spending[rule.rule] = found.points
        if rule.campaign:
            self.spent[rule.campaign] = self.spent.get(rule.campaign, 0) + found.points
        if rule.grants:
            self.grants.extend(_granted(one, about))
        self.ended = rule.last
        return True


def _granted(one: Ready, about: Mapping[str, Any]) -> Iterable[Grant]:
    for gift in one.rule.grants:
        value, currency = _value(gift)
        why = f"{one.rule.name}: {gift.name}"
        yield Grant(one.rule.rule, gift.kind, gift.key, gift.name, why, value, currency, about)


def _value(gift: Giveaway) -> tuple[int | None, str | None]:
    if not isinstance(gift, Voucher):
        return None, None
    return minor_units(gift.value, exponent_of(gift.currency)), gift.currency
