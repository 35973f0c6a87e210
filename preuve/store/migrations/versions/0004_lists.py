"""What lists of receipts are filtered by, and full text over what was read."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BATCH = 200
# fmt: off
NO_MINOR_UNITS = (
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
)
# fmt: on
THREE_DIGITS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")
SPELLED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"})

receipts = sa.table(
    "receipts",
    *(sa.column(name) for name in ("id", "program_id", "member_id", "reference_id", "revision")),
    sa.column("reasons", sa.JSON()),
    sa.column("received_at", sa.DateTime(timezone=True)),
    *(sa.column(name) for name in ("retailer", "retailer_name", "total_minor", "currency")),
    sa.column("purchased_on", sa.Date()),
    *(sa.column(name) for name in ("template", "confidence", "points", "words_id")),
)
readings = sa.table(
    "readings",
    *(sa.column(name) for name in ("receipt_id", "revision", "pages_revision", "template")),
    sa.column("pages", sa.LargeBinary()),
    sa.column("reading", sa.JSON()),
    sa.column("verdict", sa.JSON()),
)
receipt_reasons = sa.table(
    "receipt_reasons",
    *(sa.column(name) for name in ("receipt_id", "code", "program_id")),
    sa.column("received_at", sa.DateTime(timezone=True)),
)
POINTS = """
UPDATE receipts SET points = coalesce((
    SELECT sum(CASE WHEN accounts.kind = 'member' THEN postings.points ELSE 0 END)
    FROM entries
    JOIN postings ON postings.entry_id = entries.id
    JOIN accounts ON accounts.id = postings.account_id
    WHERE entries.program_id = receipts.program_id AND entries.receipt_id = receipts.id
), 0)
"""


def upgrade() -> None:
    _columns()
    _words()
    op.create_table(
        "receipt_reasons",
        sa.Column("receipt_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("program_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("receipt_id", "code", name="pk_receipt_reasons"),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name="fk_receipt_reasons_receipt_id"
        ),
    )
    op.execute(POINTS)
    fill()
    op.create_index(
        "ix_receipt_reasons_program_id_code_received_at_receipt_id",
        "receipt_reasons",
        ["program_id", "code", "received_at", "receipt_id"],
    )
    for name in ("status", "retailer", "template"):
        op.create_index(
            f"ix_receipts_program_id_{name}_received_at_id",
            "receipts",
            ["program_id", name, "received_at", "id"],
        )


def fill() -> None:
    """Brings every receipt's columns, reasons and words up to its present decision."""
    for batch in _batches():
        for row in batch:
            _fill(row)


def _columns() -> None:
    for column in (
        sa.Column("retailer", sa.Text()),
        sa.Column("retailer_name", sa.Text()),
        sa.Column("purchased_on", sa.Date()),
        sa.Column("total_minor", sa.BigInteger()),
        sa.Column("currency", sa.Text()),
        sa.Column("template", sa.Text()),
        sa.Column("confidence", sa.Double()),
        sa.Column("points", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("words_id", sa.BigInteger()),
    ):
        op.add_column("receipts", column)


def _words() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE receipt_words"
            " USING fts5(program_id UNINDEXED, words, tokenize = 'ascii')"
        )
        return
    op.execute(
        "CREATE TABLE receipt_words (rowid BIGSERIAL CONSTRAINT pk_receipt_words PRIMARY KEY,"
        " program_id TEXT NOT NULL, words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_receipt_words_words ON receipt_words USING gin (words)")


def _batches() -> Iterator[list[sa.Row[Any]]]:
    held = readings.alias("held")
    found = (
        sa.select(
            receipts,
            readings.c.reading,
            readings.c.verdict,
            readings.c.template.label("read_by"),
            held.c.pages,
        )
        .outerjoin(
            readings,
            sa.and_(
                readings.c.receipt_id == receipts.c.id, readings.c.revision == receipts.c.revision
            ),
        )
        .outerjoin(
            held,
            sa.and_(
                held.c.receipt_id == receipts.c.id, held.c.revision == readings.c.pages_revision
            ),
        )
        .order_by(receipts.c.id)
        .limit(BATCH)
    )
    after = ""
    while rows := list(op.get_bind().execute(found.where(receipts.c.id > after))):
        yield rows
        after = rows[-1].id


def _fill(row: sa.Row[Any]) -> None:
    connection = op.get_bind()
    for code in dict.fromkeys(reason["code"] for reason in row.reasons):
        connection.execute(
            sa.insert(receipt_reasons).values(
                receipt_id=row.id,
                code=code,
                program_id=row.program_id,
                received_at=row.received_at,
            )
        )
    if row.reading is None:
        return
    reading = row.reading
    retailer, currency = _value(reading, "retailer") or {}, _value(reading, "currency")
    total, name = _value(reading, "total"), retailer.get("name")
    digits = 0 if currency in NO_MINOR_UNITS else 3 if currency in THREE_DIGITS else 2
    connection.execute(
        sa.update(receipts)
        .where(receipts.c.id == row.id)
        .values(
            retailer=retailer.get("key") or (_bare(name) if name else None),
            retailer_name=name,
            purchased_on=sa.cast(_value(reading, "purchased_on"), sa.Date())
            if connection.dialect.name == "postgresql"
            else sa.literal(_value(reading, "purchased_on"), sa.Text()),
            total_minor=None if total is None else int(Decimal(total).scaleb(digits)),
            currency=currency,
            template=row.read_by or None,
            confidence=row.verdict["confidence"],
            words_id=_add_words(row, retailer),
        )
    )


def _add_words(row: sa.Row[Any], retailer: dict[str, Any]) -> int:
    reading = row.reading
    pages = json.loads(zlib.decompress(row.pages)) if row.pages else []
    paper = _tokens(
        " ".join(word["text"] for page in pages for line in page["rows"] for word in line["words"])
    )
    known = f" {' '.join(paper)} "
    told = [row.id, row.member_id, row.reference_id, retailer.get("name"), retailer.get("key")]
    told += [_value(reading, name) for name in ("total", "purchased_on", "receipt_number")]
    for item in reading["items"]:
        told += [item["description"], item["product_code"]]
    told += [(field["value"] or {}).get("value") for field in reading.get("fields", [])]
    for text in told:
        more = _tokens(text or "")
        if f" {' '.join(more)} " not in known:
            paper += more
    connection = op.get_bind()
    values = {"program_id": row.program_id, "words": " ".join(paper[:10_000])}
    insert = "INSERT INTO receipt_words (program_id, words) VALUES (:program_id, "
    if connection.dialect.name == "sqlite":
        added = connection.execute(sa.text(f"{insert}:words)"), values)
        return int(added.lastrowid)
    values["words"] = " ".join(f"'{word}':{n}" for n, word in enumerate(paper[:10_000], 1))
    returning = sa.text(f"{insert}CAST(:words AS tsvector)) RETURNING rowid")
    return int(connection.execute(returning, values).scalar_one())


def _value(reading: dict[str, Any], name: str) -> Any:
    return (reading[name] or {}).get("value")


def _tokens(text: str) -> list[str]:
    return [word[:40] for word in re.findall(r"[^\W_]+", _bare(text))]


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold().translate(SPELLED))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()
