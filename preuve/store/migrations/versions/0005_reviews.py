"""The review queue: what waits for a person, who holds it, who skipped it, what was entered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# What these would earn is known once they are judged again (`preuve reprocess`).
FILL = """
    INSERT INTO reviews (receipt_id, program_id, points_at_stake, doubt, risk, waiting_since)
    SELECT id, program_id, 0, 1.0, 0.0, COALESCE(finished_at, received_at)
    FROM receipts WHERE status = 'pending_review'
"""


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    sa.Table("receipts", tables, sa.Column("id", sa.Text(), primary_key=True))
    sa.Table(
        "reviews",
        tables,
        _receipt(),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("points_at_stake", sa.Integer(), nullable=False),
        sa.Column("doubt", sa.Double(), nullable=False),
        sa.Column("risk", sa.Double(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("operator", sa.Text()),
        sa.Column("page", sa.Text()),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.Index(None, "program_id", "risk", "waiting_since", "receipt_id"),
    )
    sa.Table(
        "review_skips",
        tables,
        _receipt(),
        sa.Column("operator", sa.Text(), primary_key=True),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=False),
    )
    sa.Table(
        "review_drafts",
        tables,
        _receipt(),
        sa.Column("operator", sa.Text(), primary_key=True),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("entered", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    tables.create_all(op.get_bind())
    op.execute(FILL)


def _receipt() -> sa.Column[str]:
    return sa.Column("receipt_id", sa.Text(), sa.ForeignKey("receipts.id"), primary_key=True)
