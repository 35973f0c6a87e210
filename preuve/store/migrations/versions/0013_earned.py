"""What a member has earned in all is kept at hand: a sum over many entries takes too long."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

EARNED = """
UPDATE accounts SET earned =
  coalesce((SELECT sum(points) FROM entries
    WHERE holder_id = accounts.id AND from_account_id IN
      (SELECT id FROM accounts AS issued WHERE issued.kind = 'issued')), 0)
  - coalesce((SELECT sum(points) FROM entries
    WHERE holder_id = accounts.id AND to_account_id IN
      (SELECT id FROM accounts AS issued WHERE issued.kind = 'issued')), 0)
WHERE kind = 'available'
"""


def upgrade() -> None:
    op.add_column("accounts", sa.Column("earned", sa.BigInteger(), nullable=True))
    op.execute(EARNED)
