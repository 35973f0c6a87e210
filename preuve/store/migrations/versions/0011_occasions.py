"""What rules judged: occasions and what they were given, budgets, grants, members."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    _judged(tables)
    _members(tables)
    tables.create_all(op.get_bind())


def _judged(tables: sa.MetaData) -> None:
    sa.Table(
        "occasions",
        tables,
        _text("program_id", key=True),
        _text("key", key=True),
        _text("trigger"),
        _text("member_id"),
        _moment("occurred_at"),
        _day("counted_on", null=True),
        sa.Column("credited", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        _text("program"),
        _json("member"),
        sa.Column("purchase", sa.LargeBinary(), nullable=True),
        sa.Column("reading", sa.Integer(), nullable=True),
        _text("event"),
        _json("properties"),
        _json("errors"),
        sa.Column("judged", sa.Integer(), nullable=False),
        _text("sent_sha256", null=True),
        _moment("judged_at"),
        sa.Index(None, "program_id", "member_id", "occurred_at", "key"),
        sa.Index("ix_occasions_order", "program_id", "trigger", "occurred_at", "key"),
    )
    sa.Table(
        "given",
        tables,
        _text("program_id", key=True),
        _text("occasion", key=True),
        _text("rule", key=True),
        _text("member_id"),
        _moment("occurred_at"),
        _day("counted_on", null=True),
        _points("points"),
        _text("campaign", null=True),
        sa.Index(None, "program_id", "rule", "counted_on"),
        sa.Index(None, "program_id", "member_id", "rule"),
    )
    sa.Table(
        "budgets",
        tables,
        _text("program_id", key=True),
        _text("campaign", key=True),
        _points("spent"),
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    sa.Table(
        "grants",
        tables,
        sa.Column("id", big, primary_key=True),
        _text("program_id"),
        _text("occasion"),
        _text("rule"),
        _text("member_id"),
        _text("kind"),
        _text("grant_key"),
        _text("name"),
        _text("why"),
        _points("value", null=True),
        _text("currency", null=True),
        _json("detail"),
        _moment("made_at"),
        _moment("withdrawn_at", null=True),
        sa.UniqueConstraint("program_id", "occasion", "rule", "kind", "grant_key"),
        sa.Index(None, "program_id", "member_id"),
    )


def _members(tables: sa.MetaData) -> None:
    sa.Table(
        "members",
        tables,
        _text("program_id", key=True),
        _text("member_id", key=True),
        _day("joined_on", null=True),
        _day("birthday", null=True),
        _text("birthday_md", null=True),
        _json("segments"),
        _json("attributes"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.Index(None, "program_id", "birthday_md"),
    )
    sa.Table(
        "daily_marks",
        tables,
        _text("program_id", key=True),
        _text("work", key=True),
        _day("done_on"),
    )


def _text(name: str, *, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=null, primary_key=key)


def _points(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _json(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _day(name: str, *, null: bool = False) -> sa.Column[date]:
    return sa.Column(name, sa.Date(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)
