"""What people are writing on templates, and whether a receipt was read without doubt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "template_steps",
        sa.Column("id", big, nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("program_id", "key", "author", "text", "change")
        ),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_template_steps"),
    )
    op.create_index(
        "ix_template_steps_program_id_key_author",
        "template_steps",
        ["program_id", "key", "author"],
    )
    op.add_column("template_fits", sa.Column("trusted", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_template_fits_program_id_received_at_template_trusted",
        "template_fits",
        ["program_id", "received_at", "template", "trusted"],
    )
