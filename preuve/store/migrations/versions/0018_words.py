"""From words that few receipts have to these receipts, without going through all."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("ix_receipts_words_id", "receipts", ["words_id"])
