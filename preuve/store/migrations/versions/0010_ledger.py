"""The whole ledger: lots, redemptions, seals, closed months; a member has four accounts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
ONCE = ("program_id", "occasion", "rule", "revision", "kind")
ADJUSTED = "kind <> 'adjustment' OR actor IS NOT NULL"
APPEND_ONLY = ("entries", "lot_movements", "seals", "closed_months")
POSTINGS = """
CREATE VIEW postings AS
SELECT id AS entry_id, program_id, from_account_id AS account_id, -points AS points FROM entries
UNION ALL
SELECT id, program_id, to_account_id, points FROM entries
"""
CLOSED = (
    "EXISTS (SELECT 1 FROM closed_months"
    " WHERE program_id = NEW.program_id AND ends_at > NEW.created_at)"
)
REFUSE_CLOSED_MONTH = f"""
CREATE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {CLOSED} THEN RAISE EXCEPTION 'the month is closed'; END IF;
  RETURN NEW;
END
$$
"""
OPEN_LOTS = """
INSERT INTO lots
  (program_id, holder_id, occasion, rule, earned_at, available_at, expires_at, pending, remaining)
SELECT program_id, holder_id, occasion, rule, created_at, available_at, expires_at, FALSE, points
FROM entries AS accrual
WHERE kind = 'accrual'
  AND NOT EXISTS (SELECT 1 FROM entries AS gone WHERE gone.reverses_id = accrual.id)
"""
FIRST_MOVEMENTS = """
INSERT INTO lot_movements (entry_id, lot_id, program_id, points)
SELECT accrual.id, lots.id, lots.program_id, accrual.points
FROM lots
JOIN entries AS accrual ON accrual.program_id = lots.program_id
  AND accrual.occasion = lots.occasion AND accrual.rule = lots.rule AND accrual.kind = 'accrual'
WHERE NOT EXISTS (SELECT 1 FROM entries AS gone WHERE gone.reverses_id = accrual.id)
"""
PAST_LOTS = """
INSERT INTO lots
  (program_id, holder_id, occasion, rule, earned_at, available_at, expires_at, pending, remaining)
SELECT program_id, holder_id, occasion, rule, min(created_at), min(available_at), NULL, FALSE, 0
FROM entries AS accrual
WHERE kind = 'accrual' AND NOT EXISTS (
  SELECT 1 FROM lots WHERE lots.program_id = accrual.program_id
    AND lots.occasion = accrual.occasion AND lots.rule = accrual.rule)
GROUP BY program_id, holder_id, occasion, rule
"""
PAST_MOVEMENTS = """
INSERT INTO lot_movements (entry_id, lot_id, program_id, points)
SELECT moved.id, lots.id, moved.program_id,
  CASE WHEN moved.kind = 'accrual' THEN moved.points ELSE -moved.points END
FROM entries AS moved
JOIN lots ON lots.program_id = moved.program_id
  AND lots.occasion = moved.occasion AND lots.rule = moved.rule
WHERE NOT EXISTS (SELECT 1 FROM lot_movements WHERE entry_id = moved.id)
"""


def upgrade() -> None:
    _take_guards_away()
    _accounts()
    _entries()
    tables = sa.MetaData(naming_convention=NAMES)
    # Only so that foreign keys find them; they are there already.
    sa.Table("accounts", tables, sa.Column("id", _big(), primary_key=True))
    sa.Table("entries", tables, sa.Column("id", _big(), primary_key=True))
    _lots(tables)
    _redemptions(tables)
    _seals(tables)
    tables.create_all(op.get_bind())
    _partial_indexes()
    for filling in (OPEN_LOTS, FIRST_MOVEMENTS, PAST_LOTS, PAST_MOVEMENTS):
        op.execute(filling)
    op.execute(POSTINGS)
    _put_guards()


def _take_guards_away() -> None:
    op.execute("DROP VIEW postings")
    if _postgresql():
        op.execute("DROP TRIGGER entries_append_only ON entries")
    else:
        op.execute("DROP TRIGGER entries_no_update")
        op.execute("DROP TRIGGER entries_no_delete")


def _accounts() -> None:
    op.execute("UPDATE accounts SET kind = 'available' WHERE kind = 'member'")
    op.execute("UPDATE accounts SET kind = 'issued' WHERE kind = 'liability'")
    op.execute(
        "ALTER TABLE accounts ADD COLUMN points BIGINT CONSTRAINT ck_accounts_never_below_zero"
        " CHECK (points >= 0 OR (kind = 'owed' AND points <= 0))"
    )
    op.execute(
        "UPDATE accounts SET points ="
        " coalesce((SELECT sum(points) FROM entries WHERE to_account_id = accounts.id), 0)"
        " - coalesce((SELECT sum(points) FROM entries WHERE from_account_id = accounts.id), 0)"
        " WHERE kind = 'available'"
    )
    op.create_index("ix_accounts_program_id_member_id", "accounts", ["program_id", "member_id"])


def _entries() -> None:
    for column in ("holder_id BIGINT", "occasion TEXT", "actor TEXT", "detail JSON"):
        op.execute(f"ALTER TABLE entries ADD COLUMN {column}")
    op.execute(
        "UPDATE entries SET occasion = receipt_id,"
        " holder_id = CASE kind WHEN 'accrual' THEN to_account_id ELSE from_account_id END"
    )
    if _postgresql():
        op.alter_column("entries", "holder_id", nullable=False)
        op.create_foreign_key(None, "entries", "accounts", ["holder_id"], ["id"])
        op.drop_constraint(
            "uq_entries_program_id_receipt_id_rule_revision_kind", "entries", type_="unique"
        )
        op.create_unique_constraint(
            "uq_entries_program_id_occasion_rule_revision_kind", "entries", list(ONCE)
        )
        op.create_check_constraint("ck_entries_adjusted_by_someone", "entries", ADJUSTED)
    else:
        _entries_anew()
        op.create_index("ix_entries_from_account_id", "entries", ["from_account_id"])
        op.create_index("ix_entries_to_account_id", "entries", ["to_account_id"])
    op.create_index("ix_entries_holder_id_id", "entries", ["holder_id", "id"])
    op.create_index("ix_entries_program_id_id", "entries", ["program_id", "id"])
    op.create_index("ix_entries_receipt_id", "entries", ["receipt_id"])


def _entries_anew() -> None:
    """SQLite changes no constraint: the rows go into a table made anew."""
    op.execute("ALTER TABLE entries RENAME TO entries_before")
    tables = sa.MetaData(naming_convention=NAMES)
    sa.Table("accounts", tables, sa.Column("id", _big(), primary_key=True))
    made = sa.Table(
        "entries",
        tables,
        _serial(),
        _text("program_id"),
        _text("kind"),
        _holder(),
        sa.Column("from_account_id", _big(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("to_account_id", _big(), sa.ForeignKey("accounts.id"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("occasion", "receipt_id", "rule")),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("reverses_id", _big(), sa.ForeignKey("entries.id"), nullable=True),
        _text("why"),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=True),
        _moment("created_at"),
        _moment("available_at"),
        _moment("expires_at", null=True),
        sa.UniqueConstraint(*ONCE),
        sa.UniqueConstraint("reverses_id"),
        sa.CheckConstraint("points > 0", name="points_move"),
        sa.CheckConstraint("from_account_id <> to_account_id", name="two_accounts"),
        sa.CheckConstraint(ADJUSTED, name="adjusted_by_someone"),
    )
    made.create(op.get_bind())
    columns = ", ".join(column.name for column in made.columns)
    op.execute(f"INSERT INTO entries ({columns}) SELECT {columns} FROM entries_before ORDER BY id")
    op.execute("DROP TABLE entries_before")


def _lots(tables: sa.MetaData) -> None:
    sa.Table(
        "lots",
        tables,
        _serial(),
        _text("program_id"),
        _holder(),
        _text("occasion"),
        _text("rule"),
        _moment("earned_at"),
        _moment("available_at"),
        _moment("expires_at", null=True),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("program_id", "occasion", "rule"),
        sa.CheckConstraint("remaining >= 0", name="never_below_zero"),
    )
    sa.Table(
        "lot_movements",
        tables,
        sa.Column("entry_id", _big(), sa.ForeignKey("entries.id"), primary_key=True),
        sa.Column("lot_id", _big(), sa.ForeignKey("lots.id"), primary_key=True),
        _text("program_id"),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("points <> 0", name="points_move"),
        sa.Index(None, "lot_id"),
    )


def _partial_indexes() -> None:
    for name, columns, where in (
        ("open", ["holder_id", "expires_at"], "remaining > 0"),
        ("pending", ["available_at"], "pending AND remaining > 0"),
        ("expiring", ["expires_at"], "NOT pending AND remaining > 0"),
    ):
        condition = sa.text(where)
        op.create_index(
            f"ix_lots_{name}", "lots", columns, sqlite_where=condition, postgresql_where=condition
        )


def _redemptions(tables: sa.MetaData) -> None:
    sa.Table(
        "redemptions",
        tables,
        _text("id", key=True),
        _text("program_id"),
        _holder(),
        sa.Column("points", sa.BigInteger(), nullable=False),
        _text("what"),
        _text("state"),
        _text("key"),
        sa.Column("entry_id", _big(), sa.ForeignKey("entries.id"), nullable=False),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("settled_at", null=True),
        sa.UniqueConstraint("program_id", "key"),
        sa.CheckConstraint("points > 0", name="points_move"),
        sa.Index(None, "holder_id"),
        sa.Index(None, "state", "expires_at"),
    )


def _seals(tables: sa.MetaData) -> None:
    sa.Table(
        "seals",
        tables,
        _text("program_id", key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last_entry_id", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        _moment("sealed_at"),
    )
    sa.Table(
        "closed_months",
        tables,
        _text("program_id", key=True),
        _text("month", key=True),
        _moment("ends_at"),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        _text("closed_by"),
        _moment("closed_at"),
    )


def _put_guards() -> None:
    if _postgresql():
        op.execute(REFUSE_CLOSED_MONTH)
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
                f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        op.execute(
            "CREATE TRIGGER entries_closed_month BEFORE INSERT ON entries"
            " FOR EACH ROW EXECUTE FUNCTION refuse_closed_month()"
        )
        return
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
    op.execute(
        f"CREATE TRIGGER entries_closed_month BEFORE INSERT ON entries WHEN {CLOSED} "
        "BEGIN SELECT RAISE(ABORT, 'the month is closed'); END"
    )


def _postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, primary_key=key)


def _moment(name: str, *, null: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _serial() -> sa.Column[int]:
    return sa.Column("id", _big(), primary_key=True)


def _holder() -> sa.Column[int]:
    return sa.Column("holder_id", _big(), sa.ForeignKey("accounts.id"), nullable=False)
