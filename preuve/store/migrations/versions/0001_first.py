"""The first tables: receipts and their life, the ledger, API keys."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def upgrade() -> None:
    tables = sa.MetaData(naming_convention=NAMES)
    _receipts(tables)
    _decisions(tables)
    _messages(tables)
    _ledger(tables)
    _operations(tables)
    tables.create_all(op.get_bind())
    op.execute(POSTINGS)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(APPEND_ONLY_FUNCTION)
        op.execute(
            "CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER entries_no_{change.lower()} BEFORE {change} ON entries "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )


POSTINGS = """
CREATE VIEW postings AS
SELECT id AS entry_id, program_id, from_account_id AS account_id, -points AS points FROM entries
UNION ALL
SELECT id, program_id, to_account_id, points FROM entries
"""

APPEND_ONLY_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only';
END
$$
"""


def _text(name: str, *rest: sa.ForeignKey, null: bool = False, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), *rest, nullable=null, primary_key=key)


def _number(name: str, *, null: bool = False, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=null, primary_key=key, autoincrement=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _serial() -> sa.Column[int]:
    return sa.Column("id", _big(), primary_key=True)


def _receipt(*, key: bool = False) -> sa.Column[str]:
    return _text("receipt_id", sa.ForeignKey("receipts.id"), key=key)


def _receipts(tables: sa.MetaData) -> None:
    sa.Table(
        "receipts",
        tables,
        _text("id", key=True),
        _text("program_id"),
        _text("member_id"),
        _text("reference_id", null=True),
        _text("status"),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _moment("received_at"),
        sa.Column("received_on", sa.Date(), nullable=False),
        _moment("finished_at", null=True),
        _number("revision"),
        sa.Column("amendment", sa.JSON(), nullable=True),
        _text("original_id", null=True),
        sa.Index(None, "program_id", "received_at", "id"),
        sa.Index(None, "program_id", "member_id"),
        sa.Index(None, "program_id", "reference_id"),
    )
    sa.Table(
        "receipt_files",
        tables,
        _receipt(key=True),
        _number("position", key=True),
        _text("program_id"),
        sa.Column("sha256", sa.String(64), nullable=False),
        _number("size"),
        sa.Index(None, "program_id", "sha256"),
    )
    sa.Table(
        "jobs",
        tables,
        _receipt(key=True),
        _text("program_id"),
        _text("queue"),
        _text("state"),
        _number("attempts"),
        _text("token", null=True),
        _moment("lease_until", null=True),
        _moment("next_attempt_at"),
        _moment("wake_at"),
        _number("wakes"),
        _text("last_error", null=True),
        sa.Index(None, "state", "wake_at"),
    )
    sa.Table(
        "idempotency_keys",
        tables,
        _text("program_id", key=True),
        _text("key", key=True),
        sa.Column("payload_sha256", sa.String(64), nullable=False),
        _receipt(),
        _moment("created_at"),
    )


def _decisions(tables: sa.MetaData) -> None:
    sa.Table(
        "readings",
        tables,
        _receipt(key=True),
        _number("revision", key=True),
        _text("program_id"),
        _text("source"),
        sa.Column("pages", sa.LargeBinary(), nullable=True),
        _number("pages_revision"),
        _text("engine"),
        _text("template"),
        _text("template_version"),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.JSON(), nullable=False),
        _moment("created_at"),
    )
    sa.Table(
        "purchases",
        tables,
        _receipt(key=True),
        _text("program_id"),
        _text("fingerprint", null=True),
        _text("retailer_key", null=True),
        _text("retailer_name"),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        _text("purchased_at", null=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        _text("currency", null=True),
        _text("receipt_number", null=True),
        sa.UniqueConstraint("program_id", "fingerprint"),
        sa.Index(None, "program_id", "purchased_on", "total_minor"),
        sa.Index(None, "program_id", "receipt_number"),
    )


def _messages(tables: sa.MetaData) -> None:
    sa.Table(
        "outbox",
        tables,
        _serial(),
        _text("program_id"),
        _text("kind"),
        sa.Column("payload", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("delivered_at", null=True),
    )
    sa.Table(
        "audit_events",
        tables,
        _serial(),
        _text("program_id"),
        _text("receipt_id", null=True),
        _text("actor"),
        _text("action"),
        _text("reason"),
        sa.Column("detail", sa.JSON(), nullable=False),
        _moment("created_at"),
        sa.Index(None, "program_id", "receipt_id"),
    )


def _ledger(tables: sa.MetaData) -> None:
    sa.Table(
        "accounts",
        tables,
        _serial(),
        _text("program_id"),
        _text("kind"),
        _text("member_id"),
        _moment("created_at"),
        sa.UniqueConstraint("program_id", "kind", "member_id"),
    )
    sa.Table(
        "entries",
        tables,
        _serial(),
        _text("program_id"),
        _text("kind"),
        sa.Column("from_account_id", _big(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("to_account_id", _big(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        _text("receipt_id", null=True),
        _text("rule", null=True),
        _number("revision", null=True),
        sa.Column("reverses_id", _big(), sa.ForeignKey("entries.id"), nullable=True),
        _text("why"),
        _moment("created_at"),
        _moment("available_at"),
        _moment("expires_at", null=True),
        sa.UniqueConstraint("program_id", "receipt_id", "rule", "revision", "kind"),
        sa.UniqueConstraint("reverses_id"),
        sa.CheckConstraint("points > 0", name="points_move"),
        sa.CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        sa.Index(None, "from_account_id"),
        sa.Index(None, "to_account_id"),
    )


def _operations(tables: sa.MetaData) -> None:
    sa.Table("leases", tables, _text("name", key=True), _text("holder"), _moment("lease_until"))
    sa.Table(
        "api_keys",
        tables,
        _serial(),
        _text("program_id"),
        _text("name"),
        sa.Column("sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        _moment("created_at"),
        _moment("revoked_at", null=True),
    )
    sa.Table(
        "reprocess_runs",
        tables,
        _serial(),
        _text("program_id"),
        _text("selection"),
        _text("version"),
        _moment("cursor_at", null=True),
        _text("cursor_id", null=True),
        _moment("created_at"),
        _moment("finished_at", null=True),
    )
