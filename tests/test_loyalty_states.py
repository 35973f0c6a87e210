"""Whatever happens to points in whatever order, and whatever fails halfway: all adds up.

`PREUVE_TEST_EXAMPLES=200` looks for longer, and elsewhere each time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
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
    Balance,
    Program,
    balance,
    credit_occasion,
    entries,
    judge_purchase,
    receipt_points,
    take_credit_turn,
    withdraw,
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
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.earned import earned
from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.store import Ground
from tests.conftest import Clock
from tests.occasions import line, purchase

MEMBERS = ("ann", "bob")
BUDGET, A_DAY, A_WEEK = 150, 60, 110
"""Of the rule `bonus`: its campaign's budget, its cap for a member and day, for all and a week."""
RATES = (1, 2)
"""Points that the rule `base` gives for a euro, in two versions of the program."""
QUICK = 8
EXAMPLES = int(os.environ.get("PREUVE_TEST_EXAMPLES", QUICK))
"""So many lives of a program; more than QUICK are drawn by chance, anew each time."""
worlds = count(1)
T = TypeVar("T")


class Crash(Exception):
    """The process dies with everything written and nothing committed."""


class Points(RuleBasedStateMachine):
    """Two members earn, spend and are corrected; a model keeps what each ought to have."""

    ground: Ground
    clock: Clock

    known = Bundle("known")
    redemptions = Bundle("redemptions")

    def __init__(self) -> None:
        super().__init__()
        self.number = next(worlds)
        self.crashes = False
        self.keys = count(1)
        self.receipts: dict[str, PurchaseFacts] = {}
        self.rates: dict[str, int] = {}
        """Of each receipt that stands; one that was rejected has none."""
        self.spent = dict.fromkeys(MEMBERS, 0)
        self.adjusted = dict.fromkeys(MEMBERS, 0)

    @initialize(
        waits=st.sampled_from([0, 3]),
        months=st.sampled_from([None, 1]),
        when_spent=st.sampled_from(["owe", "forgive"]),
    )
    def policy(self, waits: int, months: int | None, when_spent: str) -> None:
        points = {
            "available_after_days": waits,
            "expire": {"after_months": months} if months else None,
            "when_spent": when_spent,
        }
        self.programs = {rate: program(f"p{self.number}", rate, points) for rate in RATES}
        self.program = self.programs[1]

    def done(self, work: Callable[[], T]) -> T:
        """What `work` gives; first it crashes where a crash is due, and must leave no trace."""
        if self.crashes:
            self.crashes = False
            before = self.stand()

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
            assert self.stand() == before
        return work()

    def judged(self, receipt: str, rate: int | None) -> int:
        """Credits a receipt as it now is, or takes its points back; how many entries that took."""
        facts = self.receipts[receipt]

        def work() -> int:
            with self.ground.database.write() as session:
                take_credit_turn(session, self.program.program)
                now = self.ground.now()
                if rate is None:
                    return withdraw(session, self.program, facts, now).entries
                judged = judge_purchase(session, self.programs[rate], facts)
                return credit_occasion(session, judged, now, reading=1).entries

        self.rates.pop(receipt, None)
        if rate:
            self.rates[receipt] = rate
        return self.done(work)

    @rule(
        target=known,
        member=st.sampled_from(MEMBERS),
        euros=st.integers(1, 100),
        lindt=st.integers(0, 90),
        rate=st.sampled_from(RATES),
    )
    def credit(self, member: str, euros: int, lindt: int, rate: int) -> str:
        receipt = f"r{self.number}-{len(self.receipts):03}"
        self.receipts[receipt] = purchase(
            euros * 100,
            (line("LINDT", str(lindt)), line("PAIN", "1.00")),
            receipt_id=receipt,
            member_id=member,
            received_at=self.ground.now(),
            purchased_on=self.ground.now().date(),
        )
        self.judged(receipt, rate)
        self.nothing_is_held_back_without_need(receipt)
        return receipt

    @rule(receipt=known, euros=st.integers(1, 100), lindt=st.integers(0, 90))
    def amend(self, receipt: str, euros: int, lindt: int) -> None:
        """Also one that was rejected, which is accepted after all."""
        facts = self.receipts[receipt]
        lines = (line("LINDT", str(lindt)), line("PAIN", "1.00"))
        self.receipts[receipt] = replace(facts, total=euros * 100, lines=lines)
        self.judged(receipt, self.rates.get(receipt, 1))

    @rule(receipt=known, rate=st.sampled_from(RATES))
    def reprocess(self, receipt: str, rate: int) -> None:
        """By the rules as they are in force now."""
        self.judged(receipt, rate)

    @rule(receipt=known)
    def reverse(self, receipt: str) -> None:
        self.judged(receipt, None)

    @rule(receipt=known)
    def deliver_again(self, receipt: str) -> None:
        """Changes nothing, but that a bonus may have more to give since."""
        rate, had = self.rates.get(receipt), self.bonus(receipt)
        taken = self.judged(receipt, rate)
        assert taken == 0 or self.bonus(receipt) > had

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

    def stand(self) -> object:
        return [self.has(member) for member in MEMBERS], budgets(self.ground, self.program)

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
            mine = [key for key, facts in self.receipts.items() if facts.member_id == member]
            earned = sum(map(self.worth, mine))
            assert has.lifetime == earned
            holds = has.available + has.pending + has.reserved - has.owed
            given = earned + self.adjusted[member] - self.spent[member]
            assert holds == given - self.gone(member)

    @invariant()
    def receipts_are_worth_what_was_judged_last(self) -> None:
        with self.ground.database.read() as session:
            for receipt in self.receipts:
                stands = receipt_points(session, self.program.program, receipt)
                assert stands == self.worth(receipt)

    @invariant()
    def budget_and_caps_are_kept_to_the_point(self) -> None:
        given = {receipt: self.bonus(receipt) for receipt in self.receipts}
        (easter,) = budgets(self.ground, self.program)
        assert easter.spent == sum(given.values()) <= BUDGET
        a_day, a_week = self.used(given)
        assert max(a_day.values(), default=0) <= A_DAY
        assert max(a_week.values(), default=0) <= A_WEEK

    def nothing_is_held_back_without_need(self, receipt: str) -> None:
        """Of the latest receipt: those before it may leave room when they are judged again."""
        given = {each: self.bonus(each) for each in self.receipts}
        facts, (a_day, a_week) = self.receipts[receipt], self.used(given)
        full = (
            sum(given.values()) == BUDGET
            or a_day[facts.member_id, day_of(facts)] == A_DAY
            or a_week[day_of(facts).isocalendar()[1]] == A_WEEK
        )
        assert full or given[receipt] == facts.lines[0].amount // 100

    def used(self, given: dict[str, int]) -> tuple[Counter[tuple[str, date]], Counter[int]]:
        """What the bonus gave, by member and day, and by week."""
        a_day, a_week = Counter[tuple[str, date]](), Counter[int]()
        for receipt, points in given.items():
            facts = self.receipts[receipt]
            a_day[facts.member_id, day_of(facts)] += points
            a_week[day_of(facts).isocalendar()[1]] += points
        return a_day, a_week

    def worth(self, receipt: str) -> int:
        base = self.receipts[receipt].total // 100 * self.rates.get(receipt, 0)
        return base + self.bonus(receipt)

    def bonus(self, receipt: str) -> int:
        """As the ledger has it."""
        lines = earned(self.ground, self.program.program, receipt)
        return sum(line.points for line in lines if line.rule == "bonus")

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


def day_of(facts: PurchaseFacts) -> date:
    assert facts.purchased_on
    return facts.purchased_on


def program(key: str, rate: int, points: dict[str, Any]) -> Program:
    lindt = {"words": ["lindt"]}
    caps = [{"per": "day", "points": A_DAY}, {"per": "week", "points": A_WEEK, "of": "all"}]
    return Program.model_validate(
        {
            "program": key,
            "name": "-",
            "timezone": "Europe/Paris",
            "points": points,
            "campaigns": {"easter": {"name": "Easter", "budget": BUDGET}},
            "earn": [
                {"rule": "base", "name": "-", "effect": {"kind": "per_amount", "points": rate}},
                {
                    "rule": "bonus",
                    "name": "-",
                    "campaign": "easter",
                    "condition": {"items": lindt},
                    "effect": {"kind": "per_amount", "points": 1, "of": "items"},
                    "caps": caps,
                },
            ],
        }
    )


def test_points_add_up(ground: Ground, clock: Clock) -> None:
    class Here(Points):
        pass

    Here.ground, Here.clock = ground, clock
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            derandomize=EXAMPLES <= QUICK,
            # To make a failure smaller takes many minutes: when looking for longer only.
            phases=[Phase.generate, *([Phase.shrink] if EXAMPLES > QUICK else [])],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
