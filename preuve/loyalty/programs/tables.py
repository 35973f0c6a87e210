"""The tables of programs' versions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Compressed
from preuve.store.versions import EventRow, VersionRow


class ProgramVersionRow(VersionRow):
    """One text of a program. `based_on` 0 is the file, or nothing."""

    __tablename__ = "program_versions"


class ProgramEventRow(EventRow):
    """What was done to which version of a program."""

    __tablename__ = "program_events"
    __table_args__ = (Index(None, "program_id"),)


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
