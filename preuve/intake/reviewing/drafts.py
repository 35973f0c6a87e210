"""What an operator has entered and not yet decided: it outlives a session and a reload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from preuve.intake.reviewing.tables import ReviewDraftRow
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Draft:
    """`entered` is the page's own; `revision` is the decision whose values stood beside it."""

    revision: int
    entered: Mapping[str, Any]
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
