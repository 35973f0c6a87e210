"""Two transactions at once at one member's points, each race held open until both stand in it.

On PostgreSQL: SQLite has one writer at a time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from preuve.loyalty import entries
from preuve.loyalty.ledger.adjustment import Adjustment, adjust
from preuve.loyalty.ledger.book import About, find_book, open_book
from preuve.loyalty.ledger.redemption import Redemption, confirm, release, reserve
from preuve.loyalty.ledger.seals import seal
from preuve.loyalty.ledger.tables import EntryRow, Kind, Side
from preuve.loyalty.ledger.verify import verify
from preuve.settings import Settings
from preuve.store import Ground
from preuve.store.database import take_turns
from tests.conftest import Clock
from tests.databases import Postgres
from tests.test_loyalty_lots import Member

T = TypeVar("T")


@pytest.fixture
def settings(postgres: Postgres, postgres_template: str, folder: Path) -> Iterator[Settings]:
    url = postgres.new_database(postgres_template)
    yield Settings(data_dir=folder, database_url=url)
    postgres.drop(url)


@pytest.fixture
def ann(ground: Ground, clock: Clock) -> Member:
    member = Member(ground, clock)
    member.earns("r1", base=100)
    return member


def until_they_wait(ground: Ground, number: int) -> None:
    """Until so many transactions wait for a lock that another one has."""
    deadline = time.monotonic() + 30
    asked = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while True:
        with ground.database.read() as session:
            if session.scalar(asked) == number:
                return
        assert time.monotonic() < deadline, f"{number} transactions should wait"
        time.sleep(0.02)


def at_once(ann: Member, *works: Callable[[], T]) -> list[T]:
    """Lets all of them meet at the member's book, which is held until they stand there."""
    with ThreadPoolExecutor(len(works)) as threads:
        with ann.ground.database.write() as session:
            find_book(session, "demo", "ann", ann.clock())
            running: list[Future[T]] = [threads.submit(work) for work in works]
            until_they_wait(ann.ground, len(works))
        return [one.result(30) for one in running]


def test_a_redemption_that_two_end_at_once_ends_once(ann: Member) -> None:
    held = reserve(ann.ground, ann.program, "ann", 60, "k1", "a mug")
    assert isinstance(held, Redemption)
    at_once(
        ann,
        lambda: confirm(ann.ground, "demo", held.id),
        lambda: release(ann.ground, "demo", held.id),
    )
    told = [one.kind for one in entries(ann.ground, "demo", "ann")]
    assert told in (["redemption", "redemption", "accrual"], ["reversal", "redemption", "accrual"])
    assert list(verify(ann.ground, "demo")) == []


def test_an_adjustment_that_is_sent_twice_at_once_is_made_once(ann: Member) -> None:
    def give() -> object:
        return adjust(ann.ground, ann.program, "ann", 7, "k1", person="Zoé", reason="sorry")

    first, second = at_once(ann, give, give)
    assert first == second
    assert isinstance(first, Adjustment)
    assert ann.has.available == 107


def test_a_seal_waits_for_entries_that_have_their_number_and_are_not_written_yet(
    ann: Member,
) -> None:
    with ThreadPoolExecutor(1) as threads:
        with ann.ground.database.write() as session:
            book = open_book(session, "demo", "ann", ann.clock())
            moves = book.taken(30)
            book.post(Kind.REDEMPTION, Side.AVAILABLE, Side.REDEEMED, 30, About("spent"), moves)
            session.flush()
            bob = Member(ann.ground, ann.clock)
            bob.earns("r2", "bob", base=5)
            sealing = threads.submit(seal, ann.ground, "demo")
            until_they_wait(ann.ground, 1)
        assert sealing.result(30) == 3
    assert list(verify(ann.ground, "demo")) == []


def test_work_that_the_database_ends_as_a_deadlock_is_done_again(ground: Ground) -> None:
    met = threading.Barrier(2)
    tries: list[str] = []

    def work(first: str, second: str) -> Callable[[Session], str]:
        def both(session: Session) -> str:
            take_turns(session, first)
            tries.append(first)
            if len(tries) <= 2:
                met.wait(30)
            take_turns(session, second)
            return first

        return both

    with ThreadPoolExecutor(2) as threads:
        running = [
            threads.submit(ground.database.run, work("a", "b")),
            threads.submit(ground.database.run, work("b", "a")),
        ]
        assert [one.result(30) for one in running] == ["a", "b"]
    assert len(tries) == 3


@pytest.mark.parametrize("table", ["entries", "lot_movements", "seals", "closed_months"])
def test_nobody_empties_a_table_of_the_ledger(ann: Member, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), ann.ground.database.write() as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


def test_points_that_nobody_adjusted_are_refused(ann: Member) -> None:
    columns = [column.key for column in EntryRow.__table__.columns if column.key != "id"]
    given = {**dict.fromkeys(columns, "{}"), "kind": "'adjustment'", "rule": "'x'"}
    parts = ", ".join(given[column].format(column) for column in columns)
    copied = f"INSERT INTO entries ({', '.join(columns)}) SELECT {parts} FROM entries"
    with (
        pytest.raises(IntegrityError, match="adjusted_by_someone"),
        ann.ground.database.write() as session,
    ):
        session.execute(text(copied))
