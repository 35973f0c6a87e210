"""What came in, added up: of days that are over once and for all, until one of their receipts
changes. So figures of a quarter look at ninety rows, not at each receipt.

A day is 24 hours in UTC. It is added up when somebody asks for it and it has been over for an
hour: no upload of that day is still under way then. Whoever changes a receipt calls `forget_day`
in the same transaction; those who add up wait for those, and see what they wrote.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Status
from preuve.intake.tables import ReceiptDayRow, ReceiptReasonRow, ReceiptRow
from preuve.store import Ground
from preuve.store.database import take_turns

HOUR = timedelta(hours=1)
HOURS_A_DAY = 24
K = TypeVar("K", int, str)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hour_of(at: datetime) -> int:
    """Whole hours since 1970, as `ReceiptRow.received_hour` counts them."""
    return (at - _EPOCH) // HOUR


@dataclass(slots=True)
class Sums:
    """What came in over some hours. Every number is one of receipts, but `points`.

    `hours`: by hour since 1970, each status, `unaided` (credited, and no operator touched them)
    and `points`. `waits`: by seconds from upload to the first credit. `reasons`: held for
    review for that code, ever. `templates`: `receipts` read by it, `unaided`, and `touched`
    (held for review, ever).
    """

    hours: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    waits: dict[int, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    templates: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, other: Sums) -> None:
        add(self.waits, other.waits)
        add(self.reasons, other.reasons)
        for hour, numbers in other.hours.items():
            add(self.hours[hour], numbers)
        for template, numbers in other.templates.items():
            add(self.templates[template], numbers)

    def count(
        self,
        hour: int,
        status: str,
        aided: bool,
        template: str | None,
        points: int,
        seconds: int | None,
    ) -> None:
        """Adds one receipt, but for its reasons."""
        unaided = status == Status.VALID and not aided
        touched = aided or status == Status.PENDING_REVIEW
        numbers = self.hours[hour]
        numbers[status] = numbers.get(status, 0) + 1
        numbers["unaided"] = numbers.get("unaided", 0) + unaided
        numbers["points"] = numbers.get("points", 0) + points
        if seconds is not None:
            self.waits[seconds] = self.waits.get(seconds, 0) + 1
        if template is not None:
            documents = self.templates[template]
            documents["receipts"] = documents.get("receipts", 0) + 1
            documents["unaided"] = documents.get("unaided", 0) + unaided
            documents["touched"] = documents.get("touched", 0) + touched

    def dumped(self) -> dict[str, Any]:
        """As it is kept; `load` is the way back."""
        return {
            "hours": self.hours,
            "waits": self.waits,
            "reasons": self.reasons,
            "templates": self.templates,
        }

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Sums:
        return cls(
            hours={int(hour): numbers for hour, numbers in kept["hours"].items()},
            waits={int(wait): number for wait, number in kept["waits"].items()},
            reasons=kept["reasons"],
            templates=kept["templates"],
        )


def sums(session: Session, program_id: str, first: int, end: int) -> Sums:
    """What came in from the hour `first` up to and without `end`.

    Days that are not kept are counted receipt by receipt.
    """
    told, kept = Sums(), []
    found = select(ReceiptDayRow.day, ReceiptDayRow.sums).order_by(ReceiptDayRow.day)
    for day, numbers in session.execute(found.where(*_whole_days(program_id, first, end))):
        told.add(Sums.load(numbers))
        kept.append(day)
    for start, stop in _gaps(kept, first, end):
        for counted in _counted(session, program_id, start, stop).values():
            told.add(counted)
    return told


def keep_days(ground: Ground, program_id: str, first: int, end: int) -> int:
    """Adds up the whole days from the hour `first` to `end` that are over and not kept yet.

    Gives how many these were.
    """
    end = min(end, hour_of(ground.now() - HOUR))
    first, end = (-(-first // HOURS_A_DAY) * HOURS_A_DAY, end // HOURS_A_DAY * HOURS_A_DAY)
    with ground.database.read() as session:
        if not any(_gaps(_kept(session, program_id, first, end), first, end)):
            return 0
    added = 0
    with ground.database.write() as session:
        take_turns(session, _turn(program_id))
        for start, stop in _gaps(_kept(session, program_id, first, end), first, end):
            found = _counted(session, program_id, start, stop)
            for day in range(start // HOURS_A_DAY, stop // HOURS_A_DAY):
                told = found.get(day, Sums()).dumped()
                session.add(ReceiptDayRow(program_id=program_id, day=day, sums=told))
                added += 1
    return added


def forget_day(session: Session, receipt: ReceiptRow, now: datetime) -> None:
    """The receipt changes in this transaction: its day, where it is over, is added up anew."""
    day = receipt.received_hour // HOURS_A_DAY
    if day == hour_of(now) // HOURS_A_DAY:
        return
    take_turns(session, _turn(receipt.program_id), shared=True)
    session.execute(delete(ReceiptDayRow).filter_by(program_id=receipt.program_id, day=day))


def _turn(program_id: str) -> str:
    return f"days of {program_id}"


def _kept(session: Session, program_id: str, first: int, end: int) -> list[int]:
    found = select(ReceiptDayRow.day).order_by(ReceiptDayRow.day)
    return list(session.scalars(found.where(*_whole_days(program_id, first, end))))


def _whole_days(program_id: str, first: int, end: int) -> tuple[ColumnElement[bool], ...]:
    """That a kept day is the program's and lies whole between these hours."""
    row = ReceiptDayRow
    begins, ends = -(-first // HOURS_A_DAY), end // HOURS_A_DAY
    return row.program_id == program_id, row.day >= begins, row.day < ends


def _gaps(kept: list[int], first: int, end: int) -> Iterator[tuple[int, int]]:
    """The hours from `first` to `end` that lie on no kept day, in stretches."""
    for day in kept:
        if first < day * HOURS_A_DAY:
            yield first, day * HOURS_A_DAY
        first = (day + 1) * HOURS_A_DAY
    if first < end:
        yield first, end


def _counted(session: Session, program_id: str, first: int, end: int) -> Mapping[int, Sums]:
    """By day, from the receipts themselves."""
    days: dict[int, Sums] = defaultdict(Sums)
    row, reason = ReceiptRow, ReceiptReasonRow
    receipts = select(
        row.received_hour, row.status, row.aided, row.template, row.points, row.seconds_to_points
    ).where(row.program_id == program_id, row.received_hour >= first, row.received_hour < end)
    for one in session.execute(receipts):
        days[one[0] // HOURS_A_DAY].count(*one)
    held = select(reason.received_at, reason.code).where(
        reason.program_id == program_id,
        reason.received_at >= _EPOCH + first * HOUR,
        reason.received_at < _EPOCH + end * HOUR,
        reason.status == Status.PENDING_REVIEW,
    )
    for received_at, code in session.execute(held):
        add(days[hour_of(received_at) // HOURS_A_DAY].reasons, {code: 1})
    return days


def add(numbers: dict[K, int], more: Mapping[K, int]) -> None:
    """As `Counter.update` does, in half the time: there are many, and few in each."""
    for key, number in more.items():
        numbers[key] = numbers.get(key, 0) + number
