"""The queue of receipts that wait for a person, in their order, each in one pair of hands.

A page holds what it shows, by a lease that it renews while it is open. `page` is a token that
each open page draws for itself: a page that is loaded again takes its receipt over, and the
leave-taking of the page before it then gives nothing back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from preuve.intake.decide import Decision
from preuve.intake.outcomes import Status
from preuve.intake.reviewing.order import expected_points, rank
from preuve.intake.reviewing.tables import ReviewRow, ReviewSkipRow
from preuve.intake.tables import ReceiptRow
from preuve.store import Ground

HOLD = timedelta(minutes=3)
"""Long enough for a page that renews every minute, and soon over for one that is gone."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt that waits for a person, and why it is as urgent as it is.

    `points_at_stake` is what it would earn if it were accepted as read, `estimated` where what
    was read does not tell; `doubt` is how likely an error is, 0 to 1.
    """

    receipt_id: str
    points_at_stake: int
    estimated: bool
    doubt: float
    waiting_since: datetime
    held_until: datetime


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Another operator has it in hand."""

    operator: str


@dataclass(frozen=True, slots=True)
class NotWaiting:
    """It does not wait for anybody (any more)."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How many wait, how many of them operators hold, all their points, and the oldest's time."""

    waiting: int
    held: int
    points_at_stake: int
    oldest_at: datetime | None


def note_waiting(session: Session, receipt: ReceiptRow, decision: Decision, now: datetime) -> None:
    """Puts the receipt into the queue or takes it out, as its new decision says."""
    if decision.status is not Status.PENDING_REVIEW:
        for table in (ReviewRow, ReviewSkipRow):
            session.execute(delete(table).where(table.receipt_id == receipt.id))
        return
    points = decision.at_stake
    if points is None:
        points = expected_points(session, receipt.program_id, receipt.total_minor)
    row = session.get(ReviewRow, receipt.id)
    if row is None:
        row = ReviewRow(receipt_id=receipt.id, program_id=receipt.program_id, waiting_since=now)
        session.add(row)
    row.points_at_stake, row.estimated = points, decision.at_stake is None
    row.doubt, row.rank = decision.doubt, rank(points, decision.doubt, row.waiting_since)


def next_for(
    ground: Ground, program_id: str, operator: str, page: str, *, besides: Collection[str] = ()
) -> Waiting | None:
    """The first receipt that nobody else holds, now held by `page`; None where none waits.

    What this operator has skipped comes last, the longest skipped first. `besides` are left
    out: those that the page has in hand already.
    """
    now = ground.now()
    free = (
        select(ReviewRow)
        .where(
            ReviewRow.program_id == program_id,
            ReviewRow.receipt_id.not_in(besides),
            _free(operator, now),
        )
        .with_for_update(of=ReviewRow, skip_locked=True)
        .limit(1)
    )
    in_order = (ReviewRow.rank.desc(), ReviewRow.receipt_id.desc())
    skipped = and_(
        ReviewSkipRow.receipt_id == ReviewRow.receipt_id, ReviewSkipRow.operator == operator
    )
    fresh = free.where(~select(ReviewSkipRow).where(skipped).exists()).order_by(*in_order)
    again = free.join(ReviewSkipRow, skipped).order_by(ReviewSkipRow.skipped_at, *in_order)
    with ground.database.write() as session:
        row = session.scalars(fresh).first() or session.scalars(again).first()
        return _take(row, operator, page, now) if row else None


def hold(
    ground: Ground, program_id: str, receipt_id: str, operator: str, page: str
) -> Waiting | HeldBy | NotWaiting:
    """This very receipt for `page`, also where the same operator holds it on another page."""
    now = ground.now()
    wanted = select(ReviewRow).filter_by(program_id=program_id, receipt_id=receipt_id)
    with ground.database.write() as session:
        row = session.scalars(wanted.with_for_update()).one_or_none()
        if row is None:
            return NotWaiting()
        if row.operator not in (None, operator) and row.held_until and row.held_until > now:
            return HeldBy(row.operator or "")
        return _take(row, operator, page, now)


def renew(ground: Ground, page: str) -> frozenset[str]:
    """Prolongs all that `page` holds; gives what that is, without what it has lost."""
    mine = update(ReviewRow).where(ReviewRow.page == page)
    with ground.database.write() as session:
        held = session.scalars(
            mine.values(held_until=ground.now() + HOLD).returning(ReviewRow.receipt_id)
        )
        return frozenset(held)


def release(ground: Ground, page: str, receipt_id: str | None = None) -> None:
    """Gives back what `page` holds, or this one receipt of it."""
    mine = update(ReviewRow).where(ReviewRow.page == page)
    if receipt_id is not None:
        mine = mine.where(ReviewRow.receipt_id == receipt_id)
    with ground.database.write() as session:
        session.execute(mine.values(operator=None, page=None, held_until=None))


def skip(ground: Ground, receipt_id: str, operator: str, page: str) -> bool:
    """Gives the receipt back and puts it behind all others for this operator.

    False where `page` does not hold it.
    """
    with ground.database.write() as session:
        held = select(ReviewRow).filter_by(receipt_id=receipt_id, page=page)
        row = session.scalars(held.with_for_update()).one_or_none()
        if row is None:
            return False
        row.operator = row.page = row.held_until = None
        session.merge(
            ReviewSkipRow(
                receipt_id=receipt_id,
                operator=operator,
                program_id=row.program_id,
                skipped_at=ground.now(),
            )
        )
        return True


def queue(ground: Ground, program_id: str) -> Queue:
    """The queue's figures, for a page that shows them live."""
    counted = select(
        func.count(),
        func.count().filter(ReviewRow.held_until > ground.now()),
        func.coalesce(func.sum(ReviewRow.points_at_stake), 0),
        func.min(ReviewRow.waiting_since),
    ).where(ReviewRow.program_id == program_id)
    with ground.database.read() as session:
        waiting, held, points, oldest_at = session.execute(counted).one()
    return Queue(waiting, held, int(points), oldest_at)


def _free(operator: str, now: datetime) -> ColumnElement[bool]:
    return or_(
        ReviewRow.operator.is_(None), ReviewRow.operator == operator, ReviewRow.held_until <= now
    )


def _take(row: ReviewRow, operator: str, page: str, now: datetime) -> Waiting:
    row.operator, row.page, row.held_until = operator, page, now + HOLD
    return Waiting(
        row.receipt_id,
        row.points_at_stake,
        row.estimated,
        row.doubt,
        row.waiting_since,
        row.held_until,
    )
