"""Where on the pages the clues of templates are printed, and how much each place says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median
from typing import NamedTuple

from preuve.reading.page import Page, Pages
from preuve.reading.template.fold import alike, as_digits, joined, shape, words_and_shapes
from preuve.reading.template.index import MAX_RUN, Clue, Index, Near

TOP = 4
"""Rows at the very top, counted in rows that hold letters."""

HEAD = 8
HEAD_BEFORE_AMOUNTS = 12
"""The head of a page: its first eight rows, or twelve where no amount is printed before."""

BIG = 1.5
"""Letters are big from this many times the page's median row height on."""

LONG = 12
"""Letters of a name that is hardly another's with a letter changed."""

_AMOUNT = re.compile(r"\d[.,]\d{2,3}(?!\d)")
ADDRESS = re.compile(r"(?i)www.*|https?:.*|\S*@\S*")
"""Internet addresses: the name in one is not the name at the top. `www` may have lost its dots."""

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_SEVEN_DIGITS = re.compile(r"(?:\D*\d){7}")
_DIGIT_AFTER_LETTER = re.compile(r"(?<=[A-Za-z])[0-9]")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z0-9]{2,}")
_DOT = re.compile(r"\s*\.\s*")

Cover = frozenset[tuple[int, int, int]]
"""Printed words: page, row and word, each from 0; word -1 is the whole row."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A clue found on the page. `group` is its kind, or `aside` for a name far from the top."""

    clue: Clue
    weight: float
    group: str
    cover: Cover
    text: str
    errors: int = 0

    @property
    def row(self) -> tuple[int, int]:
        """Page and row of its first word, each from 0."""
        page, row, _ = min(self.cover)
        return page, row

    def __str__(self) -> str:
        damage = f" ({self.errors} letters differ)" if self.errors else ""
        page, row = self.row
        where = f"row {row + 1}" if page == 0 else f"page {page + 1} row {row + 1}"
        return f'{self.clue.kind} "{self.clue.phrase}"{damage} in {where}: "{self.text}"'


class _Line(NamedTuple):
    page: int
    number: int
    text: str
    words: list[str]
    shapes: list[str]
    top: bool
    head: bool

    def cover(self, start: int, end: int) -> Cover:
        return frozenset((self.page, self.number, word) for word in range(start, end))

    def others(self, start: int, end: int) -> int:
        """Words of this row that hold letters and stand outside the run."""
        outside = self.words[:start] + self.words[end:]
        return sum(not word.isdigit() for word in outside)

    @property
    def telephone(self) -> bool:
        """Whether so many digits stand here that a short word beside them is no name."""
        return _SEVEN_DIGITS.match(self.text) is not None

    @property
    def whole(self) -> Cover:
        return frozenset({(self.page, self.number, -1)})


@dataclass(frozen=True, slots=True)
class Dropped:
    """A clue that is printed and does not count, and why."""

    hit: Hit
    why: str


def find_hits(pages: Pages, index: Index, dropped: list[Dropped] | None = None) -> list[Hit]:
    """Every clue on the pages that no negative evidence and no longer name takes away.

    Those that were taken away are added to `dropped`, where it is given.
    """
    gone: list[Dropped] = [] if dropped is None else dropped
    hits: list[Hit] = []
    named: list[Hit] = []
    for number, page in enumerate(pages):
        lines = _lines(page, number)
        for line in lines:
            hits += _numbers(line, index)
            hits += _domains(line, index)
            hits += _patterns(line, index)
            if found := list(_names(line, index, gone)):
                named += _best_prints(found)
        named += _two_row_names(lines, index)
        hits += _codes(page, number, index)
    return hits + list(_longest(named, gone))


def _codes(page: Page, number: int, index: Index) -> Iterator[Hit]:
    """Barcodes that only one template's documents have; each covers the row nearest to it."""
    for code in page.codes if page.rows else ():
        y = code.box.center[1]
        away = [abs(row.box.center[1] - y) for row in page.rows]
        cover = frozenset({(number, away.index(min(away)), -1)})
        for clue in index.matching_codes(code):
            weight = 0.65 if clue.form else 0.15
            yield Hit(clue, weight, "code", cover, f"{code.format} {code.text}")


def _lines(page: Page, page_number: int) -> list[_Line]:
    heights = [row.box.height for row in page.rows]
    usual = median(heights) if heights else 0.0
    lines: list[_Line] = []
    lettered = 0
    amounts = False
    for number, row in enumerate(page.rows):
        found, shapes = words_and_shapes(_without_address(row.text))
        head = top = False
        if page_number == 0 and lettered <= HEAD_BEFORE_AMOUNTS:
            lettered += not all(map(str.isdigit, found))
            amount = _AMOUNT.search(row.text) is not None
            amounts = amounts or amount
            big = heights[number] >= BIG * usual
            head = lettered <= (HEAD if amounts and not big else HEAD_BEFORE_AMOUNTS)
            head = head and not amount
            top = head and (lettered <= TOP or big)
        lines.append(_Line(page_number, number, row.text, found, shapes, top, head))
    return lines


def _without_address(text: str) -> str:
    if "@" in text or "www" in (small := text.lower()) or "http" in small:
        return ADDRESS.sub(" ", text)
    return text


def _names(line: _Line, index: Index, gone: list[Dropped]) -> Iterator[Hit]:
    phrases, shapes = index.phrases, line.shapes
    count, longest = len(shapes), index.longest
    for start in range(count):
        letters = ""
        for end in range(start + 1, min(start + MAX_RUN, count) + 1):
            letters += shapes[end - 1]
            if len(letters) > longest:
                break
            form = alike(letters)
            if found := phrases.get(form):
                for clue in found:
                    hit = _named(line, clue, start, end, 0)
                    if denied := _denied(line, end, clue, index):
                        gone.append(Dropped(hit, f'"{denied}" stands before it'))
                    else:
                        yield hit
            elif line.head and len(form) >= 5:
                if near := index.similar(form):
                    yield from _damaged(line, near, start, end, index, gone)
            elif not line.head and index.is_other(form):
                break


def _best_prints(found: list[Hit]) -> list[Hit]:
    """One row's hits without the damaged readings of a name that stands there whole."""
    fewest: dict[Clue, int] = {}
    for hit in found:
        fewest[hit.clue] = min(hit.errors, fewest.get(hit.clue, hit.errors))
    return [hit for hit in found if hit.errors == fewest[hit.clue]]


def _damaged(
    line: _Line, near: list[Near], start: int, end: int, index: Index, gone: list[Dropped]
) -> Iterator[Hit]:
    for one in near:
        if one.accepted:
            hit = _named(line, one.clue, start, end, one.errors)
            if denied := _denied(line, end, one.clue, index):
                gone.append(Dropped(hit, f'"{denied}" stands before it'))
            else:
                yield hit
        elif one.clue.kind == "name" and not line.others(start, end):
            cover = line.cover(start, end)
            yield Hit(one.clue, 0.0, "aside", cover, line.text, one.errors)


def _named(line: _Line, clue: Clue, start: int, end: int, errors: int) -> Hit:
    weight, group = _weight(line, clue, start, end, errors)
    return Hit(clue, weight, group, line.cover(start, end), line.text, errors)


def _weight(line: _Line, clue: Clue, start: int, end: int, errors: int) -> tuple[float, str]:
    """How sure the place makes a name. Set by hand: a name alone at the top suffices, one that
    could be an address, a product or a slogan does not."""
    if clue.kind == "word":
        return 0.15, "word"
    if clue.kind == "legal":
        return (0.55 if errors else 0.7) if line.head else 0.4, "legal"
    if not line.head:
        return 0.2, "aside"
    others = line.others(start, end)
    letters = len(clue.form)
    if letters < 4:
        alone = line.top and not others and not line.telephone
        return (0.62, "name") if alone else (0.2, "aside")
    if letters < 6:
        few = start == 0 and others <= 3
        return ((0.75 if not others else 0.62 if few else 0.35) if line.top else 0.35), "name"
    if errors:
        first = line.top and start == 0 and errors == 1 and letters >= LONG
        return (0.65 if not others else 0.62 if first else 0.5), "name"
    return (0.7 if others else 0.78) if line.top else 0.62, "name"


def _denied(line: _Line, end: int, clue: Clue, index: Index) -> str | None:
    """The `not` phrase that stands before the name in its row, or over it."""
    for phrase, shapes in index.negatives(clue.template):
        size = len(shapes)
        for first in range(min(end, len(line.shapes) - size + 1)):
            if line.shapes[first] == shapes[0] and line.shapes[first : first + size] == shapes:
                return phrase
    return None


def _two_row_names(lines: list[_Line], index: Index) -> Iterator[Hit]:
    """Names set over two rows, as logos are: both rows hold little else."""
    for upper, lower in pairwise(lines):
        if not (lower.head and 0 < len(upper.shapes) <= 3 and 0 < len(lower.shapes) <= 3):
            continue
        form = joined(upper.shapes + lower.shapes)
        found = [(clue, 0, 0.78) for clue in index.phrases.get(form, ()) if len(clue.form) >= 4]
        if not found and upper.top and len(form) >= LONG:
            found = [
                (near.clue, near.errors, 0.65) for near in index.similar(form) if near.accepted
            ]
        for clue, errors, weight in found:
            if clue.kind in ("name", "legal"):
                cover = upper.cover(0, len(upper.shapes)) | lower.cover(0, len(lower.shapes))
                text = f"{upper.text} / {lower.text}"
                yield Hit(clue, weight, clue.kind, cover, text, errors)


def _longest(hits: list[Hit], gone: list[Dropped]) -> Iterator[Hit]:
    """Hits that no other template's longer hit covers: `Carrefour Market` takes `Carrefour`."""
    for hit in hits:
        taker = next((other for other in hits if _takes(other, hit)), None)
        if taker is None:
            yield hit
        else:
            why = f'it is part of "{taker.clue.phrase}" of {taker.clue.template}'
            gone.append(Dropped(hit, why))


def _takes(other: Hit, hit: Hit) -> bool:
    return (
        other.cover > hit.cover
        and other.clue.template != hit.clue.template
        and other.weight >= hit.weight > 0
        and (not other.errors or len(other.clue.form) >= len(hit.clue.form) + 3)
    )


def _numbers(line: _Line, index: Index) -> Iterator[Hit]:
    if not index.numbers or not _SEVEN_DIGITS.match(line.text):
        return
    printed, starts = _squeezed(line.text)
    for start in starts:
        for length in index.number_lengths:
            for clue in index.numbers.get(printed[start : start + length], ()):
                yield Hit(clue, 0.9, clue.kind, line.whole, line.text)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The row's letters and digits as number shapes, and where a number may begin in them.

    A number begins with a word, where digits follow letters (`SIRET652…`), and after the country
    and key of a French VAT number, which ends in the SIREN.
    """
    tokens = _TOKEN.findall(text)
    glued = "".join(tokens)
    starts = [0, *accumulate(map(len, tokens))]
    starts += [found.start() for found in _DIGIT_AFTER_LETTER.finditer(glued)]
    printed = as_digits(glued)
    country = printed.find("FR")
    while country >= 0:
        starts += [country, country + 4]
        country = printed.find("FR", country + 1)
    return printed, list(dict.fromkeys(starts))


def _patterns(line: _Line, index: Index) -> Iterator[Hit]:
    for clue in index.patterns.found_in(line.text):
        yield Hit(clue, 0.3, "pattern", line.whole, line.text)


def _domains(line: _Line, index: Index) -> Iterator[Hit]:
    if not index.domains or "." not in line.text:
        return
    for found in _DOMAIN.findall(_DOT.sub(".", line.text.lower())):
        labels = shape(found.removeprefix("www").lstrip(".")).split(".")
        for first in range(len(labels) - 1):
            for clue in index.domains.get(".".join(labels[first:]), ()):
                yield Hit(clue, 0.55, "domain", line.whole, line.text)
