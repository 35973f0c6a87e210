"""Words to rows, by geometry alone.

Paper curls and photos lean, so no global grid fits. What begins rows on the left is matched, from
top to bottom, with what ends them on the right; then each line is joined to its neighbour on the
right that continues it along the local slope of the print, the best fitting pairs first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from preuve.reading.ocr import Line
from preuve.reading.page import Row, Word

# In heights of a line: how far a neighbour may be off the line that is continued to it.
_OFF_LINE = 0.55
# Shares of the narrower of two pieces: more overlap and they stand one above the other.
_OVERLAP = 0.35
_LONG = 5.0
# Where so many pieces of a column are at least this many heights long, they tell its slope; but
# the slope of a short piece is rough, so the long ones nearby have this share in it.
_SHORT = 1.5
_FEWEST_IN_COLUMN = 4
_IN_COLUMN = 0.5
_SHARE_OF_LONG = 0.3
# In heights of a line: what begins so much further right than its neighbors is indented.
_INDENT = 0.4
_NEIGHBORS = 7
# A match of two partners earns 1 and costs by how far the right one lies off the left one, in
# pitches of the rows, and by the square of the change since the match before. What is indented
# earns less: the rows below a name, and those in the middle of the paper, seldom have an amount.
_FAR = 1.6
_OFF_COST = 0.1
_CHANGE_COST = 4.0
_INDENT_COST = 0.3
_FEWEST_MATCHES = 3
# Of matches that may come before one: further up they lie too far to say anything of its lean.
_BEFORE = 24


@dataclass(slots=True, eq=False)
class _Piece:
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

    @property
    def middle_y(self) -> float:
        return (self.left_y + self.right_y) / 2


@dataclass(slots=True, eq=False)
class _Match:
    """Two pieces that may begin and end one row; `off` is how far, in pixels, the right one lies
    below the line of print through the left one, `pitches` the same in pitches of the rows."""

    left: _Piece
    right: _Piece
    off: float
    pitches: float
    order: tuple[int, int]
    score: float = 0.0
    before: _Match | None = None

    @property
    def span(self) -> float:
        return self.right.right - self.left.left


# Where the print through a piece crosses the middle of the page, and the piece.
_Level = tuple[float, _Piece]


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
    chains = _all_chains(pieces)
    # The order is that at the edge where most rows begin: further right two may have crossed.
    edge = median(min(piece.left for piece in chain) for chain in chains)
    ordered = sorted(chains, key=lambda chain: _y_at(chain, edge))
    return tuple(
        Row(tuple(sorted((w for p in chain for w in p.words), key=lambda word: word.box.left)))
        for chain in ordered
    )


def _is_typeset(pieces: Sequence[_Piece]) -> bool:
    """Whether the pieces stand level with each other to a hair, as only a program sets them: then
    nothing leans, and cells of a table may be empty."""
    heights = Counter(round(piece.middle_y / piece.height, 1) for piece in pieces)
    level = all(piece.left_y == piece.right_y for piece in pieces)
    return level and 2 * len(heights) <= len(pieces)


def _all_chains(pieces: list[_Piece]) -> list[list[_Piece]]:
    if _is_typeset(pieces):
        return _chains(pieces, [])
    _set_slopes(pieces)
    _set_indents(pieces)
    matches = _best_path(_candidates(*_edges(pieces)))
    if len(matches) < _FEWEST_MATCHES:
        matches = []
    _set_leans(pieces, matches)
    return _chains(pieces, [m for m in matches if _is_smooth(m)])


def _set_slopes(pieces: list[_Piece]) -> None:
    """The slope of the print at each piece: the median of those nearest above and below it.

    Over a ridge the names fall and the amounts rise, so each column tells its own slope, short
    as its pieces are; where it has few, the long pieces of the page do.
    """
    ordered = sorted(pieces, key=lambda p: p.middle_y)
    known = [p for p in ordered if p.right - p.left > _SHORT * p.height]
    long = [p for p in known if p.right - p.left > _LONG * p.height]
    for piece in pieces:
        far = _median_slope(_nearest(piece, long))
        column = [p for p in known if _overlap(p, piece) > _IN_COLUMN]
        if len(column) < _FEWEST_IN_COLUMN:
            piece.slope = far
        else:
            near = _median_slope(_nearest(piece, column))
            piece.slope = near + _SHARE_OF_LONG * (far - near)


def _median_slope(pieces: list[_Piece]) -> float:
    return median((p.right_y - p.left_y) / (p.right - p.left) for p in pieces) if pieces else 0.0


def _set_indents(pieces: list[_Piece]) -> None:
    """A piece is indented where two of its neighbors above or below begin further left."""
    ordered = sorted(pieces, key=lambda p: p.middle_y)
    for at, piece in enumerate(ordered):
        around = ordered[max(0, at - _NEIGHBORS) : at + _NEIGHBORS + 1]
        begins = piece.left - _INDENT * piece.height
        piece.indented = sum(p.left < begins for p in around) > 1


def _nearest(piece: _Piece, ordered: list[_Piece]) -> list[_Piece]:
    """The few of the ordered pieces around the height of this one."""
    at = bisect_left(ordered, piece.middle_y, key=lambda p: p.middle_y)
    low = max(0, min(at - _NEIGHBORS // 2, len(ordered) - _NEIGHBORS))
    return ordered[low : low + _NEIGHBORS]


def _set_leans(pieces: list[_Piece], matches: list[_Match]) -> None:
    """The lean of the print at each piece: the median of the matches nearest to it."""
    if not matches:
        return
    ordered = sorted(matches, key=lambda m: m.left.middle_y)
    leans = [match.off / match.span for match in ordered]
    for piece, lean in zip(pieces, _medians(pieces, [m.left for m in ordered], leans), strict=True):
        piece.lean = lean


def _is_smooth(match: _Match) -> bool:
    left = match.left
    return abs(match.off - left.lean * match.span) <= _OFF_LINE * left.height


def _medians(pieces: list[_Piece], known: list[_Piece], values: list[float]) -> Iterable[float]:
    """For each piece the median of the values at the nearest known ones, ordered by height."""
    places = [p.middle_y for p in known]
    for piece in pieces:
        at = bisect_left(places, piece.middle_y)
        low = max(0, min(at - _NEIGHBORS // 2, len(known) - _NEIGHBORS))
        yield median(values[low : low + _NEIGHBORS])


def _edges(pieces: list[_Piece]) -> tuple[list[_Level], list[_Level]]:
    """What begins rows in the left half and what ends them in the right one, top to bottom.

    Each comes with its level: where the print through it crosses the middle of the page.
    """
    middle = (min(p.left for p in pieces) + max(p.right for p in pieces)) / 2
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
    return begins, ends


def _outermost(levels: list[_Level], beyond: Callable[[_Piece, _Piece], bool]) -> Iterable[_Level]:
    """Those that have none beyond them within the height of a line."""
    places = [level for level, _ in levels]
    for level, piece in levels:
        low = bisect_left(places, level - piece.height)
        high = bisect_right(places, level + piece.height)
        if not any(beyond(piece, other) for _, other in levels[low:high]):
            yield level, piece


def _candidates(begins: list[_Level], ends: list[_Level]) -> list[_Match]:
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
            if _beside(left, right):
                found.append(_Match(left, right, at - level, (at - level) / pitch, (n, m)))
    return found


def _best_path(candidates: list[_Match]) -> list[_Match]:
    """The candidates, in one order on both edges, that earn most together (Viterbi)."""
    for at, match in enumerate(candidates):
        n, m = match.order
        best = 0.0
        for prior in candidates[max(0, at - _BEFORE) : at]:
            if prior.order[0] < n and prior.order[1] < m:
                score = prior.score - _CHANGE_COST * (match.pitches - prior.pitches) ** 2
                if score > best:
                    best, match.before = score, prior
        earned = 1 - _INDENT_COST * match.left.indented
        match.score = best + earned - _OFF_COST * abs(match.pitches)
    last = max(candidates, key=lambda match: match.score, default=None)
    path = []
    while last is not None:
        path.append(last)
        last = last.before
    return path


def _chains(pieces: list[_Piece], partners: list[_Match]) -> list[list[_Piece]]:
    """The partners first, then whatever continues each other, the best fitting first."""
    chain_of = {id(piece): [piece] for piece in pieces}
    pairs = sorted(_pairs(pieces), key=lambda pair: pair[0])
    for left, right in [(m.left, m.right) for m in partners] + [pair[1:] for pair in pairs]:
        first, second = chain_of[id(left)], chain_of[id(right)]
        if first is second or _collide(first, second):
            continue
        first += second
        for piece in second:
            chain_of[id(piece)] = first
    return list({id(chain): chain for chain in chain_of.values()}.values())


def _pairs(pieces: list[_Piece]) -> Iterable[tuple[float, _Piece, _Piece]]:
    """Every two pieces that one row may hold, with how badly the right one continues the left."""
    by_place = sorted(pieces, key=lambda p: p.left_y)
    places = [p.left_y for p in by_place]
    width = _width(pieces)
    for left in pieces:
        reach = _OFF_LINE * 2 * left.height + (abs(left.slope) + abs(left.lean)) * width
        low = bisect_left(places, left.right_y - reach)
        high = bisect_right(places, left.right_y + reach)
        for right in by_place[low:high]:
            if right is left or not _beside(left, right):
                continue
            gap = right.left - left.right
            slope = (left.slope + right.slope) / 2 + left.lean
            height = (left.height + right.height) / 2
            off = abs(right.left_y - left.right_y - slope * gap) / height
            if off <= _OFF_LINE:
                yield off + 0.01 * max(gap, 0.0) / height, left, right


def _width(pieces: list[_Piece]) -> float:
    return max(p.right for p in pieces) - min(p.left for p in pieces)


def _beside(left: _Piece, right: _Piece) -> bool:
    return right.left >= left.left and _overlap(left, right) <= _OVERLAP


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
