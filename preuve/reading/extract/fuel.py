"""What a filling station sold, where no row is its item: litres, their price and the amount stand
beside labels of their own, each on its row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.figures import TENDERS, main_role
from preuve.reading.extract.labels import Label
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import CURRENCY_LETTERS, letters_in, without_edges
from preuve.reading.extract.unit_price import Count, decimal_of
from preuve.reading.result import Item
from preuve.reading.template.model import Role

_OF_ALL = frozenset({Role.TOTAL, Role.WEAK_TOTAL, Role.SUBTOTAL, *TENDERS})
"""Roles of the sums that the only thing sold makes."""

_DECIMALS = re.compile(r"\d+[.,]\d{2,3}(?!\d)")

_AROUND = 4
"""Litres and their price stand within so many rows of what was filled in."""


def read_fuel(sheet: Sheet) -> Item | None:
    """The fuel on a paper that names one, and prints how much at what price makes a total; None
    on every other. The unit is the litre, as the price is that of one."""
    totals = {
        line.money[-1].value: line
        for line in reversed(sheet.lines)
        if line.money and _is_total(sheet, line)
    }
    for line, label in _named(sheet):
        for count in _counts(sheet, line):
            total = next((row for value, row in totals.items() if count.makes(value)), None)
            if total is not None:
                return _item(line, label, count, total)
    return None


def _is_total(sheet: Sheet, line: Line) -> bool:
    """Whether a sum stands beside a total's label, or alone below one, as on a card's slip."""
    if main_role(line, 0.3) in _OF_ALL:
        return True
    above = sheet.lines[line.index - 1] if line.index else line
    alone = letters_in(line.text) <= CURRENCY_LETTERS and not above.money
    return alone and main_role(above, 0.6) in _OF_ALL


def without_pump(row: Line, description: str) -> str:
    """The description of a fuel's row without the pump behind or before it, "Diesel Pumpe 3", or
    the litres before it: "46,80 E85"."""
    fuel = next((x for x in row.labels if x.role is Role.FUEL), None)
    if fuel is None:
        return description
    numbered = row.begins(Role.NOT_RETAILER) and row.words[fuel.start - 1].isdigit()
    counted = all(map(str.isdigit, row.words[: fuel.start]))
    if fuel.start and (numbered or counted):
        named = description.find(row.text[slice(*row.spans[fuel.start])])
        return description[max(0, named) :]
    behind = (x for x in row.labels if x.start >= fuel.stop)
    pump = next((x for x in behind if x.role is Role.NOT_RETAILER), None)
    if not pump or not any(word.isdigit() for word in row.words[pump.stop : pump.stop + 1]):
        return description
    at = description.find(row.text[slice(*row.spans[pump.start])])
    return without_edges(description[:at]) if at > 0 else description


def _named(sheet: Sheet) -> Iterator[tuple[Line, Label]]:
    for line in sheet.lines:
        for label in line.labels:
            if label.role is Role.FUEL:
                yield line, label


def _counts(sheet: Sheet, line: Line) -> Iterator[Count]:
    """Every two numbers near the fuel's name, as litres and the price of one."""
    near = sheet.lines[max(0, line.index - _AROUND) : line.index + _AROUND + 1]
    numbers = [_number(amount) for row in near for amount in row.amounts if not amount.percent]
    for quantity, price in permutations([n for n in numbers if n not in (0, 1)], 2):
        if price.as_tuple().exponent in (-2, -3) and quantity > price:
            yield Count(quantity, price, "l")


def _number(amount: Amount) -> Decimal:
    """The number as a till writes litres and prices: three digits behind its mark are decimals."""
    found = _DECIMALS.search(amount.text)
    return decimal_of(found.group()) if found else abs(amount.value)


def _item(line: Line, label: Label, count: Count, total: Line) -> Item:
    amount = total.money[-1]
    start, stop = line.spans[label.start][0], line.spans[label.stop - 1][1]
    # A title may have lost the space behind its colon: "CARBURANT:SUPER SP95".
    named = line.text[start:stop].rpartition(":")[2]
    return Item(
        raw_text=line.text,
        description=without_edges(named),
        amount=amount.value,
        kind="product",
        quantity=count.quantity,
        unit_of_measure=count.unit,
        unit_price=count.unit_price,
        confidence=total.confidence(amount.start, amount.stop),
        place=line.place(),
    )
