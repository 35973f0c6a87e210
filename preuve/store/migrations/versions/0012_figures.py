"""Figures over many receipts from one index: the hour, and whether an operator had a hand in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

HOURS = {
    "sqlite": "CAST(strftime('%s', received_at) AS INTEGER) / 3600",
    "postgresql": "floor(extract(epoch FROM received_at) / 3600)",
}
FILL = "UPDATE receipts SET received_hour = {hours}, aided = amendment IS NOT NULL"
FIGURES = ("received_hour", "status", "aided", "template", "points", "seconds_to_points")


def upgrade() -> None:
    hour = sa.Column("received_hour", sa.Integer(), nullable=False, server_default="0")
    op.add_column("receipts", hour)
    aided: sa.Column[bool] = sa.Column(
        "aided", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("receipts", aided)
    op.execute(FILL.format(hours=HOURS[op.get_bind().dialect.name]))
    op.create_index("ix_receipts_figures", "receipts", ["program_id", *FIGURES])
    columns = ["program_id", "purchased_on"]
    op.create_index("ix_receipts_program_id_purchased_on", "receipts", columns)
