"""The shape of an item's row: its parts found on the paper, written as a row pattern."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz

from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.template.drafting.compare import ALIKE_ITEM
from preuve.reading.template.drafting.values import Sold
from preuve.reading.template.row_pattern import compile_row_pattern

_CODE = re.compile(r"\d{4,14}")
_VAT_CODE = re.compile(r"[A-Z]|\d")
_MARK = re.compile(r"^[^\w\s{}]{1,2}$|^[^\W\d_]{1,12}[.:]?$")
"""What stands in a pattern as it is printed: signs and words that no article has."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One field, and the characters of the row that it takes."""

    start: int
    stop: int
    field: str


def patterns(sheet: Sheet, sold: Sequence[Sold]) -> list[str]:
    """The row patterns that these items show, the commonest first, as far as the language of
    templates has them."""
    found: Counter[str] = Counter()
    taken: set[int] = set()
    for item in sold:
        line = next((x for x in _rows_of(sheet, item) if x.index not in taken), None)
        if line is None:
            continue
        taken.add(line.index)
        for pattern in _patterns(line, item):
            found[pattern] += 1
        for other in sheet.lines[line.index + 1 : line.index + 2]:
            for pattern in _patterns(other, Sold(item.amount, None, item.quantity)):
                found[pattern] += 1
    return [pattern for pattern, _ in found.most_common() if _is_known(pattern)]


def _is_known(pattern: str) -> bool:
    try:
        compile_row_pattern(pattern)
    except ValueError:
        return False
    return True


def _rows_of(sheet: Sheet, item: Sold) -> Iterator[Line]:
    """Rows with the item's amount, those that also have its description first."""
    rows = [x for x in sheet.lines if any(abs(a.value) == abs(item.amount) for a in x.amounts)]
    if item.description:
        rows.sort(key=lambda line: _described(line, item.description or "") is None)
    yield from rows


def _patterns(line: Line, item: Sold) -> Iterator[str]:
    parts = list(_parts(line, item))
    fields = {part.field for part in parts}
    if "amount" in fields and fields & {"description", "unit_price"}:
        pattern = _written(line, parts, whole=True)
        if pattern:
            yield pattern
    if {"quantity", "unit_price"} <= fields:
        counted = [part for part in parts if part.field in ("quantity", "unit_price", "unit")]
        pattern = _written(line, counted, whole=False)
        named = any(
            counted[0].start < part.start < counted[-1].start
            for part in parts
            if part.field == "description"
        )
        if pattern and not named:
            yield pattern


def _parts(line: Line, item: Sold) -> Iterator[_Part]:
    taken: list[_Part] = []

    def free(start: int, stop: int) -> bool:
        return all(stop <= part.start or start >= part.stop for part in taken)

    described = _described(line, item.description) if item.description else None
    if described:
        taken.append(_Part(*described, "description"))
    amounts = [a for a in line.amounts if free(a.start, a.stop)]
    amount = next((a for a in reversed(amounts) if abs(a.value) == abs(item.amount)), None)
    if amount:
        taken.append(_number(line, amount.start, amount.stop, "amount"))
    quantity = item.quantity or Decimal(1)
    price = abs(item.amount) / quantity if quantity else None
    each = next((a for a in amounts if a is not amount and a.value == price), None)
    if each:
        taken.append(_number(line, each.start, each.stop, "unit_price"))
    for found in re.finditer(r"(?<![\d.,])\d{1,3}(?![\d.,])", line.text):
        if Decimal(found.group()) == quantity and free(*found.span()):
            taken.append(_Part(*found.span(), "quantity"))
            break
    for found in re.finditer(r"\S+", line.text):
        if free(*found.span()) and _CODE.fullmatch(found.group()):
            taken.append(_Part(*found.span(), "product_code"))
            break
    last = max((part.stop for part in taken), default=0)
    tail = line.text[last:].strip()
    if amount and _VAT_CODE.fullmatch(tail):
        taken.append(_Part(line.text.index(tail, last), len(line.text), "vat_code"))
    yield from sorted(taken, key=lambda part: part.start)


def _number(line: Line, start: int, stop: int, field: str) -> _Part:
    """The number's digits alone: a sign beside it is written as it is printed."""
    digits = re.search(r"\d.*\d|\d", line.text[start:stop])
    first, last = digits.span() if digits else (0, stop - start)
    return _Part(start + first, start + last, field)


def _described(line: Line, description: str) -> tuple[int, int] | None:
    """Where the row prints the description: whole words, the likest run of them."""
    words = [found.span() for found in re.finditer(r"\S+", line.text)]
    length = max(1, len(description.split()))
    best: tuple[float, int, int] | None = None
    for first in range(len(words)):
        for last in range(first, min(len(words), first + length + 2)):
            start, stop = words[first][0], words[last][1]
            likeness = fuzz.ratio(line.text[start:stop].lower(), description.lower())
            if likeness >= ALIKE_ITEM and (best is None or likeness > best[0]):
                best = likeness, start, stop
    return (best[1], best[2]) if best else None


def _written(line: Line, parts: Sequence[_Part], *, whole: bool) -> str | None:
    """The row with each part as its field; None where something else stands in it."""
    pieces: list[str] = []
    at = 0 if whole else parts[0].start
    for part in parts:
        between = line.text[at : part.start].split()
        pieces += [*between, f"{{{part.field}}}"]
        at = part.stop
    if whole:
        pieces += line.text[at:].split()
    marks = [piece for piece in pieces if not piece.startswith("{")]
    return " ".join(pieces) if all(_MARK.match(mark) for mark in marks) else None
