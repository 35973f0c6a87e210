"""What is learned from receipts: the registry of retailers, and how templates fit."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    _registry(tables)
    _drift(tables)
    tables.create_all(op.get_bind())
    op.create_index("ix_readings_created_at", "readings", ["created_at"])


def _registry(tables: sa.MetaData) -> None:
    sa.Table(
        "learned_receipts",
        tables,
        _text("receipt_id", key=True),
        _text("program_id"),
        _number("revision"),
        _text("retailer_key", null=True),
        _text("retailer_name", null=True),
        sa.Column("sure", sa.Double(), nullable=False),
        _flag("confirmed"),
        _text("witness"),
        _text("picture"),
        _moment("learned_at"),
    )
    sa.Table("learning_marks", tables, _text("name", key=True), _moment("reached_at"))
    sa.Table(
        "printed_identifiers",
        tables,
        _text("receipt_id", key=True),
        _text("kind", key=True),
        _text("number", key=True),
        _text("program_id"),
        sa.Index(None, "kind", "number"),
    )
    sa.Table(
        "known_identifiers",
        tables,
        _text("kind", key=True),
        _text("number", key=True),
        _text("retailer_key", null=True),
        _text("retailer_name", null=True),
        _number("receipts"),
        sa.Column("sure", sa.Double(), nullable=False),
        _flag("confirmed"),
        _number("version"),
        _moment("changed_at"),
        sa.Index(None, "version"),
        sa.Index(None, "retailer_key"),
    )
    sa.Table(
        "identifier_rulings",
        tables,
        _text("kind", key=True),
        _text("number", key=True),
        _text("retailer_key", null=True),
        _text("retailer_name", null=True),
        _text("operator"),
        _text("reason"),
        _moment("ruled_at"),
    )


def _drift(tables: sa.MetaData) -> None:
    sa.Table(
        "template_fits",
        tables,
        _serial(),
        sa.Column("receipt_id", sa.Text(), nullable=False, unique=True),
        _text("program_id"),
        _text("template"),
        _text("version"),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        _moment("received_at"),
        sa.Index(None, "program_id", "template"),
    )
    sa.Table(
        "template_series",
        tables,
        _text("program_id", key=True),
        _text("template", key=True),
        _text("version", key=True),
        sa.Column("watches", sa.JSON(), nullable=False),
    )
    sa.Table(
        "template_alarms",
        tables,
        _serial(),
        _text("program_id"),
        _text("template"),
        _text("version"),
        _text("field"),
        _text("aspect"),
        _moment("since_at"),
        _moment("raised_at"),
        _moment("ended_at", null=True),
        _text("ended_by", null=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Index(None, "program_id", "template"),
    )


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _serial() -> sa.Column[int]:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("id", big, primary_key=True)
