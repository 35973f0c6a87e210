"""How a paper writes its date, and which of its dates is the purchase's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import get_month_names
from babel.languages import get_official_languages

from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import fold
from preuve.reading.page import Page
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example
from preuve.reading.template.drafting.wording import Spot, beside
from preuve.reading.template.model import Role

LANGUAGES = (
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hr",
    "sr_Latn", "bs", "hu", "ro", "et", "lv", "lt", "tr", "ca", "eu", "gl", "id", "ms", "is", "ga",
    "cy", "sq", "mt", "vi", "sw", "fil",
)  # fmt: skip
"""Languages in Latin letters whose months are looked for, by their CLDR codes."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_ROUNDS = 3


def learn_dates(bench: Bench, current: Tried) -> Tried:
    """The order, the months' names and the words beside the date, while reading gets better."""
    for _ in range(_ROUNDS):
        better = bench.best(current, list(_forms(bench, current)))
        if better is current:
            break
        current = better
    current = _with_whole_year(bench, current)
    for _ in range(_ROUNDS):
        better = bench.best(current, list(_labels(bench, current)))
        if better is current:
            break
        current = better
    return current


def spots_of(sheet: Sheet, day: date) -> list[Spot]:
    """Where a date is printed as the sketch's words can read it, in any order of its parts."""
    return [
        Spot(line, printed.start, printed.stop)
        for line in sheet.lines
        for printed in sheet.lexicon.dates.find(line.text)
        if day in (printed.value, *printed.others)
    ]


def rows_with_parts(sheet: Sheet, day: date) -> list[Line]:
    """Rows that hold the day of the month and the year, however they are written."""
    year = rf"(?:{day.year}|(?<!\d){day.year % 100:02})"
    return [
        line
        for line in sheet.lines
        if re.search(rf"(?<!\d)0?{day.day}(?!\d)", line.text) and re.search(year, line.text)
    ]


def _forms(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    for n, (example, values) in enumerate(zip(bench.examples, bench.values, strict=True)):
        day, reading = values.purchased_on, current.read[n][0]
        if day is None or (reading.purchased_on and reading.purchased_on.value == day):
            continue
        sheet = bench.sheets(current.sketch)[n]
        for order in ("dmy", "ymd", "mdy"):
            why = f"{day} is written so in {example.name}"
            yield [Edit(("dates", "order"), order, why)]
        for line in rows_with_parts(sheet, day):
            yield from _months(line, day, example)


def _months(line: Line, day: date, example: Example) -> Iterator[list[Edit]]:
    """All months of a language that has one of the row's words for this one; else the word."""
    tokens = [word for word in re.findall(r"[^\W\d_]+", line.text) if len(word) > 1]
    why = f"{line.text!r} in {example.name}"
    found = False
    for language in LANGUAGES:
        names = month_names(language)
        if any("".join(fold(token)) in _folded(names[day.month]) for token in tokens):
            found = True
            told = f"the months of {Locale.parse(language).english_name}: {why}"
            months = {str(month): list(printed) for month, printed in names.items()}
            yield [Edit(("dates", "months"), months, told)]
    if _ROMAN[day.month - 1] in tokens or _ROMAN[day.month - 1] in line.text.split():
        months = {str(month): [numeral] for month, numeral in enumerate(_ROMAN, 1)}
        yield [Edit(("dates", "months"), months, f"Roman numerals: {why}")]
    elif not found:
        for token in tokens:
            yield [Edit(("dates", "months", str(day.month)), [token.lower()], why)]


def _with_whole_year(bench: Bench, current: Tried) -> Tried:
    """All months of the country's language, where the papers write one of them out."""
    country = current.sketch.data.get("country")
    spoken = {language.partition("_")[0] for language in get_official_languages(country or "")}
    for language in sorted(spoken & set(LANGUAGES) - {bench.base.language or ""}):
        names = month_names(language)
        for example, values in zip(bench.examples, bench.values, strict=True):
            day = values.purchased_on
            tokens = {"".join(fold(word)) for page in example.pages for word in _words(page)}
            if day and tokens & _folded(names[day.month]):
                why = f"the months of {Locale.parse(language).english_name}"
                months = {str(month): list(printed) for month, printed in names.items()}
                edit = Edit(("dates", "months"), months, why)
                return bench.kept(current, [[edit]])
    return current


def _words(page: Page) -> Iterator[str]:
    return (word for row in page.rows for word in re.findall(r"[^\W\d_]+", row.text))


@cache
def month_names(language: str) -> dict[int, tuple[str, ...]]:
    """How a language prints each month, in full and short, without points (from CLDR)."""
    names: dict[int, dict[str, None]] = {month: {} for month in range(1, 13)}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for month, name in get_month_names(width, context, locale=language).items():
                plain = name.strip(".")
                if len(plain) > 1 and not plain[0].isdigit():
                    names[month][plain] = None
    return {month: tuple(printed) for month, printed in names.items()}


def _folded(names: tuple[str, ...]) -> set[str]:
    return {"".join(fold(name)) for name in names if len(name) > 2}


def _labels(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    """Words beside the right date, and other words beside the one that was taken for it."""
    for n, (example, values) in enumerate(zip(bench.examples, bench.values, strict=True)):
        day = values.purchased_on
        if day is None:
            continue
        sheet = bench.sheets(current.sketch)[n]
        for spot in spots_of(sheet, day):
            yield from _named(sheet, spot, Role.DATE, example)
        for line in sheet.lines:
            for printed in sheet.lexicon.dates.find(line.text):
                if day not in (printed.value, *printed.others):
                    spot = Spot(line, printed.start, printed.stop)
                    yield from _named(sheet, spot, Role.OTHER_DATE, example)


def _named(sheet: Sheet, spot: Spot, role: Role, example: Example) -> Iterator[list[Edit]]:
    why = f"beside {spot.text.strip()} in {example.name}"
    for words in beside(sheet, spot):
        yield [Edit(("labels", role.value), words.phrase, why, adds=True)]
