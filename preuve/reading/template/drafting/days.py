"""How a paper writes its date, and which of its dates is the purchase's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import islice, permutations

from babel import Locale
from babel.dates import get_month_names
from babel.languages import get_official_languages
from rapidfuzz.distance import Levenshtein

from preuve.messages import say
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import fold
from preuve.reading.template.date_form import NUMERALS
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example
from preuve.reading.template.drafting.wording import Beside, Spot, beside
from preuve.reading.template.model import Role

LANGUAGES = (
    "en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl", "cs", "sk", "sl", "hr",
    "sr_Latn", "bs", "hu", "ro", "et", "lv", "lt", "tr", "ca", "eu", "gl", "id", "ms", "is", "ga",
    "cy", "sq", "mt", "vi", "sw", "fil",
)  # fmt: skip
"""Languages in Latin letters whose months are looked for, by their CLDR codes."""

_BESIDE_DAY = re.compile(r"\d\W{0,3}(?:de )?([^\W\d_]{3,})|([^\W\d_]{3,})\W{0,3}\d")
_TIME_OF_DAY = re.compile(r"\d{1,2}[:hH]\d{2}(?::\d{2})?")
_ROUNDS = 3
_LONG_NAME = 5
_WIDEST_GAP = 9
"""Letters that may stand between the parts of a date, as in `2026. gada 7. marts`."""


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
    return bench.kept(current, _new_labels(bench, current))


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
            why = say("{day} is written so in {where}", day=day, where=example.name)
            yield [Edit(("dates", "order"), order, why)]
        for line in rows_with_parts(sheet, day):
            for months in (None, *_months(line, day, example)):
                names = tuple(months.value.get(str(day.month), ())) if months else ()
                known = [months] if months else []
                if known:
                    yield known
                for form in _written(line, day, names):
                    why = say("{text!r} in {where}", text=line.text, where=example.name)
                    yield [*known, Edit(("dates", "forms"), form, why, adds=True)]


def _months(line: Line, day: date, example: Example) -> Iterator[Edit]:
    """All months of a language that has one of the row's words for this one; else the word."""
    tokens = [word for word in re.findall(r"[^\W\d_]+", line.text) if len(word) > 1]
    why = say("{text!r} in {where}", text=line.text, where=example.name)
    likeness = {
        language: max((_likeness(t, month_names(language)[day.month]) for t in tokens), default=0)
        for language in LANGUAGES
    }
    most = max(likeness.values())
    for language in LANGUAGES:
        if most and likeness[language] == most:
            told = say(
                "the months of {language}: {why}",
                language=Locale.parse(language).english_name,
                why=why,
            )
            yield Edit(("dates", "months"), _all_months(month_names(language)), told)
    if not most:
        for token in tokens:
            yield Edit(("dates", "months"), {str(day.month): [token.lower()]}, why)


def _likeness(token: str, names: tuple[str, ...]) -> int:
    """3 where the token is a name of the month, accents and all, 2 without them, 1 where a
    letter of a long name is misread, 0 where it is none."""
    if token.lower() in {name.lower() for name in names if len(name) > 2}:
        return 3
    word, folded = "".join(fold(token)), _folded(names)
    if word in folded:
        return 2
    long = (name for name in folded if len(name) >= _LONG_NAME)
    return int(any(Levenshtein.distance(word, name) <= 1 for name in long))


def _all_months(names: Mapping[int, tuple[str, ...]]) -> dict[str, list[str]]:
    return {str(month): list(printed) for month, printed in names.items()}


def _written(line: Line, day: date, names: tuple[str, ...]) -> Iterator[str]:
    """The row's own way to write the date, its parts replaced by what they are."""
    words = [word for word in re.findall(r"[^\W\d_]+", line.text) if _likeness(word, names)]
    known = map(re.escape, sorted({*words, *names}, key=len, reverse=True))
    roman = NUMERALS[day.month - 1].replace("i", "[il1|]")
    month = "|".join([rf"0?{day.month}(?!\d)", *known, rf"{roman}(?![a-z])"])
    parts = {
        "year": rf"{day.year}(?!\d)|{day.year % 100:02}(?!\d)",
        "month": rf"{month}",
        "day": rf"0?{day.day}(?!\d)",
    }
    for order in permutations(parts):
        gap = rf"([^\d{{}}]{{0,{_WIDEST_GAP}}}?)"
        pattern = gap.join(rf"(?<!\d)(?:{parts[part]})" for part in order)
        found = re.search(pattern, line.text, re.IGNORECASE)
        if found:
            first, second = (re.sub(r"\s+", " ", text) for text in found.groups())
            yield f"{{{order[0]}}}{first}{{{order[1]}}}{second}{{{order[2]}}}"


def _with_whole_year(bench: Bench, current: Tried) -> Tried:
    """All months of the papers' language, where they write more of them out than the base has.

    The language is the one with most of the words that stand where a month would.
    """
    words = {word for example in bench.examples for word in _beside_days(example)}
    country = current.sketch.data.get("country") or ""
    official = {code.partition("_")[0] for code in get_official_languages(country)}

    def known(language: str) -> tuple[int, bool]:
        names = {name for group in month_names(language).values() for name in _folded(group)}
        return len(words & names), language in official

    has = {
        "".join(fold(name))
        for printed in current.sketch.template(bench.base).dates.months.values()
        for name in printed
    }
    best = max(LANGUAGES, key=known)
    count, spoken = known(best)
    if count > len(words & has) or (count and spoken and best != bench.base.language):
        why = say("the months of {language}", language=Locale.parse(best).english_name)
        edit = Edit(("dates", "months"), _all_months(month_names(best)), why)
        return bench.kept(current, [[edit]])
    return current


def _beside_days(example: Example) -> Iterator[str]:
    """Words with a number before or behind them, as in `7 marzo` and `March 7`."""
    for page in example.pages:
        for row in page.rows:
            for before, after in _BESIDE_DAY.findall(row.text):
                yield "".join(fold(before or after))


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


def day_in_words(text: str) -> date | None:
    """The day that a text says with the name of its month, in any of the languages."""
    words = {"".join(fold(word)) for word in re.findall(r"[^\W\d_]{3,}", text)}
    numbers = re.findall(r"\d+", _TIME_OF_DAY.sub(" ", text))
    pairs = [pair for pair in permutations(numbers, 2) if len(pair[0]) < 3 and len(pair[1]) != 3]
    pairs.sort(key=lambda pair: -len(pair[1]))
    for language in LANGUAGES:
        for month, names in month_names(language).items():
            if not words & _folded(names):
                continue
            for day, year in pairs:
                with suppress(ValueError):
                    return date(int(year) + 2000 * (len(year) < 3), month, int(day))
    return None


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


def _new_labels(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    """The likeliest label of each date, where the base has no role for its words."""
    known = {
        "".join(fold(phrase))
        for role in (Role.DATE, Role.OTHER_DATE)
        for phrase in current.sketch.template(bench.base).labels.get(role, ())
    }
    sheets = bench.sheets(current.sketch)
    for example, values, sheet in zip(bench.examples, bench.values, sheets, strict=True):
        day = values.purchased_on
        named = day is not None and any(Role.DATE in x.line.roles for x in spots_of(sheet, day))
        for line in sheet.lines if day else ():
            for printed in () if line.money else sheet.lexicon.dates.find(line.text):
                if printed.form not in ("same", "named"):
                    continue
                same = day in (printed.value, *printed.others)
                if same and named:
                    continue
                role = Role.DATE if same else Role.OTHER_DATE
                spot = Spot(line, printed.start, printed.stop)
                for words in islice(beside(sheet, spot), 1):
                    folded = fold(words.phrase)
                    has_role = any("".join(folded[n:]) in known for n in range(len(folded)))
                    if words.side in ("left", "above") and not has_role:
                        yield [_label(words, spot, role, example)]


def _named(sheet: Sheet, spot: Spot, role: Role, example: Example) -> Iterator[list[Edit]]:
    for words in beside(sheet, spot):
        yield [_label(words, spot, role, example)]


def _label(words: Beside, spot: Spot, role: Role, example: Example) -> Edit:
    why = say("beside {text} in {where}", text=spot.text.strip(), where=example.name)
    return Edit(("labels", role.value), words.phrase, why, adds=True)
