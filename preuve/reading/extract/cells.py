"""The parts of a row that stand in different columns."""

from __future__ import annotations

from preuve.reading.page import Row, Word


def cells(row: Row, gap: float) -> tuple[Row, ...]:
    """The row parted where words are further apart than `gap` times the smaller one's height."""
    parts: list[list[Word]] = []
    for word in row.words:
        if parts:
            last = parts[-1][-1].box
            height = max(1.0, min(last.height, word.box.height))
            if word.box.left - last.right <= gap * height:
                parts[-1].append(word)
                continue
        parts.append([word])
    return tuple(Row(tuple(part)) for part in parts)
