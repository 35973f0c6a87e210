"""Catalog's tables. Other rooms go through catalog's functions.

`program_id` is "" for templates that all programs share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Compressed, Serial
from preuve.store.versions import EventRow, VersionRow


class TemplateVersionRow(VersionRow):
    """One text of a template.

    `stock_text` is the stock's text at that time (None: the stock had none), the base of a
    three-way difference; `preview` what the gate said before it was published.
    """

    __tablename__ = "template_versions"
    __table_args__ = (Index(None, "program_id", "state"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    stock_text: Mapped[str | None]
    preview: Mapped[dict[str, Any] | None]


class TemplateEventRow(EventRow):
    """What was done to which version of a template."""

    __tablename__ = "template_events"
    __table_args__ = (Index(None, "program_id", "key"),)

    key: Mapped[str]


class TemplateSampleRow(Base):
    """A stored receipt kept with a template: `expected` maps its fields to their right texts.

    The receipt lies in intake and may be gone.
    """

    __tablename__ = "template_samples"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    receipt_id: Mapped[str] = mapped_column(primary_key=True)
    expected: Mapped[dict[str, Any]]
    author: Mapped[str]
    created_at: Mapped[datetime]


class CatalogRevisionRow(Base):
    """Counts what was published and retired, so that a running worker sees that it must load."""

    __tablename__ = "catalog_revisions"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class TemplateStepRow(Base):
    """A step of what somebody is writing: the whole text after it. The newest is the present one.

    `change` says what was changed, `receipt_id` on which document it was looked at.
    """

    __tablename__ = "template_steps"
    __table_args__ = (Index(None, "program_id", "key", "author"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    key: Mapped[str]
    author: Mapped[str]
    text: Mapped[str]
    change: Mapped[str]
    based_on: Mapped[int]
    receipt_id: Mapped[str | None]
    saved_at: Mapped[datetime]


class SpecimenRow(Base):
    """A document that was shown to make a template from, and that is no receipt.

    `wake_at` is when the sweeper looks at it next; None where it is done, and then it has `pages`
    or a `problem`, a reason's code.
    """

    __tablename__ = "specimens"
    __table_args__ = (Index(None, "wake_at"), Index(None, "sha256"))

    id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    author: Mapped[str]
    created_at: Mapped[datetime]
    wake_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int]
    pages: Mapped[bytes | None] = mapped_column(Compressed)
    problem: Mapped[str | None]
