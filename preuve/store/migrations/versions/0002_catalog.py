"""Templates as operators keep them, and where stored words are found again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    receipts = sa.Table("receipts", tables, _text("id", key=True))
    _versions(tables)
    _signatures(tables)
    made = [table for table in tables.sorted_tables if table is not receipts]
    tables.create_all(op.get_bind(), tables=made)


def _versions(tables: sa.MetaData) -> None:
    sa.Table(
        "template_versions",
        tables,
        _text("program_id", key=True),
        _text("key", key=True),
        _number("number", key=True),
        _text("state"),
        _text("text"),
        _text("stock_text", null=True),
        _number("based_on"),
        _text("author"),
        _text("reason"),
        _moment("created_at"),
        _moment("published_at", null=True),
        _moment("retired_at", null=True),
        sa.Column("preview", sa.JSON(), nullable=True),
        sa.Index(None, "program_id", "state"),
    )
    sa.Table(
        "template_events",
        tables,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        _text("program_id"),
        _text("key"),
        _number("number"),
        _text("action"),
        _text("actor"),
        _text("reason"),
        _moment("created_at"),
        sa.Index(None, "program_id", "key"),
    )
    sa.Table(
        "template_samples",
        tables,
        _text("program_id", key=True),
        _text("key", key=True),
        _text("receipt_id", key=True),
        sa.Column("expected", sa.JSON(), nullable=False),
        _text("author"),
        _moment("created_at"),
    )
    sa.Table("catalog_revisions", tables, _text("program_id", key=True), _number("number"))


def _signatures(tables: sa.MetaData) -> None:
    sa.Table(
        "signatures",
        tables,
        sa.Column("receipt_id", sa.Text(), sa.ForeignKey("receipts.id"), primary_key=True),
        _text("program_id"),
        _text("template"),
        _number("scheme"),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
    )


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=key, autoincrement=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)
