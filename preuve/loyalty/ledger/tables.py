"""The ledger's tables. Entries and what lots gave are never changed or deleted: triggers refuse.

`AccountRow.points`, `earned` and `LotRow.remaining` are sums kept at hand, which `book.py` writes
with the entry. The database refuses what is below zero, and `verify.py` adds up anew.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    column,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Serial


class Kind(StrEnum):
    """What an entry is."""

    ACCRUAL = "accrual"
    ACTIVATION = "activation"
    REDEMPTION = "redemption"
    EXPIRY = "expiry"
    REVERSAL = "reversal"
    ADJUSTMENT = "adjustment"


class Side(StrEnum):
    """The accounts: four of each member, then the program's, which are sums and no more.

    What a member owes is `owed` below zero; it is paid from what becomes available.
    """

    AVAILABLE = "available"
    PENDING = "pending"
    RESERVED = "reserved"
    OWED = "owed"
    ISSUED = "issued"
    REDEEMED = "redeemed"
    BREAKAGE = "breakage"
    FORGIVEN = "forgiven"
    ADJUSTED = "adjusted"


OF_MEMBERS = (Side.AVAILABLE, Side.PENDING, Side.RESERVED, Side.OWED)


class AccountRow(Base):
    """A member's points on one side, or the program's counterpart (`member_id` empty).

    The row `available` stands for the member: entries and lots name it as their holder, and
    whoever moves the member's points locks it.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("program_id", "kind", "member_id"),
        Index(None, "program_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    kind: Mapped[str]
    member_id: Mapped[str]
    points: Mapped[int | None] = mapped_column(BigInteger)
    """Null for the program's. Below zero for `owed` alone."""
    earned: Mapped[int | None] = mapped_column(BigInteger)
    """On the row `available`: accruals less their reversals, since ever."""
    created_at: Mapped[datetime]


class EntryRow(Base):
    """`points` move from one account to another.

    One row is both postings of the entry, so that they cannot fail to sum to zero; the view
    `postings` shows them as two. A second accrual for one rule of one decision, and a second
    reversal of one entry, are refused by the unique keys.
    """

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("program_id", "occasion", "rule", "revision", "kind"),
        UniqueConstraint("reverses_id"),
        CheckConstraint("points > 0", name="points_move"),
        CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        CheckConstraint("kind <> 'adjustment' OR actor IS NOT NULL", name="adjusted_by_someone"),
        Index(None, "from_account_id"),
        Index(None, "to_account_id"),
        Index(None, "holder_id", "id"),
        Index(None, "program_id", "id"),
        Index(None, "receipt_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    kind: Mapped[str]
    holder_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    """The `available` account of the member whose points move."""
    from_account_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    to_account_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    points: Mapped[int] = mapped_column(BigInteger)
    occasion: Mapped[str | None]
    receipt_id: Mapped[str | None]
    """Set on a receipt's accruals and their reversals: together what the receipt is worth."""
    rule: Mapped[str | None]
    revision: Mapped[int | None]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"))
    why: Mapped[str]
    actor: Mapped[str | None]
    """Who adjusted: a person, or `policy` where the program's own rule did."""
    detail: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class LotRow(Base):
    """What one rule gave on one occasion, as far as it is not used: it expires as one."""

    __tablename__ = "lots"
    __table_args__ = (
        UniqueConstraint("program_id", "occasion", "rule"),
        CheckConstraint("remaining >= 0", name="never_below_zero"),
        Index(
            "ix_lots_open",
            "holder_id",
            "expires_at",
            sqlite_where=text("remaining > 0"),
            postgresql_where=text("remaining > 0"),
        ),
        Index(
            "ix_lots_pending",
            "available_at",
            sqlite_where=text("pending AND remaining > 0"),
            postgresql_where=text("pending AND remaining > 0"),
        ),
        Index(
            "ix_lots_expiring",
            "expires_at",
            sqlite_where=text("NOT pending AND remaining > 0"),
            postgresql_where=text("NOT pending AND remaining > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    holder_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    occasion: Mapped[str]
    rule: Mapped[str]
    earned_at: Mapped[datetime]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    pending: Mapped[bool]
    """Its points stand on the member's account `pending`, until an activation moves them."""
    remaining: Mapped[int] = mapped_column(BigInteger)


class LotMovementRow(Base):
    """What an entry put into a lot (above zero) or took from it. Never changed or deleted."""

    __tablename__ = "lot_movements"
    __table_args__ = (CheckConstraint("points <> 0", name="points_move"), Index(None, "lot_id"))

    entry_id: Mapped[int] = mapped_column(ForeignKey(EntryRow.id), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey(LotRow.id), primary_key=True)
    program_id: Mapped[str]
    points: Mapped[int] = mapped_column(BigInteger)


class RedemptionRow(Base):
    """Points that a member spends: reserved until `expires_at`, then confirmed or free again."""

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("program_id", "key"),
        CheckConstraint("points > 0", name="points_move"),
        Index(None, "holder_id"),
        Index(None, "state", "expires_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    holder_id: Mapped[int] = mapped_column(ForeignKey(AccountRow.id))
    points: Mapped[int] = mapped_column(BigInteger)
    what: Mapped[str]
    state: Mapped[str]
    key: Mapped[str]
    entry_id: Mapped[int] = mapped_column(ForeignKey(EntryRow.id))
    """The entry that reserved the points."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class AdjustmentRow(Base):
    """What a person said of an adjustment, and the key it was asked under.

    Beside the entry, which is never changed: people may write of people, who can be forgotten.
    """

    __tablename__ = "adjustments"
    __table_args__ = (UniqueConstraint("program_id", "key"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey(EntryRow.id), primary_key=True)
    program_id: Mapped[str]
    key: Mapped[str]
    reason: Mapped[str]


class SealRow(Base):
    """A batch of entries under one hash, which holds the hash of the batch before. Never changed.

    `number` counts from 1 in each program.
    """

    __tablename__ = "seals"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    last_entry_id: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]


class ClosedMonthRow(Base):
    """A month that takes no entry any more: a trigger refuses one. Never changed or deleted."""

    __tablename__ = "closed_months"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    """As 2026-10."""
    ends_at: Mapped[datetime]
    seal: Mapped[int]
    """The number of the last seal at that time."""
    figures: Mapped[dict[str, Any]]
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]


postings = table("postings", column("entry_id"), column("account_id"), column("points"))
"""A view: each entry twice, with `points` below zero for the account it takes from."""
