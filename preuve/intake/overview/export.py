"""What was read, as rows for those who work on it elsewhere: receipts, and their items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import and_, select

from preuve.intake.overview.listing import Filters, behind, chosen, listed
from preuve.intake.tables import ReadingRow, ReceiptRow
from preuve.sheets import Cell, Column
from preuve.store import Ground

BATCH = 1000

Sheet = Literal["receipts", "items"]

COLUMNS: Mapping[Sheet, tuple[Column, ...]] = {
    "receipts": (
        Column("receipt_id"),
        Column("received_at", "moment"),
        Column("status"),
        Column("reasons"),
        Column("member_id"),
        Column("reference_id"),
        Column("kind"),
        Column("country"),
        Column("retailer_key"),
        Column("retailer_name"),
        Column("purchased_on", "day"),
        Column("purchased_at"),
        Column("receipt_number"),
        Column("total", "amount"),
        Column("currency"),
        Column("items", "whole"),
        Column("points", "whole"),
        Column("confidence", "share"),
        Column("amended", "flag"),
        Column("template"),
        Column("template_version"),
        Column("finished_at", "moment"),
        Column("fields"),
    ),
    "items": (
        Column("receipt_id"),
        Column("position", "whole"),
        Column("kind"),
        Column("description"),
        Column("product_code"),
        Column("quantity", "amount"),
        Column("unit_of_measure"),
        Column("unit_price", "amount"),
        Column("amount", "amount"),
        Column("currency"),
        Column("vat_code"),
        Column("confidence", "share"),
        Column("raw_text"),
        Column("status"),
        Column("member_id"),
        Column("retailer_key"),
        Column("retailer_name"),
        Column("purchased_on", "day"),
    ),
}
"""`fields` are those of the template's own, `name=value` a line; `reasons` codes with spaces."""


def export_rows(
    ground: Ground, program_id: str, filters: Filters, sheet: Sheet, *, most: int | None = None
) -> Iterator[list[list[Cell]]]:
    """The rows of `sheet` in batches, the newest receipt first, of at most `most` receipts.

    Each batch is a short transaction of its own, so that a long export holds up nobody; a
    receipt that comes in meanwhile is left out. Blocks on the database.
    """
    cells = _receipt_cells if sheet == "receipts" else _item_cells
    present = and_(
        ReadingRow.receipt_id == ReceiptRow.id, ReadingRow.revision == ReceiptRow.revision
    )
    last: ReceiptRow | None = None
    left = most
    while left is None or left > 0:
        limit = BATCH if left is None else min(BATCH, left)
        with ground.database.read() as session:
            found = chosen(session, program_id, filters)
            if last is not None:
                found = found.where(behind(last.received_at, last.id))
            page = found.order_by(ReceiptRow.received_at.desc(), ReceiptRow.id.desc()).limit(limit)
            receipts = session.scalars(page).all()
            ids = [receipt.id for receipt in receipts]
            readings = select(
                ReadingRow.receipt_id, ReadingRow.template_version, ReadingRow.reading
            )
            stored = session.execute(
                readings.join(ReceiptRow, present).where(ReadingRow.receipt_id.in_(ids))
            )
            read = {row.receipt_id: (row.template_version, row.reading) for row in stored}
        if not receipts:
            return
        rows: list[list[Cell]] = []
        for receipt in receipts:
            version, reading = read.get(receipt.id, ("", {}))
            rows += cells(receipt, version, reading)
        yield rows
        last = receipts[-1]
        left = None if left is None else left - len(receipts)


def _receipt_cells(
    row: ReceiptRow, version: str, reading: Mapping[str, Any]
) -> Iterator[list[Cell]]:
    (seen,) = listed([row])
    retailer = _value(reading, "retailer") or {}
    at = _value(reading, "purchased_at")
    own = (
        f"{field['name']}={field['value']['value']}"
        for field in reading.get("fields", ())
        if field["value"]
    )
    yield [
        seen.id,
        seen.received_at,
        seen.status.value,
        " ".join(reason.code.value for reason in seen.reasons),
        seen.member_id,
        seen.reference_id,
        reading.get("kind"),
        reading.get("country"),
        retailer.get("key"),
        seen.retailer_name,
        seen.purchased_on,
        f"{time.fromisoformat(at):%H:%M}" if at else None,
        _value(reading, "receipt_number"),
        seen.total,
        seen.currency,
        len(reading.get("items", ())) if reading else None,
        seen.points,
        seen.confidence,
        seen.amended,
        seen.template,
        version or None,
        seen.finished_at,
        "\n".join(own) or None,
    ]


def _item_cells(row: ReceiptRow, _: str, reading: Mapping[str, Any]) -> Iterator[list[Cell]]:
    retailer = _value(reading, "retailer") or {}
    for position, item in enumerate(reading.get("items", ()), 1):
        yield [
            row.id,
            position,
            item["kind"],
            item["description"],
            item["product_code"],
            _decimal(item["quantity"]),
            item["unit_of_measure"],
            _decimal(item["unit_price"]),
            _decimal(item["amount"]),
            row.currency,
            item["vat_code"],
            item["confidence"],
            item["raw_text"],
            row.status,
            row.member_id,
            retailer.get("key"),
            row.retailer_name,
            row.purchased_on,
        ]


def _value(reading: Mapping[str, Any], name: str) -> Any:
    return (reading.get(name) or {}).get("value")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
