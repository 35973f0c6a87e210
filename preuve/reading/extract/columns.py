"""The columns between name and amount: rates, counts under a title, what insurers pay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.unit_price import (
    Count,
    decimal_of,
    quantities_of,
    times_the_price,
)
from preuve.reading.template.model import Role

_TAX_RATE = re.compile(r"\s+(\d{1,2}(?:[.,]\d{1,2})?)\s?%(?:\s+[^\w\s]?\d+[.,]\d{2}\s?[€$£]?)*$")
_RATE_ALONE = re.compile(r"\s+(\d{1,2}[.,]\d)$")
"""A rate without its sign, with the one decimal that no price has."""

_SHARE = re.compile(r"\s+(?:100|[1-9]\d) ?%$")
"""Which part of a medicine's price an insurance pays."""

_FEWEST_SHARES = 3
_APART = 0.8
"""So far from the name, in heights of a row, stands what is in another column."""

_MOST_IN_RATES = 4
"""What is longer than this in the place of a rate is a word of the name."""

_TITLED = re.compile(r"[xX×]?(-?\d{1,3}(?:[.,]\d(?:\d\d)?)?)")
"""A number that may stand under the title of the counts, or weights; prices have two decimals."""

_TITLES_ABOVE = 6
"""So many rows above the first amount the titles of the columns may stand."""

_SHARES = 3
"""A rate and what two insurances pay."""


@dataclass(frozen=True)
class Columns:
    """What the rows with an amount have before it, on most or all of the paper: a tax's or an
    insurance's rate, which stands from left to right at `rates`, in pixels; the price of each
    before how many; the price of each at all. `shares` is how many columns stand behind the
    amount: the rate of its tax, and who pays which part of it. `counts` is where the title over
    the counts stands, in pixels."""

    rates: tuple[float, float] | None
    prices_first: bool
    prices: bool
    shares: int
    counts: tuple[float, float] | None

    @classmethod
    def of(cls, sheet: Sheet, lines: Sequence[Line]) -> Columns:
        priced = [line for line in lines if line.money]
        titles = _titles_above(sheet, priced[0].index) if priced else None
        counts = _place_of_counts(sheet, titles) if titles else None
        rated = titles is not None and Role.TAX_TABLE in titles.roles
        return cls(
            _place_of_rates(sheet, priced, counts, titled=rated),
            _print_prices_first(lines),
            _print_prices(priced),
            _print_shares(sheet, priced),
            counts,
        )


def _titles_above(sheet: Sheet, first: int) -> Line | None:
    """The last row of titles of columns above the first amount."""
    above = sheet.lines[max(0, first - _TITLES_ABOVE) : first]
    titles = next((x for x in reversed(above) if Role.ITEMS_START in x.roles), None)
    return None if titles is None or titles.money else titles


def _place_of_counts(sheet: Sheet, titles: Line) -> tuple[float, float] | None:
    """Where the title over the counts stands, from left to right: the word that a row has which
    only counts, `Qté : 2`."""
    for word in titles.row.words:
        if any(pattern.match(f"{word.text} 1") for pattern in sheet.lexicon.number_rows):
            return word.box.left, word.box.right
    return None


def _place_of_rates(
    sheet: Sheet, priced: Sequence[Line], counts: tuple[float, float] | None, *, titled: bool
) -> tuple[float, float] | None:
    """Where most have a rate before the amount, and before how many stand under their title: what
    reads so on a few is part of a name, as in "VOLLMILCH 3,5%". `titled` says that a column is
    called so: then half of them are enough."""
    texts = [_before_count(line, line.money[-1], counts) for line in priced]
    rows = list(zip(texts, priced, strict=True))
    rates = [_rate_before(sheet, text, line.money[-1].value) for text, line in rows]
    if 2 * sum(x is not None for x in rates) < len(priced):
        shares = [_SHARE.search(text) for text in texts]
        rates = [found.start() if found else None for found in shares]
        fewest = 1 if titled else _FEWEST_SHARES
        if sum(map(bool, rates)) < max(fewest, len(priced) / 2):
            return None
    boxes = [
        line.box(start + 1, len(text))
        for start, (text, line) in zip(rates, rows, strict=True)
        if start is not None
    ]
    return (min(box.left for box in boxes), max(box.right for box in boxes)) if boxes else None


def _before_count(line: Line, amount: Amount, counts: tuple[float, float] | None) -> str:
    """What stands left of an amount, and of the number under the title of the counts."""
    found = number_under_title(line, amount, counts) if counts else None
    return line.text[: found[1]].rstrip() if found else left_of(line, amount)


def number_under_title(
    line: Line, amount: Amount, counts: tuple[float, float]
) -> tuple[Decimal, int] | None:
    """The number under the title of the counts, and where it begins: behind the name, and with
    nothing but numbers between it and the amount."""
    at = 0
    for word in line.row.words:
        start, at = at, at + len(word.text) + 1
        if at > amount.start:
            break
        middle, beside = (word.box.left + word.box.right) / 2, word.box.height / 2
        number = _TITLED.fullmatch(word.text)
        if not number or not counts[0] - beside <= middle <= counts[1] + beside:
            continue
        if letters_in(line.text[:start]) > 1 and not letters_in(line.text[at : amount.start]):
            return abs(decimal_of(number[1])), start
    return None


def _print_prices_first(lines: Sequence[Line]) -> bool:
    """Whether the price of each stands before how many, where both have decimals ("3,50 2,00
    7,00"): how many are whole numbers oftener. Mostly how many stands first."""
    whole = [0, 0]
    for line in lines:
        plain = [a for a in line.amounts if a.plain and not a.percent]
        for first, second in pairwise(plain[:-1]):
            if Count(first.value, second.value).makes(plain[-1].value):
                whole[0] += not first.value % 1
                whole[1] += not second.value % 1
    return whole[1] > whole[0]


def _print_prices(priced: Sequence[Line]) -> bool:
    """Whether two rows or more have a price before the amount, which is so many times that price,
    or a weight of it, in most of them: then a count that was not read is known by it."""
    both = [line for line in priced if len(line.money) > 1]
    return len(both) > 1 and sum(map(_is_times_a_price, both)) * 4 >= len(both) * 3


def _is_times_a_price(line: Line) -> bool:
    *_, each, amount = line.money
    weights = (x for number in line.amounts if number.measured for x in quantities_of(number))
    return bool(times_the_price(each.value, abs(amount.value))) or any(
        Count(weight, each.value).makes(amount.value) for weight in weights
    )


def _print_shares(sheet: Sheet, priced: Sequence[Line]) -> int:
    """How many columns stand behind the amount: known rates of taxes, and amounts that make no
    more than it, as the shares of an insurance: `2 SPASFON  4,90  9,80  10,00  1,47  0,00`."""
    rows = [[a.value for a in line.money] for line in priced if len(line.money) > _SHARES]
    if len(rows) < 2 or any(row[-_SHARES] not in sheet.lexicon.tax_rates for row in rows):
        return 0
    parts = sum([0 <= sum(row[1 - _SHARES :]) <= row[-_SHARES - 1] for row in rows])
    return _SHARES if parts * 4 >= len(rows) * 3 else 0


def left_of(line: Line, amount: Amount) -> str:
    return line.text[: amount.start].rstrip()


def _rate_before(sheet: Sheet, text: str, value: Decimal) -> int | None:
    """Where the tax rate that a row's text ends in before an amount, or before prices in columns,
    begins; None without one. Without decimals only a rate that is known is one, and not beside
    what is taken off: "REMISE 20% -8,00"."""
    found = (_TAX_RATE if "%" in text else _RATE_ALONE).search(text)
    if found is None:
        return None
    rate = found[1]
    if found.re is _RATE_ALONE:
        return found.start() if decimal_of(rate) in sheet.lexicon.tax_rates else None
    if rate.isdigit():
        known = Decimal(rate) in (0, *sheet.lexicon.tax_rates)
        if not known or value < 0:
            return None
    return found.start()


def begin_of_rate(
    sheet: Sheet, line: Line, text: str, amount: Amount, place: tuple[float, float]
) -> int | None:
    """Where the rate that a row's text ends in before an amount begins, or what stands in the
    place of the others' rates: one that was misread, or a word for none, as "NR"."""
    start = _rate_before(sheet, text, amount.value)
    begin = text.rfind(" ") + 1
    if start is not None or not begin or len(text) - begin > _MOST_IN_RATES or amount.value < 0:
        return start
    box = line.box(begin, len(text))
    apart = box.left - line.box(0, begin - 1).right > _APART * box.height
    return begin if apart and place[0] <= (box.left + box.right) / 2 <= place[1] else None
