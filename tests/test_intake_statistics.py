"""Figures of a program, and what is unusual in its last hours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from preuve.intake import Amendment, Status, amend, claim, fail, undo
from preuve.intake.overview.days import forget_day, hour_of, keep_days, sums
from preuve.intake.overview.statistics import (
    Period,
    Tally,
    TemplateTally,
    Waits,
    figures,
    queue,
)
from preuve.intake.overview.unusual import DAYS, Window, compare, unusual
from preuve.intake.tables import ReceiptRow
from preuve.loyalty import Program
from preuve.reading.result import MatchResult, Reading, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import TRUSTED, doubtful, numbers, reading, send, unusable, work

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


class Takes(Protocol):
    def __call__(
        self,
        at: datetime,
        verdict: Verdict = TRUSTED,
        seconds: int = 4,
        read: Reading | None = None,
    ) -> str: ...


@pytest.fixture
def takes(ground: Ground, program: Program, wakes: Wakes, clock: Clock) -> Takes:
    """Takes a receipt at a time and decides on it some seconds later."""

    def take(
        at: datetime, verdict: Verdict = TRUSTED, seconds: int = 4, read: Reading | None = None
    ) -> str:
        clock.now = at
        receipt_id = send(ground, program, wakes)
        clock.advance(seconds=seconds)
        number = next(numbers)
        plain = reading(
            total=f"{number}.25",
            receipt_number=f"R{number:06}",
            # Never in the minute of the receipts that a test takes twice.
            purchased_at=time(number % 18, number % 60),
        )
        work(ground, program, receipt_id, read or plain, verdict)
        return receipt_id

    return take


def test_a_period_is_told_hour_by_hour_beside_the_one_before(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock, takes: Takes
) -> None:
    number = reading(total="10.00", receipt_number="N1")
    takes(NOON - timedelta(hours=3), read=number)
    first = NOON - timedelta(hours=1, minutes=30)
    takes(first, read=replace(number, match=MatchResult("fr.x", "1", 0.9)), seconds=9)
    takes(first, read=reading(total="20.00", receipt_number="N2", purchased_at=None))
    takes(first, doubtful(ReasonCode.NO_DATE, ReasonCode.NO_TOTAL))
    cleared = takes(NOON - timedelta(minutes=5), doubtful(ReasonCode.NO_TOTAL), 30)
    amend(ground, program, cleared, Amendment(total=Decimal(50)), operator="ana", reason="seen")
    takes(NOON - timedelta(minutes=1), unusable(ReasonCode.TOO_DARK))
    clock.now = NOON - timedelta(minutes=1)
    send(ground, program, wakes)
    takes(NOON)

    told = figures(ground, program.program, Period(NOON - timedelta(hours=2), NOON), PARIS)

    assert told.step == "hour"
    assert [bucket.start.isoformat() for bucket in told.buckets] == [
        "2026-03-14T11:00:00+01:00",
        "2026-03-14T12:00:00+01:00",
    ]
    earlier, later = (bucket.tally for bucket in told.buckets)
    assert earlier == Tally({Status.DUPLICATE: 1, Status.VALID: 1, Status.PENDING_REVIEW: 1}, 1, 70)
    assert later.statuses == {Status.VALID: 1, Status.INCOMPLETE: 1, Status.QUEUED: 1}
    assert (later.unaided, later.points, later.straight_through) == (0, 100, 0.0)
    assert (told.now.received, told.now.finished, told.now.straight_through) == (6, 5, 1 / 5)
    assert (told.before.received, told.before.points) == (1, 60)
    assert (told.waits.counts, told.waits_before.counts) == ({4: 1, 30: 1}, {4: 1})
    assert told.reasons == (("no_total", 2), ("no_date", 1))
    assert told.templates == (TemplateTally("base.fr", 4, 1, 2), TemplateTally("fr.x", 1, 0, 0))


def test_a_long_period_is_told_by_the_programs_days(
    ground: Ground, program: Program, takes: Takes
) -> None:
    takes(datetime(2026, 3, 13, 22, 30, tzinfo=UTC))
    takes(datetime(2026, 3, 13, 23, 30, tzinfo=UTC))
    start = datetime(2026, 3, 8, 23, 0, tzinfo=UTC)

    told = figures(ground, program.program, Period(start, start + timedelta(days=6)), PARIS)

    assert told.step == "day"
    assert [bucket.start.day for bucket in told.buckets] == [9, 10, 11, 12, 13, 14]
    assert [bucket.tally.received for bucket in told.buckets] == [0, 0, 0, 0, 1, 1]


def test_days_that_are_over_are_added_up_once_and_anew_when_a_receipt_changes(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock, takes: Takes
) -> None:
    held = takes(NOON, doubtful(ReasonCode.NO_TOTAL))
    takes(NOON - timedelta(days=1))
    clock.now = NOON
    late = send(ground, program, wakes)
    week = Period(NOON - timedelta(days=6), NOON + timedelta(days=1))

    def told() -> Tally:
        """As it is kept; what is counted from the receipts is the same."""
        kept = figures(ground, program.program, week, PARIS)
        with ground.database.write() as session:
            rows = session.execute(text("SELECT * FROM receipt_days")).all()
            session.execute(text("DELETE FROM receipt_days"))
        counted = figures(ground, program.program, week, PARIS)
        assert kept == counted
        assert len(rows) > 5
        return kept.now

    clock.now = NOON.replace(hour=0) + timedelta(days=1, minutes=30)
    assert keep_days(ground, program.program, hour_of(NOON), hour_of(week.end)) == 0
    clock.advance(hours=10)
    assert told().statuses[Status.PENDING_REVIEW] == 1
    claimed = claim(ground, late)
    assert claimed
    assert told().statuses[Status.PROCESSING] == 1
    fail(ground, claimed, "no memory")
    assert told().statuses[Status.QUEUED] == 1
    clock.advance(hours=1)
    work(ground, program, late, reading(), unusable(ReasonCode.TOO_DARK))
    assert told().statuses[Status.INCOMPLETE] == 1
    amend(ground, program, held, Amendment(total=Decimal(50)), operator="ana", reason="seen")
    assert (told().statuses[Status.VALID], told().unaided) == (2, 1)
    undo(ground, program, held, operator="ana")
    assert told().statuses[Status.PENDING_REVIEW] == 1
    assert keep_days(ground, program.program, hour_of(week.start), hour_of(week.end)) == 0


def test_who_adds_up_a_day_sees_what_is_being_written_to_it(
    ground: Ground, program: Program, clock: Clock, takes: Takes
) -> None:
    receipt_id = takes(NOON)
    clock.now = NOON + timedelta(days=2)
    day = range(hour_of(NOON) - 12, hour_of(NOON) + 12)
    with ThreadPoolExecutor() as pool:
        with ground.database.write() as session:
            receipt = session.get_one(ReceiptRow, receipt_id)
            forget_day(session, receipt, clock.now)
            receipt.status = Status.REJECTED
            session.flush()
            adding = pool.submit(keep_days, ground, program.program, day.start, day.stop)
            wait([adding], timeout=0.3)
        assert adding.result() == 1

    with ground.database.read() as session:
        told = sums(session, program.program, day.start, day.stop)
    assert [hour[Status.REJECTED] for hour in told.hours.values()] == [1]


def test_nothing_came_in(ground: Ground, program: Program) -> None:
    told = figures(ground, program.program, Period(NOON - timedelta(hours=1), NOON), PARIS)

    assert (told.now, told.before, told.reasons, told.templates) == (Tally(), Tally(), (), ())
    assert (told.now.straight_through, told.waits.median) == (None, None)
    assert queue(ground, program.program).oldest_at is None
    assert unusual(ground, program.program) == ()


def test_the_queue_tells_what_is_unfinished(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock, takes: Takes
) -> None:
    held = takes(NOON, doubtful(ReasonCode.NO_DATE))
    clock.now = NOON + timedelta(minutes=1)
    running, failed = (send(ground, program, wakes) for _ in range(2))
    send(ground, program.model_copy(update={"program": "other"}), wakes)
    clock.advance(minutes=1)
    send(ground, program, wakes)
    assert claim(ground, running)
    second = claim(ground, failed)
    assert second
    fail(ground, second, "no memory")

    now = queue(ground, program.program)

    assert (now.waiting, now.reading, now.for_review) == (2, 1, 1)
    assert (now.oldest_at, now.oldest_for_review_at) == (NOON + timedelta(minutes=1), NOON), held


def test_a_share_of_the_waits_is_told_in_seconds() -> None:
    waits = Waits({3: 90, 4: 5, 600: 5})

    assert (waits.median, waits.p95, waits.share(1)) == (3, 4, 600)


def days(chance: Random, by_day: float = 200, quiet_sundays: bool = False) -> list[Window]:
    """Past days as they go: yesterday first; the day compared with them is a Sunday."""
    past = []
    for ago in range(1, DAYS + 1):
        usual = by_day / 5 if quiet_sundays and ago % 7 == 0 else by_day
        past.append(window(chance, usual))
    return past


def window(
    chance: Random, usual: float, touched: float = 0.1, refused: float = 0.05, wait: float = 4
) -> Window:
    received = sum(chance.random() < usual / 10_000 for _ in range(10_000))
    held = sum(chance.random() < touched for _ in range(received))
    bad = sum(chance.random() < refused for _ in range(received))
    unaided = max(0, received - held - bad)
    return Window(received, received, held, bad, unaided, wait + chance.random())


def test_usual_hours_raise_no_alarm() -> None:
    chance = Random(1)
    alarms = [
        compare(window(chance, 30), days(chance, 30)) + compare(window(chance, 3), days(chance, 3))
        for _ in range(60)
    ]

    assert sum(map(len, alarms)) == 0


@pytest.mark.parametrize(
    ("latest", "measure", "above"),
    [
        (Window(0, 0, 0, 0, 0), "received", False),
        (window(Random(2), 600), "received", True),
        (window(Random(2), 200, touched=0.35), "touched", True),
        (window(Random(2), 200, refused=0.3), "refused", True),
        (window(Random(2), 200, wait=40), "wait", True),
    ],
)
def test_a_change_is_told(latest: Window, measure: str, above: bool) -> None:
    told = {each.measure: each for each in compare(latest, days(Random(3)))}

    assert told[measure].above is above
    assert not told[measure].low <= told[measure].observed <= told[measure].high


def test_a_quiet_sunday_is_no_alarm_but_a_dead_one_is() -> None:
    past = days(Random(4), quiet_sundays=True)

    assert compare(window(Random(5), 40), past) == ()
    assert [each.measure for each in compare(Window(0, 0, 0, 0, 0), past)] == ["received"]


def test_two_bad_days_do_not_become_the_usual() -> None:
    past = days(Random(6))
    past[2] = past[9] = Window(0, 0, 0, 0, 0)

    (told,) = compare(Window(0, 0, 0, 0, 0), past)

    assert (told.measure, told.days) == ("received", DAYS)
    assert 170 < told.usual < 230


def test_a_young_program_has_no_usual_course() -> None:
    few = [window(Random(7), 200) for _ in range(6)]
    before_it_began = [Window(0, 0, 0, 0, 0)] * 20

    assert compare(Window(0, 0, 0, 0, 0), few + before_it_began) == ()


def test_the_last_hours_are_compared_with_the_same_ones_of_past_days(
    ground: Ground, program: Program, takes: Takes, clock: Clock
) -> None:
    for day in range(1, 8):
        for minute in range(20):
            takes(NOON - timedelta(days=day, minutes=3 * minute + 1))
    takes(NOON - timedelta(hours=5))
    clock.now = NOON

    (told,) = unusual(ground, program.program)

    assert (told.measure, told.observed, told.usual, told.days) == ("received", 0, 20, 7)


def test_the_migration_counts_older_receipts(
    ground: Ground, program: Program, takes: Takes
) -> None:
    takes(NOON, seconds=7)
    takes(NOON, doubtful(ReasonCode.NO_DATE))
    migration = import_module("preuve.store.migrations.versions.0009_statistics")
    seconds = migration.SECONDS[ground.database.engine.dialect.name]
    with ground.database.write() as session:
        session.execute(text("UPDATE receipts SET seconds_to_points = NULL"))
        session.execute(text("UPDATE receipt_reasons SET status = ''"))
        session.execute(text(migration.FIRST_CREDIT.format(seconds=seconds)))
        session.execute(text(migration.STATUS))

    told = figures(ground, program.program, Period(NOON, NOON + timedelta(hours=1)), PARIS)

    assert (told.waits.counts, told.reasons) == ({7: 1}, (("no_date", 1),))
