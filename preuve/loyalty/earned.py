"""What the ledger says that one receipt earned, rule by rule."""

from __future__ import annotations

from preuve.loyalty.award import AwardLine
from preuve.loyalty.ledger import live_accruals
from preuve.store import Ground


def earned(ground: Ground, program_id: str, receipt_id: str) -> tuple[AwardLine, ...]:
    """The lines of the receipt's award that stand: those that no reversal took back."""
    with ground.database.read() as session:
        return tuple(
            AwardLine(entry.rule or "", entry.points, entry.why)
            for entry in live_accruals(session, program_id, receipt_id)
        )
