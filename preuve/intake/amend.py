"""An operator decides on a receipt, or takes that back; the ledger gets the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.intake.amendment import AMENDED, NOTHING_READ, RULE, Amendment
from preuve.intake.outcomes import Finished, Refusal, Refused, Status
from preuve.intake.settle import Read, amendment_of, lock_receipt, settle, standing_of
from preuve.intake.stored import dump_reasons, load_reading, load_reasons, load_verdict
from preuve.intake.tables import AuditEventRow, ReadingRow, ReceiptRow
from preuve.loyalty import Program
from preuve.reading.result import Verdict
from preuve.store import Ground

AMEND, UNDO = "receipt.amend", "receipt.undo"


def amend(
    ground: Ground,
    program: Program,
    receipt_id: str,
    amendment: Amendment,
    *,
    operator: str,
    reason: str,
    seen_revision: int | None = None,
) -> Finished | Refused:
    """Lays `amendment` over what was read and decides anew, as if it had been read so.

    Who did it and why becomes an audit event. A receipt that a worker has in hand is
    refused; it can be amended once it was read. With `seen_revision`, the decision whose
    values the operator had before their eyes, it is refused where another was made since,
    and values that are accepted stay as they were seen.
    """
    with ground.database.write() as session:
        receipt = lock_receipt(session, program.program, receipt_id)
        if receipt is None or receipt.program_id != program.program:
            return Refused(Refusal.UNKNOWN_RECEIPT)
        if not Status(receipt.status).final:
            return Refused(Refusal.BEING_READ)
        if seen_revision is not None:
            if receipt.revision != seen_revision:
                return Refused(Refusal.CHANGED)
            amendment = amendment.model_copy(
                update={"as_seen": amendment.decision == "accept" and seen_revision > 0}
            )
        latest = session.get(ReadingRow, (receipt_id, receipt.revision))
        reading = load_reading(latest.reading) if latest else NOTHING_READ
        engine = latest.engine if latest else RULE
        told = {
            "changes": amendment.model_dump(mode="json", exclude_unset=True),
            "earlier": receipt.amendment,
        }
        receipt.amendment = amendment.after(amendment_of(receipt)).model_dump(
            mode="json", exclude_unset=True
        )
        read = Read("amend", reading, AMENDED, engine)
        return _settled(ground, session, receipt, program, read, (AMEND, operator, reason), told)


def undo(ground: Ground, program: Program, receipt_id: str, *, operator: str) -> Finished | Refused:
    """Takes back the operator's decision on the receipt; its values and points are as before.

    Refused where it is not the last thing that happened to the receipt.
    """
    with ground.database.write() as session:
        receipt = lock_receipt(session, program.program, receipt_id)
        if receipt is None or receipt.program_id != program.program:
            return Refused(Refusal.UNKNOWN_RECEIPT)
        last = session.scalars(
            select(AuditEventRow)
            .filter_by(program_id=program.program, receipt_id=receipt_id)
            .order_by(AuditEventRow.id.desc())
        ).first()
        if last is None or (last.action, last.actor) != (AMEND, operator):
            return Refused(Refusal.NOT_THE_LAST)
        if _noted(standing_of(session, receipt), receipt) != last.detail["after"]:
            return Refused(Refusal.NOT_THE_LAST)
        before = last.detail["before"]
        receipt.amendment = last.detail["earlier"]
        read = _read_before(session, receipt_id, before)
        told = (UNDO, operator, last.reason)
        return _settled(ground, session, receipt, program, read, told, {"undoes": last.id})


@dataclass(frozen=True, slots=True)
class LastDecision:
    """An operator's last decision: the points before it, and where the receipt stood after."""

    receipt_id: str
    points_before: int
    after: Finished


def last_decision(ground: Ground, program_id: str, operator: str) -> LastDecision | None:
    """The decision that `undo` would take back; None where the last thing they did was that."""
    theirs = select(AuditEventRow).where(
        AuditEventRow.program_id == program_id,
        AuditEventRow.actor == operator,
        AuditEventRow.action.in_((AMEND, UNDO)),
    )
    with ground.database.read() as session:
        last = session.scalars(theirs.order_by(AuditEventRow.id.desc())).first()
    if last is None or last.action == UNDO or last.receipt_id is None:
        return None
    before, after = last.detail["before"], last.detail["after"]
    finished = Finished(
        last.receipt_id, Status(after["status"]), load_reasons(after["reasons"]), after["points"]
    )
    return LastDecision(last.receipt_id, before["points"], finished)


def _settled(
    ground: Ground,
    session: Session,
    receipt: ReceiptRow,
    program: Program,
    read: Read,
    told: tuple[str, str, str],
    detail: dict[str, Any],
) -> Finished:
    """Settles, and notes who did what and why, with where the receipt stood and stands."""
    now, (action, operator, reason) = ground.now(), told
    before = _noted(standing_of(session, receipt), receipt)
    finished = settle(session, receipt, program, read, now)
    session.add(
        AuditEventRow(
            program_id=program.program,
            receipt_id=receipt.id,
            actor=operator,
            action=action,
            reason=reason,
            detail={"before": before, **detail, "after": _noted(finished, receipt)},
            created_at=now,
        )
    )
    return finished


def _read_before(session: Session, receipt_id: str, before: dict[str, Any]) -> Read:
    """What a decision that is taken back was laid over."""
    row = session.get(ReadingRow, (receipt_id, before["revision"]))
    if row:
        return Read("undo", load_reading(row.reading), load_verdict(row.verdict), row.engine)
    waited = before["status"] == Status.PENDING_REVIEW
    verdict = Verdict("doubtful" if waited else "unusable", 0.0, load_reasons(before["reasons"]))
    return Read("undo", NOTHING_READ, verdict, RULE)


def _noted(standing: Finished, receipt: ReceiptRow) -> dict[str, Any]:
    return {
        "status": standing.status,
        "points": standing.points,
        "reasons": dump_reasons(standing.reasons),
        "revision": receipt.revision,
    }
