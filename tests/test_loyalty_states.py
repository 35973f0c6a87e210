"""Whatever happens to points in whatever order, and whatever fails halfway: all adds up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from preuve.loyalty import (
    Award,
    AwardLine,
    Balance,
    Origin,
    Program,
    balance,
    entries,
    post_award,
    receipt_points,
)
from preuve.loyalty.ledger.adjustment import Adjustment, adjust
from preuve.loyalty.ledger.due import do_what_is_due, how_many_are_due
from preuve.loyalty.ledger.months import close_month
from preuve.loyalty.ledger.redemption import (
    Over,
    Redemption,
    State,
    TooFew,
    confirm,
    redemption,
    release,
    reserve,
)
from preuve.loyalty.ledger.seals import seal
from preuve.loyalty.ledger.tables import AccountRow
from preuve.loyalty.ledger.verify import verify
from preuve.store import Ground
from tests.conftest import Clock

MEMBERS = ("ann", "bob")
RULES = ("base", "bonus")
worlds = count(1)
T = TypeVar("T")


class Crash(Exception):
    """The process dies with everything written and nothing committed."""


class Points(RuleBasedStateMachine):
    """Two members earn, spend and are corrected; a model keeps what each ought to have."""

    ground: Ground
    clock: Clock

    receipts = Bundle("receipts")
    redemptions = Bundle("redemptions")

    def __init__(self) -> None:
        super().__init__()
        self.number = next(worlds)
        self.crashes = False
        self.revision = 0
        self.keys = count(1)
        self.worth: dict[str, dict[str, int]] = {}
        self.origins: dict[str, tuple[str, Origin]] = {}
        self.spent = dict.fromkeys(MEMBERS, 0)
        self.adjusted = dict.fromkeys(MEMBERS, 0)

    @initialize(
        waits=st.sampled_from([0, 3]),
        months=st.sampled_from([None, 1]),
        when_spent=st.sampled_from(["owe", "forgive"]),
    )
    def policy(self, waits: int, months: int | None, when_spent: str) -> None:
        self.program = Program.model_validate(
            {
                "program": f"p{self.number}",
                "name": "-",
                "timezone": "Europe/Paris",
                "points": {
                    "available_after_days": waits,
                    "expire": {"after_months": months} if months else None,
                    "when_spent": when_spent,
                },
            }
        )

    def done(self, work: Callable[[], T]) -> T:
        """What `work` gives; first it crashes where a crash is due, and must leave no trace."""
        if self.crashes:
            self.crashes = False
            before = [self.has(member) for member in MEMBERS]

            def die(session: Session) -> None:
                session.flush()
                raise Crash

            event.listen(Session, "before_commit", die)
            try:
                work()
            except Crash:
                pass
            finally:
                event.remove(Session, "before_commit", die)
            assert [self.has(member) for member in MEMBERS] == before
        return work()

    def judged(self, receipt: str, points: dict[str, int], *, again: bool = False) -> int:
        member, origin = self.origins[receipt]
        self.revision += not again
        award = Award(tuple(AwardLine(name, number, "-") for name, number in points.items()))

        def work() -> int:
            with self.ground.database.write() as session:
                return post_award(
                    session,
                    self.program,
                    member,
                    origin,
                    self.revision,
                    award,
                    self.ground.now(),
                )

        self.worth[receipt] = points
        return self.done(work)

    @rule(
        target=receipts,
        member=st.sampled_from(MEMBERS),
        points=st.dictionaries(st.sampled_from(RULES), st.integers(1, 100), min_size=1),
    )
    def credit(self, member: str, points: dict[str, int]) -> str:
        receipt = f"r{self.number}-{len(self.origins)}"
        self.origins[receipt] = member, Origin(receipt, self.ground.now(), receipt)
        assert self.judged(receipt, points) == len(points)
        return receipt

    @rule(receipt=receipts, points=st.dictionaries(st.sampled_from(RULES), st.integers(1, 100)))
    def judge_again(self, receipt: str, points: dict[str, int]) -> None:
        """Amended, read again, or rejected where there are no points."""
        self.judged(receipt, points)

    @rule(receipt=receipts)
    def reverse(self, receipt: str) -> None:
        self.judged(receipt, {})

    @rule(receipt=receipts, again=st.booleans())
    def deliver_again(self, receipt: str, again: bool) -> None:
        assert self.judged(receipt, self.worth[receipt], again=again) == 0

    @rule(target=redemptions, member=st.sampled_from(MEMBERS), points=st.integers(1, 150))
    def reserve(self, member: str, points: int) -> Any:
        key, before = f"k{next(self.keys)}", self.has(member)

        def work() -> object:
            return reserve(self.ground, self.program, member, points, key)

        held = self.done(work)
        if points > before.available:
            assert held == TooFew(before.available)
            return multiple()
        assert isinstance(held, Redemption)
        assert work() == held
        assert self.has(member).available == before.available - points
        return held

    @rule(held=redemptions)
    def confirm(self, held: Redemption) -> None:
        was = redemption(self.ground, self.program.program, held.id)
        assert was
        found = self.done(lambda: confirm(self.ground, self.program.program, held.id))
        if was.state is State.RESERVED and isinstance(found, Redemption):
            self.spent[held.member_id] += held.points
        late = was.state is State.RESERVED and held.expires_at <= self.ground.now()
        ended = was.state in (State.RELEASED, State.EXPIRED)
        assert isinstance(found, Over) == (late or ended)

    @rule(held=redemptions)
    def release(self, held: Redemption) -> None:
        found = self.done(lambda: release(self.ground, self.program.program, held.id))
        state = found.redemption.state if isinstance(found, Over) else found and found.state
        assert state != State.RESERVED

    @rule(member=st.sampled_from(MEMBERS), points=st.integers(-80, 80).filter(bool))
    def adjust(self, member: str, points: int) -> None:
        key, before = f"a{next(self.keys)}", self.has(member)
        found = self.done(
            lambda: adjust(self.ground, self.program, member, points, key, person="eve", reason="-")
        )
        assert isinstance(found, Adjustment) == (points >= -before.available)
        if isinstance(found, Adjustment):
            self.adjusted[member] += points

    @rule(days=st.sampled_from([0.01, 1, 3, 17]))
    def wait(self, days: float) -> None:
        before = [self.has(member).lifetime for member in MEMBERS]
        self.clock.advance(days=days)
        assert [self.has(member).lifetime for member in MEMBERS] == before

    @rule()
    def do_what_is_due(self) -> None:
        before = [self.has(member) for member in MEMBERS]
        waiting = [one.reserved for one in before]
        do_what_is_due(self.ground)
        after = [self.has(member) for member in MEMBERS]
        if [one.reserved for one in after] == waiting:
            assert after == before
        assert how_many_are_due(self.ground) == 0

    @rule()
    def seal(self) -> None:
        self.done(lambda: seal(self.ground, self.program.program))

    @rule()
    def close(self) -> None:
        last = (self.ground.now().replace(day=1) - timedelta(days=1)).date()
        self.done(lambda: close_month(self.ground, self.program, last, "eve"))

    @rule()
    def crash(self) -> None:
        self.crashes = True

    def has(self, member: str) -> Balance:
        return balance(self.ground, self.program.program, member)

    @invariant()
    def everything_adds_up(self) -> None:
        assert [str(fault) for fault in verify(self.ground, self.program.program)] == []

    @invariant()
    def members_have_what_was_given_less_what_went(self) -> None:
        for member in MEMBERS:
            has = self.has(member)
            assert min(has.available, has.pending, has.reserved, has.owed) >= 0
            assert not (has.available and has.owed)
            earned = sum(
                sum(self.worth[receipt].values())
                for receipt, (owner, _) in self.origins.items()
                if owner == member
            )
            assert has.lifetime == earned
            holds = has.available + has.pending + has.reserved - has.owed
            given = earned + self.adjusted[member] - self.spent[member]
            assert holds == given - self.gone(member)

    @invariant()
    def receipts_are_worth_what_was_judged_last(self) -> None:
        with self.ground.database.read() as session:
            for receipt, points in self.worth.items():
                worth = receipt_points(session, self.program.program, receipt)
                assert worth == sum(points.values())

    def gone(self, member: str) -> int:
        """What expired, and no entry may say so yet, less what the policy forgave."""
        lost = 0
        for one in entries(self.ground, self.program.program, member, limit=1000):
            for side in ("breakage", "forgiven"):
                lost += one.moved * ((one.target == side) - (one.source == side))
        mine = select(func.sum(AccountRow.points)).filter_by(
            program_id=self.program.program, member_id=member
        )
        with self.ground.database.read() as session:
            written = session.scalar(mine) or 0
        has = self.has(member)
        return lost + int(written) - (has.available + has.pending + has.reserved - has.owed)


@pytest.mark.parametrize("examples", [10, pytest.param(25, marks=pytest.mark.slow)])
def test_points_add_up(examples: int, ground: Ground, clock: Clock) -> None:
    class Here(Points):
        pass

    Here.ground, Here.clock = ground, clock
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=examples == 10,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
