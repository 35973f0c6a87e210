"""A member's receipts are erased: originals, words, values, and what people noted on them.

What stays is nobody's: hashes of the files and purchases that were credited, so that the same
paper is not credited again under another name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Status
from preuve.intake.overview.days import forget_day
from preuve.intake.overview.listed import forget_words
from preuve.intake.reviewing.tables import ReviewDraftRow, ReviewRow, ReviewSkipRow
from preuve.intake.tables import (
    AuditEventRow,
    ErasedProofRow,
    IdempotencyKeyRow,
    JobRow,
    PurchaseRow,
    ReadingRow,
    ReceiptFileRow,
    ReceiptReasonRow,
    ReceiptRow,
    SignatureRow,
)
from preuve.loyalty import take_credit_turn
from preuve.loyalty.occasions.erasure import erase_points
from preuve.store.blobs import files_name
from preuve.store.database import insert_new, take_turns
from preuve.store.outbox import untell

FILES = "files of receipts"
"""Whoever names a stored file takes this turn, shared; whoever removes one, alone."""
OF_RECEIPTS = (
    *(ReviewSkipRow.receipt_id, ReviewDraftRow.receipt_id, ReviewRow.receipt_id),
    *(ReceiptReasonRow.receipt_id, ReceiptFileRow.receipt_id, JobRow.receipt_id),
    *(ReadingRow.receipt_id, SignatureRow.receipt_id, PurchaseRow.receipt_id),
    *(IdempotencyKeyRow.receipt_id, AuditEventRow.receipt_id, ReceiptRow.id),
)
"""In the order in which rows may go."""


def erase_receipts(
    session: Session, program_id: str, member_id: str, now: datetime
) -> tuple[bool, dict[str, tuple[str, ...]]]:
    """Erases the member in intake and loyalty. Tells whether there was anything, and each
    receipt's id with its files, which the caller removes where `unused` says so.

    A receipt that is just being read is read for nothing.
    """
    # Jobs first, as `finish` does: then the turn of the program's credits.
    mine = select(ReceiptRow.id).filter_by(program_id=program_id, member_id=member_id)
    session.execute(select(JobRow).where(JobRow.receipt_id.in_(mine)).with_for_update())
    take_credit_turn(session, program_id)
    receipts = session.scalars(
        select(ReceiptRow).filter_by(program_id=program_id, member_id=member_id)
    ).all()
    files = {receipt.id: _files(session, receipt.id) for receipt in receipts}
    for receipt in receipts:
        _remember(session, receipt, files[receipt.id])
        forget_day(session, receipt, now)
        repeats = update(ReceiptRow).where(ReceiptRow.original_id == receipt.id)
        session.execute(repeats.values(original_id=None))
        for column in OF_RECEIPTS:
            session.execute(delete(column.class_).where(column == receipt.id))
        session.expunge(receipt)
    forget_words(session, [row.words_id for row in receipts if row.words_id is not None])
    had_points = erase_points(session, program_id, member_id, now)
    untell(session, program_id, member_id)
    return had_points or bool(files), files


def note_erasure(
    session: Session, program_id: str, person: str, reason: str, receipts: int, now: datetime
) -> None:
    """That it was done, by whom and why; not of whom."""
    session.add(
        AuditEventRow(
            program_id=program_id,
            receipt_id=None,
            actor=person,
            action="erase",
            reason=reason,
            detail={"receipts": receipts},
            created_at=now,
        )
    )


def unused(session: Session, files: Sequence[str]) -> list[str]:
    """Those that no receipt of any program has. The caller removes them before it commits."""
    take_turns(session, FILES)
    wanted = list(dict.fromkeys(files))
    kept = select(ReceiptFileRow.sha256).where(ReceiptFileRow.sha256.in_(wanted))
    known = set(session.scalars(kept))
    return [name for name in wanted if name not in known]


def was_erased(session: Session, program_id: str, proof: str) -> bool:
    """Whether this was credited to a member who was erased: `files_name`
    of sorted files, or a purchase's fingerprint."""
    return session.get(ErasedProofRow, (program_id, _hashed(proof))) is not None


def _remember(session: Session, receipt: ReceiptRow, files: Sequence[str]) -> None:
    if receipt.status != Status.VALID:
        return
    held = session.get(PurchaseRow, receipt.id)
    for proof in (files_name(sorted(files)), held.fingerprint if held else None):
        if proof:
            values = {"program_id": receipt.program_id, "sha256": _hashed(proof)}
            insert_new(session, ErasedProofRow, **values)


def _hashed(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()


def _files(session: Session, receipt_id: str) -> tuple[str, ...]:
    found = select(ReceiptFileRow.sha256).filter_by(receipt_id=receipt_id)
    return tuple(session.scalars(found.order_by(ReceiptFileRow.position)))
