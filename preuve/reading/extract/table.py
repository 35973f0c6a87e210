"""Tables as programs set them: columns told by the gaps between them, names over several rows by
their leading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from preuve.reading.extract.block import is_titles
from preuve.reading.extract.cells import cells, is_gap
from preuve.reading.extract.figures import SUMS, main_role
from preuve.reading.extract.item_names import is_sum
from preuve.reading.extract.parts import Part
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in, without_edges
from preuve.reading.page import Word

_NUMBER = re.compile(r"[^\w\s]{0,2}\d+(?:[.,'’]\d+)*[^\w\s]{0,2}|[^\w\s]+|[A-Z]{3}|[x×]", re.I)
_UNIT = re.compile(r"\d{0,4}[^\W\d]{1,4}\.?", re.I)
_CODE = re.compile(r"(?=\S*\d)[A-Z0-9][A-Z0-9./_-]{2,19}")
_COUNT = re.compile(r"\d{1,3}[.)]?")

_SMALLER = 0.9
"""Rows in type below this share of their item's are notes."""

_NEARER = 0.15
"""The gap between two items is wider than any in them by this share of a row's height."""


def in_columns(sheet: Sheet, part: Part) -> Part:
    """The part described by the column of names alone: without the codes and counts in columns
    before it, and the numbers, units and rates in columns behind it."""
    if not sheet.is_letter or part.amount is None or not part.names or part.whole:
        return part
    words = words_before(part.line, part.amount.start)
    first = _first(words, sheet.column_gap)
    last = _last(words, first, sheet.column_gap)
    code = next((w.text for w in words[:first] if _CODE.fullmatch(w.text)), None)
    named = without_edges(" ".join(word.text for word in words[first:last]))
    if letters_in(named) < 2 or all(map(_is_column, words[first:last])):
        # The name stands above or below, where it has a column at all.
        named = "" if first else part.description
    return replace(part, description=named, product_code=part.product_code or code)


def words_before(line: Line, stop: int) -> list[Word]:
    """The words of a row that end before this letter of its text."""
    found, at = [], 0
    for word in line.row.words:
        if at + len(word.text) > stop:
            break
        found.append(word)
        at += len(word.text) + 1
    return found


def _first(words: Sequence[Word], gap: float) -> int:
    """Where the names' column begins: behind codes and counts with a gap behind each."""
    at = 0
    while at + 1 < len(words) and is_gap(words[at], words[at + 1], gap):
        text = words[at].text
        if not _COUNT.fullmatch(text) and not _CODE.fullmatch(text) and not _is_unit_of(words, at):
            break
        at += 1
    return at


def _is_unit_of(words: Sequence[Word], at: int) -> bool:
    counted = at > 0 and _COUNT.fullmatch(words[at - 1].text)
    return bool(counted and _UNIT.fullmatch(words[at].text) and len(words) > at + 2)


def _last(words: Sequence[Word], first: int, gap: float) -> int:
    """Where it ends: from the first gap on that only numbers and units stand behind."""
    end = len(words)
    for at in range(len(words) - 1, first, -1):
        if not _is_column(words[at]):
            break
        if is_gap(words[at - 1], words[at], gap) and _counts(words[at:end]):
            end = at
    return end


def _is_column(word: Word) -> bool:
    return bool(_NUMBER.fullmatch(word.text) or _UNIT.fullmatch(word.text))


def _counts(words: Iterable[Word]) -> bool:
    """Whether there is a number among the words of a column, or one unit alone."""
    texts = [word.text for word in words]
    return any(map(str.isdigit, "".join(texts))) or len(texts) == 1


def by_leading(sheet: Sheet, parts: Sequence[Part]) -> list[Part]:
    """The parts with rows of words alone put to the amount above or below that they stand nearer
    to: rows of one item are closer together than items are."""
    priced = [at for at, part in enumerate(parts) if part.amount]
    if not sheet.is_letter or not priced:
        return list(parts)
    above: dict[int, range] = {}
    below: dict[int, range] = {}
    for start, stop in zip([-1, *priced], [*priced, len(parts)], strict=True):
        if start < 0 and not _is_titled(sheet, parts):
            continue
        cut = _cut(parts, start, stop)
        if cut is None:
            continue
        if start >= 0:
            below[start] = _owned(parts, range(start + 1, cut), start)
        if stop < len(parts):
            above[stop] = _owned(parts, range(stop - 1, cut - 1, -1), stop)[::-1]
    joined = {at for rows in (*above.values(), *below.values()) for at in rows}
    none = range(0)
    return [
        _named(parts, at, above.get(at, none), below.get(at, none))
        for at in range(len(parts))
        if at not in joined
    ]


def _is_titled(sheet: Sheet, parts: Sequence[Part]) -> bool:
    """Whether the titles of the columns stand right above the rows: no rows of the head."""
    first = parts[0].line.index
    return first > 0 and is_titles(sheet.lines[first - 1])


def _cut(parts: Sequence[Part], start: int, stop: int) -> int | None:
    """The first of the rows between two amounts that stands with the lower one: behind the widest
    gap. None where there are no rows, or no gap is clearly the widest."""
    if stop - start < 2:
        return None
    if start < 0 or stop == len(parts):
        return 0 if start < 0 else stop
    gaps = [_apart(parts[at], parts[at + 1]) for at in range(start, stop)]
    widest, second = sorted(gaps, reverse=True)[:2]
    if widest - second < _NEARER * parts[stop].line.row.box.height:
        return None
    return start + 1 + gaps.index(widest)


def _owned(parts: Sequence[Part], rows: range, item: int) -> range:
    """Those of the rows, from the item on, that are a part of its name."""
    owner, last = parts[item], parts[item]
    if is_sum(owner) or owner.whole:
        return rows[:0]
    for count, at in enumerate(rows):
        part = parts[at]
        box, height = part.line.row.box, owner.line.row.box.height
        near = _apart(last, part) < height / 2 and part.line.page == owner.line.page
        aside = box.left > owner.line.row.box.right
        if not near or aside or box.height < _SMALLER * height or not _is_words(part):
            return rows[:count]
        last = part
    return rows


def _named(parts: Sequence[Part], at: int, above: range, below: range) -> Part:
    part = parts[at]
    if not above and not below:
        return part
    rows = [*above, *([at] if part.names else []), *below]
    return replace(part, description=" ".join(parts[row].description for row in rows))


def _apart(one: Part, other: Part) -> float:
    upper, lower = sorted((one.line.row.box, other.line.row.box), key=lambda box: box.top)
    return lower.top - upper.bottom


def _is_words(part: Part) -> bool:
    if part.amount or part.count or ":" in part.description or not part.names:
        return False
    if len(cells(part.line.row)) > 1:
        return False
    return not any(a.plain for a in part.line.amounts) and main_role(part.line) not in SUMS
