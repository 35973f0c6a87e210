"""Lots: points wait, last, are used up in order, and are taken back whatever became of them."""

from __future__ import annotations

from typing import Any

import pytest

from preuve.loyalty import Award, AwardLine, Balance, Origin, Program, balance, entries, post_award
from preuve.loyalty.ledger.balances import open_lots
from preuve.loyalty.ledger.book import About, open_book
from preuve.loyalty.ledger.redemption import Redemption, reserve
from preuve.loyalty.ledger.tables import Kind, Side
from preuve.loyalty.ledger.verify import verify
from preuve.store import Ground
from tests.conftest import Clock


class Member:
    """Ann, in a program with a policy."""

    def __init__(self, ground: Ground, clock: Clock, **policy: Any) -> None:
        self.ground, self.clock, self.revision = ground, clock, 0
        rules = {"program": "demo", "name": "Demo", "timezone": "Europe/Paris", "points": policy}
        self.program = Program.model_validate(rules)
        self.origins: dict[str, Origin] = {}

    def earns(self, receipt: str, who: str = "ann", /, **points: int) -> None:
        """The receipt is judged, or judged again: it is worth these points by rule, and no more."""
        self.revision += 1
        origin = self.origins.setdefault(receipt, Origin(receipt, self.clock(), receipt))
        lines = tuple(AwardLine(rule, number, "-") for rule, number in points.items())
        with self.ground.database.write() as session:
            post_award(
                session,
                self.program,
                who,
                origin,
                self.revision,
                Award(lines),
                self.clock(),
            )

    def spends(self, points: int) -> None:
        with self.ground.database.write() as session:
            book = open_book(session, "demo", "ann", self.clock())
            book.catch_up()
            moves = book.taken(points)
            assert -sum(moves.values()) == points
            book.post(Kind.REDEMPTION, Side.AVAILABLE, Side.REDEEMED, points, About("spent"), moves)

    @property
    def has(self) -> Balance:
        return balance(self.ground, "demo", "ann")

    @property
    def figures(self) -> tuple[int, int, int]:
        return self.has.pending, self.has.available, self.has.owed

    @property
    def expired(self) -> int:
        kinds = {"breakage": 1}
        found = entries(self.ground, "demo", "ann", limit=100)
        return sum(
            entry.moved * (kinds.get(entry.target, 0) - kinds.get(entry.source, 0))
            for entry in found
        )


YEAR = {"after_months": 12}


def test_points_wait_for_their_day(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, available_after_days=14)
    ann.earns("r1", base=12)
    assert ann.has == Balance(pending=12, lifetime=12)
    clock.advance(days=14)
    assert ann.has == Balance(available=12, lifetime=12)
    ann.earns("r2", base=5)
    assert ann.figures == (5, 12, 0)
    assert [e.kind for e in entries(ground, "demo", "ann")] == ["accrual", "activation", "accrual"]


def test_pending_points_are_taken_back_from_what_is_pending(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, available_after_days=14)
    ann.earns("r1", base=12)
    clock.advance(days=10)
    ann.earns("r2", base=7)
    ann.earns("r1")
    assert ann.figures == (7, 0, 0)
    clock.advance(days=30)
    assert ann.figures == (0, 7, 0)


def test_a_receipt_judged_again_keeps_its_dates(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, available_after_days=14, expire=YEAR)
    ann.earns("r1", base=12)
    clock.advance(days=20)
    ann.earns("r1", base=30)
    assert ann.figures == (0, 30, 0)
    clock.advance(days=346)
    assert ann.figures == (0, 0, 0)


def test_what_expires_first_is_used_first(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r1", base=100)
    clock.advance(days=30)
    ann.earns("r2", base=100)
    ann.spends(60)
    expiring = ann.has.next_expiry
    assert expiring
    assert expiring.points == 40
    clock.advance(days=340)
    assert ann.has.available == 100
    ann.spends(100)
    assert (ann.figures, ann.expired) == ((0, 0, 0), 40)


def test_what_was_spent_and_taken_back_is_owed_and_paid_by_what_comes(
    ground: Ground, clock: Clock
) -> None:
    ann = Member(ground, clock)
    ann.earns("r1", base=62)
    ann.spends(50)
    ann.earns("r1")
    assert ann.figures == (0, 0, 38 + 12)
    ann.earns("r2", base=30)
    assert ann.figures == (0, 0, 20)
    ann.earns("r3", base=30)
    assert ann.figures == (0, 10, 0)


def test_a_program_may_forgive_what_was_spent(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, when_spent="forgive")
    ann.earns("r1", base=62)
    ann.spends(50)
    ann.earns("r1")
    assert ann.figures == (0, 0, 0)
    ann.earns("r2", base=30)
    assert ann.figures == (0, 30, 0)
    # Accepted after all: what was forgiven is not given a second time.
    ann.earns("r1", base=62)
    assert ann.figures == (0, 42, 0)


@pytest.mark.parametrize("worth", [70, 62, 55, 50, 20])
def test_amending_what_was_spent_ends_as_if_judged_right_at_once(
    worth: int, ground: Ground, clock: Clock
) -> None:
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r1", base=62)
    ann.spends(50)
    clock.advance(days=1)
    ann.earns("r2", base=100)
    for again in (worth, 0, 62, 0, worth):
        ann.earns("r1", **({"base": again} if again else {}))
        assert ann.has.available == 100 + again - 50
    clock.advance(days=365)
    # The first receipt's points are the first to expire, and the second's bear what is missing.
    assert ann.has.available == 100 - max(50 - worth, 0)


@pytest.mark.parametrize("worth", [70, 62, 50, 20])
@pytest.mark.parametrize("order", ["2", "2 -2 2", "2 1 -1", "2 -2 1 -1 2"])
def test_a_debt_that_other_points_paid_is_paid_back_to_them(
    order: str, worth: int, ground: Ground, clock: Clock
) -> None:
    """The first receipt is spent, taken back, and credited after all, whatever comes between."""
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r1", base=62)
    ann.spends(50)
    ann.earns("r1")
    assert ann.figures == (0, 0, 50)
    clock.advance(days=1)
    stands = {"1": 0, "2": 0}
    for step in order.split():
        stands[step[-1]] = 0 if step.startswith("-") else {"1": 62, "2": 100}[step]
        points = stands[step[-1]]
        ann.earns(f"r{step[-1]}", **({"base": points} if points else {}))
        assert ann.has.available - ann.has.owed == sum(stands.values()) - 50
    ann.earns("r1", base=worth)
    assert ann.has.available == 100 + worth - 50
    clock.advance(days=365)
    # As if it had never been taken back: its own points are spent, and the first to expire.
    assert ann.has.available == 100 - max(50 - worth, 0)
    assert list(verify(ground, "demo")) == []


def test_rules_of_one_receipt_stand_in_for_each_other(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r0", base=10)
    clock.advance(days=1)
    ann.earns("r1", base=62)
    ann.spends(10 + 50)
    ann.earns("r1", bonus=62)
    assert ann.figures == (0, 12, 0)


def test_taking_back_what_expired_brings_it_back_first(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r1", base=62)
    ann.spends(50)
    clock.advance(days=400)
    ann.earns("r2", base=5)
    assert ann.expired == 12
    ann.earns("r1", base=55)
    assert (ann.figures, ann.expired) == ((0, 5, 0), 5)
    ann.earns("r1")
    assert (ann.figures, ann.expired) == ((0, 0, 45), 0)


@pytest.mark.parametrize("rule", ["base", "bonus"])
def test_an_occasion_is_one_members(rule: str, ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock)
    ann.earns("r1", base=62)
    award, origin = Award((AwardLine(rule, 5, "-"),)), ann.origins["r1"]
    with pytest.raises(ValueError, match="another member"), ground.database.write() as session:
        post_award(session, ann.program, "bob", origin, 9, award, clock())


def test_open_lots_are_what_is_left_until_it_expires(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, available_after_days=14, expire=YEAR)
    ann.earns("r1", base=10)
    clock.advance(days=20)
    ann.earns("r2", base=5)
    shown = [(lot.occasion, lot.remaining, lot.pending) for lot in open_lots(ground, "demo", "ann")]
    assert shown == [("r1", 10, False), ("r2", 5, True)]
    assert open_lots(ground, "demo", "bob") == open_lots(ground, "other", "ann") == ()

    held = reserve(ground, ann.program, "ann", 4, "k")
    assert isinstance(held, Redemption)
    first, second = open_lots(ground, "demo", "ann")
    assert (first.remaining, second.remaining) == (6, 5)
    assert open_lots(ground, "demo", "ann", limit=1) == (first,)
    assert first.expires_at
    clock.now = first.expires_at
    assert "r1" not in [lot.occasion for lot in open_lots(ground, "demo", "ann")]
