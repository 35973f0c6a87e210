"""One row of the item block, taken apart: description, amount, quantity and unit price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.template.model import Role

_CENT = Decimal("0.011")
_CENTS = Decimal("0.01")
_MOST = 100
"""So many of one article nobody buys."""

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
_UNITS_ALONE = re.compile(
    r"(?:[\d.,\s€x×*@/]|(?:kg|g|l|cl|ml|pc|pce|u|eur|chf)\b(?:\(s\))?)*", re.IGNORECASE
)
_MEASURED = re.compile(
    r"\W?(?:(\d{1,3})\s?(?:pcs?|pces?|stk|p|u)\.?|(\d{1,2}[.,]\d{3})\s?kg)\W?", re.IGNORECASE
)
"""How many pieces, or what was weighed as scales tell it; sizes, `10L`, may end a name."""
_FACTOR = re.compile(r"(?<![\w.,])([1-9]\d?)\s?(?:[^\W\d]{2,10}\.?\s?)?[xX×]\s?$")
"""What a count is multiplied with: `2 pers. x 3 nuits x 0,80`."""
_COUNTED = re.compile(r"\d\D+\d+\D+\d")
"""How many, and a price with its cents; most rows have an amount alone."""
_CODE = re.compile(r"\d{5}(?![\d.,])")
_THOUSANDTHS = re.compile(r"\D*(\d+)[.,](\d{3})\D*")
_FILLED = re.compile(r"\d+[.,]\d{2}\s?[lL]")
"""What was filled in, at a price that may have three decimals."""
_WORD = re.compile(r"[^\W\d_]{4}")
"""What is longer than a unit or a currency."""

_TITLED = re.compile(r"[xX×]?(-?\d{1,3}(?:[.,]\d(?:\d\d)?)?)")
"""A number that may stand under the title of the counts, or weights; prices have two decimals."""
_TITLES_ABOVE = 6
"""So many rows above the first amount the titles of the columns may stand."""

_SAID_IN = 3
"""A row ends in how many there are in so many words: "Qté : 2"."""

_TOLD = re.compile(r"\S+")

_UNIT_LETTERS = 2
"""A weight's unit, as "kg"."""

_SHARES = 3
"""A rate and what two insurances pay."""

MOST_UNIT_LETTERS = 12
"""A row that counts has no more letters than units, currencies and a tax code, and none but the
code before the count: "0,542 kg x 3,99 EUR/kg 2,16 EUR A"."""


@quickly_made
@dataclass(frozen=True)
class Count:
    """How many at what price; `unit` where one is printed."""

    quantity: Decimal
    unit_price: Decimal
    unit: str | None = None

    def makes(self, amount: Decimal) -> bool:
        """Whether it is the amount, of a sale or of a return."""
        return abs(abs(self.quantity * self.unit_price) - abs(amount)) <= _CENT


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
        """Whether the row has words: a rule may be read as one letter again and again."""
        return letters_in(self.description) >= 2 and not _RULE.fullmatch(self.description)


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
    found = _number_under_title(line, amount, counts) if counts else None
    return line.text[: found[1]].rstrip() if found else _left_of(line, amount)


def _number_under_title(
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
    weights = (x for number in line.amounts if number.measured for x in _quantities(number))
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


def times_the_price(price: Decimal, amount: Decimal) -> int:
    """How many at this price make the amount; 0 where no whole number under 100 does."""
    times = amount / price if price else Decimal(0)
    return int(times) if times == times.to_integral_value() and 0 < times < _MOST else 0


def _left_of(line: Line, amount: Amount) -> str:
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


def take_apart(sheet: Sheet, line: Line, columns: Columns) -> Part:
    """The row's description, its amount in the column of amounts, and its count."""
    amount = _amount_of(sheet, line, columns)
    printed, span = _printed_count(sheet, line)
    apart = amount is not None and (len(line.money) > 1 or amount.start >= span[1])
    own = bool(printed and amount and apart and printed.makes(amount.value))
    before, all_letters = letters_in(line.text[: span[0]]), letters_in(line.text)
    counts = before <= 1 and all_letters <= MOST_UNIT_LETTERS
    if printed and not own and counts:
        # A digit was misread, and yet what stands behind the count in the column is the amount.
        behind = amount if amount and amount.start >= span[1] else None
        return Part(line, "", behind, None if behind else printed)
    if amount is None:
        said, text = _said_number(sheet, line.text)
        if printed and not said:
            text = line.text[: span[0]]
        return Part(line, _TRAILING.sub("", text).strip(), None, None if said else printed, said)
    if own and line.text[: span[0]].strip() == "":
        behind_count = line.text[span[1] : amount.start].strip()
        if _WORD.search(behind_count):
            return Part(line, _description(behind_count, counted=False), amount, printed)
        if counts:
            return Part(line, "", amount, printed)
    begin: int | None = None
    if not own:
        numbers = [a for a in line.amounts if a is not amount and not a.percent]
        if columns.shares:
            numbers = [a for a in numbers if a.stop <= amount.start]
        printed, begin = _count_by_columns(line, numbers, amount, columns)
    left = _left_of(line, amount)
    if begin is not None:
        left = _EACH.sub("", left[:begin].rstrip())
    if columns.rates:
        text = _left_of(line, amount)
        left = left[: _begin_of_rate(sheet, line, text, amount, columns.rates)].rstrip()
    told = own and not letters_in(line.text[span[1] : amount.start])
    if told:  # "BANANY 1,316 kg x 6,99 9,20", "Limonade (2 x 3,50) 7,00": the name ends before it
        left = line.text[: span[0]].rstrip()
    rated = None if printed else _count_at_rate(sheet, line, amount)
    rated = rated or _marked_down(line, len(left), printed or Count(Decimal(1), amount.value))
    if not printed and not rated and columns.counts:
        rated = _count_under_title(line, amount, columns.counts)
    if rated:
        printed, left = rated[0], line.text[: rated[1]].rstrip()
        if columns.rates:
            left = left[: _begin_of_rate(sheet, line, left, amount, columns.rates)].rstrip()
    left = left[_first_date_ends(sheet, line, left) :]
    said, left = (None, left) if printed else _said_number(sheet, left)
    if printed and all_letters <= MOST_UNIT_LETTERS and _only_counts(sheet, line, amount):
        return Part(line, "", amount, printed)
    if printed and _UNITS_ALONE.fullmatch(left):
        return Part(line, "", amount, printed)
    if not printed and not said and (alone := _MEASURED.fullmatch(left)):
        number = next(filter(None, alone.groups()))
        return Part(line, "", amount, None, decimal_of(number))
    counted = printed is not None and begin is None and not told and rated is None
    return Part(line, _description(left, counted=counted), amount, printed, said)


def _begin_of_rate(
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


def _printed_count(sheet: Sheet, line: Line) -> tuple[Count | None, tuple[int, int]]:
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
    text = _left_of(line, amount)
    ends = [found.end() for found in _TOLD.finditer(text)][:_SAID_IN]
    return any(
        pattern.match(text[:end]) and letters_in(text[end:]) <= _UNIT_LETTERS
        for pattern in sheet.lexicon.number_rows
        for end in ends
    )


def unit_price_of(sheet: Sheet, text: str) -> Decimal | None:
    """As the template writes amounts where there are no cents; else three decimals are fine."""
    if sheet.lexicon.template.numbers.decimals == 0:
        return sheet.lexicon.amounts.value(text)[0]
    return decimal_of(text)


def decimal_of(text: str) -> Decimal:
    """A quantity or unit price: three digits behind its mark are decimals, never a group."""
    return Decimal(text.replace(",", "."))


def _count_by_columns(
    line: Line, numbers: Sequence[Amount], amount: Amount, columns: Columns
) -> tuple[Count | None, int | None]:
    """Numbers of the row whose product is the amount, no pattern needed; and where their columns
    begin in its text, if nothing but numbers stands from there on."""
    filled = {n for n in numbers if _FILLED.fullmatch(n.text)}
    prices = [n for n in numbers if n.value and (n.plain or filled) and n not in filled]
    for price in prices if columns.prices_first else reversed(prices):
        # A code of taxes behind the amount may be the same number as the count.
        for other in sorted(numbers, key=lambda x: (x.start > amount.start, -x.start)):
            for quantity in map(abs, _quantities(other)):
                count = Count(quantity, price.value)
                if other is not price and quantity and count.makes(amount.value):
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
        weighed = any(x.fullmatch(factor.text) for x in (_THOUSANDTHS, _FILLED))
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
    found = _number_under_title(line, amount, counts)
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


def _quantities(amount: Amount) -> Iterator[Decimal]:
    """What a number of a row may count or weigh: three digits behind its only mark are decimals
    of a weight or volume, and may be where no unit is printed."""
    found = _THOUSANDTHS.fullmatch(amount.text)
    if found:
        yield Decimal(f"{found[1]}.{found[2]}")
    if not found or not amount.measured:
        yield abs(amount.value) if amount.measured else amount.value


def _description(left: str, *, counted: bool) -> str:
    """The text left of the amount, without the columns of a count that makes it: behind the name,
    or a price and how many before it."""
    if not counted:
        return _TRAILING.sub("", left).strip()
    # The amount itself is put back, so that a count is known by the number that follows it.
    name = _COUNT_BEFORE.sub("", left)
    return _TRAILING.sub("", _NUMBERS_BEFORE.sub("", f"{name} 0.00")).strip()
