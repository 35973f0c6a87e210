"""What the ledger says that one occasion earned, rule by rule; a receipt's is its id."""

from __future__ import annotations

from preuve.loyalty.ledger.posting import live_accruals
from preuve.loyalty.rules.award import AwardLine
from preuve.store import Ground


def earned(ground: Ground, program_id: str, occasion: str) -> tuple[AwardLine, ...]:
    """The lines of an occasion's award that stand: those that no reversal took back."""
    with ground.database.read() as session:
        return tuple(
            AwardLine(entry.rule or "", entry.points, entry.why, entry.detail or {})
            for entry in live_accruals(session, program_id, occasion)
        )
