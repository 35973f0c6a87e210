"""Arithmetic as a decoder: where one small repair makes the items add up, it is made.

A digit that the engine was unsure of, a discount whose minus was lost, a recap of discounts or
a sum taken for an item: each leaves a difference that only the right repair explains. With two
repairs that explain it nothing is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from preuve.messages import say
from preuve.reading.extract.accounts import Sums
from preuve.reading.extract.block import item_block
from preuve.reading.extract.figures import SUMS, main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.totals import TotalCandidate
from preuve.reading.result import Item
from preuve.reading.template.model import Role

_LABELLED = 3.0
"""The score from which a total's own evidence is strong enough to repair items by it."""


def reconcile(
    sheet: Sheet, items: tuple[Item, ...], totals: Sequence[TotalCandidate], sums: Sums
) -> tuple[Item, ...]:
    """The items, with the one repair that makes them add up; as they are if they do, or if
    no repair or several would."""
    items += _discounts_below(sheet, items, totals)
    goals = list(_goals(totals, sums))
    made = sum((i.amount for i in items), Decimal(0))
    if not items or not goals or made in goals:
        return items
    for goal in goals:
        repairs = list(_repairs(sheet, items, made - goal))
        if len(repairs) == 1:
            return repairs[0] + _discounts_below(sheet, repairs[0], totals)
    return items


def _discounts_below(
    sheet: Sheet, items: tuple[Item, ...], totals: Sequence[TotalCandidate]
) -> tuple[Item, ...]:
    """Discounts between subtotal and total, where just they lead from one to the other."""
    if not items or not totals or Role.TOTAL not in totals[0].figure.roles:
        return ()
    last = max((x.index for x in sheet.lines if _is_of(items[-1], x)), default=0)
    between = sheet.lines[last + 1 : totals[0].figure.line.index]
    rows = [
        x for x in between if x.money and x.money[-1].value < 0 and Role.ROUNDING not in x.roles
    ]
    made = sum((i.amount for i in items), Decimal(0)) + sum(x.money[-1].value for x in rows)
    if not rows or made != totals[0].value:
        return ()
    return tuple(
        Item(
            raw_text=row.text,
            description=row.before_amounts.strip(" .:-"),
            amount=row.money[-1].value,
            kind="discount",
            confidence=row.confidence(row.money[-1].start, row.money[-1].stop),
            place=row.place(),
        )
        for row in rows
    )


def _is_of(item: Item, line: Line) -> bool:
    """Whether the item's amount stands on this line."""
    place = item.place
    return place is not None and line.page == place.page and line.row.box == place.box


def _goals(totals: Sequence[TotalCandidate], sums: Sums) -> Iterator[Decimal]:
    """What the items should make: the total its label says, before rounding; the subtotal."""
    best = totals[0] if totals else None
    if best is None or best.score < _LABELLED or Role.TOTAL not in best.figure.roles:
        return
    if "items" in best.confirmed_by:
        return
    yield best.value
    for rounding in sums.roundings:
        yield best.value - rounding
    if "subtotal" in best.confirmed_by:
        yield from (v for v in sums.values(Role.SUBTOTAL) if v > 0)


def _repairs(sheet: Sheet, items: tuple[Item, ...], excess: Decimal) -> Iterator[tuple[Item, ...]]:
    for at, item in enumerate(items):
        for value in _other_readings(sheet, item):
            if item.amount - value == excess:
                note = say(
                    "read {read}, but {amount} makes the sum", read=item.amount, amount=value
                )
                yield _with(items, at, replace(item, amount=value, note=note))
        if item.amount * 2 == excess and item.amount < 0 and _lost_sign(item):
            yield _with(items, at, replace(item, amount=-item.amount, kind="product"))
        if item.amount == excess and _may_be_a_sum(sheet, items, at):
            yield items[:at] + items[at + 1 :]
    yield from _lost_marks(sheet, items, -excess)


def _lost_marks(
    sheet: Sheet, items: tuple[Item, ...], missing: Decimal
) -> Iterator[tuple[Item, ...]]:
    """The rows among the items that make up what is missing once a decimal mark is set: "200"."""
    at = [next((n for n, x in enumerate(sheet.lines) if _is_of(i, x)), -1) for i in items]
    cents = Decimal(10) ** -sheet.lexicon.template.numbers.decimals
    for line in item_block(sheet):
        last = line.amounts[-1] if line.amounts else None
        if last is None or line.money or last.value * cents != missing:
            continue
        description = line.text[: last.start].strip(" .:-")
        if last.stop == len(line.text) and letters_in(description) > 1:
            note = say("read {read}, but {amount} makes the sum", read=last.text, amount=missing)
            place = line.place()
            found = Item(line.text, description, missing, note=note, place=place)
            before = sum(n < line.index for n in at)
            yield (*items[:before], found, *items[before:])


def _with(items: tuple[Item, ...], at: int, item: Item) -> tuple[Item, ...]:
    return (*items[:at], item, *items[at + 1 :])


def _other_readings(sheet: Sheet, item: Item) -> Iterator[Decimal]:
    """The other values that the engine holds possible for the item's amount."""
    for line in sheet.lines:
        if _is_of(item, line):
            for amount in line.money:
                if abs(amount.value) == abs(item.amount):
                    yield from sheet.other_values(line, amount)
                    return


def _lost_sign(item: Item) -> bool:
    """A minus that may be a dash of the description: nothing but the sign says discount."""
    return item.kind == "discount" and letters_in(item.description) >= 2


def _may_be_a_sum(sheet: Sheet, items: tuple[Item, ...], at: int) -> bool:
    """An item that repeats the discounts above it, or whose row is labelled as a sum."""
    item = items[at]
    above = [i.amount for i in items[:at] if i.amount < 0]
    if item.amount < 0 and item.amount == sum(above):
        return True
    if letters_in(item.description) < 2:
        return True
    row = next((x for x in sheet.lines if _is_of(item, x)), None)
    return row is not None and main_role(row, 0.3) in SUMS
