"""What is known of a receipt, for whoever asks."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Finished, ReceiptView
from preuve.intake.settle import standing_of
from preuve.intake.stored import blobs_of, load_pages, load_reading, load_verdict, pages_of
from preuve.intake.tables import ReadingRow, ReceiptRow
from preuve.reading.page import Pages
from preuve.store import Ground


def view(ground: Ground, program_id: str, receipt_id: str) -> ReceiptView | None:
    """All that is known of a receipt; None where the program has no such receipt."""
    with ground.database.read() as session:
        receipt = _of_program(session, program_id, receipt_id)
        if receipt is None:
            return None
        standing = standing_of(session, receipt)
        decision = session.get(ReadingRow, (receipt_id, receipt.revision))
        return ReceiptView(
            id=receipt.id,
            program_id=receipt.program_id,
            member_id=receipt.member_id,
            reference_id=receipt.reference_id,
            status=standing.status,
            reasons=standing.reasons,
            points=standing.points,
            received_at=receipt.received_at,
            finished_at=receipt.finished_at,
            revision=receipt.revision,
            amended=receipt.amendment is not None,
            original_id=receipt.original_id,
            blobs=blobs_of(session, receipt_id),
            reading=load_reading(decision.reading) if decision else None,
            verdict=load_verdict(decision.verdict) if decision else None,
        )


def files_of(ground: Ground, program_id: str, receipt_id: str) -> tuple[str, ...] | None:
    """The names of the receipt's files among the blobs; None where there is no such receipt."""
    with ground.database.read() as session:
        if _of_program(session, program_id, receipt_id) is None:
            return None
        return blobs_of(session, receipt_id)


def program_of(ground: Ground, receipt_id: str) -> str | None:
    """Whose receipt it is; None where there is no such receipt."""
    with ground.database.read() as session:
        return session.scalar(select(ReceiptRow.program_id).where(ReceiptRow.id == receipt_id))


def standing(ground: Ground, program_id: str, receipt_id: str) -> Finished | None:
    """Status, reasons and points alone: quick enough to ask again and again."""
    with ground.database.read() as session:
        receipt = _of_program(session, program_id, receipt_id)
        return standing_of(session, receipt) if receipt else None


def stored_pages(ground: Ground, program_id: str, receipt_id: str) -> Pages | None:
    """The words that the present decision was made on; None where there are none."""
    with ground.database.read() as session:
        receipt = _of_program(session, program_id, receipt_id)
        stored = pages_of(session, receipt_id, receipt.revision) if receipt else None
    return load_pages(stored) if stored is not None else None


def _of_program(session: Session, program_id: str, receipt_id: str) -> ReceiptRow | None:
    return session.scalars(
        select(ReceiptRow).filter_by(id=receipt_id, program_id=program_id)
    ).one_or_none()
