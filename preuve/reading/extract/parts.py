"""One row of the item block, taken apart: description, amount, quantity and unit price."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.columns import Columns, begin_of_rate, left_of, number_under_title
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.unit_price import (
    THOUSANDTHS,
    Count,
    decimal_of,
    quantities_of,
    times_the_price,
    unit_price_of,
)
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.template.model import Role

_CENTS = Decimal("0.01")
_COLUMN = 0.28
"""Amounts of the item block end on the right; what ends farther left of the column's end than
this share of the paper is a unit price."""

_TRAILING = re.compile(r"(?:\.{2,}|(?<![^\W\d_])\.|[\s:·*…_=|@$€£(-])+$")
"""What leads from a name to its amount; one dot right behind a letter abbreviates: "6 pers."."""

_NUMBERS_BEFORE = re.compile(
    r"(?:\s+(?:(?:[^\w\s]{0,2}|(?:\d{1,3})?[xX×]|CHF|EUR|RM|Rp|Rs)\d+[.,]\d{2,3}[%€$£]?"
    r"|[xX×*@=à]|[^\w\s]|(?:CHF|EUR|RM|Rp)\b)|"
    r"\s+\d{1,3}(?=\s+(?:[^\w\s]{0,2}\d+[.,]\d{2,3}|[xX×*@])))+\s*$"
)
_RULE = re.compile(r"([^\W\d_])\1{3,}")
_EACH = re.compile(r"(?:\s+[xX×*@=à])+$")
"""What stands between a name and the price of each: `Soda 50cl à 4,50`."""

_TIMES = re.compile(r"(?<![^\W_])[xX](?![^\W_])")
_COUNT_BEFORE = re.compile(r"^\W?\d+[.,]\d{2}[€$£]?\s+\d{1,3}\s+(?=\S*[^\W\d]{2})")
_UNITS_ALONE = re.compile(
    r"(?:[\d.,\s€x×*@/]|(?:kg|g|l|cl|ml|pc|pce|u|eur|chf)\b(?:\(s\))?)*", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\W?(?:(\d{1,3})\s?(?:pcs?|pces?|stk|p|u|paires?|pi[eè]ces?)\.?(?:\(s\))?"
    r"|(\d{1,2}[.,]\d{3})\s?kg)\W?",
    re.IGNORECASE,
)
"""How many pieces, or what was weighed as scales tell it; sizes, `10L`, may end a name."""

_FACTOR = re.compile(r"(?<![\w.,])([1-9]\d?)\s?(?:[^\W\d]{2,10}\.?\s?)?[xX×]\s?$")
"""What a count is multiplied with: `2 pers. x 3 nuits x 0,80`."""

_COUNTED = re.compile(r"\d\D+\d+\D+\d")
"""How many, and a price with its cents; most rows have an amount alone."""

_CODE = re.compile(r"\d{5}(?![\d.,])")
_FILLED = re.compile(r"\d+[.,]\d{2}\s?[lL]")
"""What was filled in, at a price that may have three decimals."""

_REFERENCE = re.compile(r"[^\W\d_]+[.:°]*\s*\d{4,}")
"""An article's number and what it is called, before its count: `Code 544426 Qté 1 PU 36,99`."""

_WORD = re.compile(r"[^\W\d_]{4}")
"""What is longer than a unit or a currency."""

_SAID_IN = 3
"""A row ends in how many there are in so many words: "Qté : 2"."""

_TOLD = re.compile(r"\S+")
_UNIT_LETTERS = 2
"""A weight's unit, as "kg"."""

MOST_UNIT_LETTERS = 12
"""A row that counts has no more letters than units, currencies and a tax code, and none but the
code before the count: "0,542 kg x 3,99 EUR/kg 2,16 EUR A"."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Part(Keeping):
    """A row sorted into what it brings: a name, an amount, a count, or several of them.

    `whole` says that a template's pattern took the row apart, to the last sign; `quantity` and
    the codes are what it found.
    """

    line: Line
    description: str
    amount: Amount | None
    count: Count | None
    quantity: Decimal | None = None
    product_code: str | None = None
    vat_code: str | None = None
    whole: bool = False

    @cached_property
    def names(self) -> bool:
        """Whether the row has words, or names a fuel, as `E85` does: a rule may be read as one
        letter again and again."""
        if letters_in(self.description) < 2:
            return Role.FUEL in self.line.roles
        return not _RULE.fullmatch(self.description)


def take_apart(sheet: Sheet, line: Line, columns: Columns) -> Part:
    """The row's description, its amount in the column of amounts, and its count."""
    amount = _amount_of(sheet, line, columns)
    printed, span = printed_count(sheet, line)
    apart = amount is not None and (len(line.money) > 1 or amount.start >= span[1])
    own = bool(printed and amount and apart and printed.makes(amount.value))
    units_alone = letters_in(line.text) <= MOST_UNIT_LETTERS
    before = line.text[: span[0]].strip()
    counts = units_alone and (letters_in(before) <= 1 or bool(_REFERENCE.fullmatch(before)))
    if printed and not own and counts:
        # A digit was misread, and yet what stands behind the count in the column is the amount.
        behind = amount if amount and amount.start >= span[1] else None
        return Part(line, "", behind, None if behind else printed)
    if amount is None:
        said, text = _said_number(sheet, line.text)
        if printed and not said:
            text = line.text[: span[0]]
        return Part(line, _name(text), None, None if said else printed, said)
    if own and line.text[: span[0]].strip() == "":
        behind_count = line.text[span[1] : amount.start]
        if _WORD.search(behind_count):
            return Part(line, _name(behind_count), amount, printed)
        if counts:
            return Part(line, "", amount, printed)
    found = (printed, span) if printed and own else None
    count, left = _count_before(sheet, line, columns, amount, found)
    left = left[_first_date_ends(sheet, line, left) :]
    said, left = (None, left) if count else _said_number(sheet, left)
    if count and units_alone and _only_counts(sheet, line, amount):
        return Part(line, "", amount, count)
    if count and _UNITS_ALONE.fullmatch(left):
        return Part(line, "", amount, count)
    if not count and not said and (alone := _MEASURED.fullmatch(left)):
        number = next(filter(None, alone.groups()))
        return Part(line, "", amount, None, decimal_of(number))
    return Part(line, _name(left), amount, count, said)


def _count_before(
    sheet: Sheet,
    line: Line,
    columns: Columns,
    amount: Amount,
    printed: tuple[Count, tuple[int, int]] | None,
) -> tuple[Count | None, str]:
    """How many a row counts before its amount, and the text left of what says so. `printed` is
    what one of the template's row patterns found and where, if it makes the amount."""
    count, begin = (printed[0], None) if printed else _count_by_columns(line, columns, amount)
    text = left_of(line, amount)
    left = _EACH.sub("", text[:begin].rstrip()) if begin is not None else text
    if columns.rates:
        left = left[: begin_of_rate(sheet, line, text, amount, columns.rates)].rstrip()
    told = printed is not None and not letters_in(line.text[printed[1][1] : amount.start])
    if printed and told:  # "BANANY 1,316 kg x 6,99 9,20", "Limonade (2 x 3,50) 7,00"
        left = line.text[: printed[1][0]].rstrip()
    rated = None if count else _count_at_rate(sheet, line, amount)
    rated = rated or _marked_down(line, len(left), count or Count(Decimal(1), amount.value))
    if not count and not rated and columns.counts:
        rated = _count_under_title(line, amount, columns.counts)
    if rated:
        left = line.text[: rated[1]].rstrip()
        if columns.rates:
            left = left[: begin_of_rate(sheet, line, left, amount, columns.rates)].rstrip()
        return rated[0], left
    if count and begin is None and not told:
        left = _without_count(left)
    return count, left


def _amount_of(sheet: Sheet, line: Line, columns: Columns) -> Amount | None:
    """The row's amount in the column of amounts, before what insurances pay of it."""
    reach = sheet.money_right - _COLUMN * sheet.printed_width
    money = [a for a, end in zip(line.money, line.money_ends, strict=True) if end >= reach]
    if columns.shares and len(line.money) > columns.shares:
        money = list(line.money[: -columns.shares])
    return money[-1] if money and not _is_of_no_sale(line, money[-1]) else None


def _is_of_no_sale(line: Line, amount: Amount) -> bool:
    """Whether the next words say that an amount is none that is paid: `4,79 Indisponible`."""
    behind = (line.spans[x.start][0] for x in line.labels if x.role is Role.IGNORE)
    return any(at >= amount.stop and not line.text[amount.stop : at].strip() for at in behind)


def _first_date_ends(sheet: Sheet, line: Line, text: str) -> int:
    """Where the date that is the first column of a row's text ends; 0 without one."""
    if not sheet.lexicon.dates.find(line.text):
        return 0  # nor has any part of the row
    first = next(iter(sheet.lexicon.dates.find(text)), None)
    return first.stop if first and first.start == 0 and first.form in ("same", "named") else 0


def printed_count(sheet: Sheet, line: Line) -> tuple[Count | None, tuple[int, int]]:
    """What one of the template's row patterns finds in the row, and where."""
    lexicon = sheet.lexicon
    counted = _COUNTED.search(line.text) is not None
    for pattern in lexicon.row_patterns if counted else lexicon.price_patterns:
        match = pattern.search(line.text)
        if match is None:
            continue
        groups = match.groupdict()
        quantity = decimal_of(groups.get("quantity") or "1")
        unit_price = unit_price_of(sheet, groups["unit_price"])
        if quantity and unit_price is not None:
            unit = (groups.get("unit") or "").lower().replace("q", "g")
            start, stop = match.span()
            if factor := _FACTOR.search(line.text, 0, start):
                quantity, start = quantity * int(factor[1]), factor.start()
            return Count(quantity, unit_price, unit or None), (start, stop)
    return None, (0, 0)


def _said_number(sheet: Sheet, text: str) -> tuple[Decimal | None, str]:
    """How many there are by a text that says so last, and what it says before: "Quantité : 2",
    "NOIR PTE 38 QTE 1"."""
    if not text[-1:].isdigit():
        return None, text
    starts = [found.start() for found in _TOLD.finditer(text)][-_SAID_IN:]
    for pattern in sheet.lexicon.number_rows:
        for start in {0, *starts}:
            if found := pattern.match(text[start:]):
                return decimal_of(found["quantity"]), text[:start]
    return None, text


def _only_counts(sheet: Sheet, line: Line, amount: Amount) -> bool:
    """Whether a row says no more before its amount than how many at what price each:
    "Menge: 2 EP 4,50", "Qty:1 @19.90"."""
    text = left_of(line, amount)
    ends = [found.end() for found in _TOLD.finditer(text)][:_SAID_IN]
    return any(
        pattern.match(text[:end]) and letters_in(text[end:]) <= _UNIT_LETTERS
        for pattern in sheet.lexicon.number_rows
        for end in ends
    )


def _count_by_columns(
    line: Line, columns: Columns, amount: Amount
) -> tuple[Count | None, int | None]:
    """Numbers of the row whose product is the amount, no pattern needed; and where their columns
    begin in its text, if nothing but numbers stands from there on."""
    numbers = [a for a in line.amounts if a is not amount and not a.percent]
    if columns.shares:
        numbers = [a for a in numbers if a.stop <= amount.start]
    filled = {n for n in numbers if _FILLED.fullmatch(n.text)}
    fuel = Role.FUEL in line.roles
    prices = [n for n in numbers if n.value and (n.plain or filled or fuel) and n not in filled]
    for price in prices if columns.prices_first else reversed(prices):
        # A code of taxes behind the amount may be the same number as the count.
        for other in sorted(numbers, key=lambda x: (x.start > amount.start, -x.start)):
            for quantity in map(abs, quantities_of(other)):
                # A litre's price has three decimals, whatever mark: "29,64L 1.829".
                each = quantities_of(price) if fuel or other in filled else (price.value,)
                counts = (Count(quantity, unit_price) for unit_price in each)
                count = next((x for x in counts if x.makes(amount.value)), None)
                if fuel and count and count.quantity < count.unit_price:
                    continue  # litres stand before or behind their price
                if other is not price and quantity and count:
                    return count, _columns_begin(line, (other, price), amount)
    for price in prices:
        if abs(price.value) == abs(amount.value):
            # What a deposit is called by, rather than a column: "PFAND 0,25 EURO".
            named = Role.DEPOSIT in line.roles and not columns.prices
            begin = _columns_begin(line, (price,), amount)
            return (None, None) if named else (Count(Decimal(1), amount.value), begin)
        times = times_the_price(price.value, amount.value)
        if times > 1 and (columns.prices or re.search(rf"(?<!\d){times}(?!\d)", line.text)):
            return Count(Decimal(times), price.value), None
    return None, None


def _columns_begin(line: Line, factors: Sequence[Amount], amount: Amount) -> int | None:
    """Where the first factor begins that only rates and other sums follow, no words or codes; or
    the same count before it, of what was ordered. Sizes, `1L` and `X2`, are part of the name."""
    for factor in sorted(factors, key=attrgetter("start")):
        weighed = any(x.fullmatch(factor.text) for x in (THOUSANDTHS, _FILLED))
        columns, before = line.text[factor.start : amount.start], line.text[: factor.start]
        if before[-1:].strip() or _CODE.search(columns):
            continue
        if letters_in(_TIMES.sub("", columns)) <= (_UNIT_LETTERS if weighed else 0):
            ordered = factor.text.isdecimal() and before.endswith(f" {factor.text} ")
            return factor.start - ordered * (len(factor.text) + 1)
    return None


def _count_at_rate(sheet: Sheet, line: Line, amount: Amount) -> tuple[Count, int] | None:
    """The three numbers before an amount that make it: how many, the price of each (or the other
    way round), and the rate of the tax that comes on it or of the discount that is taken off.
    The count, and where these columns begin in the row's text."""
    columns = [a for a in line.amounts if a.stop <= amount.start][-3:]
    if len(columns) < 3 or amount.value <= 0:
        return None
    first, second, last = columns
    counted, priced = (first, second) if second.plain else (second, first)
    quantity, price, rate = counted.value, priced.value, last.value
    known = abs(rate) in sheet.lexicon.tax_rates
    if not priced.plain or quantity <= 0 or price <= 0 or not (known or last.percent):
        return None
    if letters_in(line.text[first.start : amount.start]):
        return None
    factors = [1 - abs(rate) / 100] if last.percent else []
    factors += [1 + rate / 100] if known else []
    if not any(Count(quantity, price * factor).makes(amount.value) for factor in factors):
        return None
    return Count(quantity, amount.value / quantity), first.start


def _count_under_title(
    line: Line, amount: Amount, counts: tuple[float, float]
) -> tuple[Count, int] | None:
    """The count that stands under its title, whatever prices stand behind it, as those without
    tax; and where it begins in the row's text."""
    found = number_under_title(line, amount, counts)
    if not found or not found[0]:
        return None
    each = abs(amount.value) / found[0]
    return Count(found[0], each.quantize(_CENTS)), found[1]


def _marked_down(line: Line, stop: int, count: Count) -> tuple[Count, int] | None:
    """The count, and where the price of each before a discount begins, where this and the
    discount's rate are the last before `stop`: `PULL 59,99 -50% 30,00`."""
    before = [a for a in line.amounts if a.stop <= stop][-2:]
    if len(before) < 2 or not before[1].percent or not before[0].plain:
        return None
    price, rate = before
    each = Count(1 - abs(rate.value) / 100, price.value)
    if letters_in(line.text[price.start : stop]) or not each.makes(count.unit_price):
        return None
    return count, price.start


def _without_count(left: str) -> str:
    """A name without the columns of a count that stand behind it, or a price and how many that
    stand before it."""
    # The amount itself is put back, so that a count is known by the number that follows it.
    return _NUMBERS_BEFORE.sub("", f"{_COUNT_BEFORE.sub('', left)} 0.00")


def _name(text: str) -> str:
    """A name without what leads from it to its amount."""
    return _TRAILING.sub("", text).strip()
