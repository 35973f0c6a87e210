"""Words to rows, by geometry alone.

Paper curls and photos lean, so no global grid fits. Each line is joined to its neighbour on the
right that continues it along the local slope of the print, the best fitting pairs first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from preuve.reading.ocr import Line
from preuve.reading.page import Row, Word

# In heights of a line: how far a neighbour may be off the line that is continued to it.
_OFF_LINE = 0.55
# Shares of the narrower of two pieces: more overlap and they stand one above the other.
_OVERLAP = 0.35
_LONG = 5.0
_NEIGHBORS = 7
# On a curl the print between a name and its amount leans otherwise than either of them. A lean
# that is wrong by a row leaves names and amounts without a partner, so the lean that makes the
# fewest rows is the right one; the first of equals is taken.
_LEANS = (0.0, 0.015, -0.015, 0.03, -0.03, 0.05, -0.05, 0.07, -0.07)


@dataclass(slots=True, eq=False)
class _Piece:
    words: list[Word]
    left: float
    right: float
    left_y: float
    right_y: float
    height: float
    slope: float = 0.0

    @property
    def middle_y(self) -> float:
        return (self.left_y + self.right_y) / 2


def rows_of_lines(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Lines of an engine, whose words belong together already, to rows from top to bottom."""
    return _rows(
        [
            _Piece(
                list(line.words),
                line.start[0],
                line.end[0],
                line.start[1],
                line.end[1],
                max(line.height, 0.1),
            )
            for line in lines
            if line.words
        ]
    )


def rows_of_words(words: Iterable[Word]) -> tuple[Row, ...]:
    """Single words, as a PDF brings them, to rows from top to bottom."""
    return _rows(
        [
            _Piece(
                [word],
                word.box.left,
                word.box.right,
                word.box.center[1],
                word.box.center[1],
                max(word.box.height, 0.1),
            )
            for word in words
        ]
    )


def _rows(pieces: list[_Piece]) -> tuple[Row, ...]:
    if not pieces:
        return ()
    _set_slopes(pieces)
    chains = min((_chains(pieces, lean) for lean in _LEANS), key=len)
    middle = median((piece.left + piece.right) / 2 for piece in pieces)
    ordered = sorted(chains, key=lambda chain: _y_at(chain, middle))
    return tuple(
        Row(tuple(sorted((w for p in chain for w in p.words), key=lambda word: word.box.left)))
        for chain in ordered
    )


def _set_slopes(pieces: list[_Piece]) -> None:
    """The slope of the print at each piece: the median of the long pieces nearest to it."""
    long = sorted(
        (p for p in pieces if p.right - p.left > _LONG * p.height), key=lambda p: p.middle_y
    )
    if not long:
        return
    places = [p.middle_y for p in long]
    slopes = [(p.right_y - p.left_y) / (p.right - p.left) for p in long]
    for piece in pieces:
        at = bisect_left(places, piece.middle_y)
        low = max(0, min(at - _NEIGHBORS // 2, len(long) - _NEIGHBORS))
        piece.slope = median(slopes[low : low + _NEIGHBORS])


def _chains(pieces: list[_Piece], lean: float) -> list[list[_Piece]]:
    chain_of = {id(piece): [piece] for piece in pieces}
    for _, left, right in sorted(_pairs(pieces, lean), key=lambda pair: pair[0]):
        first, second = chain_of[id(left)], chain_of[id(right)]
        if first is second or _collide(first, second):
            continue
        first += second
        for piece in second:
            chain_of[id(piece)] = first
    return list({id(chain): chain for chain in chain_of.values()}.values())


def _pairs(pieces: list[_Piece], lean: float) -> Iterable[tuple[float, _Piece, _Piece]]:
    """Every two pieces that one row may hold, with how badly the right one continues the left."""
    by_place = sorted(pieces, key=lambda p: p.left_y)
    places = [p.left_y for p in by_place]
    width = _width(pieces)
    for left in pieces:
        reach = _OFF_LINE * 2 * left.height + (abs(left.slope) + abs(lean)) * width
        low = bisect_left(places, left.right_y - reach)
        high = bisect_right(places, left.right_y + reach)
        for right in by_place[low:high]:
            if right is left or right.left < left.left or _overlap(left, right) > _OVERLAP:
                continue
            gap = right.left - left.right
            slope = (left.slope + right.slope) / 2 + lean
            height = (left.height + right.height) / 2
            off = abs(right.left_y - left.right_y - slope * gap) / height
            if off <= _OFF_LINE:
                yield off + 0.01 * max(gap, 0.0) / height, left, right


def _width(pieces: list[_Piece]) -> float:
    return max(p.right for p in pieces) - min(p.left for p in pieces)


def _overlap(a: _Piece, b: _Piece) -> float:
    shared = min(a.right, b.right) - max(a.left, b.left)
    return shared / max(min(a.right - a.left, b.right - b.left), 0.1)


def _collide(first: list[_Piece], second: list[_Piece]) -> bool:
    return any(_overlap(a, b) > _OVERLAP for a in first for b in second)


def _y_at(chain: list[_Piece], x: float) -> float:
    nearest = min(chain, key=lambda p: max(p.left - x, x - p.right, 0.0))
    if nearest.left <= x <= nearest.right and nearest.right > nearest.left:
        share = (x - nearest.left) / (nearest.right - nearest.left)
        return nearest.left_y + share * (nearest.right_y - nearest.left_y)
    if x < nearest.left:
        return nearest.left_y + nearest.slope * (x - nearest.left)
    return nearest.right_y + nearest.slope * (x - nearest.right)
