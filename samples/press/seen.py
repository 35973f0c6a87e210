"""Printed rows as an engine might have seen them: words with boxes, some letters misread.

What comes out is JSON in the form in which Preuve stores pages, made without picture or engine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from press.draw import Draw
from press.paper import Row

CELL, LINE, HEIGHT = 12.0, 30.0, 20.0
MARGIN = 30.0

MISREAD = dict(zip("OIlSBEeanARtiUGDmKkhou", "0lI58Fcou4PflVCOnHbb0v", strict=True))
"""Letters that engines take for others. Digits stay: a sum misread is no matter of layout."""


def seen(rows: Sequence[Row], columns: int, draw: Draw, damage: float) -> list[dict[str, Any]]:
    """One page; `damage` is the share of words that lose or change a letter."""
    width = columns * CELL + 2 * MARGIN
    lean = draw.spread(0.015)
    printed: list[dict[str, Any]] = []
    top = MARGIN
    for row in rows:
        words = [word for cell in row.cells for word in _words(cell, row, columns)]
        if words:
            placed = [
                _word(text, x, top, row, lean, draw, damage)
                for text, x in sorted(words, key=lambda w: w[1])
            ]
            printed.append({"words": placed})
        top += LINE * row.tall
    height = top + MARGIN
    return [{
        "number": 1, "width": width, "height": height, "rows": printed, "source": "ocr",
        "original_width": width, "original_height": height, "engine": "made",
    }]  # fmt: skip


def _words(cell: Any, row: Row, columns: int) -> Iterator[tuple[str, float]]:
    length = len(cell.text) * row.wide
    shift = {"left": 0.0, "center": 0.5, "right": 1.0}[cell.align]
    start = cell.at * columns - shift * length
    for found in re.finditer(r"\S+", cell.text):
        if len(found.group()) < 3 or re.search(r"\w", found.group()):
            yield found.group(), start + found.start() * row.wide


def _word(
    text: str, column: float, top: float, row: Row, lean: float, draw: Draw, damage: float
) -> dict[str, Any]:
    left = MARGIN + column * CELL
    right = left + len(text) * row.wide * CELL
    y = top + lean * left + draw.spread(2)
    read, confidence = text, draw.between(0.9, 0.995)
    if draw.chance(damage):
        read, confidence = _misread(text, draw), draw.between(0.6, 0.95)
    box = {"left": left, "top": y, "right": right, "bottom": y + HEIGHT * row.tall}
    return {"text": read, "box": box, "confidence": round(confidence, 3), "engine": "made"}


def _misread(text: str, draw: Draw) -> str:
    places = [n for n, letter in enumerate(text) if letter in MISREAD]
    if not places:
        return text
    at = draw.one(places)
    return text[:at] + MISREAD[text[at]] + text[at + 1 :]
