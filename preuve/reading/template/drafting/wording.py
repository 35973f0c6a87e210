"""The words beside a value on the paper, as phrases that a template can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import fold, letters_in
from preuve.reading.page import Word
from preuve.reading.result import Place

Side = Literal["left", "right", "above", "below"]
"""Where the words stand, seen from the value."""

MOST_WORDS = 5
FEWEST_LETTERS = 2

_GAP = 2.5
"""Words further apart than so many times their height belong to different columns."""

_ADDRESS = re.compile(r"@|www|\w{3,}\.\w{2,}")
"""Addresses on the web are no labels."""

_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class Spot:
    """One print of a value: its row, and the characters of the row's text that it takes."""

    line: Line
    start: int
    stop: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.stop]


@dataclass(frozen=True, slots=True)
class Beside:
    """Words beside a value, in small letters, and on which side of it they stand."""

    phrase: str
    side: Side


def beside(sheet: Sheet, spot: Spot) -> Iterator[Beside]:
    """The phrases that may be a value's label, the likeliest first."""
    line = spot.line
    before = [word for word, stop in _placed(line) if stop <= spot.start]
    after = [word for word, stop in _placed(line) if stop - len(word.text) >= spot.stop]
    found = [Beside(phrase, "left") for phrase in _phrases(sheet, list(reversed(before)), True)]
    yield from found
    if not found:
        if line.index > 0:
            yield from _in_row(sheet, sheet.lines[line.index - 1], "above")
        if line.index + 1 < len(sheet.lines):
            yield from _in_row(sheet, sheet.lines[line.index + 1], "below")
    yield from (Beside(phrase, "right") for phrase in _phrases(sheet, after, False))


def phrase_of(sheet: Sheet, line: Line) -> str | None:
    """The words of a row before its first number, as one phrase; None where there are none."""
    return next(_phrases(sheet, line.row.words, False), None)


def _in_row(sheet: Sheet, line: Line, side: Literal["above", "below"]) -> Iterator[Beside]:
    """A row that holds words alone may be the label of what stands above or below it."""
    if line.money or any(c.isdigit() for c in line.text):
        return
    for phrase in _phrases(sheet, line.row.words, False):
        yield Beside(phrase, side)


def _placed(line: Line) -> Iterator[tuple[Word, int]]:
    """The row's words, each with where it ends in the row's text."""
    at = 0
    for word in line.row.words:
        at += len(word.text)
        yield word, at
        at += 1


def _phrases(sheet: Sheet, words: Sequence[Word], backwards: bool) -> Iterator[str]:
    """From words ordered by their distance to the value: with signs of currencies, and without."""
    signs = {
        sign.casefold() for group in sheet.lexicon.template.currencies.values() for sign in group
    }
    taken: list[Word] = []
    for word in words:
        if any(c.isdigit() for c in word.text):
            if taken or letters_in(word.text) > 2:
                break
            continue
        if not letters_in(word.text):
            continue
        if _ADDRESS.search(word.text):
            break
        if taken and _gap(taken[-1], word) > _GAP * word.box.height:
            break
        taken.append(word)
    ordered = list(reversed(taken)) if backwards else taken
    kept = ordered[-MOST_WORDS:] if backwards else ordered[:MOST_WORDS]
    plain = [word for word in kept if _EDGE.sub("", word.text).casefold() not in signs]
    for chosen in dict.fromkeys((tuple(plain), tuple(kept))):
        phrase = _EDGE.sub("", " ".join(word.text for word in chosen)).lower()
        if letters_in(phrase) >= FEWEST_LETTERS and fold(phrase):
            yield phrase


def _gap(one: Word, other: Word) -> float:
    return max(other.box.left - one.box.right, one.box.left - other.box.right)


def spots_inside(line: Line, places: Sequence[Place]) -> Iterator[Spot]:
    """The run of a row's words whose middles lie in one of the places."""
    at, taken = 0, []
    for word in line.row.words:
        x, y = word.box.center
        if any(
            one.page == line.page
            and one.box.left <= x <= one.box.right
            and one.box.top <= y <= one.box.bottom
            for one in places
        ):
            taken.append((at, at + len(word.text)))
        at += len(word.text) + 1
    if taken:
        yield Spot(line, taken[0][0], taken[-1][1])


def neighborhoods(spot: Spot) -> Iterator[str]:
    """The spot with its neighbours in the row, the fewest first: one word of a date is clicked."""
    words = [found.span() for found in re.finditer(r"\S+", spot.line.text)]
    inside = [n for n, (start, stop) in enumerate(words) if start < spot.stop and spot.start < stop]
    for more in (1, 2):
        for before in range(more + 1):
            run = words[max(0, inside[0] - before) : inside[-1] + 1 + more - before]
            yield spot.line.text[run[0][0] : run[-1][1]]
