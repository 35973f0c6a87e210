"""What a simulation comes to: by rule, by limit, and beside what was really given."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from preuve.loyalty.programs.replay import Replay
from preuve.loyalty.rules.award import NOTHING, Award, award
from preuve.loyalty.rules.facts import Occasion
from preuve.loyalty.rules.limits import Breach
from preuve.loyalty.rules.program import Program
from preuve.reasons import ReasonCode

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
class LimitResult:
    """Receipts that the program's limits would have kept out for this reason, `refused` or
    `waiting` for a person, and the points that they would have earned. A receipt that is kept
    out for two reasons is counted at both.
    """

    code: ReasonCode
    refused: int
    waiting: int
    points: int


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

    `kept_out` are the receipts that the limits do not let take part, each counted once.
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
    kept_out: int
    limits: tuple[LimitResult, ...]
    largest: tuple[Largest, ...]
    spent: dict[str, int]
    failures: int
    failed: tuple[Failed, ...]


@dataclass
class _Sum:
    points: int = 0
    times: int = 0
    members: set[str] = field(default_factory=set)
    held_back: int = 0
    grants: int = 0
    vouchers: Counter[str] = field(default_factory=Counter)


@dataclass
class _Limited:
    refused: int = 0
    waiting: int = 0
    points: int = 0


class Tally:
    """Judges one occasion after the other, and adds up what comes of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.sums: dict[str, _Sum] = defaultdict(_Sum)
        self.really: Counter[str] = Counter()
        self.members: set[str] = set()
        self.compared: Counter[str] = Counter()
        self.largest: list[tuple[int, str, Largest]] = []
        self.failed: list[Failed] = []
        self.limits: dict[ReasonCode, _Limited] = defaultdict(_Limited)
        self.failures = self.count = self.kept_out = 0

    def add(self, occasion: Occasion, replay: Replay, really: dict[str, int]) -> None:
        made = award(occasion, self.program, replay.before(occasion))
        found = replay.breaches(occasion)
        if found:
            self._keep_out(found, made.points)
            made = NOTHING
        else:
            replay.add(occasion, made)
        self._count(occasion, made)
        self._compare(occasion, made.points, really)

    def _keep_out(self, found: Sequence[Breach], points: int) -> None:
        self.kept_out += 1
        refused = any(breach.sure for breach in found)
        for code in {breach.code for breach in found}:
            one = self.limits[code]
            one.refused += refused
            one.waiting += not refused
            one.points += points

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
            kept_out=self.kept_out,
            limits=tuple(
                LimitResult(code, one.refused, one.waiting, one.points)
                for code, one in sorted(self.limits.items())
            ),
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
