"""What an operator has entered and not yet decided: it outlives a session and a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, or_, select

from preuve.intake.outcomes import Status
from preuve.intake.reviewing.tables import ReviewDraftRow
from preuve.intake.tables import ReceiptRow
from preuve.store import Ground

AFTER_DECISION = timedelta(days=1)
"""Somebody who was in the middle of it may still look at what they entered."""
LISTED = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """`entered` is the page's own; `revision` is the decision whose values stood beside it."""

    revision: int
    entered: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A receipt on which an operator has begun a correction, and what is known of it."""

    receipt_id: str
    status: Status
    retailer_name: str | None
    purchased_on: date | None
    saved_at: datetime


def save_draft(
    ground: Ground,
    program_id: str,
    receipt_id: str,
    operator: str,
    revision: int,
    entered: Mapping[str, Any],
) -> None:
    """Keeps what was entered, in place of what this operator entered before."""
    with ground.database.write() as session:
        session.merge(
            ReviewDraftRow(
                receipt_id=receipt_id,
                operator=operator,
                program_id=program_id,
                revision=revision,
                entered=dict(entered),
                saved_at=ground.now(),
            )
        )


def draft_of(ground: Ground, program_id: str, receipt_id: str, operator: str) -> Draft | None:
    """What this operator entered on the receipt and has neither decided nor dropped."""
    with ground.database.read() as session:
        row = session.get(ReviewDraftRow, (receipt_id, operator))
    if row is None or row.program_id != program_id:
        return None
    return Draft(row.revision, row.entered, row.saved_at)


def drop_draft(ground: Ground, receipt_id: str, operator: str) -> None:
    mine = delete(ReviewDraftRow).where(
        ReviewDraftRow.receipt_id == receipt_id, ReviewDraftRow.operator == operator
    )
    with ground.database.write() as session:
        session.execute(mine)


def unfinished(ground: Ground, program_id: str, operator: str) -> tuple[Unfinished, ...]:
    """The corrections that this operator has begun, the latest first; at most `LISTED`."""
    row, receipt = ReviewDraftRow, ReceiptRow
    found = (
        select(
            receipt.id, receipt.status, receipt.retailer_name, receipt.purchased_on, row.saved_at
        )
        .join(receipt, receipt.id == row.receipt_id)
        .where(row.program_id == program_id, row.operator == operator)
        .order_by(row.saved_at.desc(), row.receipt_id)
        .limit(LISTED)
    )
    with ground.database.read() as session:
        return tuple(
            Unfinished(receipt_id, Status(status), retailer, bought, saved_at)
            for receipt_id, status, retailer, bought, saved_at in session.execute(found)
        )


def sweep_drafts(ground: Ground, keep: timedelta) -> int:
    """Drops the drafts older than `keep`, and those of receipts that were decided otherwise a
    day ago. Gives how many.
    """
    now, row, receipt = ground.now(), ReviewDraftRow, ReceiptRow
    decided = (
        select(receipt.id)
        .where(
            receipt.id == row.receipt_id,
            receipt.status != Status.PENDING_REVIEW,
            receipt.revision != row.revision,
        )
        .exists()
    )
    old = or_(row.saved_at < now - keep, and_(row.saved_at < now - AFTER_DECISION, decided))
    with ground.database.read() as session:
        if session.scalar(select(row.receipt_id).where(old).limit(1)) is None:
            return 0
    with ground.database.write() as session:
        return len(session.scalars(delete(row).where(old).returning(row.receipt_id)).all())
