"""Pieces so near each other that no lean of the paper comes between them, joined to longer ones.

Over a gap of two heights even steep print rises by less than a row, so here the nearest is the
right one, where over half the paper it may be the neighbor's. The longer pieces then tell how the
print rises: boxes of single words are level whatever the paper does.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from statistics import fmean

from preuve.reading.pieces import Piece, beside, off_line, overlap, set_slopes

# In heights of a line: how far apart two pieces are near, how far the right one may lie off the
# print through the left one, and by how much less than any other in its place, which may be
# further away.
_NEAR = 2.5
_OFF = 0.3
_CLEARLY = 0.2
_FAR = 8.0
# What shares so much of the width of a piece stands above or below it.
_IN_ITS_PLACE = 0.6


@dataclass(frozen=True, slots=True)
class _Fit:
    left: Piece
    right: Piece
    gap: float
    off: float


def joined_nearby(pieces: list[Piece]) -> list[Piece]:
    """The pieces with their slopes, joined until none has a neighbor that is clearly its own."""
    while True:
        set_slopes(pieces)
        longer = _joined(pieces)
        if len(longer) == len(pieces):
            return pieces
        pieces = longer


def _joined(pieces: list[Piece]) -> list[Piece]:
    rights: dict[int, list[_Fit]] = {}
    lefts: dict[int, list[_Fit]] = {}
    for fit in _fits(pieces):
        rights.setdefault(id(fit.left), []).append(fit)
        lefts.setdefault(id(fit.right), []).append(fit)
    own = {id(_clearly_best(fits, attrgetter("left"))) for fits in lefts.values()}
    follows = {
        id(best.left): best.right
        for fits in rights.values()
        if (best := _clearly_best(fits, attrgetter("right"))) and id(best) in own
    }
    inner = {id(piece) for piece in follows.values()}
    return [_as_one(_chain(piece, follows)) for piece in pieces if id(piece) not in inner]


def _fits(pieces: list[Piece]) -> Iterable[_Fit]:
    """Every two pieces that may stand in one row."""
    by_place = sorted(pieces, key=lambda p: p.left_y)
    places = [p.left_y for p in by_place]
    for left in pieces:
        reach = _NEAR * left.height
        low = bisect_left(places, left.right_y - reach)
        high = bisect_right(places, left.right_y + reach)
        for right in by_place[low:high]:
            gap = right.left - left.right
            height = (left.height + right.height) / 2
            if gap <= _FAR * height and right.left > left.left and beside(left, right):
                yield _Fit(left, right, gap / height, off_line(left, right))


def _clearly_best(fits: list[_Fit], other: Callable[[_Fit], Piece]) -> _Fit | None:
    """The best in the nearest place, unless another one there fits as well."""
    near = [fit for fit in fits if fit.gap <= _NEAR and fit.off <= _OFF]
    nearest = min(near, key=lambda fit: fit.gap, default=None)
    if nearest is None:
        return None
    place = other(nearest)
    others = (fit for fit in fits if fit is not nearest)
    there = [fit for fit in others if overlap(place, other(fit)) > _IN_ITS_PLACE]
    best, *rivals = sorted((nearest, *there), key=lambda fit: fit.off)
    clear = all(fit.off >= best.off + _CLEARLY for fit in rivals)
    return best if clear and best in near else None


def _chain(piece: Piece, follows: dict[int, Piece]) -> list[Piece]:
    chain = [piece]
    while following := follows.get(id(chain[-1])):
        chain.append(following)
    return chain


def _as_one(chain: list[Piece]) -> Piece:
    first, last = chain[0], chain[-1]
    if first is last:
        return first
    return Piece(
        [word for piece in chain for word in piece.words],
        first.left,
        last.right,
        first.left_y,
        last.right_y,
        fmean(piece.height for piece in chain),
    )
