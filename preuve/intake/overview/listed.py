"""What lists and searches need of a receipt, kept beside it as each decision is made."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from preuve.folding import bare
from preuve.intake.overview.search import document_of, tokens
from preuve.intake.stored import load_reasons, pages_of
from preuve.intake.tables import ReceiptReasonRow, ReceiptRow, receipt_words
from preuve.loyalty.rules.facts_of import exponent_of, minor_units
from preuve.reading.result import Reading, Verdict


def keep_listed(session: Session, receipt: ReceiptRow, reading: Reading, verdict: Verdict) -> None:
    """Notes the values and the words of the decision that was just added to `session`."""
    retailer = reading.retailer.value if reading.retailer else None
    currency = reading.currency.value if reading.currency else None
    receipt.retailer = (retailer.key or bare(retailer.name)) if retailer else None
    receipt.retailer_name = retailer.name if retailer else None
    receipt.purchased_on = reading.purchased_on.value if reading.purchased_on else None
    total, exponent = reading.total, exponent_of(currency)
    receipt.total_minor = minor_units(total.value, exponent) if total else None
    receipt.currency = currency
    receipt.template = reading.match.template or None
    receipt.confidence = verdict.confidence
    _keep_words(session, receipt, reading)


def keep_reasons(session: Session, receipt: ReceiptRow) -> None:
    """Notes the reasons of the decision that was just made; earlier ones stay noted."""
    for code in {reason.code.value for reason in load_reasons(receipt.reasons)}:
        session.merge(
            ReceiptReasonRow(
                receipt_id=receipt.id,
                code=code,
                program_id=receipt.program_id,
                received_at=receipt.received_at,
                status=receipt.status,
            )
        )


def forget_words(session: Session, words_ids: list[int]) -> None:
    """Takes texts out of the full text, and out of what it is searched by."""
    if not words_ids:
        return
    session.execute(delete(receipt_words).where(receipt_words.c.rowid.in_(words_ids)))
    if session.get_bind().dialect.name == "sqlite":
        # FTS5 only marks words as gone until it writes its index anew.
        session.execute(text("INSERT INTO receipt_words(receipt_words) VALUES ('optimize')"))


def _keep_words(session: Session, receipt: ReceiptRow, reading: Reading) -> None:
    paper = tokens(_printed(session, receipt))
    known = f" {' '.join(paper)} "
    for told in _told(receipt, reading):
        more = tokens(told)
        if f" {' '.join(more)} " not in known:
            paper += more
    words = document_of(session, paper)
    if receipt.words_id is not None:
        mine = update(receipt_words).where(receipt_words.c.rowid == receipt.words_id)
        session.execute(mine.values(words=words))
        return
    added = insert(receipt_words).values(program_id=receipt.program_id, words=words)
    if session.get_bind().dialect.name == "postgresql":
        receipt.words_id = session.scalar(added.returning(receipt_words.c.rowid))
    else:
        session.execute(added)
        receipt.words_id = session.scalar(select(func.last_insert_rowid()))


def _printed(session: Session, receipt: ReceiptRow) -> str:
    """Every word of the paper, row by row, from the stored pages as they lie."""
    session.flush()
    pages = json.loads(pages_of(session, receipt.id, receipt.revision) or b"[]")
    rows = (row["words"] for page in pages for row in page["rows"])
    return " ".join(word["text"] for words in rows for word in words)


def _told(receipt: ReceiptRow, reading: Reading) -> Iterator[str]:
    """What the receipt is known by beside its paper, and values that an operator set."""
    yield from (receipt.id, receipt.member_id, receipt.reference_id or "")
    if reading.retailer:
        yield reading.retailer.value.name
        yield reading.retailer.value.key or ""
    if reading.total:
        yield str(reading.total.value)
    if reading.purchased_on:
        yield reading.purchased_on.value.isoformat()
    if reading.receipt_number:
        yield reading.receipt_number.value
    for item in reading.items:
        yield item.description
        yield item.product_code or ""
    for field in reading.fields:
        yield field.value.value if field.value else ""
