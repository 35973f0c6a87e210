"""What begins the rows on the left, matched with what ends them on the right: how each row leans.

Both edges are walked from top to bottom at once, and the matches that earn most together win. A
line that runs from one edge to the other begins and ends its row for certain.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter, itemgetter
from statistics import median

from preuve.reading.pieces import Piece, beside, nearest

# A match of two partners earns 1 and costs by how far the right one lies off the left one, in
# pitches of the rows, and by the square of the change since the match before. What is indented
# or ragged earns less: the rows below a name, and those in the middle of the paper, seldom have
# an amount, and are none. A line that runs across earns more and costs nothing for its lean, which
# is seen.
_FAR = 1.6
_EARNED_ACROSS = 3.0
_OFF_COST = 0.15
_CHANGE_COST = 4.0
_INDENT_COST = 0.3
_FEWEST_MATCHES = 3
# Where the level row is another one, a few matches more must say the same.
_HALF_A_ROW = 0.5
_FEWEST_FAR = 5
# A partner nearby is level: it may lie off by this share of a line's height, and by the steepest
# rise of the print over the gap between the two, beyond what their own slopes tell.
_LEVEL = 0.55
_STEEPEST = 0.12
# A piece so many times as high as another stands in two rows, or in none of the other's.
_TALL = 1.5
# Of matches that may come before one: further up they lie too far to say anything of its lean.
_BEFORE = 24


@dataclass(slots=True, eq=False)
class Match:
    """Two pieces that may begin and end one row; `off` is how far, in pixels, the right one lies
    below the line of print through the left one, `pitches` the same in pitches of the rows."""

    left: Piece
    right: Piece
    off: float
    pitches: float
    order: tuple[int, int]
    score: float = 0.0
    before: Match | None = None

    @property
    def span(self) -> float:
        return self.right.right - self.left.left

    @property
    def across(self) -> bool:
        """Whether one line begins and ends the row."""
        return self.left is self.right


# A line that is so much of the page's width runs over both halves; where too few others stand on
# either edge, nothing tells how the print of its ends rises.
_ACROSS = 0.6
_FEWEST_BESIDE = 3

# Where the print through a piece crosses the middle of the page, and the piece.
_Level = tuple[float, Piece]


def matched_edges(pieces: list[Piece]) -> list[Match]:
    """The matches from top to bottom; none where there are too few to say how the rows lean."""
    matches = _best_path(_candidates(*_edges(pieces)))
    far = any(abs(match.pitches) > _HALF_A_ROW for match in matches)
    return matches if len(matches) >= (_FEWEST_FAR if far else _FEWEST_MATCHES) else []


def _edges(pieces: list[Piece]) -> tuple[list[_Level], list[_Level]]:
    """What begins rows in the left half and what ends them in the right one, top to bottom.

    Each comes with its level: where the print through it crosses the middle of the page.
    """
    first, last = min(p.left for p in pieces), max(p.right for p in pieces)
    middle = (first + last) / 2
    levels = sorted(
        ((p.left_y + p.slope * (middle - p.left), p) for p in pieces), key=lambda level: level[0]
    )
    begins = [
        at for at in _outermost(levels, lambda p, o: o.right <= p.left) if at[1].left < middle
    ]
    known = {id(piece) for _, piece in begins}
    ends = [
        at
        for at in _outermost(levels, lambda p, o: o.left >= p.right)
        if at[1].right > middle and id(at[1]) not in known
    ]
    across = [p for _, p in begins if p.right - p.left > _ACROSS * (last - first)]
    return _with_lines_across(begins, ends, across, middle)


def _with_lines_across(
    begins: list[_Level], ends: list[_Level], across: list[Piece], middle: float
) -> tuple[list[_Level], list[_Level]]:
    """The edges with each line that runs across on both, at the levels that the print of either
    edge gives it: over a ridge they differ."""
    known = {id(piece) for piece in across}
    others = [at for at in begins if id(at[1]) not in known]
    if not across or min(len(others), len(ends)) < _FEWEST_BESIDE:
        return begins, ends
    left, right = _from_the_top(others), _from_the_top(ends)
    at_left = [(p.left_y + _slope_near(p, left) * (middle - p.left), p) for p in across]
    at_right = [(p.right_y + _slope_near(p, right) * (middle - p.right), p) for p in across]
    by_level = itemgetter(0)
    return sorted([*others, *at_left], key=by_level), sorted([*ends, *at_right], key=by_level)


def _from_the_top(levels: list[_Level]) -> list[Piece]:
    return sorted((piece for _, piece in levels), key=attrgetter("middle_y"))


def _slope_near(piece: Piece, ordered: list[Piece]) -> float:
    """The median slope of the pieces of an edge that stand nearest above and below."""
    return median(other.slope for other in nearest(piece, ordered))


def _outermost(levels: list[_Level], beyond: Callable[[Piece, Piece], bool]) -> Iterable[_Level]:
    """Those that have none beyond them within the height of a line."""
    places = [level for level, _ in levels]
    for level, piece in levels:
        low = bisect_left(places, level - piece.height)
        high = bisect_right(places, level + piece.height)
        near = (other for _, other in levels[low:high] if other.height < _TALL * piece.height)
        if not any(beyond(piece, other) for other in near):
            yield level, piece


def _candidates(begins: list[_Level], ends: list[_Level]) -> list[Match]:
    if len(begins) < 2:
        return []
    pitch = max(median(lower[0] - upper[0] for upper, lower in pairwise(begins)), 0.1)
    places = [level for level, _ in ends]
    found = []
    for n, (level, left) in enumerate(begins):
        low = bisect_left(places, level - _FAR * pitch)
        high = bisect_right(places, level + _FAR * pitch)
        for m in range(low, high):
            at, right = ends[m]
            near = beside(left, right) and abs(at - level) <= _most_off(left, right)
            if near or left is right:
                found.append(Match(left, right, at - level, (at - level) / pitch, (n, m)))
    return found


def _most_off(left: Piece, right: Piece) -> float:
    return _LEVEL * left.height + _STEEPEST * max(right.left - left.right, 0.0)


def _best_path(candidates: list[Match]) -> list[Match]:
    """The candidates, in one order on both edges, that earn most together (Viterbi)."""
    for at, match in enumerate(candidates):
        n, m = match.order
        best = 0.0
        for prior in candidates[max(0, at - _BEFORE) : at]:
            if prior.order[0] < n and prior.order[1] < m:
                score = prior.score - _CHANGE_COST * (match.pitches - prior.pitches) ** 2
                if score > best:
                    best, match.before = score, prior
        earned = 1 - _INDENT_COST * (match.left.indented or match.right.ragged)
        earned -= _OFF_COST * abs(match.pitches)
        match.score = best + (_EARNED_ACROSS if match.across else earned)
    last = max(candidates, key=lambda match: match.score, default=None)
    path = []
    while last is not None:
        path.append(last)
        last = last.before
    return path
