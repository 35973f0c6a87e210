"""Tables whose last column is the tax in each amount: `ICE Fahrkarte 76,19 4,98`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.taxes import is_tax_in
from preuve.reading.extract.text import letters_in

_NAMED = 4
"""Letters of a row that is no code of a tax summary."""


def without_tax_column(sheet: Sheet) -> Sheet:
    """A letter's sheet where what is the tax in the amount before it is no amount of its row:
    on every row of words with two amounts, and on more than one."""
    if not sheet.is_letter:
        return sheet
    rows = list(_of_two_amounts(sheet.lines))
    if len(rows) < 2 or not all(_ends_in_its_tax(x, sheet.lexicon.tax_rates) for x in rows):
        return sheet
    cut = {x.index: x.money[-1] for x in rows}
    lines = (
        replace(x, amounts=tuple(a for a in x.amounts if a is not cut.get(x.index)))
        for x in sheet.lines
    )
    return replace(sheet, lines=tuple(lines))


def _of_two_amounts(lines: Sequence[Line]) -> Iterator[Line]:
    for line in lines:
        if len(line.money) == 2 and letters_in(line.text) >= _NAMED:
            yield line


def _ends_in_its_tax(line: Line, rates: Collection[Decimal]) -> bool:
    gross, tax = (amount.value for amount in line.money)
    if not 0 < tax < gross or any(amount.percent for amount in line.amounts):
        return False
    return any(is_tax_in(gross, rate, tax) for rate in rates)
