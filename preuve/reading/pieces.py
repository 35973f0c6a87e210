"""Runs of words as an engine found them, and how the print leans where each one stands."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from preuve.reading.page import Word

# Where so many pieces of a column are at least this many heights long, they tell its slope; but
# the slope of a short piece is rough, so the long ones nearby have this share in it.
_SHORT = 1.5
_LONG = 5.0
_FEWEST_IN_COLUMN = 4
_IN_COLUMN = 0.5
_SHARE_OF_LONG = 0.3
# In heights of a line: what begins so much further right than its neighbors is indented.
_INDENT = 0.4
NEIGHBORS = 7
# Shares of the narrower of two pieces: more overlap and they stand one above the other. A single
# letter counts as so many heights wide: the box of what stands before it may reach into its own.
_OVERLAP = 0.35
_NARROW = 1.5


@dataclass(slots=True, eq=False)
class Piece:
    """`slope` is that of the print nearby; to the right of the piece, it leans by `lean` more."""

    words: list[Word]
    left: float
    right: float
    left_y: float
    right_y: float
    height: float
    slope: float = 0.0
    lean: float = 0.0
    indented: bool = False
    ragged: bool = False

    @property
    def middle_y(self) -> float:
        return (self.left_y + self.right_y) / 2


def is_typeset(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces stand level with each other to a hair, as only a program sets them: then
    nothing leans, and cells of a table may be empty."""
    heights = Counter(round(piece.middle_y / piece.height, 1) for piece in pieces)
    level = all(piece.left_y == piece.right_y for piece in pieces)
    return level and 2 * len(heights) <= len(pieces)


def set_slopes(pieces: list[Piece]) -> None:
    """The slope of the print at each piece: the median of those nearest above and below it.

    Over a ridge the names fall and the amounts rise, so each column tells its own slope, short
    as its pieces are; where it has few, the long pieces of the page do.
    """
    ordered = sorted(pieces, key=lambda p: p.middle_y)
    known = [p for p in ordered if p.right - p.left > _SHORT * p.height]
    long = [p for p in known if p.right - p.left > _LONG * p.height]
    for piece in pieces:
        far = _median_slope(nearest(piece, long))
        column = [p for p in known if overlap(p, piece) > _IN_COLUMN]
        if len(column) < _FEWEST_IN_COLUMN:
            piece.slope = far
        else:
            near = _median_slope(nearest(piece, column))
            piece.slope = near + _SHARE_OF_LONG * (far - near)


def _median_slope(pieces: list[Piece]) -> float:
    return median((p.right_y - p.left_y) / (p.right - p.left) for p in pieces) if pieces else 0.0


def set_indents(pieces: list[Piece]) -> None:
    """A piece is indented where two of its neighbors above or below begin further left; it is
    ragged where two end further right."""
    ordered = sorted(pieces, key=lambda p: p.middle_y)
    for at, piece in enumerate(ordered):
        around = ordered[max(0, at - NEIGHBORS) : at + NEIGHBORS + 1]
        begins = piece.left - _INDENT * piece.height
        piece.indented = sum(p.left < begins for p in around) > 1
        ends = piece.right + _INDENT * piece.height
        piece.ragged = sum(p.right > ends for p in around) > 1


def nearest(piece: Piece, ordered: list[Piece]) -> list[Piece]:
    """The few of the ordered pieces around the height of this one."""
    at = bisect_left(ordered, piece.middle_y, key=lambda p: p.middle_y)
    low = max(0, min(at - NEIGHBORS // 2, len(ordered) - NEIGHBORS))
    return ordered[low : low + NEIGHBORS]


def beside(left: Piece, right: Piece) -> bool:
    return right.left >= left.left and not one_above_the_other(left, right)


def one_above_the_other(a: Piece, b: Piece) -> bool:
    """Whether two pieces share so much of the page's width that no row holds both."""
    return overlap(a, b, _NARROW * min(a.height, b.height)) > _OVERLAP


def overlap(a: Piece, b: Piece, narrowest: float = 0.1) -> float:
    """How much of the page's width two pieces share, as a share of the narrower one, which counts
    as no narrower than `narrowest`."""
    shared = min(a.right, b.right) - max(a.left, b.left)
    return shared / max(min(a.right - a.left, b.right - b.left), narrowest)


def off_line(left: Piece, right: Piece) -> float:
    """How far the right one lies off the line of print through the left one, in heights."""
    slope = (left.slope + right.slope) / 2 + left.lean
    height = (left.height + right.height) / 2
    return abs(right.left_y - left.right_y - slope * (right.left - left.right)) / height
