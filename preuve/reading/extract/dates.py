"""Dates and times in a row of text: every printed form, every order it allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.text import fold
from preuve.reading.made import quickly_made
from preuve.reading.template.date_form import compile_date_form, month_of
from preuve.reading.template.model import Dates

# A pattern that first looks for the kind of its first letter passes over all others quickly.
_NUMERIC = re.compile(
    r"(?=[\dOolI])(?<![\dvV])(?<!\d[.,/])(?=(?P<whole>(?P<a>(?P<y>\d{4})|[\dOolI]\d|\d[OolI]?)"
    r"(?P<sep>\s?[./\-–]\s?|[:’'`, ])(?P<b>[\dOolI]\d|\d[OolI]?)"
    r"(?P<sep2>\s?[./\-–]\s?|[:’'`, ])(?P<c>(?(y)\d{2}|(?:(?:19|20)\d{2}|\d{2}))))"
    r"(?=\d\d[:hH]\d\d|\D|$))"
)
_FRENCH_PHONE = re.compile(r"0(?<!\d0)\d([.-])\d\d(?:\1\d\d){3}(?!\d)")
_THREE_DIGITS = re.compile(r"\d\D*\d\D*\d")
# Day, month and year in figures; most rows have a price alone.
_THREE_NUMBERS = re.compile(r"\d\D+\d+\D+\d")
_SOLID = re.compile(r"(?<!\d)(?P<whole>(?P<a>\d{2})(?P<b>\d{2})[./-]?(?P<c>20\d{2}))(?!\d)")
_SOLID_YMD = re.compile(r"(?<!\d)(?P<whole>(?P<a>20\d{2})(?P<b>\d{2})(?P<c>\d{2}))(?!\d)")
# A year whose century was misread: 21/07/2926, 03.12.7025.
_CENTURY = re.compile(
    r"(?=\d)(?<![\d./-])(?P<whole>(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)"
    r"(?:2[1-9]|[013-9]0)(?P<c>\d{2}))(?!\d)"
)
_TIME = re.compile(
    r"(?=\d)(?:(?<!\d)(?<!\d[.,:])|(?<=[./-]\d\d)|(?<=[./-]20\d\d))"
    r"(?P<h>[01]?\d|2[0-3])\s?(?P<sep>[:hH]|\.(?=\d\d\b)|\s:\s)\s?(?P<m>[0-5]\d)"
    r"(?:\s?[:.mM]\s?(?P<s>[0-5]\d))?(?!\d)\s?(?P<half>[AaPp]\.?\s?[Mm]?\b)?"
)

_LETTER_AS_DIGIT = str.maketrans("OolI", "0011")
_MISREAD_O = re.compile(r"0(?=[a-z])(?<=[a-z]0)")
_WITH_WORD = re.compile(
    r"(?=[0-9])(?<![0-9])(?P<d>[0-3]?[0-9])[\s./-]{1,2}(?P<m>[a-z]{3,10})\.?[\s./-]{1,2}(?P<y>20[0-9]{2})(?![0-9])"
)
# Without it no year is written out beside a month whose name is misread, or in eight digits.
_CENTURY_NOW = "20"
_LONG_MONTH = 4

# Letters that engines take for each other in the name of a month, and one to stand for them.
_LOOKS = {c: f"[{group}]" for group in ("uv", "lij1", "o0") for c in group}
_LOOK_ALIKE = str.maketrans("v1ij0", "ulllo")


@quickly_made
@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date in a row's text; `others` are the dates it would be in another order."""

    value: date
    start: int
    stop: int
    text: str
    form: str
    others: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedTime:
    value: time
    start: int
    stop: int
    text: str


class DateReader:
    """Finds dates by a template's order and its names of months."""

    def __init__(self, dates: Dates) -> None:
        self._order = dates.order
        # Several extractors ask for the dates of the same row.
        self._kept = lru_cache(maxsize=1024)(self._found)
        months = {"".join(fold(n)): month for month, names in dates.months.items() for n in names}
        self._months = {name.translate(_LOOK_ALIKE): month for name, month in months.items()}
        longest_first = sorted(months, key=len, reverse=True)
        names = "|".join("".join(_LOOKS.get(c, c) for c in n) for n in longest_first) or r"(?!)"
        first = "|".join(sorted({_LOOKS.get(name[0], name[0]) for name in months})) or r"(?!)"
        self._forms = tuple(compile_date_form(form, names) for form in dates.forms)
        self._any_month = re.compile(_glance(longest_first))
        separator = r"[\s./\-–,'’]{0,3}(?:de |of )?"
        self._named = re.compile(
            rf"(?=[0-9])(?<![0-9])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th|er)?{separator}"
            rf"(?P<m>{names})[a-z]{{0,2}}\.?{separator}(?:del? )?"
            rf"(?P<y>[12][0-9]{{3}}|[0-9]{{2}}(?!\s?(?:{names})[a-z]{{0,6}}\.?\s?20[0-9]{{2}}\b))"
            rf"(?![0-9]\b)"
        )
        self._named_us = re.compile(
            rf"(?={first})(?<![a-z])(?P<m>{names})\.?{separator}(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?"
            rf"[\s.,/'’-]{{1,3}}(?P<y>20[0-9]{{2}}|[0-9]{{2}}(?![0-9:]))"
        )

    def find(self, text: str, order: str | None = None) -> tuple[PrintedDate, ...]:
        """The dates in the text; `order` overrides the template's, where a country decides."""
        return self._kept(text, order or self._order)

    def _found(self, text: str, order: str) -> tuple[PrintedDate, ...]:
        if not _THREE_DIGITS.search(text):
            return ()
        found: list[PrintedDate] = []
        for candidate in self._all(text, order):
            if all(candidate.start >= f.stop or candidate.stop <= f.start for f in found):
                found.append(candidate)
        return tuple(found)

    def _all(self, text: str, order: str) -> Iterator[PrintedDate]:
        plain = _same_length_fold(text)
        if self._forms:
            yield from self._by_words(self._forms, plain, text)
        numeric = self._numeric(text, order)
        yield from (found for found in numeric if found.form == "same")
        if self._any_month.search(plain):
            yield from self._by_words((self._named, self._named_us), plain, text)
        if _CENTURY_NOW in plain:
            yield from self._misread(plain, text)
        yield from (found for found in numeric if found.form != "same")

    def _by_words(
        self, patterns: Sequence[re.Pattern[str]], plain: str, text: str
    ) -> Iterator[PrintedDate]:
        """Dates whose parts the template names, or their order: nothing is left to guess."""
        for pattern in patterns:
            for match in pattern.finditer(plain):
                value = _date(_year(match["y"]), self._month(match["m"]), int(match["d"]))
                if value:
                    span = match.span()
                    yield PrintedDate(value, *span, text[slice(*span)], "named")

    def _misread(self, plain: str, text: str) -> Iterator[PrintedDate]:
        for match in _WITH_WORD.finditer(plain):
            month = self._month_like(match["m"])
            value = _date(_year(match["y"]), month, int(match["d"])) if month else None
            if value:
                span = match.span()
                yield PrintedDate(value, *span, text[slice(*span)], "damaged")

    def _month_like(self, word: str) -> int | None:
        """The one month whose name, of four letters or more, has one letter misread in `word`."""
        name = word.translate(_LOOK_ALIKE)
        near = {
            month
            for known, month in self._months.items()
            if len(known) >= _LONG_MONTH and Levenshtein.distance(name, known, score_cutoff=1) == 1
        }
        return near.pop() if len(near) == 1 else None

    def _month(self, name: str) -> int:
        if name.isdigit():
            return int(name)
        known = self._months.get(name.translate(_LOOK_ALIKE))
        return known if known is not None else month_of(name)

    def _numeric(self, text: str, order: str) -> Sequence[PrintedDate]:
        """The dates in figures alone, the tightest first."""
        day_before_year = order if order != "ymd" else "dmy"
        found: list[PrintedDate] = []
        if _THREE_NUMBERS.search(text):
            found += _in_three_numbers(text, order, day_before_year)
        if _CENTURY_NOW in text:
            found += _in_eight_digits(text, day_before_year)
        return sorted(found, key=_looseness) if found else ()


@lru_cache(maxsize=1024)
def find_times(text: str) -> tuple[PrintedTime, ...]:
    """The times of day in the text."""
    found: list[PrintedTime] = []
    for match in _TIME.finditer(text):
        hour = int(match["h"])
        half = (match["half"] or "").lower()
        if half.startswith("p") and hour < 12:
            hour += 12
        elif half.startswith("a") and hour == 12:
            hour = 0
        if match["sep"] == "." and match["s"] is None:
            continue
        value = time(hour, int(match["m"]), int(match["s"] or 0))
        found.append(PrintedTime(value, *match.span(), match.group().strip()))
    return tuple(found)


def _in_three_numbers(text: str, order: str, day_before_year: str) -> Iterator[PrintedDate]:
    """Dates of day, month and year with something between them."""
    calls = [match.span() for match in _FRENCH_PHONE.finditer(text)]
    for match in _NUMERIC.finditer(text):
        if any(start <= match.start() < stop for start, stop in calls):
            continue
        separators = match["sep"].strip() or " ", match["sep2"].strip() or " "
        if separators[0] == separators[1] or " " not in separators:
            form = "same" if separators[0] == separators[1] else "mixed"
            if separators[0] in ",: '`’" and separators[0] == separators[1]:
                form = "loose"
            yield from _in_orders(match, text, order, form)
    for match in _CENTURY.finditer(text):
        yield from _in_orders(match, text, day_before_year, "damaged")


def _in_eight_digits(text: str, day_before_year: str) -> Iterator[PrintedDate]:
    """Dates that run together, or all but the year."""
    for pattern, order in ((_SOLID, day_before_year), (_SOLID_YMD, "ymd")):
        for match in pattern.finditer(text):
            yield from _in_orders(match, text, order, "solid")


def _in_orders(match: re.Match[str], text: str, order: str, form: str) -> Iterator[PrintedDate]:
    a, b, c = (_number(match[g]) for g in "abc")
    if len(match["a"]) == 4:
        orders = {"ymd": (a, b, c)}
    elif len(match["a"]) > 2:
        return
    elif len(match["c"]) == 4:
        orders = {"dmy": (c, b, a), "mdy": (c, a, b)}
    else:
        orders = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}
    ranked = sorted(orders, key=lambda o: (o != order, ("dmy", "mdy", "ymd").index(o)))
    dates: list[date] = []
    for name in ranked:
        value = _date(_year(orders[name][0]), orders[name][1], orders[name][2])
        if value and value not in dates:
            dates.append(value)
    if dates:
        span = match.span("whole")
        yield PrintedDate(dates[0], *span, text[slice(*span)], form, tuple(dates[1:]))


def _glance(names: Sequence[str]) -> str:
    """A pattern that every text with one of these names holds, and hardly another one: the first
    letter of any, which is sought by itself, and the others of any."""
    heads = {other for name in names for other in _LOOKS.get(name[0], name[0])} - set("[]")
    tails = dict.fromkeys("".join(_LOOKS.get(c, c) for c in name[1:]) for name in names)
    return f"[{''.join(sorted(heads))}](?:{'|'.join(tails)})" if names else r"(?!)"


def _looseness(found: PrintedDate) -> tuple[int, int]:
    """Dates without spaces first, then the longer ones: "13-04-23 - 19h" ends before the dash."""
    return found.text.strip().count(" "), found.start - found.stop


def _number(text: str) -> int:
    return int(text.translate(_LETTER_AS_DIGIT))


def _year(year: str | int) -> int:
    number = int(year)
    if number >= 100:
        return number
    return 2000 + number if number < 70 else 1900 + number


def _date(year: int, month: int, day: int) -> date | None:
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    return value if 1995 <= value.year <= 2069 else None


def _same_length_fold(text: str) -> str:
    """Lower case without accents, character for character; a 0 between letters is an o."""
    if text.isascii():
        folded = text.lower()
    else:
        folded = "".join(("".join(fold(c)) or c)[:1] if c.isalpha() else c for c in text)
    return _MISREAD_O.sub("o", folded)
