"""What the catalog learned from receipts. Other rooms go through catalog's functions.

The receipts themselves lie in intake and may be gone. Retailers are nobody's secret: whose
number it is, all programs share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Serial


class LearnedReceiptRow(Base):
    """The decision of a receipt that was learned from last, whom it names and how surely.

    `witness` and `picture` tell independent receipts apart: one member's, or those of one
    picture, count once.
    """

    __tablename__ = "learned_receipts"

    receipt_id: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]
    revision: Mapped[int]
    retailer_key: Mapped[str | None]
    retailer_name: Mapped[str | None]
    sure: Mapped[float]
    confirmed: Mapped[bool]
    witness: Mapped[str]
    picture: Mapped[str]
    learned_at: Mapped[datetime]


class LearningMarkRow(Base):
    """Up to which moment's decisions all were learned from."""

    __tablename__ = "learning_marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    reached_at: Mapped[datetime]


class PrintedIdentifierRow(Base):
    """An identifier that stands on a receipt which names its retailer."""

    __tablename__ = "printed_identifiers"
    __table_args__ = (Index(None, "kind", "number"),)

    receipt_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    program_id: Mapped[str]


class KnownIdentifierRow(Base):
    """What the registry says of an identifier; without a retailer it speaks for nobody.

    `version` counts the registry's changes, so that a worker asks only for what is new.
    """

    __tablename__ = "known_identifiers"
    __table_args__ = (Index(None, "version"), Index(None, "retailer_key"))

    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    retailer_key: Mapped[str | None]
    retailer_name: Mapped[str | None]
    receipts: Mapped[int]
    sure: Mapped[float]
    confirmed: Mapped[bool]
    version: Mapped[int]
    changed_at: Mapped[datetime]


class IdentifierRulingRow(Base):
    """What an operator said of an identifier: whose it is, or nobody's (no retailer)."""

    __tablename__ = "identifier_rulings"

    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    retailer_key: Mapped[str | None]
    retailer_name: Mapped[str | None]
    operator: Mapped[str]
    reason: Mapped[str]
    ruled_at: Mapped[datetime]


class TemplateFitRow(Base):
    """How one receipt was read by its template: `outcomes` maps an aspect of a field to it.

    `trusted` tells that nobody had to look (None: an older version did not note it).
    """

    __tablename__ = "template_fits"
    __table_args__ = (
        Index(None, "program_id", "template"),
        Index(None, "program_id", "received_at", "template", "trusted"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    receipt_id: Mapped[str] = mapped_column(unique=True)
    program_id: Mapped[str]
    template: Mapped[str]
    version: Mapped[str]
    outcomes: Mapped[dict[str, Any]]
    trusted: Mapped[bool | None]
    received_at: Mapped[datetime]


class TemplateSeriesRow(Base):
    """What is usual of one version of a template: a detector for each aspect of each field."""

    __tablename__ = "template_series"

    program_id: Mapped[str] = mapped_column(primary_key=True)
    template: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    watches: Mapped[dict[str, Any]]


class TemplateAlarmRow(Base):
    """A field is no longer read as it was: since when, the shares, what was usual and what is.

    `ended_at` is set when the layout came back, or an operator took the new one for usual.
    """

    __tablename__ = "template_alarms"
    __table_args__ = (Index(None, "program_id", "template"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    template: Mapped[str]
    version: Mapped[str]
    field: Mapped[str]
    aspect: Mapped[str]
    since_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    detail: Mapped[dict[str, Any]]
