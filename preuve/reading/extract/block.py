"""The rows of the paper that may be items: from the head's end to the first sum."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from preuve.reading.extract.cells import cells
from preuve.reading.extract.dates import PrintedDate, find_times
from preuve.reading.extract.figures import SUMS, TENDERS, is_sold, is_tax_heading, main_role
from preuve.reading.extract.lines import line_of
from preuve.reading.extract.parts import printed_count
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import CURRENCY_LETTERS, letters_in
from preuve.reading.page import Row
from preuve.reading.template.model import Role

_ENDS = frozenset({Role.TOTAL, Role.SUBTOTAL, Role.NET_TOTAL, Role.CHANGE, *TENDERS}) - {
    Role.GIFT_CARD,
    Role.CHECK,
}

GROUP_SUMS = frozenset({Role.TOTAL, Role.SUBTOTAL})
"""Labels of what some of the articles make: `Sous-total Boucherie`, `Total fruits`."""

_TITLES = frozenset({Role.ITEMS_START, Role.ITEM_COUNT, Role.WEAK_TOTAL, Role.TOTAL, Role.TAX})
"""Labels that are titles of an item table's columns, too."""

_MAIL = re.compile(r"\w@[\w-]+\.[a-z]{2}", re.I)

_DURATION = re.compile(r"(?<=\s)[1-4][hH][0-5]\d$")

_NAMED = 4
"""Letters that name an item in its row."""


def item_block(sheet: Sheet) -> tuple[Line, ...]:
    """The rows that may be items: from the head's end to the first sum."""
    lines = sheet.lines_in("items")
    titled = _titles(lines) if sheet.is_letter else 0
    priced = ((i, x) for i, x in enumerate(lines) if x.money and i >= titled)
    first = next((i for i, x in priced if _may_be_sold(sheet, x)), None)
    if first is None:
        return ()
    headed = [
        i for i, x in enumerate(lines[:first]) if Role.ITEMS_START in x.roles and main_role(x, 0.3)
    ]
    headed = headed or [titled] * (titled > 0)
    start = headed[-1] + 1 if headed else max(0, first - 2)
    groups = _group_sums(lines, start)
    ends = (i for i, x in enumerate(lines) if i >= first and i not in groups and _ends(sheet, x))
    stop = next(ends, len(lines))
    return tuple(x for i, x in enumerate(lines[start:stop], start) if i not in groups)


def _may_be_sold(sheet: Sheet, line: Line) -> bool:
    """Whether a row with an amount is no sum: `net` may tell a weight, `0,825 kg net à 4,25`, and
    `TTC` the price of each, `Qté 2 PU TTC 8,65 17,30`."""
    role = main_role(line)
    if role not in SUMS or is_sold(sheet, line):
        return True
    if role is Role.WEAK_TOTAL and any(a.measured for a in line.amounts):
        return True
    count = printed_count(sheet, line)[0] if role is Role.IGNORE else None
    return count is not None and count.makes(line.money[-1].value)


def _titles(lines: Sequence[Line]) -> int:
    """The first row of column titles on a letter, where sums may stand above the items; else 0."""
    for at, line in enumerate(lines):
        if not is_titles(line):
            continue
        below = next((x for x in lines[at + 1 :] if x.money), None)
        if below is not None and main_role(below) not in SUMS and letters_in(below.text) >= _NAMED:
            return at
    return 0


def is_titles(line: Line) -> bool:
    """Whether a row of a letter is the titles of a table's columns."""
    columns = len(cells(line.row))
    if line.money or columns < 2 or any(map(str.isdigit, line.text)):
        return False
    called = {x.start for x in line.labels if x.role in _TITLES}
    return Role.ITEMS_START in line.roles or (columns > 2 and len(called) > 1)


def _group_sums(lines: Sequence[Line], start: int) -> frozenset[int]:
    """Which rows are sums of the articles since the sum before, where the next sum is what they
    make: "Total fruits 3,20"."""
    groups: list[int] = []
    made = Decimal(0)
    sold = False
    for at, line in enumerate(lines[start:], start):
        if not line.money:
            continue
        value = line.money[-1].value
        if main_role(line, 0.2) not in GROUP_SUMS:
            sold = sold or main_role(line) not in SUMS
        elif len(groups) > 1 and value == made and not sold:
            return frozenset(groups)
        elif not sold:
            break
        else:
            groups.append(at)
            made, sold = made + value, False
    return frozenset()


def _ends(sheet: Sheet, line: Line) -> bool:
    """Whether the row is the first sum (its amount beside it or alone below), or a tax summary."""
    if is_tax_heading(line) or (Role.ITEMS_END in line.roles and not line.money):
        return True
    role = main_role(_beside_amount(sheet, line), 0.5)
    if role is Role.TAX_TABLE and any(x.role is role and x.length > 1 for x in line.labels):
        return True
    if role not in _ENDS or (role in TENDERS and is_sold(sheet, line)):
        return False
    if line.money:
        return True
    follower = sheet.lines[line.index + 1 : line.index + 2]
    alone = bool(follower and follower[0].money and letters_in(follower[0].text) <= 4)
    return alone and len(line.words) <= 4 and Role.ITEMS_START not in line.roles


def _beside_amount(sheet: Sheet, line: Line) -> Line:
    """On a letter, where sums may stand beside another table, the amount's own part of the row."""
    if not sheet.is_letter or not line.money:
        return line
    parts = cells(line.row)
    left = line.box(line.money[-1].start, line.money[-1].stop).left
    last = next((n for n, x in enumerate(parts) if x.box.right > left), 0)
    own = parts[last]
    if letters_in(own.text) <= CURRENCY_LETTERS and last:
        own = Row((*parts[last - 1].words, *own.words))
    return line_of(line.index, line.page, own, sheet.lexicon)


def _is_another_day(line: Line, day: PrintedDate) -> bool:
    """Whether the words before a date say that it is not the purchase's."""
    before = (x for x in line.labels if line.spans[x.stop - 1][1] <= day.start)
    return any(x.role is Role.OTHER_DATE for x in before)


def is_head(sheet: Sheet, line: Line) -> bool:
    """A row of the head inside the block: column titles, the date, the receipt's number, who buys
    by the address of their mail.

    A date may also be the first column of an item: a hotel's nights.
    """
    if "@" in line.text and _MAIL.search(line.text):
        return True
    dated = [d for d in sheet.lexicon.dates.find(line.text) if d.form in ("same", "named")]
    if dated:
        if sheet.is_letter and line.money and letters_in(line.text[: dated[0].start]) >= _NAMED:
            # What was done, and when: a column of an invoice's items.
            return False
        if line.money and line.money[-1].start > dated[0].stop and _is_another_day(line, dated[0]):
            # What is sold has a day of its own: a draw's, a prescription's.
            return False
        between = line.before_amounts[dated[0].stop :]
        if dated[0].start > 0 or letters_in(between) < _NAMED or find_times(between):
            return True
        # "19/11/2026 Vendeuse: SOPHIE" names no item.
        return not line.money and ":" in between
    if line.money:
        return False
    titled = line.roles & {Role.ITEMS_START, Role.DATE, Role.RECEIPT_NUMBER}
    if titled == {Role.ITEMS_START} and len(line.words) == 2 and line.words[1].isdigit():
        return False  # "Qty: 2" counts the article above
    if Role.ITEMS_START not in titled and not any(map(str.isdigit, line.text)):
        return False
    if titled and main_role(line, 0.3):
        return True
    return bool(find_times(line.text)) and not _lasts(line)


def _lasts(line: Line) -> bool:
    """Whether a row that no label begins ends in how long it takes: `Rituel hammam 1h30`."""
    found = _DURATION.search(line.text)
    return (
        found is not None and not line.labels and letters_in(line.text[: found.start()]) >= _NAMED
    )
