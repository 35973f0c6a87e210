"""What a program would have given for what really happened, before it is published.

Occasions are judged again in their order, each with what the member had done before it, as if
the program had been in force from the first judged day on. Nothing is written.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from preuve.loyalty.occasions.kept import FACTS, load_facts
from preuve.loyalty.occasions.tables import GivenRow, OccasionRow
from preuve.loyalty.programs.replay import Replay
from preuve.loyalty.rules.award import Award, award
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

Progress = Callable[[int, int], None]
"""Told now and then: how many occasions are judged, of how many."""

BATCH = 500
LARGEST = 10
MOST_ERRORS = 100


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule would have given, and `really` gave, in points.

    `held_back` is what its caps and its campaign's budget kept it from giving; `grants` how many
    gifts, vouchers, badges and messages; `vouchers` their worth in minor units by currency. A
    rule that is not in the program any more has only what it really gave.
    """

    rule: str
    name: str
    points: int
    times: int
    members: int
    held_back: int
    grants: int
    vouchers: dict[str, int]
    really: int


@dataclass(frozen=True, slots=True)
class Largest:
    occasion: str
    member_id: str
    points: int
    really: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule that could not be judged: the occasion would have waited for a person."""

    occasion: str
    rule: str
    told: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """`members` got something; `more`, `less` and `same` count occasions beside the real award.

    `failed` has the first hundred; `failures` counts them all. `spent` is by campaign.
    """

    occasions: int
    members: int
    points: int
    really: int
    more: int
    less: int
    same: int
    rules: tuple[RuleResult, ...]
    largest: tuple[Largest, ...]
    spent: dict[str, int]
    failures: int
    failed: tuple[Failed, ...]


def simulate(
    ground: Ground,
    program: Program,
    *,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Judges what came in from `since` to `until`, both included, by the program's calendar.

    What came before counts as the members' past. Blocks for about a second for each few
    thousand occasions; `progress` may raise to stop it.
    """
    first = _begin(program, since) if since else None
    end = _begin(program, until + timedelta(days=1)) if until else None
    tally = _Tally(program)
    replay = Replay(program)
    with ground.database.read() as session:
        keys = select(OccasionRow.key).filter_by(program_id=program.program, credited=True)
        if end is not None:
            keys = keys.where(OccasionRow.occurred_at < end)
        found = session.scalars(keys.order_by(OccasionRow.occurred_at, OccasionRow.key)).all()
    done = 0
    for occasion, really in _occasions(ground, program.program, found):
        if first is None or occasion.occurred_at >= first:
            tally.add(occasion, replay, really)
        else:
            replay.add(occasion, Award())
        done += 1
        if progress and done % BATCH == 0:
            progress(done, len(found))
    if progress:
        progress(done, len(found))
    return tally.result(replay)


@dataclass
class _Sum:
    points: int = 0
    times: int = 0
    members: set[str] = field(default_factory=set)
    held_back: int = 0
    grants: int = 0
    vouchers: Counter[str] = field(default_factory=Counter)


class _Tally:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.sums: dict[str, _Sum] = defaultdict(_Sum)
        self.really: Counter[str] = Counter()
        self.members: set[str] = set()
        self.compared: Counter[str] = Counter()
        self.largest: list[tuple[int, str, Largest]] = []
        self.failed: list[Failed] = []
        self.failures = self.count = 0

    def add(self, occasion: Occasion, replay: Replay, really: dict[str, int]) -> None:
        made = award(occasion, self.program, replay.before(occasion))
        replay.add(occasion, made)
        self._count(occasion, made)
        self._compare(occasion, made.points, really)

    def _count(self, occasion: Occasion, made: Award) -> None:
        self.count += 1
        member_id = occasion.member.member_id
        for line in made.lines:
            one = self.sums[line.rule]
            one.points += line.points
            one.times += 1
            one.members.add(member_id)
        for rule, points in made.held_back.items():
            self.sums[rule].held_back += points
        for grant in made.grants:
            one = self.sums[grant.rule]
            one.grants += 1
            one.members.add(member_id)
            if grant.value and grant.currency:
                one.vouchers[grant.currency] += grant.value
        if made.lines or made.grants:
            self.members.add(member_id)
        for error in made.errors:
            self.failures += 1
            if len(self.failed) < MOST_ERRORS:
                self.failed.append(Failed(occasion.key, error.rule, error.told))

    def _compare(self, occasion: Occasion, points: int, really: dict[str, int]) -> None:
        was = sum(really.values())
        self.really.update(really)
        self.compared["more" if points > was else "less" if points < was else "same"] += 1
        if points and (len(self.largest) < LARGEST or points > self.largest[0][0]):
            shown = Largest(occasion.key, occasion.member.member_id, points, was)
            heapq.heappush(self.largest, (points, occasion.key, shown))
            if len(self.largest) > LARGEST:
                heapq.heappop(self.largest)

    def result(self, replay: Replay) -> Simulation:
        names = {rule.rule: rule.name for rule in self.program.earn}
        rules = dict.fromkeys((*names, *sorted(self.really)))
        return Simulation(
            occasions=self.count,
            members=len(self.members),
            points=sum(one.points for one in self.sums.values()),
            really=self.really.total(),
            more=self.compared["more"],
            less=self.compared["less"],
            same=self.compared["same"],
            rules=tuple(self._rule(rule, names.get(rule, rule)) for rule in rules),
            largest=tuple(one for _, _, one in sorted(self.largest, reverse=True)),
            spent=dict(replay.spent),
            failures=self.failures,
            failed=tuple(self.failed),
        )

    def _rule(self, rule: str, name: str) -> RuleResult:
        one = self.sums.get(rule) or _Sum()
        return RuleResult(
            rule=rule,
            name=name,
            points=one.points,
            times=one.times,
            members=len(one.members),
            held_back=one.held_back,
            grants=one.grants,
            vouchers=dict(one.vouchers),
            really=self.really[rule],
        )


def _occasions(
    ground: Ground, program_id: str, keys: Sequence[str]
) -> Iterator[tuple[Occasion, dict[str, int]]]:
    """Each occasion, with what it was really given by rule."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        rows = select(*FACTS).where(
            OccasionRow.program_id == program_id, OccasionRow.key.in_(batch)
        )
        points = select(GivenRow.occasion, GivenRow.rule, GivenRow.points).where(
            GivenRow.program_id == program_id, GivenRow.occasion.in_(batch)
        )
        with ground.database.read() as session:
            found = {row.key: load_facts(row) for row in session.execute(rows)}
            really: dict[str, dict[str, int]] = defaultdict(dict)
            for occasion, rule, given in session.execute(points):
                really[occasion][rule] = given
        for key in batch:
            if key in found:
                yield found[key], really[key]


def _begin(program: Program, day: date) -> datetime:
    return datetime.combine(day, time(), program.zone)
