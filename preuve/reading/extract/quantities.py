"""How many of an article: what stands behind its name, and what the rows say that only count."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, zip_longest
from math import prod
from typing import NamedTuple

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.cells import COLUMNS, is_gap
from preuve.reading.extract.item_names import LEADING_COUNT, is_sum
from preuve.reading.extract.parts import MOST_UNIT_LETTERS, Part
from preuve.reading.extract.table import words_before
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.unit_price import Count, decimal_of, times_the_price

_SAID = re.compile(
    r"(?:\s*\(\s*[xX×]\s?([1-9]\d?)\s?\)|(?<=\s)[xX×]\s([1-9]\d?)|(?<=^\d{13})\s+[xX×]([1-9]\d?)"
    r"|(?:(?<=\s[xX×]\d)|(?<=\s[xX×]\d\d))\s+[xX×]([1-9]\d?))$"
)
"""What is a count wherever it stands: in brackets, spaced as no pack's size is, behind a code or
behind the size of a pack."""

_WEIGHED = re.compile(
    r"(?:\s|(?<=[^\W\d]\.))(\d{1,2}[.,]\d{3})\s?([kK][gGsSqQ]|[lL])$|\s(\d{2,3}[.,]\d{2})\s?([lL])$"
)
"""A weight as scales tell it, or how much was filled in: no size of a pack is so exact."""

_IN_COLUMN = re.compile(r"[xX×]?([1-9]\d?)p?")
_TIMES = re.compile(r"[x×][1-9]\d?")
_TIMES_BEHIND = re.compile(rf"\s{_TIMES.pattern}$")

_TIMES_BEFORE = re.compile(r"(\d{1,3}|[Il|!\][]?)\s?[xX×*]\s+(?=\S*[^\W\d])")
"""A count and a sign for times before a name, and what engines read for a one."""

_FEWEST = 2
_BY_CHANCE = 8
"""Amounts that just so many of as many have by chance: they can be divided by these counts."""

_POSITION = re.compile(
    r"[*#]?\s?(?:0+(\d{1,3})|(\d{1,3})\s?[.):]|(\d{1,3})(?=\s))\s*(?=\W?[^\W\d_]|\d+ )"
)
_FEWEST_NUMBERED = 3
_SKIPPED = 2
"""A number that was not read is left out between two."""

_NUMBER = re.compile(r"(?<![\d.,])\d{1,4}(?:[.,]\d{1,3})?(?![\d.,]\d|\d)")
_PRICE = re.compile(r"\d+[.,]\d{2,3}")
_MOST_NUMBERS = 4
_CENT = Decimal("0.01")


class _Counted(NamedTuple):
    """A name without the count behind it, the count, and the unit of a weight or volume."""

    name: str
    quantity: Decimal
    unit: str | None = None


def counts_before(parts: Sequence[Part]) -> list[Part]:
    """The parts with a one where a letter or a mark was read for it, `IX Affiche`, `]* Coca`, or
    nothing, on paper whose other names have a count and a sign for times before them."""
    named = [part for part in parts if part.names and part.amount]
    told = [found[1] for part in named if (found := _TIMES_BEFORE.match(part.description))]
    counted = sum(map(str.isdigit, told))
    if counted < _FEWEST or counted == len(told) or 4 * len(told) < 3 * len(named):
        return list(parts)
    return [_counted_before(part) for part in parts]


def _counted_before(part: Part) -> Part:
    found = _TIMES_BEFORE.match(part.description)
    if not part.names or not found or found[1].isdigit():
        return part
    one = "1 x " if found[1] else ""
    return replace(part, description=one + part.description[found.end() :])


def without_positions(parts: Sequence[Part]) -> list[Part]:
    """The parts without the numbers of their rows: `001 CHAUSSETTES`, `002 PIZZA` or `1. CAFE`
    count nothing. Plain numbers may be counts in this very order, if each divides its amount."""
    numbered = {at: x for at, part in enumerate(parts) if (x := _POSITION.match(part.description))}
    told: dict[int, int] = {}
    last = 0
    for at, found in numbered.items():
        number = int(next(filter(None, found.groups())))
        if 0 < number - last <= _SKIPPED:
            told[at] = last = number
    rows = max(len(numbered), sum(part.names for part in parts))
    if len(told) < _FEWEST_NUMBERED or 4 * len(told) < 3 * rows:
        return list(parts)
    marked = any(numbered[at][1] or numbered[at][2] for at in told)
    if not marked and all(_divides(parts[at], number) for at, number in told.items()):
        return list(parts)
    return [
        replace(part, description=part.description[numbered[at].end() :]) if at in told else part
        for at, part in enumerate(parts)
    ]


def _divides(part: Part, number: Decimal | int) -> bool:
    """Whether so many of one price to the cent make the part's amount, if it has one."""
    return part.amount is None or not part.amount.value / number % _CENT


def counted_behind(parts: Sequence[Part]) -> list[Part]:
    """The parts with the counts between names and amounts: those that can be nothing else
    (`Bracelet (x2)   98,00`), and others where most of the parts have one (`Diabolo x2   7,00`,
    `Carnet ligné    2    17,80`), or where they divide too many amounts for sizes of packs."""
    priced = [at for at, part in enumerate(parts) if _may_be_counted(part)]
    found = {at: said for at in priced if (said := _said(parts[at]))}
    others = {at: count for at in priced if at not in found and (count := _in_column(parts[at]))}
    if len(found) + len(others) > max(1.0, len(priced) / 2) or _are_no_packs(parts, others):
        found |= others
    return [_with(part, found[at]) if at in found else part for at, part in enumerate(parts)]


def _are_no_packs(parts: Sequence[Part], counts: Mapping[int, _Counted]) -> bool:
    """Whether what stands behind some names, each time with a small x, counts: all of it divides
    its amount to the cent, as sizes of packs would by chance, or to a price as shops have them
    where the amount is none (`x3   14,97`); and nothing else counts."""
    if any(part.count or part.quantity for part in parts):
        return False
    if {at for at, x in enumerate(parts) if _TIMES_BEHIND.search(x.description)} != counts.keys():
        return False
    told = [(part.amount.value, counts[at].quantity) for at in counts if (part := parts[at]).amount]
    if any(_is_usual(amount / count) and not _is_usual(amount) for amount, count in told):
        return True
    return len(told) >= _FEWEST and prod(count for _, count in told) >= _BY_CHANCE


def _is_usual(price: Decimal) -> bool:
    """Whether a price ends as most do, on 0, 5 or 9 cents."""
    return int(price / _CENT) % 10 in (0, 5, 9)


def _may_be_counted(part: Part) -> bool:
    if part.amount is None or part.amount.value <= 0 or part.count or part.whole:
        return False
    return bool(part.description) and not is_sum(part)


def _said(part: Part) -> _Counted | None:
    """The description before a count or a weight that can be nothing else."""
    found = _SAID.search(part.description)
    if found:
        count = Decimal(next(filter(None, found.groups())))
        return _Counted(part.description[: found.start()], count)
    weighed = _WEIGHED.search(part.description)
    if weighed is None:
        return None
    weight, unit = filter(None, weighed.groups())
    unit = "l" if unit in "lL" else "kg"
    return _Counted(part.description[: weighed.start()], decimal_of(weight), unit)


def _in_column(part: Part) -> _Counted | None:
    """The description before what may be a count, and the count, where it divides the amount to
    the cent: behind a gap, or with a small x."""
    assert part.amount is not None
    name, _, last = part.description.rpartition(" ")
    number = _IN_COLUMN.fullmatch(last)
    if not name or not part.names or not number:
        return None
    words = words_before(part.line, part.amount.start)
    while words and words[-1].text != last:  # a column behind it, as that of rates
        words.pop()
    apart = len(words) > 1 and is_gap(words[-2], words[-1], COLUMNS)
    quantity = Decimal(number[1])
    fits = _divides(part, quantity) and (apart or _TIMES.fullmatch(last))
    return _Counted(name, quantity) if fits else None


def _with(part: Part, counted: _Counted) -> Part:
    assert part.amount is not None
    each = part.amount.value / counted.quantity
    price = each.quantize(_CENT) if counted.unit else each
    count = Count(counted.quantity, price, counted.unit)
    return replace(part, description=counted.name, count=count)


def given_counts(parts: Sequence[Part]) -> list[Part]:
    """The parts without the rows that only count: each count is its neighbour's whose amount it
    makes, or, where it has no price, the article's that it stands below."""
    given: list[Part] = []
    pending: Count | None = None
    for part, following in zip_longest(parts, parts[1:]):
        below = following.amount if following else None
        if not part.names and part.amount is not None and _gives(given, part):
            continue
        if part.amount is not None:
            given.append(replace(part, count=part.count or pending) if pending else part)
            pending = None
        elif count := _counted(part, given, below):
            makes_below = bool(below and count.makes(below.value))
            if not _give(given, count, refunds=not makes_below):
                pending = count if makes_below else None
                if part.count and part.description:
                    given.append(part)
        elif part.count and not part.description:
            continue
        elif part.quantity is not None:
            if not (following and below and not following.names):
                _give_number(given, part.quantity)
            elif part.description:
                given.append(part)
        else:
            given.append(part)
    return _without_tax_codes(given)


def _counted(part: Part, given: Sequence[Part], below: Amount | None) -> Count | None:
    """The count of a row that makes one of its neighbours' amounts: as it was read, or from its
    numbers."""
    above = _last_amount(given)
    counts = (part.count, _each(part, given), _told(part, above), _told(part, below))
    amounts = [amount.value for amount in (above, below) if amount]
    return next((x for x in counts if x and any(map(x.makes, amounts))), None)


def _each(part: Part, given: Sequence[Part]) -> Count | None:
    """How many make the amount above, which says no count itself, by a row of the price of each
    alone: `(0,95 € / unité)`."""
    at, amount = _last_priced(given), _last_amount(given)
    if at is None or amount is None or part.count is None or part.count.quantity != 1:
        return None
    price = part.count.unit_price
    times = times_the_price(price, amount.value)
    counted = LEADING_COUNT.match(given[at].description)
    return Count(Decimal(times), price) if times > 1 and not counted else None


def _told(part: Part, amount: Amount | None) -> Count | None:
    """Two numbers of a row with few letters that make its neighbour's amount, whatever was read
    between them: "2 H 13,90", "46,11 1 x 1,604", "20,94L 1,872 EUR/L"."""
    text = part.line.text
    if amount is None or letters_in(text) > MOST_UNIT_LETTERS:
        return None
    numbers = _NUMBER.findall(text.replace("€", ","))
    if len(numbers) > _MOST_NUMBERS:
        return None
    for quantity, price in combinations(numbers, 2):
        count = Count(decimal_of(quantity), decimal_of(price))
        if _PRICE.fullmatch(price) and count.quantity != 1 and count.makes(amount.value):
            return count
    return None


def _gives(given: list[Part], part: Part) -> bool:
    """Whether a row of numbers alone tells how many at what price make the amount above it, whose
    row on leaning paper it is: `2   6,80` below `NEMS PORC   13,60`."""
    count = _told(part, _last_amount(given))
    return count is not None and _give(given, count, refunds=False)


def _give(given: list[Part], count: Count, *, refunds: bool) -> bool:
    """Gives a count to the last amount, if it makes that; `refunds` says to negative ones, too."""
    at, amount = _last_priced(given), _last_amount(given)
    if at is None or amount is None or given[at].count or not count.makes(amount.value):
        return False
    if amount.value < 0 and not refunds:
        return False
    given[at] = replace(given[at], count=count)
    return True


def _give_number(given: list[Part], quantity: Decimal) -> None:
    """Gives a number without a price to the last amount, if that has none yet."""
    at = _last_priced(given)
    if at is not None and not given[at].count and quantity:
        given[at] = _with(given[at], _Counted(given[at].description, quantity))


def _last_amount(parts: Sequence[Part]) -> Amount | None:
    at = _last_priced(parts)
    return None if at is None else parts[at].amount


def _last_priced(parts: Sequence[Part]) -> int | None:
    return next((at for at in reversed(range(len(parts))) if parts[at].amount), None)


def _without_tax_codes(parts: list[Part]) -> list[Part]:
    """The parts without the numbers before their names, where other rows count otherwise: they
    are codes of taxes ("3 SOURIS   49,80" above "2 U A 24,90")."""
    led = [(part, LEADING_COUNT.match(part.description)) for part in parts]
    counted = [(part.count, x) for part, x in led if part.amount and part.count and x]
    if not counted or any(
        count.quantity == Decimal(x[1].replace(",", ".")) for count, x in counted
    ):
        return parts
    return [
        replace(part, description=part.description[x.end() :], vat_code=x[1])
        if x and part.amount and len(x[1]) == 1
        else part
        for part, x in led
    ]
