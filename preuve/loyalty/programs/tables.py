"""The tables of programs' versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Compressed, Serial


class ProgramVersionRow(Base):
    """One text of a program, as somebody saved it; only its state changes afterwards.

    `based_on` is the version that its author started from (0: the file, or nothing).
    """

    __tablename__ = "program_versions"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    text: Mapped[str]
    based_on: Mapped[int]
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class ProgramEventRow(Base):
    """Who saved, published or retired which version, and why. Only ever added to."""

    __tablename__ = "program_events"
    __table_args__ = (Index(None, "program_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    number: Mapped[int]
    action: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


class ProgramsRevisionRow(Base):
    """One row: it counts what was published and retired, in whatever program."""

    __tablename__ = "programs_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


class ProgramUsedRow(Base):
    """A program as it was when something was judged by it, whether from a file or published.

    `digest` is that of `content`; `version` tells people which one it is.
    """

    __tablename__ = "programs_used"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    content: Mapped[bytes] = mapped_column(Compressed)
    first_used_at: Mapped[datetime]
