"""How far a reading says what a document is known to say, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from preuve.folding import squeeze
from preuve.reading.result import Item, Reading
from preuve.reading.template.drafting.values import Sold, Values

FieldName = Literal["retailer", "purchased_on", "total", "currency", "items"]

ALIKE_NAME = 90.0
ALIKE_ITEM = 70.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field: what it should be, what was read, and how far that is right, 0 to 1.

    `share` is less than one and more than none for items alone: twice the pairs over all rows.
    `exact` is how alike the pairs' descriptions are, 0 to 1.
    """

    field: FieldName
    want: str
    got: str
    share: float
    exact: float = 1.0

    @property
    def right(self) -> bool:
        return self.share == 1.0


def outcomes(values: Values, reading: Reading) -> tuple[Outcome, ...]:
    """Every field that is known, in a fixed order."""
    return tuple(_outcomes(values, reading))


def pairs(want: Sequence[Sold], got: Sequence[Item]) -> list[tuple[int, int]]:
    """Which known item was read as which one, by their places in both lists.

    Amounts are equal, descriptions alike where they are known; the most alike go first.
    """
    likeness = sorted(
        (
            (-_alike(sold, item), w, g)
            for w, sold in enumerate(want)
            for g, item in enumerate(got)
            if sold.amount == item.amount and _alike(sold, item) >= ALIKE_ITEM
        ),
    )
    taken_w: set[int] = set()
    taken_g: set[int] = set()
    found = []
    for _, w, g in likeness:
        if w not in taken_w and g not in taken_g:
            taken_w.add(w)
            taken_g.add(g)
            found.append((w, g))
    return sorted(found)


def _outcomes(values: Values, reading: Reading) -> Iterator[Outcome]:
    if values.retailer:
        got = reading.retailer.value.name if reading.retailer else ""
        yield _exact("retailer", values.retailer, got, same_name(values.retailer, got))
    if values.purchased_on:
        day = reading.purchased_on.value.isoformat() if reading.purchased_on else ""
        want = values.purchased_on.isoformat()
        yield _exact("purchased_on", want, day, want == day)
    if values.total is not None:
        total = reading.total.value if reading.total else None
        yield _exact("total", str(values.total), str(total or ""), total == values.total)
    if values.currency:
        got = reading.currency.value if reading.currency else ""
        yield _exact("currency", values.currency, got, got == values.currency)
    if values.items is not None:
        yield _items(values.items, reading.items)


def _exact(field: FieldName, want: str, got: str, right: bool) -> Outcome:
    return Outcome(field, want, got, 1.0 if right else 0.0)


def _items(want: Sequence[Sold], got: Sequence[Item]) -> Outcome:
    wanted = [sold for sold in want if sold.amount]
    read = [item for item in got if item.amount]
    found = pairs(wanted, read)
    paired = len(found)
    share = 2 * paired / (len(wanted) + len(read)) if wanted or read else 1.0
    alike = [_alike(wanted[w], read[g]) / 100 for w, g in found]
    exact = sum(alike) / paired if paired else 0.0
    return Outcome("items", f"{len(wanted)} rows", f"{paired} right of {len(read)}", share, exact)


def same_name(want: str, got: str) -> bool:
    """Whether two prints name one shop: alike, or one begins with or mostly is the other."""
    first, second = squeeze(want), squeeze(got)
    if not first or not second:
        return False
    inside = first in second and 3 * len(first) >= len(second)
    within = second in first and 2 * len(second) >= len(first)
    return inside or within or fuzz.ratio(first, second) >= ALIKE_NAME


def _alike(sold: Sold, item: Item) -> float:
    if not sold.description:
        return 100.0
    return fuzz.ratio(squeeze(sold.description), squeeze(item.description))
