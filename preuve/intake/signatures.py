"""Signatures of stored documents: written when words are stored, asked when a template changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import Session

from preuve.intake.stored import load_pages, pages_of
from preuve.intake.tables import ReadingRow, ReceiptRow, SignatureRow
from preuve.reading.page import Pages
from preuve.reading.template.signature import SCHEME, sign
from preuve.store import Ground

BATCH = 10_000
SIGN_BATCH = 100


@dataclass(frozen=True, slots=True)
class Signatures:
    """Documents with their signatures one behind the other, and the template each was read by."""

    receipt_ids: tuple[str, ...]
    program_ids: tuple[str, ...]
    templates: tuple[str, ...]
    signatures: bytes


def keep_signature(
    session: Session, receipt: ReceiptRow, template: str, pages: Pages | None
) -> None:
    """Notes what a decision was made on; `pages` is None where its words were stored before."""
    if pages is None:
        mine = update(SignatureRow).where(SignatureRow.receipt_id == receipt.id)
        session.execute(mine.values(template=template))
        return
    session.merge(
        SignatureRow(
            receipt_id=receipt.id,
            program_id=receipt.program_id,
            template=template,
            scheme=SCHEME,
            signature=sign(pages),
        )
    )


def signatures(ground: Ground, program_ids: Collection[str]) -> Iterator[Signatures]:
    """Every signed document of these programs, some thousands at a time.

    Each time in a transaction of its own: on SQLite, nobody can commit while another reads.
    """
    found = (
        select(
            SignatureRow.receipt_id,
            SignatureRow.program_id,
            SignatureRow.template,
            SignatureRow.signature,
        )
        .where(SignatureRow.scheme == SCHEME, SignatureRow.program_id.in_(program_ids))
        .order_by(SignatureRow.receipt_id)
        .limit(BATCH)
    )
    after = ""
    while True:
        with ground.database.read() as session:
            rows = session.execute(found.where(SignatureRow.receipt_id > after)).all()
        if not rows:
            return
        ids, programs, templates, signed = zip(*rows, strict=True)
        yield Signatures(ids, programs, templates, b"".join(signed))
        after = ids[-1]


def count_unsigned(ground: Ground, program_ids: Collection[str]) -> int:
    """Documents that have words and no signature: they were stored by an older version."""
    with ground.database.read() as session:
        unsigned = _unsigned().where(ReceiptRow.program_id.in_(program_ids))
        return session.scalar(select(func.count()).select_from(unsigned.subquery())) or 0


def sign_stored(ground: Ground) -> Iterator[int]:
    """Signs those documents, in transactions of their own; tells each time how many it did."""
    after = ""
    while True:
        unsigned = _unsigned().where(ReceiptRow.id > after).order_by(ReceiptRow.id)
        with ground.database.read() as session:
            ids = session.scalars(unsigned.limit(SIGN_BATCH)).all()
        if not ids:
            return
        with ground.database.write() as session:
            for receipt_id in ids:
                receipt = session.get_one(ReceiptRow, receipt_id)
                stored = pages_of(session, receipt_id, receipt.revision)
                latest = session.get(ReadingRow, (receipt_id, receipt.revision))
                if stored is not None and latest is not None:
                    keep_signature(session, receipt, latest.template, load_pages(stored))
        after = ids[-1]
        yield len(ids)


def _unsigned() -> Select[str]:
    current = and_(SignatureRow.receipt_id == ReceiptRow.id, SignatureRow.scheme == SCHEME)
    return (
        select(ReceiptRow.id)
        .join(ReadingRow, ReadingRow.receipt_id == ReceiptRow.id)
        .outerjoin(SignatureRow, current)
        .where(
            ReadingRow.revision == ReceiptRow.revision,
            ReadingRow.pages_revision > 0,
            SignatureRow.receipt_id.is_(None),
        )
    )
