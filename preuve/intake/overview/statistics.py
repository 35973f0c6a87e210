"""How a program's receipts fare: how many come, what becomes of them, how long it takes.

Every figure follows from the receipts as they stand (`days.py` adds them up), so that it agrees
with the list behind it. A receipt belongs to the hour in which it came in, whenever it was decided.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from preuve.intake.outcomes import Status
from preuve.intake.overview.days import HOUR, add, hour_of, keep_days, sums
from preuve.intake.tables import JobRow, ReceiptRow
from preuve.store import Ground

LONGEST_BY_HOUR = timedelta(days=3)
"""Longer periods are told by day."""
LONGEST = timedelta(days=91)
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


def prepare_figures(ground: Ground, program_id: str) -> None:
    """Adds up the days that figures of up to `LONGEST`, and of the time before, are made of."""
    now = ground.now()
    keep_days(ground, program_id, hour_of(now - 2 * LONGEST), hour_of(now))


def figures(ground: Ground, program_id: str, period: Period, zone: ZoneInfo) -> Figures:
    """The program's figures over `period`. Blocks on the database."""
    step: Step = "hour" if period.end - period.start <= LONGEST_BY_HOUR else "day"
    start, middle, end = map(hour_of, (period.before.start, period.start, period.end))
    keep_days(ground, program_id, start, end)
    with ground.database.read() as session:
        earlier = sums(session, program_id, start, middle)
        told = sums(session, program_id, middle, end)
    buckets = _buckets(told.hours, period, step, zone)
    return Figures(
        period=period,
        step=step,
        buckets=buckets,
        now=_tally(told.hours.values()),
        before=_tally(earlier.hours.values()),
        waits=Waits(told.waits),
        waits_before=Waits(earlier.waits),
        reasons=tuple(sorted(told.reasons.items(), key=lambda held: (-held[1], held[0]))),
        templates=_templates(told.templates),
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


def _tally(hours: Iterable[Mapping[str, int]]) -> Tally:
    numbers: dict[str, int] = {}
    for hour in hours:
        add(numbers, hour)
    statuses = {status: numbers[status] for status in Status if numbers.get(status)}
    return Tally(statuses, numbers.get("unaided", 0), numbers.get("points", 0))


def _buckets(
    hours: Mapping[int, Mapping[str, int]], period: Period, step: Step, zone: ZoneInfo
) -> tuple[Bucket, ...]:
    parts: dict[datetime, list[Mapping[str, int]]] = defaultdict(list)
    first = period.start.replace(minute=0, second=0, microsecond=0)
    for number, hour in enumerate(range(hour_of(first), hour_of(period.end))):
        local = (first + number * HOUR).astimezone(zone)
        start = local if step == "hour" else local.replace(hour=0)
        parts[start.replace(minute=0)].append(hours.get(hour, {}))
    return tuple(Bucket(start, _tally(those)) for start, those in parts.items())


def _templates(documents: Mapping[str, Mapping[str, int]]) -> tuple[TemplateTally, ...]:
    told = (
        TemplateTally(name, of["receipts"], of["unaided"], of["touched"])
        for name, of in documents.items()
    )
    return tuple(sorted(told, key=lambda one: (-one.receipts, one.template))[:MOST_TEMPLATES])
