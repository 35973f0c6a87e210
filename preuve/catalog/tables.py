"""Catalog's tables. Other rooms go through catalog's functions.

`program_id` is "" for templates that all programs share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Serial


class TemplateVersionRow(Base):
    """One text of a template, as somebody saved it; only its state changes afterwards.

    `stock_text` is the stock's text at that time (None: the stock had none), the base of a
    three-way difference; `based_on` the version that its author started from (0: none);
    `preview` what the gate said before it was published.
    """

    __tablename__ = "template_versions"
    __table_args__ = (Index(None, "program_id", "state"),)

    program_id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    text: Mapped[str]
    stock_text: Mapped[str | None]
    based_on: Mapped[int]
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    preview: Mapped[dict[str, Any] | None]


class TemplateEventRow(Base):
    """Who saved, published or retired which version, and why. Only ever added to."""

    __tablename__ = "template_events"
    __table_args__ = (Index(None, "program_id", "key"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    key: Mapped[str]
    number: Mapped[int]
    action: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


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
