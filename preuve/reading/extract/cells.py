"""The parts of a row that stand in different columns."""

from __future__ import annotations

from preuve.reading.page import Row, Word

_COLUMNS = 1.2
"""Words of a letter further apart than this many row heights stand in different columns."""


def cells(row: Row) -> tuple[Row, ...]:
    """The row of a letter parted where another column begins."""
    parts: list[list[Word]] = []
    for word in row.words:
        if parts and not is_gap(parts[-1][-1], word, _COLUMNS):
            parts[-1].append(word)
        else:
            parts.append([word])
    return tuple(Row(tuple(part)) for part in parts)


def is_gap(left: Word, right: Word, gap: float) -> bool:
    """Whether two words are further apart than `gap` times the smaller one's height."""
    height = max(1.0, min(left.box.height, right.box.height))
    return right.box.left - left.box.right > gap * height
