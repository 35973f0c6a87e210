"""Rows of the paper as lines: a row's words folded, its labels and its amounts found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, fold
from preuve.reading.page import Page, Pages, Row, Word
from preuve.reading.template.model import Role

_OF_SUMS = frozenset({Role.TOTAL, Role.SUBTOTAL, Role.CASH, Role.CARD, Role.CHANGE})
"""Labels that are so surely followed by an amount that a damaged one is read as one."""

_GLUED = re.compile(r"([^\W\d_]{3,}:?)(\d{1,5}[.,]\d{2})")

_RUN_INTO = re.compile(r"([^\W\d_]{4,})(\d+)$")

_NUMBERS_APART = re.compile(r"[0-9] [0-9]")

_PHONE = re.compile(r"(?<![\d.,])0\d(?:[. ]\d\d){4}(?![.,]?\d)")

_LEAST_WHOLE = 10
"""Sums below this do not stand on a paper without decimals: what is smaller counts something."""

_GAP = 1.6
"""So many digits wide is a gap between two columns."""

_WIDE = "\t"
"""Stands for such a gap: white space that groups no thousands."""

_SAME_ROWS = 85.0
"""How alike, in percent, the rows of two photos must be on average to be the same rows."""

_CUT_ROWS = 3
"""So many rows at the edge of a photo may be cut through and read as something else."""


def lay_out(pages: Pages, lexicon: Lexicon) -> Sheet:
    """Rows of all pages as lines; what two photos of one paper both show is taken once."""
    lines: list[Line] = []
    for page, rows in _joined(pages):
        for row in rows:
            if row.words:
                lines.append(line_of(len(lines), page.number, _apart(row), lexicon))
    if not any(line.money for line in lines):
        lines = _in_whole_units(lines)
    return Sheet(tuple(lines), lexicon, pages)


def _apart(row: Row) -> Row:
    """The row with a word and the amount that runs into it as two words: "TOTAL23,64"."""
    for word in row.words:
        if word.text[-1:].isdecimal() and _GLUED.fullmatch(word.text):
            return Row(tuple(part for word in row.words for part in _parts(word)))
    return row


def _parts(word: Word) -> Iterator[Word]:
    glued = _GLUED.fullmatch(word.text)
    if glued is None:
        yield word
        return
    box, share = word.box, len(glued[1]) / len(word.text)
    middle = box.left + share * box.width
    yield replace(word, text=glued[1], box=replace(box, right=middle), alternatives=())
    yield replace(word, text=glued[2], box=replace(box, left=middle), alternatives=())


def _in_whole_units(lines: list[Line]) -> list[Line]:
    """A paper without a single decimal, whose sums are whole numbers at the ends of rows."""
    whole = [_whole_at_end(line) for line in lines]
    if not any(w.money and w.roles & _OF_SUMS for w in whole):
        return lines
    return whole


def _whole_at_end(line: Line) -> Line:
    if not line.amounts or not any(map(str.isalpha, line.text)):
        return line
    last = line.amounts[-1]
    bare = not last.percent and not last.measured and last.stop == len(line.text)
    if not bare or last.value < _LEAST_WHOLE or last.value % 1:
        return line
    return replace(line, amounts=(*line.amounts[:-1], replace(last, plain=True)))


def line_of(index: int, page: int, row: Row, lexicon: Lexicon) -> Line:
    """A row of the page of that number with its words folded, its labels and its amounts."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    at = 0
    for word in row.words:
        span = at, at + len(word.text)
        for part in _folded(word.text):
            words.append(part)
            spans.append(span)
        at = span[1] + 1
    # "PETTO" may be a misread "netto", but not where it was read without a doubt.
    labels = lexicon.labels.find(tuple(words), forgiving=not row.is_sure)
    amounts = lexicon.amounts.find(_with_gaps(row))
    if labels:
        amounts = _as_labelled(amounts, {label.role for label in labels}, row.text, lexicon)
    return Line(
        index=index,
        page=page,
        row=row,
        words=tuple(words),
        spans=tuple(spans),
        labels=labels,
        amounts=amounts,
    )


def _as_labelled(
    amounts: tuple[Amount, ...], roles: set[Role], text: str, lexicon: Lexicon
) -> tuple[Amount, ...]:
    """The amounts as the row's labels make them out: none in a telephone number of an address,
    and a damaged one beside a sum's label."""
    if amounts and Role.NOT_RETAILER in roles:
        phones = [found.span() for found in _PHONE.finditer(text)]
        if phones:
            amounts = tuple(
                a for a in amounts if not any(start <= a.start < stop for start, stop in phones)
            )
    if not roles.isdisjoint(_OF_SUMS) and not any(a.plain for a in amounts):
        amounts = lexicon.amounts.find_damaged(text) or amounts
    return amounts


@lru_cache(maxsize=65536)
def _folded(word: str) -> tuple[str, ...]:
    """The folded words in one, the number that runs into it apart: "vous30"."""
    return fold(_RUN_INTO.sub(r"\1 \2", word) if word[-1:].isdigit() else word)


def _with_gaps(row: Row) -> str:
    """The row's text, a wide gap after a number kept apart from a space: "42    103,50" is a size
    and a price, "42 103,50" may be thousands."""
    text = row.text
    if not _NUMBERS_APART.search(text):
        return text
    at = 0
    for word, follower in pairwise(row.words):
        at += len(word.text) + 1
        if word.text[-1:].isdigit() and follower.text[:1].isdigit():
            letter = follower.box.width / len(follower.text)
            if follower.box.left - word.box.right > _GAP * letter:
                text = f"{text[: at - 1]}{_WIDE}{text[at:]}"
    return text


def _joined(pages: Pages) -> list[tuple[Page, Sequence[Row]]]:
    """Each page's rows without those that the page before it already ended with."""
    joined: list[tuple[Page, Sequence[Row]]] = []
    previous: Sequence[Row] = ()
    for page in pages:
        rows = page.rows
        joined.append((page, rows[_overlap(previous, rows) :]))
        previous = rows
    return joined


def _overlap(above: Sequence[Row], below: Sequence[Row]) -> int:
    """How many rows at the start of `below` repeat the end of `above`: 0 if it is not sure."""
    if not above:
        return 0
    first = [compact(row.text) for row in above]
    second = [compact(row.text) for row in below]
    best, likeness = 0, _SAME_ROWS
    for size in range(2, min(len(first), len(second)) + 1):
        for cut in range(min(_CUT_ROWS, len(first) - size) + 1):
            tail = first[len(first) - cut - size : len(first) - cut]
            alike = sum(map(fuzz.ratio, tail, second)) / size
            if alike >= likeness:
                best, likeness = size, alike
    return best
