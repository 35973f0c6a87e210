"""Seals, closed months, and what `verify` finds when somebody gets past the database's guards."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from preuve.loyalty.ledger.adjustment import adjust
from preuve.loyalty.ledger.due import do_what_is_due
from preuve.loyalty.ledger.months import (
    ClosedBefore,
    ClosedMonth,
    NotOver,
    close_month,
    closed_months,
)
from preuve.loyalty.ledger.redemption import Redemption, confirm, reserve
from preuve.loyalty.ledger.seals import newest_seal, programs_with_entries, seal, seal_by_and_by
from preuve.loyalty.ledger.verify import Fault, verify
from preuve.store import Ground
from tests.conftest import Clock
from tests.test_loyalty_lots import YEAR, Member

GUARDED = ("entries", "lot_movements", "seals", "closed_months")


def tamper(ground: Ground, statement: str) -> None:
    """Changes the database as its owner could, who takes the triggers away first."""
    with ground.database.write() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for table in GUARDED:
                for change in ("update", "delete"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{change}"))
        session.execute(text(statement))


def faults(ground: Ground) -> list[Fault]:
    return list(verify(ground, "demo"))


def found(ground: Ground) -> set[tuple[str, str]]:
    return {(fault.check, fault.where) for fault in faults(ground)}


@pytest.fixture
def ann(ground: Ground, clock: Clock) -> Member:
    """Entries 1 to 7, sealed in two seals: of each kind that there is but activation."""
    member = Member(ground, clock, expire=YEAR)
    member.earns("r1", base=100)
    member.earns("r2", base=50, bonus=5)
    assert seal(ground, "demo") == 3
    held = reserve(ground, member.program, "ann", 120, "k")
    assert isinstance(held, Redemption)
    confirm(ground, "demo", held.id)
    member.earns("r1")
    assert seal(ground, "demo") == 4
    return member


@pytest.mark.usefixtures("ann")
def test_what_is_right_has_no_fault(ground: Ground, clock: Clock) -> None:
    assert programs_with_entries(ground) == ["demo"]
    assert faults(ground) == []
    newest = newest_seal(ground, "demo")
    assert newest
    assert (newest.number, newest.entries, newest.last_entry_id) == (2, 4, 7)
    clock.advance(days=400)
    do_what_is_due(ground)
    assert faults(ground) == []


def test_entries_are_sealed_by_and_by(ann: Member, ground: Ground, clock: Clock) -> None:
    ann.earns("r3", base=9)
    assert seal_by_and_by(ground) == 0
    clock.advance(hours=1)
    assert seal_by_and_by(ground) == 2
    assert seal_by_and_by(ground) == 0


@pytest.mark.usefixtures("ann")
def test_what_is_sealed_is_not_sealed_again(ground: Ground) -> None:
    assert seal(ground, "demo") == 0
    assert newest_seal(ground, "other") is None


@pytest.mark.usefixtures("ann")
def test_a_person_can_be_forgotten(ground: Ground) -> None:
    """Neither the member nor the texts that may speak of them are in the seals."""
    with ground.database.write() as session:
        session.execute(text("UPDATE accounts SET member_id = 'gone' WHERE member_id <> ''"))
    tamper(ground, "UPDATE entries SET why = '', detail = NULL")
    assert faults(ground) == []


LOTS = "UPDATE lots SET {} WHERE id = 1"
POINTS = "UPDATE entries SET points = {} WHERE id = {}"


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("change", "check", "where"),
    [
        (POINTS.format(101, 1), "seals", "seal 1"),
        ("UPDATE entries SET rule = 'gift' WHERE id = 2", "seals", "seal 1"),
        ("UPDATE entries SET created_at = '2026-01-01' WHERE id = 3", "seals", "seal 1"),
        ("UPDATE lot_movements SET points = 2 WHERE entry_id = 3", "seals", "seal 1"),
        ("DELETE FROM seals WHERE number = 1", "seals", "seal 1"),
        ("UPDATE seals SET sha256 = 'x' WHERE number = 1", "seals", "seal 2"),
        ("UPDATE entries SET program_id = 'other' WHERE id = 3", "seals", "seal 1"),
        (POINTS.format(101, 1), "accounts against entries", "member ann"),
        (POINTS.format(4, 3), "entries against lots", "entry 3"),
        (
            "UPDATE lot_movements SET points = 2 WHERE entry_id = 3",
            "lots against movements",
            "lot 3",
        ),
        (
            "UPDATE accounts SET points = 7 WHERE kind = 'reserved'",
            "balances against lots",
            "member ann",
        ),
        ("UPDATE accounts SET earned = 1 WHERE member_id = 'ann'", "points earned", "member ann"),
        ("UPDATE lots SET remaining = 1 WHERE id = 1", "balances against lots", "member ann"),
        ("UPDATE lots SET remaining = 1 WHERE id = 1", "lots against movements", "lot 1"),
        ("UPDATE entries SET reverses_id = NULL WHERE id = 7", "reversals", "entry 7"),
        (POINTS.format(99, 7), "reversals", "entry 7"),
        ("UPDATE entries SET reverses_id = 2 WHERE id = 7", "reversals", "entry 7"),
        (
            "UPDATE entries SET rule = 'base', revision = 9 WHERE id = 3",
            "one accrual each",
            "entry 3",
        ),
        (LOTS.format("expires_at = '2036-01-01'"), "lots as opened", "lot 1"),
        (LOTS.format("available_at = '2036-01-01'"), "lots as opened", "lot 1"),
        (LOTS.format("rule = 'gift'"), "lots as opened", "entry 1"),
        ("UPDATE redemptions SET points = 1", "redemptions", "entry 4"),
        ("UPDATE redemptions SET state = 'released'", "redemptions", "entry 4"),
        ("DELETE FROM redemptions", "redemptions", "entry 4"),
        (
            "UPDATE accounts SET program_id = 'other' WHERE kind = 'redeemed'",
            "zero sums",
            "entry 5",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    change: str, check: str, where: str, ground: Ground
) -> None:
    tamper(ground, change)
    assert (check, where) in found(ground)


def test_an_adjustment_without_its_reason_is_told(ann: Member, ground: Ground) -> None:
    adjust(ground, ann.program, "ann", 5, "k", person="eve", reason="sorry")
    assert found(ground) == set()
    tamper(ground, "DELETE FROM adjustments")
    assert found(ground) == {("reasons", "entry 8")}


def test_entries_that_are_not_sealed_yet_are_added_up_all_the_same(
    ann: Member, ground: Ground
) -> None:
    ann.earns("r3", base=9)
    assert faults(ground) == []
    tamper(ground, "UPDATE entries SET points = 8 WHERE id = 8")
    assert ("entries against lots", "entry 8") in found(ground)


def test_a_closed_month_takes_no_entry(ann: Member, ground: Ground, clock: Clock) -> None:
    march = date(2026, 3, 20)
    april = datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert close_month(ground, ann.program, march, "eve") == NotOver(april.replace(hour=23))
    clock.now = april.replace(hour=23)
    ann.earns("r3", base=9)
    closed = close_month(ground, ann.program, march, "eve")
    assert isinstance(closed, ClosedMonth)
    assert (closed.month, closed.ends_at, closed.closed_by) == ("2026-03", april, "eve")
    assert closed.figures["liability"] == 155 - 120 - 100
    assert closed.figures["stand"]["redeemed"] == 120
    assert sum(closed.figures["stand"].values()) == 0
    moved = {(one["kind"], one["target"]): one["points"] for one in closed.figures["moved"]}
    assert moved["accrual", "available"] == 155
    assert closed_months(ground, "demo") == [closed]
    assert close_month(ground, ann.program, march, "eve") == ClosedBefore("2026-03")
    assert close_month(ground, ann.program, date(2026, 2, 1), "eve") == ClosedBefore("2026-03")

    clock.now = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
    with pytest.raises(DBAPIError, match="the month is closed"):
        ann.earns("r4", base=9)
    clock.now = datetime(2026, 2, 3, tzinfo=UTC)
    with pytest.raises(DBAPIError, match="the month is closed"):
        adjust(ground, ann.program, "bob", 3, "k", person="eve", reason="-")
    clock.now = april
    ann.earns("r4", base=9)
    assert faults(ground) == []


def test_closing_seals_what_it_closes(ann: Member, ground: Ground, clock: Clock) -> None:
    ann.earns("r3", base=9)
    clock.now = datetime(2026, 4, 2, tzinfo=UTC)
    closed = close_month(ground, ann.program, date(2026, 3, 1), "eve")
    assert isinstance(closed, ClosedMonth)
    last = newest_seal(ground, "demo")
    assert last
    assert closed.seal == last.number
    assert last.last_entry_id >= 8


def test_a_closed_months_figures_stand(ann: Member, ground: Ground, clock: Clock) -> None:
    clock.now = datetime(2026, 4, 2, tzinfo=UTC)
    close_month(ground, ann.program, date(2026, 3, 1), "eve")
    tamper(ground, "UPDATE entries SET points = 101 WHERE id = 1")
    assert ("closed months", "month 2026-03") in found(ground)


@pytest.mark.parametrize("table", GUARDED)
def test_the_database_refuses_to_change_what_is_written(
    table: str, ann: Member, ground: Ground, clock: Clock
) -> None:
    clock.now = datetime(2026, 4, 2, tzinfo=UTC)
    close_month(ground, ann.program, date(2026, 3, 1), "eve")
    for change in (f"UPDATE {table} SET program_id = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="append-only"), ground.database.write() as session:
            session.execute(text(change))


@pytest.mark.usefixtures("ann")
def test_sqlite_replaces_no_entry(ground: Ground) -> None:
    if ground.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no such statement")
    with pytest.raises(DBAPIError, match="append-only"), ground.database.write() as session:
        session.execute(text("INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE id = 1"))
