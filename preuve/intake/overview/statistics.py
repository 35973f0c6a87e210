"""How a program's receipts fare: how many come, what becomes of them, how long it takes.

Everything is asked of the receipts themselves, so that a figure and the list behind it agree.
A receipt belongs to the hour in which it came in, whenever it was decided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Status
from preuve.intake.tables import JobRow, ReceiptReasonRow, ReceiptRow
from preuve.store import Ground

HOUR = 3600
LONGEST_BY_HOUR = timedelta(days=3)
"""Longer periods are told by day."""
MOST_TEMPLATES = 50

Step = Literal["hour", "day"]


@dataclass(frozen=True, slots=True)
class Period:
    """Whole hours from `start` on, up to and without `end`; both in UTC."""

    start: datetime
    end: datetime

    @property
    def before(self) -> Period:
        """As long, and just before."""
        return Period(self.start - (self.end - self.start), self.start)


@dataclass(frozen=True, slots=True)
class Tally:
    """Receipts that came in together. `unaided`: credited, and no operator touched them."""

    statuses: Mapping[Status, int] = field(default_factory=dict)
    unaided: int = 0
    points: int = 0

    @property
    def received(self) -> int:
        return sum(self.statuses.values())

    @property
    def finished(self) -> int:
        return sum(number for status, number in self.statuses.items() if status.final)

    @property
    def straight_through(self) -> float | None:
        """Share of the finished that was credited with no human, 0 to 1; None without any."""
        return self.unaided / self.finished if self.finished else None


@dataclass(frozen=True, slots=True)
class Bucket:
    """One hour or day, `start` in the program's time zone."""

    start: datetime
    tally: Tally


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds from upload to the first credit, and how many receipts had to wait so long."""

    counts: Mapping[int, int]

    def share(self, part: float) -> int | None:
        """The seconds within which `part` (0 to 1) of the receipts were credited."""
        left = part * sum(self.counts.values())
        for seconds in sorted(self.counts):
            left -= self.counts[seconds]
            if left <= 0:
                return seconds
        return None

    @property
    def median(self) -> int | None:
        return self.share(0.5)

    @property
    def p95(self) -> int | None:
        return self.share(0.95)


@dataclass(frozen=True, slots=True)
class TemplateTally:
    """The documents of a period that one template read. `touched`: held for review, ever."""

    template: str
    receipts: int
    unaided: int
    touched: int


@dataclass(frozen=True, slots=True)
class Figures:
    """A period, and the one before it to compare.

    `reasons` counts the receipts that were held for review for each code, those that were
    cleared since included, the most frequent first.
    """

    period: Period
    step: Step
    buckets: tuple[Bucket, ...]
    now: Tally
    before: Tally
    waits: Waits
    waits_before: Waits
    reasons: tuple[tuple[str, int], ...]
    templates: tuple[TemplateTally, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """What is unfinished at this moment. The oldest is None where nothing waits."""

    waiting: int
    reading: int
    oldest_at: datetime | None
    for_review: int
    oldest_for_review_at: datetime | None


def figures(ground: Ground, program_id: str, period: Period, zone: ZoneInfo) -> Figures:
    """The program's figures over `period`. Blocks on the database."""
    step: Step = "hour" if period.end - period.start <= LONGEST_BY_HOUR else "day"
    with ground.database.read() as session:
        hours = _by_hour(session, program_id, Period(period.before.start, period.end))
        waits = _waits(session, program_id, period)
        waits_before = _waits(session, program_id, period.before)
        reasons = _reasons(session, program_id, period)
        templates = _templates(session, program_id, period)
    inside = {at: tally for at, tally in hours.items() if at >= period.start}
    return Figures(
        period=period,
        step=step,
        buckets=_buckets(inside, period, step, zone),
        now=added(inside.values()),
        before=added(tally for at, tally in hours.items() if at < period.start),
        waits=waits,
        waits_before=waits_before,
        reasons=reasons,
        templates=templates,
    )


def queue(ground: Ground, program_id: str) -> Queue:
    """How many receipts of the program wait, are read, and are for people to look at."""
    jobs = (
        select(JobRow.state, func.count(), func.min(ReceiptRow.received_at))
        .join(ReceiptRow, ReceiptRow.id == JobRow.receipt_id)
        .where(JobRow.state.in_(("waiting", "running")), JobRow.program_id == program_id)
        .group_by(JobRow.state)
    )
    held = select(func.count(), func.min(ReceiptRow.received_at)).where(
        ReceiptRow.program_id == program_id, ReceiptRow.status == Status.PENDING_REVIEW
    )
    with ground.database.read() as session:
        states = {state: (number, oldest) for state, number, oldest in session.execute(jobs)}
        for_review, oldest_for_review = session.execute(held).one()
    nothing = (0, None)
    waiting, reading = states.get("waiting", nothing), states.get("running", nothing)
    return Queue(
        waiting=waiting[0],
        reading=reading[0],
        oldest_at=min((at for _, at in (waiting, reading) if at), default=None),
        for_review=for_review,
        oldest_for_review_at=oldest_for_review,
    )


def added(tallies: Iterable[Tally]) -> Tally:
    statuses: Counter[Status] = Counter()
    unaided = points = 0
    for tally in tallies:
        statuses.update(tally.statuses)
        unaided += tally.unaided
        points += tally.points
    return Tally(dict(statuses), unaided, points)


def _by_hour(session: Session, program_id: str, period: Period) -> Mapping[datetime, Tally]:
    """The hours, by their beginning in UTC, in which anything came in."""
    row = ReceiptRow
    found = (
        select(row.received_hour, row.status, row.aided, func.count(), func.sum(row.points))
        .where(*_came_in(program_id, period))
        .group_by(row.received_hour, row.status, row.aided)
    )
    hours: dict[datetime, list[Tally]] = defaultdict(list)
    for hour, status, aided, number, points in session.execute(found):
        unaided = number if status == Status.VALID and not aided else 0
        at = datetime.fromtimestamp(hour * HOUR, UTC)
        hours[at].append(Tally({Status(status): number}, unaided, int(points)))
    return {at: added(parts) for at, parts in hours.items()}


def _buckets(
    hours: Mapping[datetime, Tally], period: Period, step: Step, zone: ZoneInfo
) -> tuple[Bucket, ...]:
    parts: dict[datetime, list[Tally]] = defaultdict(list)
    at = period.start.replace(minute=0, second=0, microsecond=0)
    while at < period.end:
        local = at.astimezone(zone)
        start = local if step == "hour" else local.replace(hour=0)
        parts[start.replace(minute=0)].append(hours.get(at, Tally()))
        at += timedelta(hours=1)
    return tuple(Bucket(start, added(tallies)) for start, tallies in parts.items())


def _waits(session: Session, program_id: str, period: Period) -> Waits:
    seconds = ReceiptRow.seconds_to_points
    found = (
        select(func.coalesce(seconds, 0), func.count())
        .where(*_came_in(program_id, period), seconds.is_not(None))
        .group_by(seconds)
    )
    return Waits({int(wait): number for wait, number in session.execute(found)})


def _reasons(session: Session, program_id: str, period: Period) -> tuple[tuple[str, int], ...]:
    row, number = ReceiptReasonRow, func.count()
    found = (
        select(row.code, number)
        .where(
            row.program_id == program_id,
            row.received_at >= period.start,
            row.received_at < period.end,
            row.status == Status.PENDING_REVIEW,
        )
        .group_by(row.code)
        .order_by(number.desc(), row.code)
    )
    return tuple((code, count) for code, count in session.execute(found))


def _templates(session: Session, program_id: str, period: Period) -> tuple[TemplateTally, ...]:
    row, number = ReceiptRow, func.count()
    unaided = case(((row.status == Status.VALID) & ~row.aided, 1), else_=0)
    touched = case(((row.status == Status.PENDING_REVIEW) | row.aided, 1), else_=0)
    found = (
        select(row.template, number, func.sum(unaided), func.sum(touched))
        .where(*_came_in(program_id, period), row.template.is_not(None))
        .group_by(row.template)
        .order_by(number.desc(), row.template)
        .limit(MOST_TEMPLATES)
    )
    return tuple(
        TemplateTally(template or "", count, int(alone), int(by_hand))
        for template, count, alone, by_hand in session.execute(found)
    )


def _came_in(program_id: str, period: Period) -> Sequence[ColumnElement[bool]]:
    start, end = (int(at.timestamp()) // HOUR for at in (period.start, period.end))
    hour = ReceiptRow.received_hour
    return ReceiptRow.program_id == program_id, hour >= start, hour < end
