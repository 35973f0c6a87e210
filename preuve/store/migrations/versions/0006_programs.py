"""Versions of programs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    sa.Table(
        "program_versions",
        tables,
        _text("program_id", key=True),
        _number("number", key=True),
        _text("state"),
        _text("text"),
        _number("based_on"),
        _text("author"),
        _text("reason"),
        _moment("created_at"),
        _moment("published_at", null=True),
        _moment("retired_at", null=True),
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    sa.Table(
        "program_events",
        tables,
        sa.Column("id", big, primary_key=True),
        _text("program_id"),
        _number("number"),
        _text("action"),
        _text("actor"),
        _text("reason"),
        _moment("created_at"),
        sa.Index(None, "program_id"),
    )
    sa.Table("programs_revision", tables, _number("id", key=True), _number("number"))
    sa.Table(
        "programs_used",
        tables,
        _text("program_id", key=True),
        _text("digest", key=True),
        _text("version"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _moment("first_used_at"),
    )
    tables.create_all(op.get_bind())


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=key)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, primary_key=key, autoincrement=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)
