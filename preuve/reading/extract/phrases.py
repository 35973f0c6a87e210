"""Phrases of a template's own on a row, and where exactly they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.text import compact, fold

if TYPE_CHECKING:
    from preuve.reading.extract.sheet import Line

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 8
"""Printed words in a phrase at most; engines split one word into several."""

_FORGIVING = 5
"""From this many letters on, one wrong letter still makes a match."""


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase on a line: its first and last character in the row's text."""

    line: Line
    phrase: str
    start: int
    stop: int
    exact: bool


def find_phrases(lines: Sequence[Line], phrases: Sequence[str]) -> Iterator[Found]:
    """Where one of the phrases is printed, in reading order; longer ones before those in them."""
    wanted = _wanted(phrases)
    for line in lines if wanted else ():
        taken = 0
        for phrase, start, stop, exact in sorted(_in(line.text, wanted), key=_by_place):
            if start >= taken:
                taken = stop
                yield Found(line, phrase, start, stop, exact)


def phrases_in(text: str, phrases: Sequence[str]) -> tuple[str, ...]:
    """Which of the phrases a row's text holds."""
    return tuple(dict.fromkeys(phrase for phrase, *_ in _in(text, _wanted(phrases))))


def _wanted(phrases: Sequence[str]) -> dict[str, str]:
    keyed = {compact(phrase): phrase for phrase in phrases}
    keyed.pop("", None)
    return keyed


def _by_place(found: tuple[str, int, int, bool]) -> tuple[int, bool, int]:
    """What is printed exactly goes before the same with a letter of the next word."""
    _, start, stop, exact = found
    return start, not exact, -stop


def _in(text: str, wanted: dict[str, str]) -> Iterator[tuple[str, int, int, bool]]:
    tokens = [("".join(fold(m.group())), *m.span()) for m in _WORD.finditer(text)]
    longest = max(map(len, wanted), default=0) + 1
    for first, (_, start, _) in enumerate(tokens):
        joined = ""
        for token, _, stop in tokens[first : first + _LONGEST]:
            joined += token
            if len(joined) > longest:
                break
            if joined in wanted:
                yield wanted[joined], start, stop, True
                continue
            for key, phrase in wanted.items():
                if len(key) >= _FORGIVING and _one_misread(key, joined):
                    yield phrase, start, stop, False


def _one_misread(key: str, text: str) -> bool:
    return Levenshtein.distance(key, text, score_cutoff=1) <= 1
