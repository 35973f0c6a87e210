"""An event, sign-up or birthday whose rules failed can be dismissed by a person, with a reason."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

HELD = sa.text("NOT credited AND trigger <> 'receipt'")


def upgrade() -> None:
    op.add_column("occasions", sa.Column("dismissed_at", sa.DateTime(timezone=True)))
    op.add_column("occasions", sa.Column("dismissed_by", sa.Text()))
    op.add_column("occasions", sa.Column("dismissed_why", sa.Text()))
    op.create_index(
        "ix_occasions_held",
        "occasions",
        ["program_id", "occurred_at", "key"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
