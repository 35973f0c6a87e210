"""Receipts for review: points that are not known are estimated, and waiting lifts a receipt."""

from __future__ import annotations

from math import log2

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

EIGHT_HOURS = 8 * 3600
ESTIMATE = """
UPDATE reviews SET estimated = true, points_at_stake = (
    SELECT coalesce(round(avg(points)), 0) FROM receipts
    WHERE receipts.program_id = reviews.program_id AND receipts.status = 'valid'
)
WHERE points_at_stake = 0
    AND receipt_id IN (SELECT id FROM receipts WHERE total_minor IS NULL)
"""


def upgrade() -> None:
    estimated: sa.Column[bool] = sa.Column(
        "estimated", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("reviews", estimated)
    op.add_column("reviews", sa.Column("rank", sa.Double(), nullable=False, server_default="0"))
    op.execute(ESTIMATE)
    set_ranks(op.get_bind())
    op.drop_index("ix_reviews_program_id_risk_waiting_since_receipt_id", "reviews")
    op.drop_column("reviews", "risk")
    op.create_index(
        "ix_reviews_program_id_rank_receipt_id", "reviews", ["program_id", "rank", "receipt_id"]
    )


def set_ranks(connection: sa.Connection) -> None:
    reviews = sa.table(
        "reviews",
        sa.column("receipt_id"),
        sa.column("points_at_stake"),
        sa.column("doubt"),
        sa.column("waiting_since", sa.DateTime(timezone=True)),
        sa.column("rank"),
    )
    seconds = sa.extract("epoch", reviews.c.waiting_since)
    found = sa.select(reviews.c.receipt_id, reviews.c.points_at_stake * reviews.c.doubt, seconds)
    for receipt_id, risk, waiting_since in connection.execute(found).all():
        rank = log2(max(risk, 0.1)) - float(waiting_since) / EIGHT_HOURS
        mine = sa.update(reviews).where(reviews.c.receipt_id == receipt_id)
        connection.execute(mine.values(rank=rank))
