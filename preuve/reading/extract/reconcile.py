"""Arithmetic as a decoder: the likeliest readings of the rows that make the items add up.

A digit that the engine was unsure of, a discount whose minus was lost, a recap of discounts or
a sum taken for an item: each row has its other readings, and of all that make the sum the one
that costs least is taken. Where another costs hardly more nothing is changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from preuve.reading.extract.accounts import Sums
from preuve.reading.extract.changes import Change, changes, rows_of
from preuve.reading.extract.figures import main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.totals import TotalCandidate
from preuve.reading.extract.whole_rows import read_whole_row
from preuve.reading.result import Item
from preuve.reading.template.model import Role

_NO_CUTS = frozenset({Role.ROUNDING, Role.INSURANCE})
_LABELLED = 3.0
"""The score from which a total's own evidence is strong enough to repair items by it."""

_COST = 8.0
"""What changes may cost in all: what is less likely is left to a person."""

_MARGIN = 1.0
"""By how much the next best changes must cost more."""

_MOST_CHANGES = 60
"""With more of them than these any sum can be made: each is then tried alone."""

_MOST_WAYS = 500
"""Of more combinations that cost no more one makes the sum by chance."""

_Changes = tuple[Change, ...]


def reconcile(
    sheet: Sheet, items: tuple[Item, ...], totals: Sequence[TotalCandidate], sums: Sums
) -> tuple[Item, ...]:
    """The items, with the changes that make them add up; as they are if they do, or if no
    changes would or too many."""
    items += _added_below(sheet, items, totals)
    goals = list(_goals(totals, sums))
    made = sum((i.amount for i in items), Decimal(0))
    if not items or not goals or made in goals:
        return items
    for goal in goals:
        chosen = _likeliest(list(changes(sheet, items, goal)), goal - made)
        if chosen:
            changed = _changed(sheet, items, chosen)
            return changed + _added_below(sheet, changed, totals)
    return items


def _likeliest(known: Sequence[Change], missing: Decimal) -> _Changes | None:
    """The changes that add just what is missing; None where there are none, or others that are
    about as likely. At most four, found as two halves."""
    most = 2 if len(known) <= _MOST_CHANGES else 1
    halves = [half for size in range(most + 1) for half in combinations(known, size)]
    by_sum: dict[Decimal, list[_Changes]] = {}
    for half in halves:
        if _are_of_different_rows(half) and _cost(half) <= _COST:
            by_sum.setdefault(_sum(half), []).append(half)
    found: dict[frozenset[tuple[int, Decimal]], _Changes] = {}
    for made, firsts in by_sum.items():
        for first in firsts:
            for second in by_sum.get(missing - made, ()):
                both = first + second
                if _are_of_different_rows(both) and _cost(both) <= _COST:
                    found[frozenset((c.row, c.by) for c in both)] = both
    ranked = sorted(found.values(), key=_cost)
    if not ranked or any(_cost(x) < _cost(ranked[0]) + _MARGIN for x in ranked[1:2]):
        return None
    costs = sorted(_cost(half) for halves in by_sum.values() for half in halves)
    ways = sum(bisect_right(costs, _cost(ranked[0]) - cost) for cost in costs)
    return ranked[0] if ways <= _MOST_WAYS else None


def _are_of_different_rows(some: _Changes) -> bool:
    return len({change.row for change in some}) == len(some)


def _cost(some: _Changes) -> float:
    return sum(change.cost for change in some)


def _sum(some: _Changes) -> Decimal:
    return sum((change.by for change in some), Decimal(0))


def _changed(sheet: Sheet, items: tuple[Item, ...], chosen: _Changes) -> tuple[Item, ...]:
    """The items after the changes, in the order of the paper."""
    by_row = {change.row: change.item for change in chosen}
    kept: list[tuple[int, Item]] = []
    last = -1
    for row, item in zip(rows_of(sheet, items), items, strict=True):
        last = row.index if row else last
        if last not in by_row:
            kept.append((last, item))
    kept += [(row, item) for row, item in by_row.items() if item]
    return tuple(item for _, item in sorted(kept, key=lambda one: one[0]))


def _added_below(
    sheet: Sheet, items: tuple[Item, ...], totals: Sequence[TotalCandidate]
) -> tuple[Item, ...]:
    """Discounts between subtotal and total, and fees beside them, where just they lead from one to
    the other. Fees alone are none: a restaurant's service is no item."""
    if not items or not totals or Role.TOTAL not in totals[0].figure.roles:
        return ()
    above = sheet.lines[: totals[0].figure.line.index]
    added = [x for x in above if x.money and _is_added(x)]
    if not any(x.money[-1].value < 0 for x in added):
        return ()
    row = rows_of(sheet, items[-1:])[0]
    last = row.index if row else 0
    rows = [x for x in added if x.index > last]
    rows = [x for n, x in enumerate(rows) if not _sums_up(x, rows[:n])]
    made = sum((i.amount for i in items), Decimal(0)) + sum(x.money[-1].value for x in rows)
    if not rows or made != totals[0].value:
        return ()
    told = [read_whole_row(sheet, row) for row in rows]
    return tuple(
        Item(
            raw_text=row.text,
            description=part.description if part else _called(sheet, row),
            amount=row.money[-1].value,
            kind="discount" if row.money[-1].value < 0 else "fee",
            confidence=row.confidence(row.money[-1].start, row.money[-1].stop),
            place=row.place(),
        )
        for row, part in zip(rows, told, strict=True)
    )


def _called(sheet: Sheet, row: Line) -> str:
    """What a row calls its amount; where it has none but the amount, the row above does."""
    text = row.before_amounts
    above = sheet.lines[row.index - 1]
    if not letters_in(text) and not above.money and above.page == row.page:
        text = above.text
    return text.strip(" .:-")


def _is_added(row: Line) -> bool:
    """Whether a row takes something off, or asks for more: a delivery, a service."""
    cut = row.money[-1].value < 0 and row.roles.isdisjoint(_NO_CUTS)
    return cut or row.begins(Role.FEE) or main_role(row, 0.5) is Role.FEE


def _sums_up(row: Line, above: Sequence[Line]) -> bool:
    """Whether a row of savings says once more what the discounts above it make."""
    said = main_role(row) is Role.SAVINGS
    return said and row.money[-1].value == sum(x.money[-1].value for x in above)


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
