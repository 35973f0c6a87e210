"""Totals and dates that are not as they were first read: what an engine held second, or what the
items make of the digits that are left."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.dates import PrintedDate
from preuve.reading.extract.figures import Figure
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import digits_in
from preuve.reading.result import Item
from preuve.reading.template.model import Role

_CALLED = 0.4
"""The share of a row's letters from which a total's label says what the row is."""


def second_readings(
    sheet: Sheet, figures: Sequence[Figure], known: dict[Decimal, list[Figure]]
) -> Iterator[tuple[Decimal, Figure]]:
    """Values that an engine held second, or a code says, for an amount beside a total's label."""
    for figure in figures:
        if Role.TOTAL in figure.roles and not figure.in_table:
            for value in sheet.other_values(figure.line, figure.amount):
                if value > 0 and value not in known:
                    yield value, figure
            if sheet.code and sheet.code.total and sheet.code.total not in known:
                yield sheet.code.total, figure


def cut_short(
    sheet: Sheet,
    figures: Sequence[Figure],
    items: Sequence[Item],
    known: Mapping[Decimal, list[Figure]],
) -> Iterator[tuple[Decimal, Figure]]:
    """What the items make, where the digits beside a total's label are those but for one: the
    14,44 of "TOTAL 14,4", the 7,60 of "TOTAL 7 6"."""
    made = sum((i.amount for i in items), Decimal(0))
    if len(items) < 2 or made <= 0 or made in known:
        return
    beside = [f for f in figures if f.roles == {Role.TOTAL} and f.beside and not f.in_table]
    beside += _without_a_mark(sheet)
    for figure in beside:
        digits = digits_in(figure.line.text[figure.amount.start :])
        if len(digits) > 1 and _lacks_one(digits, digits_in(str(made))):
            yield made, figure


def not_read(
    sheet: Sheet, figures: Sequence[Figure], items: Sequence[Item], paid: Container[Decimal]
) -> Iterator[tuple[Decimal, Figure]]:
    """What the items make and the cash less its change, where no amount could be read beside the
    only total's label: the 18,66 of "TOTAL 18 bb"."""
    made = sum((i.amount for i in items), Decimal(0))
    if made <= 0 or made not in paid or any(Role.TOTAL in f.roles for f in figures):
        return
    for line in sheet.lines:
        label, share = line.main_label or (None, 0.0)
        if label and label.role is Role.TOTAL and not line.money and share >= _CALLED:
            start = line.spans[label.start][0]
            printed = line.text[line.spans[label.stop - 1][1] :].strip()
            amount = Amount(made, start, len(line.text), printed, plain=False)
            yield (
                made,
                Figure(line, amount, (label,), share, beside=True, last=True, in_table=False),
            )


def _without_a_mark(sheet: Sheet) -> Iterator[Figure]:
    """Rows that are called a total and have numbers, none of which is a sum of money."""
    for line in sheet.lines:
        label, share = line.main_label or (None, 0.0)
        numbers = [a for a in line.amounts if label and a.start >= line.spans[label.stop - 1][1]]
        if label and label.role is Role.TOTAL and numbers and not line.money and share > 0.5:
            yield Figure(line, numbers[0], (label,), share, beside=True, last=True, in_table=False)


def _lacks_one(digits: str, whole: str) -> bool:
    """Whether digits are those of the whole but for one."""
    return any(whole[:at] + whole[at + 1 :] == digits for at in range(len(whole)))


def dates_held_second(
    sheet: Sheet, lines: Iterable[Line], order: str
) -> Iterator[tuple[Line, PrintedDate]]:
    """The dates in what an engine held second: `07SEP24` where it read `87SEP24`, which is none."""
    for line in lines:
        for text, _, _ in line.read_otherwise(0, len(line.text)):
            yield from ((line, printed) for printed in sheet.lexicon.dates.find(text, order))


def other_dates(
    sheet: Sheet, line: Line, printed: PrintedDate, order: str
) -> Iterator[PrintedDate]:
    """The dates that an engine held second for this one: `12/28/18` where it read `12/20/18`."""
    for text, _, _ in line.read_otherwise(printed.start, printed.stop):
        for again in sheet.lexicon.dates.find(text, order):
            same_place = again.start < printed.stop and printed.start < again.stop
            if same_place and again.form == printed.form:
                yield again
