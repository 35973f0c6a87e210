"""Spending, adjusting, and what time brings: never below zero, and each thing once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from preuve.loyalty import Balance, balance, entries
from preuve.loyalty.ledger.adjustment import Adjustment, adjust
from preuve.loyalty.ledger.due import do_what_is_due, how_many_are_due
from preuve.loyalty.ledger.redemption import (
    KeyTaken,
    Over,
    Redemption,
    State,
    TooFew,
    confirm,
    redemption,
    redemptions,
    release,
    reserve,
)
from preuve.loyalty.ledger.verify import verify
from preuve.store import Ground
from tests.conftest import Clock
from tests.test_loyalty_lots import YEAR, Member


def reserved(member: Member, points: int, key: str = "k1") -> Redemption:
    found = reserve(member.ground, member.program, "ann", points, key, "a mug")
    assert isinstance(found, Redemption)
    return found


@pytest.fixture
def ann(ground: Ground, clock: Clock) -> Member:
    member = Member(ground, clock, expire=YEAR)
    member.earns("r1", base=100)
    return member


def test_a_members_redemptions_are_listed_newest_first(ann: Member, clock: Clock) -> None:
    first = reserved(ann, 10)
    clock.advance(minutes=1)
    reserved(ann, 20, "k2")
    confirm(ann.ground, "demo", first.id)
    found = redemptions(ann.ground, "demo", "ann")
    assert [(one.points, one.state) for one in found] == [
        (20, State.RESERVED),
        (10, State.CONFIRMED),
    ]
    assert redemptions(ann.ground, "demo", "ann", limit=1) == found[:1]
    assert redemptions(ann.ground, "demo", "bob") == ()
    assert redemptions(ann.ground, "other", "ann") == ()


def test_points_are_reserved_and_then_spent(ann: Member) -> None:
    held = reserved(ann, 60)
    assert (held.state, held.points, held.what) == (State.RESERVED, 60, "a mug")
    assert (ann.has.available, ann.has.reserved) == (40, 60)
    done = confirm(ann.ground, "demo", held.id)
    assert isinstance(done, Redemption)
    assert done.state is State.CONFIRMED
    assert (ann.has.available, ann.has.reserved, ann.has.lifetime) == (40, 0, 100)
    assert confirm(ann.ground, "demo", held.id) == done
    assert release(ann.ground, "demo", held.id) == Over(done)
    shown = [(e.kind, e.points, e.target) for e in entries(ann.ground, "demo", "ann")]
    assert shown == [
        ("redemption", 0, "redeemed"),
        ("redemption", -60, "reserved"),
        ("accrual", 100, "available"),
    ]


def test_released_points_are_free_again(ann: Member) -> None:
    held = reserved(ann, 60)
    freed = release(ann.ground, "demo", held.id)
    assert isinstance(freed, Redemption)
    assert freed.state is State.RELEASED
    assert ann.has.available == 100
    assert release(ann.ground, "demo", held.id) == freed
    assert confirm(ann.ground, "demo", held.id) == Over(freed)
    assert redemption(ann.ground, "demo", held.id) == freed


def test_no_more_than_there_is(ann: Member) -> None:
    assert reserve(ann.ground, ann.program, "ann", 101, "k") == TooFew(100)
    assert reserve(ann.ground, ann.program, "nobody", 1, "k") == TooFew(0)
    reserved(ann, 60, "k")
    assert reserve(ann.ground, ann.program, "ann", 41, "k2") == TooFew(40)


@pytest.mark.parametrize("points", [0, -5])
def test_nothing_cannot_be_redeemed(points: int, ann: Member) -> None:
    with pytest.raises(ValueError, match="cannot be redeemed"):
        reserve(ann.ground, ann.program, "ann", points, "k")


def test_a_key_reserves_once(ann: Member) -> None:
    first = reserved(ann, 60)
    assert reserved(ann, 60) == first
    assert ann.has.reserved == 60
    assert reserve(ann.ground, ann.program, "ann", 61, "k1", "a mug") == KeyTaken(first.id)
    assert reserve(ann.ground, ann.program, "bob", 60, "k1", "a mug") == KeyTaken(first.id)


def test_a_redemption_is_its_programs_own(ann: Member) -> None:
    held = reserved(ann, 60)
    assert redemption(ann.ground, "other", held.id) is None
    assert confirm(ann.ground, "other", held.id) is None
    assert release(ann.ground, "other", held.id) is None
    assert confirm(ann.ground, "demo", "rdm_no") is None


def test_a_reservation_runs_out(ann: Member, clock: Clock) -> None:
    held = reserved(ann, 60)
    clock.advance(minutes=30)
    late = confirm(ann.ground, "demo", held.id)
    assert isinstance(late, Over)
    assert late.redemption.state is State.EXPIRED
    assert ann.has.available == 100

    again = reserved(ann, 60, "k2")
    clock.advance(minutes=30)
    assert how_many_are_due(ann.ground) == 1
    assert do_what_is_due(ann.ground) == 1
    assert do_what_is_due(ann.ground) == 0
    assert ann.has.available == 100
    assert release(ann.ground, "demo", again.id) == redemption(ann.ground, "demo", again.id)


def test_what_expired_while_it_was_reserved_expires_when_it_is_free(
    ann: Member, clock: Clock
) -> None:
    clock.advance(days=365, hours=5, minutes=-10)
    held = reserved(ann, 60)
    clock.advance(minutes=20)
    assert ann.has.available == 0
    release(ann.ground, "demo", held.id)
    assert (ann.has.available, ann.has.reserved, ann.expired) == (0, 0, 100)


def test_two_at_once_do_not_spend_the_same_points(ann: Member) -> None:
    outcomes: list[object] = []

    def spend(key: str) -> None:
        outcomes.append(reserve(ann.ground, ann.program, "ann", 60, key))

    threads = [threading.Thread(target=spend, args=(f"k{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(outcome, Redemption) for outcome in outcomes) == 1
    assert outcomes.count(TooFew(40)) == 3


def test_the_same_request_twice_at_once_is_one_redemption(ann: Member) -> None:
    outcomes: list[object] = []

    def spend() -> None:
        outcomes.append(reserve(ann.ground, ann.program, "ann", 20, "k"))

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == outcomes[:1] * 4
    assert ann.has.reserved == 20


def test_the_database_refuses_points_below_zero(ann: Member) -> None:
    for change in (
        "UPDATE accounts SET points = -1 WHERE kind = 'available'",
        "UPDATE lots SET remaining = -1",
    ):
        with pytest.raises(IntegrityError), ann.ground.database.write() as session:
            session.execute(text(change))


def test_points_taken_back_while_they_are_reserved(ann: Member) -> None:
    held = reserved(ann, 60)
    ann.earns("r1")
    assert (ann.figures, ann.has.reserved) == ((0, 0, 60), 60)
    release(ann.ground, "demo", held.id)
    assert (ann.figures, ann.has.reserved) == ((0, 0, 0), 0)


def test_what_was_forgiven_and_then_released_is_not_given_twice(
    ground: Ground, clock: Clock
) -> None:
    ann = Member(ground, clock, when_spent="forgive")
    ann.earns("r1", base=100)
    held = reserved(ann, 60)
    ann.earns("r1")
    release(ground, "demo", held.id)
    assert (ann.figures, ann.has.reserved) == ((0, 0, 0), 0)


def adjusted(member: Member, points: int, key: str = "a1", **changes: Any) -> object:
    said = {"person": "eve", "reason": "a broken mug", **changes}
    return adjust(member.ground, member.program, "ann", points, key, **said)


def test_a_person_gives_and_takes_points(ann: Member) -> None:
    given = adjusted(ann, 25)
    assert isinstance(given, Adjustment)
    assert ann.has.available == 125
    assert adjusted(ann, 25) == given
    assert ann.has.available == 125
    assert adjusted(ann, 26) == KeyTaken(str(given.entry_id))
    taken = adjusted(ann, -120, "a2")
    assert isinstance(taken, Adjustment)
    assert adjusted(ann, -120, "a2") == taken
    assert adjusted(ann, -6, "a3") == TooFew(5)
    assert ann.has == Balance(available=5, lifetime=100, next_expiry=ann.has.next_expiry)
    newest = entries(ann.ground, "demo", "ann")[0]
    assert (newest.kind, newest.points, newest.actor) == ("adjustment", -120, "eve")


def test_an_adjustment_pays_what_is_owed(ann: Member) -> None:
    confirm(ann.ground, "demo", reserved(ann, 60).id)
    ann.earns("r1")
    assert ann.figures == (0, 0, 60)
    adjusted(ann, 25)
    assert ann.figures == (0, 0, 35)


@pytest.mark.parametrize("wrong", [{"points": 0}, {"person": ""}, {"reason": ""}])
def test_an_adjustment_says_who_and_why(wrong: dict[str, Any], ann: Member) -> None:
    with pytest.raises(ValueError, match="a person and a reason"):
        adjusted(ann, **{"points": 5, **wrong})


def test_what_is_due_is_done_once_and_late(ground: Ground, clock: Clock) -> None:
    ann = Member(ground, clock, available_after_days=14, expire=YEAR)
    ann.earns("r1", base=12)
    assert how_many_are_due(ground) == 0
    clock.advance(days=30)
    assert how_many_are_due(ground) == 1
    before = ann.has
    assert do_what_is_due(ground) == 1
    assert ann.has == before
    clock.advance(days=900)
    assert [do_what_is_due(ground), do_what_is_due(ground)] == [1, 0]
    shown = [(entry.kind, entry.moved) for entry in entries(ground, "demo", "ann")]
    assert shown == [("expiry", 12), ("activation", 12), ("accrual", 12)]
    assert list(verify(ground, "demo")) == []


def test_due_members_come_in_portions(ground: Ground, clock: Clock) -> None:
    for number in range(5):
        adjust(
            ground,
            Member(ground, clock, expire=YEAR).program,
            f"m{number}",
            10,
            f"k{number}",
            person="eve",
            reason="-",
        )
    clock.advance(days=400)
    assert [do_what_is_due(ground, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert balance(ground, "demo", "m3").available == 0


def test_a_member_that_fails_holds_up_no_other(
    ground: Ground, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = Member(ground, clock, expire=YEAR)
    ann.earns("r1", base=12)
    held = reserved(ann, 2)
    clock.advance(days=400)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("preuve.loyalty.ledger.due.run_out", fails)
    assert do_what_is_due(ground) == 1
    assert ann.has.available == 0
    monkeypatch.undo()
    assert do_what_is_due(ground) == 1
    assert confirm(ground, "demo", held.id)
    clock.advance(**{"seconds": timedelta(hours=1).total_seconds()})
    assert how_many_are_due(ground) == 0
