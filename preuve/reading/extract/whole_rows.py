"""Rows of items that a template's pattern takes apart, whatever the order of their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.parts import Part
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import without_edges
from preuve.reading.extract.unit_price import Count, decimal_of, unit_price_of
from preuve.reading.template.row_pattern import WholeRow

_DIGITS = re.compile(r"[-–−]?\d(?:.*\d)?")


def read_whole_row(sheet: Sheet, line: Line) -> Part | None:
    """The row by the first of the template's patterns that fills it; None where none does.

    The amount is the last of the row's sums that the pattern allows.
    """
    for pattern in sheet.lexicon.whole_rows:
        for amount, found in fits(line, pattern):
            quantity = decimal_of(found["quantity"]) if "quantity" in found else None
            return Part(
                line,
                without_edges(found.get("description", "")),
                amount,
                _count(sheet, found, quantity),
                quantity,
                found.get("product_code"),
                found.get("vat_code"),
                whole=True,
            )
    return None


def fits(line: Line, pattern: WholeRow) -> Iterator[tuple[Amount, dict[str, str]]]:
    """Each sum of the row that may be the pattern's amount, and the fields around it."""
    for amount in reversed(line.money):
        digits = _DIGITS.search(line.text, amount.start, amount.stop)
        found = pattern.read(line.text, *digits.span()) if digits else None
        if found is not None:
            yield amount, found


def _count(sheet: Sheet, found: dict[str, str], quantity: Decimal | None) -> Count | None:
    price = unit_price_of(sheet, found["unit_price"]) if "unit_price" in found else None
    if price is None:
        return None
    return Count(quantity or Decimal(1), price, found.get("unit", "").lower() or None)
