"""The tables of what was judged: occasions, what they were given, budgets, grants, members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Compressed, Serial

HELD = "NOT credited AND trigger <> 'receipt'"


class OccasionRow(Base):
    """What rules were asked about: a receipt's purchase with its lines, an event, a birthday.

    `member` and `purchase` are the facts that were judged; a receipt that loses its credit keeps
    them, with `credited` false. `asked` tells that another past could have changed the award;
    `reading` is the revision of the receipt's reading. `judged` is the highest revision that
    the ledger has of it. `program` is the digest of the program (`programs_used`). One whose
    rules failed and that a person let go is `dismissed`.
    """

    __tablename__ = "occasions"
    __table_args__ = (
        Index(None, "program_id", "member_id", "occurred_at", "key"),
        Index(None, "program_id", "sent_id", unique=True),
        Index("ix_occasions_order", "program_id", "trigger", "occurred_at", "key"),
        Index(
            "ix_occasions_held",
            *("program_id", "occurred_at", "key"),
            sqlite_where=text(HELD),
            postgresql_where=text(HELD),
        ),
    )

    program_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    trigger: Mapped[str]
    member_id: Mapped[str]
    occurred_at: Mapped[datetime]
    counted_on: Mapped[date | None]
    credited: Mapped[bool]
    asked: Mapped[bool]
    program: Mapped[str]
    member: Mapped[dict[str, Any]]
    purchase: Mapped[bytes | None] = mapped_column(Compressed)
    reading: Mapped[int | None]
    event: Mapped[str]
    properties: Mapped[dict[str, Any]]
    errors: Mapped[list[Any]]
    judged: Mapped[int]
    sent_id: Mapped[str | None]
    """An event's id, as its sender has it."""
    sent_sha256: Mapped[str | None]
    """What an event's sender sent, to tell a repetition from another event of the same id."""
    judged_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str | None]
    dismissed_why: Mapped[str | None]


class GivenRow(Base):
    """What one rule gives for one occasion, as it stands: for caps, budgets and simulations."""

    __tablename__ = "given"
    __table_args__ = (
        Index(None, "program_id", "rule", "counted_on"),
        Index(None, "program_id", "member_id", "rule"),
    )

    program_id: Mapped[str] = mapped_column(primary_key=True)
    occasion: Mapped[str] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str]
    occurred_at: Mapped[datetime]
    counted_on: Mapped[date | None]
    points: Mapped[int] = mapped_column(BigInteger)
    campaign: Mapped[str | None]


class BudgetRow(Base):
    """What the rules of a campaign have given and not taken back, in points."""

    __tablename__ = "budgets"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger)


class GrantRow(Base):
    """A gift, voucher, badge or message that a rule gives for an occasion, once.

    `withdrawn_at` is set while the occasion earns it no more.
    """

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint("program_id", "occasion", "rule", "kind", "grant_key"),
        Index(None, "program_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    occasion: Mapped[str]
    rule: Mapped[str]
    member_id: Mapped[str]
    kind: Mapped[str]
    grant_key: Mapped[str]
    name: Mapped[str]
    why: Mapped[str]
    value: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class MemberRow(Base):
    """A member as the partner told of them. `birthday_md` is MM-DD, the day to look them up by."""

    __tablename__ = "members"
    __table_args__ = (Index(None, "program_id", "birthday_md"),)

    program_id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(primary_key=True)
    joined_on: Mapped[date | None]
    birthday: Mapped[date | None]
    birthday_md: Mapped[str | None]
    segments: Mapped[list[Any]]
    attributes: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class DailyMarkRow(Base):
    """The last day that a program's daily work was done for."""

    __tablename__ = "daily_marks"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    work: Mapped[str] = mapped_column(primary_key=True)
    done_on: Mapped[date]
