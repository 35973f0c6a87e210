"""Closing a month: its figures stand, and the database takes no entry dated into it any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.ledger.book import sealing_turn
from preuve.loyalty.ledger.seals import last_seal, seal, seal_batch
from preuve.loyalty.ledger.tables import OF_MEMBERS, AccountRow, ClosedMonthRow, EntryRow
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

GRACE = timedelta(hours=1)
"""So long after its end a month stays open, for what was begun before midnight."""


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """`figures` has `moved` (points by kind, source and target) and `stand`, by account.

    `seal` is the number of the last seal then: entries up to it are closed and sealed.
    """

    month: str
    ends_at: datetime
    seal: int
    figures: dict[str, Any]
    closed_by: str
    closed_at: datetime


@dataclass(frozen=True, slots=True)
class ClosedBefore:
    """This month, or a later one, was closed; that closes all before it."""

    month: str


@dataclass(frozen=True, slots=True)
class NotOver:
    """The month can be closed from this moment on."""

    at: datetime


def close_month(
    ground: Ground, program: Program, month: date, person: str
) -> ClosedMonth | ClosedBefore | NotOver:
    """Closes the month of the day `month`, in the program's zone, and all that are before it."""
    first, ends_at = bounds(program, month)
    now, name = ground.now(), f"{month:%Y-%m}"
    if now < ends_at + GRACE:
        return NotOver(ends_at + GRACE)
    seal(ground, program.program)

    def work(session: Session) -> ClosedMonth | ClosedBefore:
        sealing_turn(session, program.program)
        newest = _newest(session, program.program)
        if newest is not None and newest.ends_at >= ends_at:
            return ClosedBefore(newest.month)
        while seal_batch(session, program.program, ground):
            pass
        last = last_seal(session, program.program)
        row = ClosedMonthRow(
            program_id=program.program,
            month=name,
            ends_at=ends_at,
            seal=last.number if last else 0,
            figures=figures(session, program.program, first, ends_at),
            closed_by=person,
            closed_at=now,
        )
        session.add(row)
        return _shown(row)

    return ground.database.run(work)


def closed_months(ground: Ground, program_id: str) -> list[ClosedMonth]:
    """The months that were closed, the oldest first."""
    found = select(ClosedMonthRow).filter_by(program_id=program_id).order_by(ClosedMonthRow.ends_at)
    with ground.database.read() as session:
        return [_shown(row) for row in session.scalars(found)]


def bounds(program: Program, month: date) -> tuple[datetime, datetime]:
    """A month's first moment and the next month's, UTC."""
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    begin, end = (datetime.combine(day, time(), program.zone) for day in (first, after))
    return begin.astimezone(UTC), end.astimezone(UTC)


def figures(session: Session, program_id: str, first: datetime, end: datetime) -> dict[str, Any]:
    """What moved from `first` until `end`, and what each kind of account held at the end."""
    source, target = aliased(AccountRow), aliased(AccountRow)
    found = (
        select(EntryRow.kind, source.kind, target.kind, func.count(), func.sum(EntryRow.points))
        .join(source, source.id == EntryRow.from_account_id)
        .join(target, target.id == EntryRow.to_account_id)
        .where(EntryRow.program_id == program_id, EntryRow.created_at < end)
        .group_by(EntryRow.kind, source.kind, target.kind)
        .order_by(EntryRow.kind, source.kind, target.kind)
    )
    stand: dict[str, int] = {}
    for _, giver, taker, _, points in session.execute(found):
        stand[giver] = stand.get(giver, 0) - int(points)
        stand[taker] = stand.get(taker, 0) + int(points)
    moved = [
        {"kind": kind, "source": giver, "target": taker, "entries": count, "points": int(points)}
        for kind, giver, taker, count, points in session.execute(
            found.where(EntryRow.created_at >= first)
        )
    ]
    liability = sum(points for side, points in stand.items() if side in OF_MEMBERS)
    return {"moved": moved, "stand": dict(sorted(stand.items())), "liability": liability}


def _newest(session: Session, program_id: str) -> ClosedMonthRow | None:
    found = select(ClosedMonthRow).filter_by(program_id=program_id)
    return session.scalars(found.order_by(ClosedMonthRow.ends_at.desc()).limit(1)).one_or_none()


def _shown(row: ClosedMonthRow) -> ClosedMonth:
    return ClosedMonth(row.month, row.ends_at, row.seal, row.figures, row.closed_by, row.closed_at)
