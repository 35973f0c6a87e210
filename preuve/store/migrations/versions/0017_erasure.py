"""Members can be erased: no key that stands in the ledger holds what a partner calls a member.

Keys of events, sign-ups, birthdays and adjustments are made anew; what people wrote of
redemptions and adjustments lies beside the entries. None of it is in the seals, which hold.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NO_UPDATE = (
    "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
)
PLACES = (
    *(("entries", "occasion"), ("lots", "occasion"), ("given", "occasion")),
    *(("grants", "occasion"), ("occasions", "key")),
)
OCCASIONS = """
SELECT program_id, key, trigger, member_id FROM occasions WHERE trigger <> 'receipt'
"""
ADJUSTMENTS = """
SELECT id, program_id, occasion, why FROM entries
WHERE kind = 'adjustment' AND rule = 'adjustment' AND occasion LIKE 'adjustment:%'
"""


def upgrade() -> None:
    op.create_table(
        "adjustments",
        sa.Column("entry_id", _big(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_adjustments"),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name="fk_adjustments_entry_id"),
        sa.UniqueConstraint("program_id", "key", name="uq_adjustments_program_id_key"),
    )
    op.create_table(
        "erased_proofs",
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "sha256", name="pk_erased_proofs"),
    )
    op.add_column("occasions", sa.Column("sent_id", sa.Text()))
    op.execute("UPDATE occasions SET sent_id = substr(key, 7) WHERE trigger = 'event'")
    op.create_index(
        "ix_occasions_program_id_sent_id", "occasions", ["program_id", "sent_id"], unique=True
    )
    with _entries_open():
        _adjustments()
        op.execute("UPDATE entries SET why = 'reserved' WHERE kind = 'redemption' AND revision = 1")
        op.execute("UPDATE entries SET why = 'spent' WHERE kind = 'redemption' AND revision = 2")
        _occasions()


@contextmanager
def _entries_open() -> Iterator[None]:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE entries DISABLE TRIGGER entries_append_only")
        yield
        op.execute("ALTER TABLE entries ENABLE TRIGGER entries_append_only")
    else:
        op.execute("DROP TRIGGER entries_no_update")
        yield
        op.execute(NO_UPDATE)


def _adjustments() -> None:
    added = sa.text("INSERT INTO adjustments VALUES (:entry_id, :program_id, :key, :reason)")
    said = sa.text("UPDATE entries SET why = 'by hand' WHERE id = :entry_id")
    bind = op.get_bind()
    for entry_id, program_id, occasion, why in bind.execute(sa.text(ADJUSTMENTS)).all():
        key = occasion.removeprefix("adjustment:")
        about = {"entry_id": entry_id, "program_id": program_id, "key": key, "reason": why}
        bind.execute(added, about)
        bind.execute(said, {"entry_id": entry_id})
        _rename(program_id, occasion, f"adjustment:{secrets.token_hex(16)}")


def _occasions() -> None:
    new = dict[tuple[str, str], str]()
    for program_id, key, trigger, member_id in op.get_bind().execute(sa.text(OCCASIONS)).all():
        if trigger == "event":
            made = f"event:{secrets.token_hex(16)}"
        else:
            number = _account(program_id, member_id)
            year = key.rpartition(":")[2]
            made = f"sign_up:{number}" if trigger == "sign_up" else f"birthday:{number}:{year}"
        new[program_id, key] = made
        _rename(program_id, key, made)
    _outbox(new)


def _rename(program_id: str, old: str, new: str) -> None:
    for table, column in PLACES:
        mine = f"program_id = :program AND {column} = :old"
        renamed = sa.text(f"UPDATE {table} SET {column} = :new WHERE {mine}")
        op.get_bind().execute(renamed, {"new": new, "old": old, "program": program_id})


def _account(program_id: str, member_id: str) -> int:
    bind, who = op.get_bind(), {"program": program_id, "member": member_id}
    found = sa.text(
        "SELECT id FROM accounts"
        " WHERE program_id = :program AND kind = 'available' AND member_id = :member"
    )
    known = bind.scalar(found, who)
    if known is None:
        accounts = sa.table(
            "accounts",
            *(sa.column(name) for name in ("program_id", "kind", "member_id", "points", "earned")),
            sa.column("created_at", sa.DateTime(timezone=True)),
        )
        values: dict[str, object] = {
            "program_id": program_id,
            "kind": "available",
            "member_id": member_id,
        }
        values |= {"points": 0, "earned": 0, "created_at": sa.func.current_timestamp()}
        bind.execute(accounts.insert().values(**values))
        known = bind.scalar(found, who)
    return int(known or 0)


def _outbox(new: dict[tuple[str, str], str]) -> None:
    bind = op.get_bind()
    outbox = sa.table(
        "outbox",
        *(sa.column(name) for name in ("id", "program_id", "kind")),
        sa.column("payload", sa.JSON()),
    )
    for row in bind.execute(sa.select(outbox).where(outbox.c.kind.like("grant.%"))).all():
        payload = json.loads(row.payload) if isinstance(row.payload, str) else row.payload
        made = new.get((row.program_id, payload.get("occasion")))
        if made is not None:
            told = outbox.update().where(outbox.c.id == row.id)
            bind.execute(told.values(payload={**payload, "occasion": made}))


def _big() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
