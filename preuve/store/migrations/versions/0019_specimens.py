"""Documents that are shown to make a template from, and are no receipts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "specimens",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("wake_at", moment),
        sa.Column("claimed_until", moment),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("pages", sa.LargeBinary()),
        sa.Column("problem", sa.Text()),
    )
    op.create_index("ix_specimens_wake_at", "specimens", ["wake_at"])
    op.create_index("ix_specimens_sha256", "specimens", ["sha256"])
