from __future__ import annotations

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
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
from preuve.loyalty.ledger.tables import EntryRow, postings
from preuve.store import Ground
from tests.conftest import Clock

DEMO = Program(program="demo", name="Demo", timezone="Europe/Paris")
OTHER = Program(program="other", name="Other", timezone="Europe/Paris")


def lines(**points: int) -> Award:
    return Award(tuple(AwardLine(rule, number, f"for {rule}") for rule, number in points.items()))


def post(ground: Ground, revision: int, award: Award, receipt: str = "r1", to: str = "ann") -> int:
    with ground.database.write() as session:
        origin = Origin(receipt, ground.now(), receipt)
        return post_award(session, DEMO, to, origin, revision, award, ground.now())


def test_an_unknown_member_has_nothing(ground: Ground) -> None:
    assert balance(ground, "demo", "nobody") == Balance(0, 0, 0)
    assert entries(ground, "demo", "nobody") == []


def test_points_go_to_the_member_and_are_owed_by_the_program(ground: Ground) -> None:
    assert post(ground, 1, lines(base=12, bonus=50)) == 2
    assert balance(ground, "demo", "ann") == Balance(available=62, lifetime=62)
    with ground.database.read() as session:
        sums = session.execute(
            select(postings.c.entry_id, func.count(), func.sum(postings.c.points)).group_by(
                postings.c.entry_id
            )
        ).all()
    assert [(number, total) for _, number, total in sums] == [(2, 0), (2, 0)]


def test_members_and_programs_are_apart(ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    with ground.database.write() as session:
        origin = Origin("r1", ground.now(), "r1")
        post_award(session, OTHER, "ann", origin, 1, lines(base=5), ground.now())
    post(ground, 1, lines(base=3), receipt="r2", to="bob")
    assert balance(ground, "demo", "ann").available == 12
    assert balance(ground, "other", "ann").available == 5
    assert balance(ground, "demo", "bob").available == 3


def test_posting_the_same_award_again_takes_no_entry(ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    assert post(ground, 1, lines(base=12)) == 0
    assert post(ground, 2, lines(base=12)) == 0
    assert balance(ground, "demo", "ann").lifetime == 12


def test_a_correction_is_a_reversal_and_a_new_entry(ground: Ground) -> None:
    post(ground, 1, lines(base=12, bonus=50))
    assert post(ground, 2, lines(base=9, bonus=50)) == 2
    found = entries(ground, "demo", "ann")
    assert {(entry.kind, entry.points) for entry in found} == {
        ("accrual", 12),
        ("accrual", 50),
        ("reversal", -12),
        ("accrual", 9),
    }
    assert balance(ground, "demo", "ann") == Balance(available=59, lifetime=59)
    with ground.database.read() as session:
        assert receipt_points(session, "demo", "r1") == 59


def test_points_can_be_taken_back_and_given_again(ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    assert post(ground, 2, Award()) == 1
    assert balance(ground, "demo", "ann") == Balance()
    assert post(ground, 3, lines(base=12)) == 1
    assert balance(ground, "demo", "ann").available == 12


def test_entries_come_newest_first_in_pages(ground: Ground, clock: Clock) -> None:
    for number in range(5):
        post(ground, 1, lines(base=number + 1), receipt=f"r{number}")
        clock.advance(hours=1)
    first = entries(ground, "demo", "ann", limit=2)
    second = entries(ground, "demo", "ann", limit=2, before=first[-1].id)
    assert [entry.points for entry in first + second] == [5, 4, 3, 2]


@pytest.mark.parametrize(
    "change", ["UPDATE entries SET points = 1000", "DELETE FROM entries", "UPDATE entries SET id=9"]
)
def test_the_database_refuses_to_change_an_entry(change: str, ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    with pytest.raises(DBAPIError, match="append-only"), ground.database.write() as session:
        session.execute(text(change))
    assert balance(ground, "demo", "ann").available == 12


def copy_of_an_entry(session: Session, **changes: object) -> EntryRow:
    entry = session.scalars(select(EntryRow).limit(1)).one()
    names = (column.name for column in EntryRow.__table__.columns if column.name != "id")
    return EntryRow(**{**{name: getattr(entry, name) for name in names}, **changes})


def test_the_database_refuses_a_second_credit_for_one_decision(ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    with pytest.raises(IntegrityError), ground.database.write() as session:
        session.add(copy_of_an_entry(session))


def test_the_database_refuses_a_second_reversal(ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    post(ground, 2, Award())
    with pytest.raises(IntegrityError), ground.database.write() as session:
        session.add(copy_of_an_entry(session, kind="reversal", revision=7, reverses_id=1))


@pytest.mark.parametrize("points", [0, -3])
def test_the_database_refuses_an_entry_that_moves_nothing(points: int, ground: Ground) -> None:
    post(ground, 1, lines(base=12))
    with pytest.raises(IntegrityError), ground.database.write() as session:
        session.add(copy_of_an_entry(session, revision=2, points=points))
