"""What a printed text could say as a field of some type: text, code, number, date, yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from preuve.reading.extract.beside import Span
from preuve.reading.extract.phrases import find_phrases
from preuve.reading.extract.sheet import Sheet
from preuve.reading.template.fields import Normalizer, OwnField
from preuve.reading.template.validate import compile_pattern

_PATTERN_FITS, _TYPE_FITS, _LOOKS_ALIKE, _OTHER_READING = 1.5, 1.0, -0.5, -0.5
_FIRST_CODE = re.compile(r"\S*\d\S*(?:\s+\S*\d\S*)*")
_EDGES = " :;.,-–—=#*|\"'"
_DIGITS = str.maketrans("OoDQIl|SBZG", "00001115826")
_TWINS = {
    **{"0": "OQD", "1": "Il", "2": "Z", "5": "S", "6": "G", "8": "B"},
    **{"O": "0", "o": "0", "Q": "0", "D": "0", "I": "1", "l": "1", "|": "1"},
    **{"S": "5", "Z": "2", "B": "8", "G": "6"},
}

Letters = list[tuple[str, int]]
"""Characters, each with its place in the text that it comes from."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A value as text, the characters of the span that print it, and how well its form fits."""

    text: str
    start: int
    stop: int
    fit: float


def printed_values(sheet: Sheet, spec: OwnField, span: Span) -> Iterator[Printed]:
    """Every value that the span's text may hold, by the field's type, pattern, normalizers.

    Where the field has a pattern that the text does not hold, characters are taken for those that
    they look like, and then the engine's other readings are tried.
    """
    found = list(_values(sheet, spec, span, span.text))
    if not found and spec.pattern:
        mended = [one for text in _mended(span.text) for one in _values(sheet, spec, span, text)]
        found = [_worse(one, _LOOKS_ALIKE) for one in mended[:1]]
    if not found:
        others = [one for text in _other_readings(span) for one in _values(sheet, spec, span, text)]
        found = [_worse(one, _OTHER_READING) for one in others]
    yield from found


def _worse(printed: Printed, by: float) -> Printed:
    return Printed(printed.text, printed.start, printed.stop, printed.fit + by)


def _values(sheet: Sheet, spec: OwnField, span: Span, text: str) -> Iterator[Printed]:
    if spec.type in ("number", "amount"):
        for amount in sheet.lexicon.amounts.find(text):
            if amount.plain or spec.type == "number":
                value = format(amount.value, "f")
                yield from _fitting(spec, value, amount.start, amount.stop)
    elif spec.type == "date":
        for day in sheet.lexicon.dates.find(text):
            yield from _fitting(spec, day.value.isoformat(), day.start, day.stop)
    elif spec.type == "yes_no":
        yield from _yes_or_no(spec, span)
    else:
        yield from _texts(spec, text)


def _fitting(spec: OwnField, value: str, start: int, stop: int) -> Iterator[Printed]:
    if spec.pattern is None or _compiled(spec.pattern).search(value):
        yield Printed(value, start, stop, _TYPE_FITS)


def _yes_or_no(spec: OwnField, span: Span) -> Iterator[Printed]:
    for value, phrases in (("yes", spec.yes), ("no", spec.no)):
        for found in find_phrases([span.line], phrases):
            if span.start <= found.start and found.stop <= span.stop:
                yield Printed(value, found.start - span.start, found.stop - span.start, _TYPE_FITS)


def _texts(spec: OwnField, text: str) -> Iterator[Printed]:
    letters: Letters = [(letter, at) for at, letter in enumerate(text)]
    if spec.pattern is None and spec.type == "code":
        first = _FIRST_CODE.search(text)
        letters = letters[slice(*first.span())] if first else []
    for normalizer in spec.normalizers:
        letters = _normalized(letters, normalizer)
    if spec.pattern is None:
        yield from _whole(letters)
        return
    for match in _compiled(spec.pattern).finditer("".join(letter for letter, _ in letters)):
        first, last = match.span()
        if first < last:
            yield Printed(match.group(), letters[first][1], letters[last - 1][1] + 1, _PATTERN_FITS)


def _whole(letters: Letters) -> Iterator[Printed]:
    while letters and letters[0][0] in _EDGES:
        letters = letters[1:]
    while letters and letters[-1][0] in _EDGES:
        letters = letters[:-1]
    if letters:
        text = "".join(letter for letter, _ in letters)
        yield Printed(text, letters[0][1], letters[-1][1] + 1, 0.0)


def _normalized(letters: Letters, normalizer: Normalizer) -> Letters:
    match normalizer:
        case "upper":
            return [(part, at) for letter, at in letters for part in letter.upper()]
        case "lower":
            return [(part, at) for letter, at in letters for part in letter.lower()]
        case "compact":
            return [(letter, at) for letter, at in letters if not letter.isspace()]
        case "alphanumeric":
            return [(letter, at) for letter, at in letters if letter.isalnum()]
        case "digits":
            mended = _digits_for_letters("".join(letter for letter, _ in letters))
            pairs = zip(mended, letters, strict=True)
            return [(digit, at) for digit, (_, at) in pairs if digit.isdecimal()]


def _digits_for_letters(text: str) -> str:
    """Letters that look like digits as digits, in words of which half or more are digits."""
    return re.sub(r"\S+", lambda word: _as_number(word.group()), text)


def _mended(text: str) -> Iterator[str]:
    """Readings with look-alikes exchanged: in all numbers at once, then in one place each."""
    yield _digits_for_letters(text)
    for at, letter in enumerate(text):
        for other in _TWINS.get(letter, ""):
            yield text[:at] + other + text[at + 1 :]


def _as_number(word: str) -> str:
    digits = sum(c.isdecimal() for c in word)
    return word.translate(_DIGITS) if 2 * digits >= len(word) else word


def _other_readings(span: Span) -> Iterator[str]:
    """The span's text with one word as the engine also read it, where that is as long."""
    at = 0
    for word in span.line.row.words:
        start, stop = at - span.start, at + len(word.text) - span.start
        at += len(word.text) + 1
        if start >= 0 and stop <= len(span.text):
            for other in word.alternatives:
                if len(other.text) == len(word.text):
                    yield span.text[:start] + other.text + span.text[stop:]


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    return compile_pattern(pattern)
