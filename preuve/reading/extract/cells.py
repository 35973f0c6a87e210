"""The parts of a row that stand in different columns."""

from __future__ import annotations

from itertools import pairwise

from preuve.reading.page import Row, Word

COLUMNS = 1.2
"""Words of a letter further apart than this many row heights stand in different columns."""


def cells(row: Row) -> tuple[Row, ...]:
    """The row of a letter parted where another column begins."""
    words = row.words
    begins = [at for at in range(1, len(words)) if is_gap(words[at - 1], words[at], COLUMNS)]
    if not begins:
        return (row,)
    return tuple(Row(words[start:stop]) for start, stop in pairwise((0, *begins, len(words))))


def is_gap(left: Word, right: Word, gap: float) -> bool:
    """Whether two words are further apart than `gap` times the smaller one's height."""
    one, other = left.box, right.box
    height = max(1.0, min(one.bottom - one.top, other.bottom - other.top))
    return other.left - one.right > gap * height
