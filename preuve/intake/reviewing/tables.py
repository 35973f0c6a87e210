"""The tables of the review queue. Other rooms go through intake's functions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from preuve.intake.tables import ReceiptRow
from preuve.store.table import Base


class ReviewRow(Base):
    """A receipt that waits for a person; the row goes when the receipt leaves `pending_review`.

    `points_at_stake` is what it would earn, accepted as read, or an estimate of that; `doubt`
    is 0 to 1. The highest `rank` (`order.py`) comes first. `operator` holds it until
    `held_until` on the page of that token.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "program_id", "rank", "receipt_id"),)

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    program_id: Mapped[str]
    points_at_stake: Mapped[int]
    estimated: Mapped[bool]
    doubt: Mapped[float] = mapped_column(Double)
    rank: Mapped[float] = mapped_column(Double)
    waiting_since: Mapped[datetime]
    operator: Mapped[str | None]
    page: Mapped[str | None]
    held_until: Mapped[datetime | None]


class ReviewSkipRow(Base):
    """An operator put this receipt behind the others."""

    __tablename__ = "review_skips"

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    operator: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    skipped_at: Mapped[datetime]


class ReviewDraftRow(Base):
    """What an operator has entered and not yet decided, against the values of `revision`."""

    __tablename__ = "review_drafts"

    receipt_id: Mapped[str] = mapped_column(ForeignKey(ReceiptRow.id), primary_key=True)
    operator: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    revision: Mapped[int]
    entered: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
