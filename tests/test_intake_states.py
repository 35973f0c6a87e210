"""Whatever happens in whatever order: each purchase is credited once, and the sums agree."""

from __future__ import annotations

from collections import Counter
from datetime import time
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from preuve.intake import (
    Amendment,
    Claim,
    Status,
    amend,
    claim,
    fail,
    finish,
    plan_run,
    reprocess,
    sweep,
    view,
)
from preuve.loyalty import Program, balance
from preuve.loyalty.ledger.tables import AccountRow, EntryRow, postings
from preuve.reading.page import Pages
from preuve.reading.result import Context, Reading, Verdict
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import TRUSTED, pages, reading, send

NAMES = ("EPICERIE DU PONT", "EPICERIE DU P0NT", "EPICER1E DU PONT")
worlds = count(1)


def understand(words: Pages, _: Context) -> tuple[Reading, Verdict]:
    """`PURCHASE PHOTO`: photos of one purchase differ as OCR of two pictures does."""
    purchase, photo = map(int, words[0].rows[0].text.split())
    return reading(
        retailer=NAMES[photo],
        total=f"{20 + purchase}.00",
        purchased_at=time(9 + 3 * purchase, 40),
        receipt_number=f"{purchase}{purchase}4711" if photo else None,
    ), TRUSTED


class Life(RuleBasedStateMachine):
    """Members send photos of three purchases; workers read, crash and come late."""

    ground: Ground
    demo: Program
    clock: Clock
    wakes: Wakes

    receipts = Bundle("receipts")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.program = self.demo.model_copy(update={"program": f"p{next(worlds)}"})
        self.shown: dict[str, tuple[int, int]] = {}
        self.version = 0

    @rule(
        target=receipts,
        purchase=st.integers(0, 2),
        photo=st.integers(0, 2),
        member=st.sampled_from(["ann", "bob"]),
    )
    def send(self, purchase: int, photo: int, member: str) -> str:
        self.clock.advance(seconds=1)
        data = f"{self.program.program} {purchase} {photo}".encode()
        receipt_id = send(self.ground, self.program, self.wakes, data, member=member)
        self.shown[receipt_id] = purchase, photo
        return receipt_id

    @rule(target=claims, receipt_id=receipts)
    def claim(self, receipt_id: str) -> Claim | None:
        return claim(self.ground, receipt_id)

    @rule(held=claims)
    def finish(self, held: Claim | None) -> None:
        if held is not None:
            purchase, photo = self.shown[held.receipt_id]
            words = pages(f"{purchase} {photo}")
            read, verdict = understand(words, Context())
            finish(self.ground, self.program, held, words, read, verdict, engine="fake")

    @rule(held=claims)
    def fail(self, held: Claim | None) -> None:
        if held is not None:
            fail(self.ground, held, "crashed")

    @rule(seconds=st.sampled_from([10, 130]))
    def wait_and_sweep(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        sweep(self.ground, self.wakes)

    @rule(receipt_id=receipts, decision=st.sampled_from(["accept", "reject"]))
    def judge(self, receipt_id: str, decision: str) -> None:
        amendment = Amendment.model_validate({"decision": decision})
        if self.shown_reading(receipt_id):
            amend(self.ground, self.program, receipt_id, amendment, operator="eve", reason="-")

    @rule(receipt_id=receipts)
    def correct(self, receipt_id: str) -> None:
        """Sets the total that the paper has anyway."""
        purchase, _ = self.shown[receipt_id]
        if self.shown_reading(receipt_id):
            right = Amendment(total=Decimal(f"{20 + purchase}.00"))
            amend(self.ground, self.program, receipt_id, right, operator="eve", reason="-")

    @rule()
    def replay(self) -> None:
        self.version += 1
        run = plan_run(self.ground, self.program, templates_version=str(self.version))
        for _ in reprocess(self.ground, run, understand):
            pass

    def shown_reading(self, receipt_id: str) -> Reading | None:
        seen = view(self.ground, self.program.program, receipt_id)
        return seen.reading if seen else None

    @invariant()
    def each_purchase_is_credited_once(self) -> None:
        credited = Counter(
            self.shown[receipt_id][0] for receipt_id in self.shown if self.worth(receipt_id) > 0
        )
        assert all(times == 1 for times in credited.values()), credited

    def worth(self, receipt_id: str) -> int:
        seen = view(self.ground, self.program.program, receipt_id)
        assert seen is not None
        assert (seen.points > 0) == (seen.status is Status.VALID)
        return seen.points

    @invariant()
    def balances_are_sums(self) -> None:
        worth = sum(self.worth(receipt_id) for receipt_id in self.shown)
        name = self.program.program
        members = (balance(self.ground, name, member) for member in ("ann", "bob"))
        assert sum(member.available for member in members) == worth
        with self.ground.database.read() as session:
            owed = session.scalar(
                select(func.sum(postings.c.points))
                .join(AccountRow, AccountRow.id == postings.c.account_id)
                .where(AccountRow.program_id == name, AccountRow.kind == "issued")
            )
        assert -(owed or 0) == worth

    @invariant()
    def no_rule_counts_twice(self) -> None:
        with self.ground.database.read() as session:
            net = session.execute(
                select(EntryRow.receipt_id, EntryRow.rule, EntryRow.kind, func.count())
                .where(EntryRow.program_id == self.program.program)
                .group_by(EntryRow.receipt_id, EntryRow.rule, EntryRow.kind)
            ).all()
        counted: Counter[tuple[str, str]] = Counter()
        for receipt_id, name, kind, times in net:
            counted[receipt_id, name] += times if kind == "accrual" else -times
        assert set(counted.values()) <= {0, 1}


def test_life(ground: Ground, program: Program, clock: Clock, wakes: Wakes) -> None:
    class Here(Life):
        pass

    Here.ground, Here.demo, Here.clock, Here.wakes = ground, program, clock, wakes
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Here,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
