"""Past decisions, for the rooms above that learn from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from preuve.intake.stored import load_pages, load_reading, load_verdict, pages_of
from preuve.intake.tables import ReadingRow, ReceiptRow
from preuve.reading.page import Pages
from preuve.reading.result import Reading
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Decided:
    """The present decision of a receipt: its number, and when it was made."""

    program_id: str
    receipt_id: str
    revision: int
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """A past receipt: its words as stored, and the reading as it stands.

    `trusted` is the verdict on it; `amended` tells that an operator set values.
    """

    program_id: str
    receipt_id: str
    pages: Pages
    reading: Reading
    trusted: bool
    amended: bool


def decided_since(ground: Ground, since: datetime | None, limit: int) -> tuple[Decided, ...]:
    """Present decisions made at `since` or later, the oldest first; from the first one if None."""
    found = (
        select(
            ReadingRow.program_id,
            ReadingRow.receipt_id,
            ReadingRow.revision,
            ReadingRow.created_at,
        )
        .join(ReceiptRow, _is_present())
        .order_by(ReadingRow.created_at, ReadingRow.receipt_id)
        .limit(limit)
    )
    if since is not None:
        found = found.where(ReadingRow.created_at >= since)
    with ground.database.read() as session:
        return tuple(Decided(*row) for row in session.execute(found))


def read_by(ground: Ground, program_id: str, templates: str, most: int) -> Iterator[Past]:
    """A program's receipts read by a template whose key begins with `templates`, newest first.

    Those without words are left out.
    """
    found = (
        select(ReadingRow, ReceiptRow.amendment)
        .join(ReceiptRow, _is_present())
        .where(
            ReadingRow.program_id == program_id,
            ReadingRow.template.startswith(templates, autoescape=True),
            ReadingRow.pages_revision > 0,
        )
        .order_by(ReadingRow.created_at.desc(), ReadingRow.receipt_id)
        .limit(most)
    )
    with ground.database.read() as session:
        for row, amendment in session.execute(found):
            stored = pages_of(session, row.receipt_id, row.revision)
            if stored:
                yield Past(
                    program_id=program_id,
                    receipt_id=row.receipt_id,
                    pages=load_pages(stored),
                    reading=load_reading(row.reading),
                    trusted=load_verdict(row.verdict).status == "trusted",
                    amended=amendment is not None,
                )


def _is_present() -> ColumnElement[bool]:
    return and_(ReceiptRow.id == ReadingRow.receipt_id, ReceiptRow.revision == ReadingRow.revision)
