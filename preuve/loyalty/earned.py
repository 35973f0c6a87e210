"""What the ledger says that one receipt earned, rule by rule."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from preuve.loyalty.award import AwardLine
from preuve.loyalty.ledger import ACCRUAL
from preuve.loyalty.tables import EntryRow
from preuve.store import Ground


def earned(ground: Ground, program_id: str, receipt_id: str) -> tuple[AwardLine, ...]:
    """The lines of the receipt's award that stand: those that no reversal took back."""
    reversal = aliased(EntryRow)
    standing = (
        select(EntryRow)
        .outerjoin(reversal, reversal.reverses_id == EntryRow.id)
        .where(
            EntryRow.program_id == program_id,
            EntryRow.receipt_id == receipt_id,
            EntryRow.kind == ACCRUAL,
            reversal.id.is_(None),
        )
        .order_by(EntryRow.id)
    )
    with ground.database.read() as session:
        return tuple(
            AwardLine(row.rule or "", row.points, row.why) for row in session.scalars(standing)
        )
