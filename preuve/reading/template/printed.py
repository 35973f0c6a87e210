"""The rows of a document as the matcher sees them: their words, as letters that may be misread,
and which rows are the head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from preuve.messages import say
from preuve.reading.made import quickly_made
from preuve.reading.page import Page, Row
from preuve.reading.template.fold import words_and_shapes
from preuve.reading.template.index import Clue

TOP = 4
"""Rows at the very top, counted in rows that hold letters."""

HEAD = 8
HEAD_BEFORE_AMOUNTS = 12
"""The head of a page: its first eight rows, or twelve where no amount is printed before."""

BIG = 1.5
"""Letters are big from this many times the page's median row height on."""

AMOUNT = re.compile(r"\d[.,]\d{2,3}(?!\d)")

ADDRESS = re.compile(r"(?i)www.*|https?:.*|\S*@\S*")
"""Internet addresses: the name in one is not the name at the top. `www` may have lost its dots."""

ON_SLIPS = re.compile(r"[*x#•]{4} ?(?=\w*\d)\w{4}(?!\w)|\bA0{5,}\d{3,}", re.I)
"""What the slips of payment cards tell: the card's number, hidden, or that of its application."""

_SEVEN_DIGITS = re.compile(r"(?:\D*\d){7}")

Cover = frozenset[tuple[int, int, int]]
"""Printed words: page, row and word, each from 0; word -1 is the whole row."""


@quickly_made
@dataclass(frozen=True, slots=True)
class PrintedRow:
    page: int
    number: int
    text: str
    words: list[str]
    shapes: list[str]
    top: bool
    head: bool
    sure: bool
    """As `Row.is_sure`: no name is damaged here."""

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


def printed_rows(page: Page, page_number: int) -> list[PrintedRow]:
    heights = [row.box.height for row in page.rows]
    usual = median(heights) if heights else 0.0
    lines: list[PrintedRow] = []
    lettered = 0
    amounts = False
    for number, row in enumerate(page.rows):
        found, shapes = _words_and_shapes(row)
        head = top = False
        if page_number == 0 and lettered <= HEAD_BEFORE_AMOUNTS:
            if ON_SLIPS.search(row.text):
                lettered = 0  # a card's slip stands above the receipt
            lettered += not all(map(str.isdigit, found))
            amount = AMOUNT.search(row.text) is not None
            amounts = amounts or amount
            big = heights[number] >= BIG * usual
            head = lettered <= (HEAD if amounts and not big else HEAD_BEFORE_AMOUNTS)
            head = head and not amount
            top = head and (lettered <= TOP or big)
        lines.append(
            PrintedRow(page_number, number, row.text, found, shapes, top, head, row.is_sure)
        )
    return lines


def _words_and_shapes(row: Row) -> tuple[list[str], list[str]]:
    """The row's words and their shapes, without an address."""
    text = row.text
    if "@" in text or "www" in (small := text.lower()) or "http" in small:
        printed = ADDRESS.sub(" ", text).split()
    else:
        printed = [word.text for word in row.words]
    found: list[str] = []
    shapes: list[str] = []
    for its_words, its_shapes in map(words_and_shapes, printed):
        found += its_words
        shapes += its_shapes
    return found, shapes


@quickly_made
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
        page, row = self.row
        where = say("row {row:d}", row=row + 1)
        if page:
            where = say("page {page:d} row {row:d}", page=page + 1, row=row + 1)
        return say(
            '{what} "{phrase}"{hint} in {where}: "{text}"',
            what=self.clue.kind,
            phrase=self.clue.phrase,
            hint=say(" ({n:d} letters differ)", n=self.errors) if self.errors else "",
            where=where,
            text=self.text,
        )
