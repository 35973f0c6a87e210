"""What statistics count: how long points took, and what each reason led to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

FIRST_CREDIT = """
UPDATE receipts SET seconds_to_points = (
    SELECT round({seconds}) FROM entries
    WHERE entries.program_id = receipts.program_id AND entries.receipt_id = receipts.id
        AND entries.kind = 'accrual'
)
"""
SECONDS = {
    "sqlite": "(julianday(min(entries.created_at)) - julianday(receipts.received_at)) * 86400",
    "postgresql": "extract(epoch FROM min(entries.created_at) - receipts.received_at)",
}
STATUS = """
UPDATE receipt_reasons SET status = (
    SELECT status FROM receipts WHERE receipts.id = receipt_reasons.receipt_id
)
"""


def upgrade() -> None:
    op.add_column("receipts", sa.Column("seconds_to_points", sa.Integer()))
    op.execute(FIRST_CREDIT.format(seconds=SECONDS[op.get_bind().dialect.name]))
    status = sa.Column("status", sa.Text(), nullable=False, server_default="")
    op.add_column("receipt_reasons", status)
    op.execute(STATUS)
