"""Clues that are no names, where they are printed: registers' numbers, domains, patterns, codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from preuve.reading.page import Page
from preuve.reading.template.fold import as_digits, shape
from preuve.reading.template.index import OPENING, Index
from preuve.reading.template.printed import Hit, PrintedRow

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_DIGIT_AFTER_LETTER = re.compile(r"[A-Za-z][0-9]")
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z0-9]{2,}")
_BEFORE_LETTER = re.compile(r"\.\s*[A-Za-z0-9]?[A-Za-z]")
"""A dot as no decimal has it."""
_DOT = re.compile(r"\s*\.\s*")


def codes(page: Page, number: int, index: Index) -> Iterator[Hit]:
    """Barcodes that only one template's documents have; each covers the row nearest to it."""
    for code in page.codes if page.rows else ():
        y = code.box.center[1]
        away = [abs(row.box.center[1] - y) for row in page.rows]
        cover = frozenset({(number, away.index(min(away)), -1)})
        for clue in index.matching_codes(code):
            weight = 0.65 if clue.form else 0.15
            yield Hit(clue, weight, "code", cover, f"{code.format} {code.text}")


def numbers(line: PrintedRow, index: Index) -> Iterator[Hit]:
    """Of a row with so many digits that there may be one."""
    printed, starts = _squeezed(line.text)
    for start in starts:
        if printed[start : start + OPENING] not in index.number_openings:
            continue
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
    if not glued.isdigit():
        starts += [found.end() - 1 for found in _DIGIT_AFTER_LETTER.finditer(glued)]
    printed = as_digits(glued)
    country = printed.find("FR")
    while country >= 0:
        starts += [country, country + 4]
        country = printed.find("FR", country + 1)
    return printed, list(dict.fromkeys(starts))


def patterns(line: PrintedRow, index: Index) -> Iterator[Hit]:
    for clue in index.patterns.found_in(line.text):
        yield Hit(clue, 0.3, "pattern", line.whole, line.text)


def domains(line: PrintedRow, index: Index) -> Iterator[Hit]:
    if not _BEFORE_LETTER.search(line.text):
        return
    for found in _DOMAIN.findall(_DOT.sub(".", line.text.lower())):
        labels = shape(found.removeprefix("www").lstrip(".")).split(".")
        for first in range(len(labels) - 1):
            for clue in index.domains.get(".".join(labels[first:]), ()):
                yield Hit(clue, 0.55, "domain", line.whole, line.text)
