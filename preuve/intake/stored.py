"""How pages, readings and reasons lie in the tables: JSON that gives back exactly the same."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.intake.tables import ReadingRow, ReceiptFileRow
from preuve.reading.page import Pages
from preuve.reading.result import Reading, Reason, Verdict

_PAGES: TypeAdapter[Pages] = TypeAdapter(Pages)
_READING: TypeAdapter[Reading] = TypeAdapter(Reading)
_VERDICT: TypeAdapter[Verdict] = TypeAdapter(Verdict)
_REASONS: TypeAdapter[tuple[Reason, ...]] = TypeAdapter(tuple[Reason, ...])


def dump_pages(pages: Pages) -> bytes:
    return _PAGES.dump_json(pages)


def load_pages(stored: bytes) -> Pages:
    return _PAGES.validate_json(stored)


def dump_reading(reading: Reading) -> dict[str, Any]:
    dumped: dict[str, Any] = _READING.dump_python(reading, mode="json")
    return dumped


def load_reading(stored: dict[str, Any]) -> Reading:
    return _READING.validate_python(stored)


def dump_verdict(verdict: Verdict) -> dict[str, Any]:
    dumped: dict[str, Any] = _VERDICT.dump_python(verdict, mode="json")
    return dumped


def load_verdict(stored: dict[str, Any]) -> Verdict:
    return _VERDICT.validate_python(stored)


def dump_reasons(reasons: tuple[Reason, ...]) -> list[Any]:
    dumped: list[Any] = _REASONS.dump_python(reasons, mode="json")
    return dumped


def load_reasons(stored: list[Any]) -> tuple[Reason, ...]:
    return _REASONS.validate_python(stored)


def blobs_of(session: Session, receipt_id: str) -> tuple[str, ...]:
    """The names of a receipt's files, in the order they were sent."""
    found = (
        select(ReceiptFileRow.sha256)
        .where(ReceiptFileRow.receipt_id == receipt_id)
        .order_by(ReceiptFileRow.position)
    )
    return tuple(session.scalars(found))


def pages_of(session: Session, receipt_id: str, revision: int) -> bytes | None:
    """The words that decision `revision` was made on, as stored; None where there are none."""
    decision = session.get(ReadingRow, (receipt_id, revision))
    if decision is None or decision.pages_revision == 0:
        return None
    held = session.get(ReadingRow, (receipt_id, decision.pages_revision))
    return held.pages if held else None
