"""Which receipt a person gets before which: the points at risk, and how long it has waited."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import log2

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Status
from preuve.intake.tables import ReceiptRow

DOUBLES_EVERY = timedelta(hours=8)
"""A receipt that has waited so much longer counts as one with twice the points at risk."""
LEAST = 0.1
"""Points at risk that every receipt has: with none, no waiting would lift it."""
RECENT = 200
"""Receipts that were credited last, from which points are estimated."""


def rank(points: int, doubt: float, waiting_since: datetime) -> float:
    """The higher, the sooner; two receipts keep their order however long both wait.

    The logarithm of the points at risk: as it grows evenly with the time waited, the moment
    at which a receipt came stands for its age, and nothing has to be worked out again.
    """
    return log2(max(points * doubt, LEAST)) - waiting_since.timestamp() / (
        DOUBLES_EVERY.total_seconds()
    )


def expected_points(session: Session, program_id: str, total_minor: int | None) -> int:
    """What such a receipt earns in this program: by its total where there is one, as on average
    of the last that were credited.
    """
    latest = (
        select(ReceiptRow.points, ReceiptRow.total_minor)
        .where(ReceiptRow.program_id == program_id, ReceiptRow.status == Status.VALID)
        .order_by(ReceiptRow.received_at.desc(), ReceiptRow.id.desc())
        .limit(RECENT)
    )
    credited = session.execute(latest).all()
    points: int = sum(one.points for one in credited)
    spent: int = sum(one.total_minor or 0 for one in credited)
    share = 1 / len(credited) if credited else 0.0
    if total_minor is not None and spent > 0:
        share = max(total_minor, 0) / spent
    return round(points * share)
