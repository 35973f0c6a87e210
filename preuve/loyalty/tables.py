"""The ledger's tables. Nothing here is ever changed or deleted: a trigger refuses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    column,
    table,
)
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base

Serial = BigInteger().with_variant(Integer, "sqlite")


class AccountRow(Base):
    """A member's points, or (`kind` liability, `member_id` empty) what the program owes."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("program_id", "kind", "member_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    kind: Mapped[str]
    member_id: Mapped[str]
    created_at: Mapped[datetime]


class EntryRow(Base):
    """`points` move from one account to another.

    One row is both postings of the entry, so that they cannot fail to sum to zero; the view
    `postings` shows them as two. A second accrual for one rule of one decision, and a second
    reversal of one entry, are refused by the unique keys.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("program_id", "receipt_id", "rule", "revision", "kind"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("points > 0", name="points_move"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        Index(None, "from_account_id"),
        Index(None, "to_account_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    kind: Mapped[str]
    from_account_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    to_account_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    points: Mapped[int] = mapped_column(BigInteger)
    receipt_id: Mapped[str | None]
    rule: Mapped[str | None]
    revision: Mapped[int | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    why: Mapped[str]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


postings = table("postings", column("entry_id"), column("account_id"), column("points"))
"""A view: each entry twice, with `points` below zero for the account it takes from."""
