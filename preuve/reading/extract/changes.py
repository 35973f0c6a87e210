"""What a row of the items may say instead: another amount, another sign, or nothing at all.

Each way costs the more the less likely it is: the negative logarithm of its probability, as the
engine gave it, or as misprints of this kind are common.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from math import log

from preuve.messages import say
from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.block import item_block
from preuve.reading.extract.figures import SUMS, main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.unit_price import Count
from preuve.reading.made import quickly_made
from preuve.reading.result import Item, ItemKind
from preuve.reading.template.model import Role

_UNLIKELY = 1.5
"""What it costs that a mark, a sign or the label of a sum was misread."""

_REPEATED = 2.5
"""What it costs that a row is the total once more and has no word for it."""

_UNSEEN = 3.5
"""What it costs to change a digit that the engine held no doubt of."""

_COUNTED = 1.0
"""What it costs more to change an amount that the printed quantity makes."""

_LEAST = 0.3
"""What it costs to take the amount that the row prints once more, as the price of one."""

_LOST_MARK = re.compile(r"[-=~.]?\b(\d{1,4})(?:\s?[^\w\s]\s?)?(\d{2})(?:\s?\D{0,2}|[.,]?\d)$")
_LOST_DIGIT = re.compile(r"[.,]\d{2}\D*")
_PERCENT_OFF = re.compile(r"\W{0,2}[-–−]\s?\d{1,2}\s?%")
_PERCENT = re.compile(r"(?<!\d)(\d{1,2})\s?%")
_CENT = Decimal("0.01")
_READ_AS_EIGHT = re.compile("8")


@quickly_made
@dataclass(frozen=True)
class Change:
    """Another reading of one row. `row` is its index on the sheet, `by` what it adds to the sum;
    `item` is the item that it makes of the row, None where the row is none."""

    row: int
    by: Decimal
    cost: float
    item: Item | None


def changes(sheet: Sheet, items: tuple[Item, ...], goal: Decimal) -> Iterator[Change]:
    """All that the rows may say instead; `goal` is what the items should make."""
    rows = rows_of(sheet, items)
    for at, (row, item) in enumerate(zip(rows, items, strict=True)):
        if row is None:
            continue
        dear = 0.0
        if item.quantity and item.unit_price:
            dear = _COUNTED * Count(item.quantity, item.unit_price).makes(item.amount)
        for value, cost in _other_amounts(sheet, row, item):
            note = say("read {read}, but {amount} makes the sum", read=item.amount, amount=value)
            other = replace(item, amount=value, note=note)
            yield Change(row.index, value - item.amount, cost + dear, other)
        kind = _kind_with_other_sign(row, item)
        if kind:
            other = replace(item, amount=-item.amount, kind=kind)
            yield Change(row.index, -2 * item.amount, _UNLIKELY, other)
        if _may_be_a_sum(row, items, at):
            yield Change(row.index, -item.amount, _UNLIKELY, None)
        elif item.amount == goal:
            yield Change(row.index, -item.amount, _REPEATED, None)
    yield from _lost_rows(sheet, {r.index: i for r, i in zip(rows, items, strict=True) if r})


def rows_of(sheet: Sheet, items: tuple[Item, ...]) -> list[Line | None]:
    """The row on which each item's amount stands."""
    if not items:
        return []
    places = {(line.page, line.row.box): line for line in sheet.lines}
    return [places.get((i.place.page, i.place.box)) if i.place else None for i in items]


def _other_amounts(sheet: Sheet, row: Line, item: Item) -> Iterator[tuple[Decimal, float]]:
    same = [a for a in row.money if abs(a.value) == abs(item.amount)]
    amount = same[-1] if same else None
    if amount is None:
        return
    sign = -1 if item.amount < 0 else 1
    known = sheet.other_values(row, amount)
    beside = {abs(a.value) for a in row.money}
    for value, likely in known.items():
        signed = abs(value) * sign if item.kind == "discount" else value
        if signed != item.amount:
            yield signed, _LEAST if abs(value) in beside else max(_LEAST, -log(likely))
    for value in _by_look(sheet, amount):
        if value not in known:
            yield value * sign, _UNSEEN


def _by_look(sheet: Sheet, amount: Amount) -> Iterator[Decimal]:
    """An 8 of a till's type may be a 0 with a stroke, and a mark at the front hides a digit."""
    for eight in _READ_AS_EIGHT.finditer(amount.text):
        text = f"{amount.text[: eight.start()]}0{amount.text[eight.end() :]}"
        value = next((a.value for a in sheet.lexicon.amounts.find(text) if a.plain), None)
        if value:
            yield abs(value)
    if _LOST_DIGIT.fullmatch(amount.text):
        yield from (abs(amount.value) + digit for digit in range(1, 10))


def _kind_with_other_sign(row: Line, item: Item) -> ItemKind | None:
    """What an item is with the other sign: a minus may be a dash of the description, and that of
    goods taken back or of a row like "-20% COUPE" may be lost."""
    if item.kind == "discount" and letters_in(item.description) >= 2:
        return "product"
    if item.amount > 0 and item.kind == "refund":
        return "refund"
    return "discount" if item.amount > 0 and _PERCENT_OFF.match(row.text) else None


def _may_be_a_sum(row: Line, items: tuple[Item, ...], at: int) -> bool:
    """An item that repeats the discounts above it, or whose row is labelled as a sum."""
    item = items[at]
    above = [i.amount for i in items[:at] if i.amount < 0]
    if item.amount < 0 and item.amount == sum(above):
        return True
    return letters_in(item.description) < 2 or main_role(row, 0.3) in SUMS


def _lost_rows(sheet: Sheet, rows: Mapping[int, Item]) -> Iterator[Change]:
    """Rows among the items whose amount has lost its decimal mark, as "200" or "12/19", or is
    not readable and is a share of the amount above it: "REMISE 20%"."""
    if sheet.lexicon.template.numbers.decimals != 2:
        return
    above: Item | None = None
    for line in item_block(sheet):
        above = rows.get(line.index, above)
        if line.money or line.index in rows:
            continue
        less = Role.DISCOUNT in line.roles
        marked, percent = _LOST_MARK.search(line.text), _PERCENT.search(line.text)
        if less and percent and above and above.amount > 0:
            off = (above.amount * Decimal(percent[1]) / 100).quantize(_CENT, ROUND_HALF_UP)
            yield _found(line, line.text[: percent.end()], off, less=True)
        elif marked:
            value = Decimal(f"{marked[1]}.{marked[2]}")
            description = line.text[: marked.start()].strip(" .:-")
            if letters_in(description) >= 2 and value:
                yield _found(line, description, value, less=less)


def _found(line: Line, description: str, value: Decimal, *, less: bool) -> Change:
    amount = -value if less else value
    note = say("read {read}, but {amount} makes the sum", read=line.text, amount=amount)
    kind: ItemKind = "discount" if less else "product"
    item = Item(line.text, description, amount, kind, note=note, place=line.place())
    return Change(line.index, amount, _UNLIKELY, item)
