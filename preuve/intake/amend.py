"""An operator corrects a receipt; the ledger gets the difference."""

from __future__ import annotations

from typing import Any

from preuve.intake.amendment import AMENDED, NOTHING_READ, RULE, Amendment
from preuve.intake.outcomes import Finished, Refusal, Refused, Status
from preuve.intake.settle import Read, amendment_of, lock_receipt, settle, standing_of
from preuve.intake.stored import load_reading
from preuve.intake.tables import AuditEventRow, ReadingRow, ReceiptRow
from preuve.loyalty import Program
from preuve.store import Ground


def amend(
    ground: Ground,
    program: Program,
    receipt_id: str,
    amendment: Amendment,
    *,
    operator: str,
    reason: str,
) -> Finished | Refused:
    """Lays `amendment` over what was read and decides anew, as if it had been read so.

    Who did it and why becomes an audit event. A receipt that a worker has in hand is
    refused; it can be amended once it was read.
    """
    now = ground.now()
    with ground.database.write() as session:
        receipt = lock_receipt(session, program.program, receipt_id)
        if receipt is None or receipt.program_id != program.program:
            return Refused(Refusal.UNKNOWN_RECEIPT)
        if not Status(receipt.status).final:
            return Refused(Refusal.BEING_READ)
        latest = session.get(ReadingRow, (receipt_id, receipt.revision))
        reading = load_reading(latest.reading) if latest else NOTHING_READ
        before = _noted(standing_of(session, receipt), receipt)
        receipt.amendment = amendment.after(amendment_of(receipt)).model_dump(
            mode="json", exclude_unset=True
        )
        engine = latest.engine if latest else RULE
        finished = settle(session, receipt, program, Read("amend", reading, AMENDED, engine), now)
        session.add(
            AuditEventRow(
                program_id=program.program,
                receipt_id=receipt_id,
                actor=operator,
                action="receipt.amend",
                reason=reason,
                detail={
                    "before": before,
                    "changes": amendment.model_dump(mode="json", exclude_unset=True),
                    "after": _noted(finished, receipt),
                },
                created_at=now,
            )
        )
        return finished


def _noted(standing: Finished, receipt: ReceiptRow) -> dict[str, Any]:
    return {
        "status": standing.status,
        "points": standing.points,
        "revision": receipt.revision,
    }
