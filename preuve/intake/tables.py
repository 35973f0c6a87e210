"""Intake's tables. Other rooms go through intake's functions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    column,
    table,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Compressed, Serial

Sha256 = String(64)


def _hour_of_arrival(context: DefaultExecutionContext) -> int:
    """Whole hours since 1970."""
    received_at: datetime = context.get_current_parameters()["received_at"]  # type: ignore[no-untyped-call]
    return int(received_at.timestamp()) // 3600


class ReceiptRow(Base):
    """`reasons` and `status` are those of the decision numbered `revision` (0: none yet).

    From `retailer` on, what lists are filtered by and figures made of: values of that decision,
    `points` as the ledger has them, `seconds_to_points` from the upload to the first credit,
    `received_hour` counted from 1970, `aided` whether an operator amended it.
    `retailer` is the retailer's key, or the printed name folded where it has none; `words_id`
    is the row in `receipt_words`.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        Index(None, "program_id", "received_at", "id"),
        Index(None, "program_id", "status", "received_at", "id"),
        Index(None, "program_id", "retailer", "received_at", "id"),
        Index(None, "program_id", "template", "received_at", "id"),
        Index(None, "program_id", "purchased_on"),
        Index(
            "ix_receipts_figures",
            *("program_id", "received_hour", "status", "aided", "template", "points"),
            "seconds_to_points",
        ),
        Index(None, "program_id", "member_id"),
        Index(None, "program_id", "reference_id"),
        Index(None, "words_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    member_id: Mapped[str]
    reference_id: Mapped[str | None]
    status: Mapped[str]
    reasons: Mapped[list[Any]]
    received_at: Mapped[datetime]
    received_on: Mapped[date]
    finished_at: Mapped[datetime | None]
    revision: Mapped[int]
    amendment: Mapped[dict[str, Any] | None]
    original_id: Mapped[str | None]
    retailer: Mapped[str | None]
    retailer_name: Mapped[str | None]
    purchased_on: Mapped[date | None]
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    template: Mapped[str | None]
    confidence: Mapped[float | None]
    points: Mapped[int] = mapped_column(BigInteger, default=0)
    words_id: Mapped[int | None] = mapped_column(BigInteger)
    seconds_to_points: Mapped[int | None]
    received_hour: Mapped[int] = mapped_column(default=_hour_of_arrival)
    aided: Mapped[bool] = mapped_column(default=False)


class ReceiptReasonRow(Base):
    """The reasons of a receipt, one row a code, to be found and counted by.

    `status` is what the code last led to; a reason that no longer stands keeps its row, so that
    what was held for review is still told when somebody has cleared it.
    """

    __tablename__ = "receipt_reasons"
    __table_args__ = (Index(None, "program_id", "code", "received_at", "receipt_id"),)

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    received_at: Mapped[datetime]
    status: Mapped[str]


class ReceiptDayRow(Base):
    """What came in on a day that is over, added up (`overview/days.py`); `day` since 1970, in UTC.

    The row goes when a receipt of that day changes, and is made again when it is asked for.
    """

    __tablename__ = "receipt_days"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    sums: Mapped[dict[str, Any]]


receipt_words = table("receipt_words", column("rowid"), column("program_id"), column("words"))
"""Full text, one row a receipt: an FTS5 table on SQLite, a `tsvector` on PostgreSQL."""


class ReceiptFileRow(Base):
    __tablename__ = "receipt_files"
    __table_args__ = (Index(None, "program_id", "sha256"),)

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    sha256: Mapped[str] = mapped_column(Sha256)
    size: Mapped[int]


class JobRow(Base):
    """The work of reading one receipt: `waiting`, `running`, `done` or `failed`.

    `wake_at` is when the sweeper looks at it next; it says nothing about who may claim it.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "wake_at"),)

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    program_id: Mapped[str]
    queue: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int]
    token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    wake_at: Mapped[datetime]
    wakes: Mapped[int]
    last_error: Mapped[str | None]


class ReadingRow(Base):
    """One decision: what was read, from which stored words, and by whom.

    `source` is read, reread, replay, amend or undo. `pages` is kept once: a decision on words that
    were stored before points to them by `pages_revision` (0: there are none).
    """

    __tablename__ = "readings"
    __table_args__ = (Index(None, "created_at"),)

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    source: Mapped[str]
    pages: Mapped[bytes | None] = mapped_column(Compressed)
    pages_revision: Mapped[int]
    engine: Mapped[str]
    template: Mapped[str]
    template_version: Mapped[str]
    reading: Mapped[dict[str, Any]]
    verdict: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class SignatureRow(Base):
    """What is printed on a receipt, condensed so that one in 100,000 is found by a clue.

    `template` is the present decision's; `signature` is made of the words that it was made on,
    by the `scheme` of that number (`reading/template/signature.py`).
    """

    __tablename__ = "signatures"

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    program_id: Mapped[str]
    template: Mapped[str]
    scheme: Mapped[int]
    signature: Mapped[bytes]


class PurchaseRow(Base):
    """The purchase of a credited receipt. A receipt that loses its credit loses its row."""

    __tablename__ = "purchases"
    __table_args__ = (
        UniqueConstraint("program_id", "fingerprint"),
        Index(None, "program_id", "purchased_on", "total_minor"),
        Index(None, "program_id", "receipt_number"),
    )

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    program_id: Mapped[str]
    fingerprint: Mapped[str | None]
    retailer_key: Mapped[str | None]
    retailer_name: Mapped[str]
    purchased_on: Mapped[date | None]
    purchased_at: Mapped[str | None]
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    receipt_number: Mapped[str | None]


class ErasedProofRow(Base):
    """A hash of files, or of a purchase, that was credited to a member who was erased."""

    __tablename__ = "erased_proofs"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)


class IdempotencyKeyRow(Base):
    __tablename__ = "idempotency_keys"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    payload_sha256: Mapped[str] = mapped_column(Sha256)
    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id))
    created_at: Mapped[datetime]


class AuditEventRow(Base):
    """Who changed what by hand, and why."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "program_id", "receipt_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    receipt_id: Mapped[str | None]
    actor: Mapped[str]
    action: Mapped[str]
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class ReprocessRunRow(Base):
    """A run and the last receipt it has dealt with, so that it can go on from there."""

    __tablename__ = "reprocess_runs"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    selection: Mapped[str]
    version: Mapped[str]
    cursor_at: Mapped[datetime | None]
    cursor_id: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
