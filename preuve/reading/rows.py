"""Words to rows, by geometry alone.

Paper curls and photos lean, so no global grid fits. Near neighbors are joined first. Then what
begins rows on the left is matched, from top to bottom, with what ends them on the right; then each
line is joined to its neighbor on the right that continues it along the local slope of the print,
the best fitting pairs first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from statistics import median

from preuve.reading.edges import Match, matched_edges
from preuve.reading.nearby import joined_nearby
from preuve.reading.ocr import Line
from preuve.reading.page import Box, Row, Word
from preuve.reading.pieces import (
    NEIGHBORS,
    Piece,
    beside,
    is_typeset,
    off_line,
    one_above_the_other,
    set_indents,
)

# In heights of a line: how far a neighbor may be off the line that is continued to it.
_OFF_LINE = 0.55
# A letter alone is too often the same as its neighbour's.
_FEWEST_SHARED = 2


def rows_of_lines(lines: Sequence[Line]) -> tuple[Row, ...]:
    """Lines of an engine, whose words belong together already, to rows from top to bottom."""
    rows = _rows(
        [
            Piece(
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
    return tuple(Row(tuple(_without_shared(row.words))) for row in rows)


def rows_of_words(words: Iterable[Word]) -> tuple[Row, ...]:
    """Single words, as a PDF brings them, to rows from top to bottom."""
    return _rows(
        [
            Piece(
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


def _without_shared(words: Sequence[Word]) -> Iterable[Word]:
    """Two lines that an engine finds in one may share letters: `05-05-20` and `2018`."""
    last: Word | None = None
    for word in words:
        shared = _shared(last, word) if last else 0
        if last and not shared:
            yield last
        last = _as_one(last, word, shared) if last and shared else word
    if last:
        yield last


def _shared(left: Word, right: Word) -> int:
    """How many letters the end of a word has in common with the next, where both stand."""
    over = left.box.right - right.box.left
    if over <= 0 or right.box.right < left.box.right:
        return 0
    letter = (left.box.width / len(left.text) + right.box.width / len(right.text)) / 2
    if not letter:
        return 0  # boxes of a text layer may be so narrow that their mean is none
    most = min(len(left.text), len(right.text), int(over / letter) + 1)
    counts = range(most, _FEWEST_SHARED - 1, -1)
    return next((n for n in counts if left.text.endswith(right.text[:n])), 0)


def _as_one(left: Word, right: Word, shared: int) -> Word:
    text = left.text + right.text[shared:]
    box = Box.around((left.box, right.box))
    return Word(text, box, min(left.confidence, right.confidence), left.engine)


def _rows(pieces: list[Piece]) -> tuple[Row, ...]:
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


def _all_chains(pieces: list[Piece]) -> list[list[Piece]]:
    if is_typeset(pieces):
        return _chains(pieces, [])
    pieces = joined_nearby(pieces)
    set_indents(pieces)
    matches = matched_edges(pieces)
    _set_leans(pieces, matches)
    return _chains(pieces, [m for m in matches if _is_smooth(m)])


def _set_leans(pieces: list[Piece], matches: list[Match]) -> None:
    """The lean of the print at each piece: the median of the matches nearest to it."""
    if not matches:
        return
    ordered = sorted(matches, key=lambda m: m.left.middle_y)
    leans = [match.off / match.span for match in ordered]
    for piece, lean in zip(pieces, _medians(pieces, [m.left for m in ordered], leans), strict=True):
        piece.lean = lean


def _is_smooth(match: Match) -> bool:
    left = match.left
    return abs(match.off - left.lean * match.span) <= _OFF_LINE * left.height


def _medians(pieces: list[Piece], known: list[Piece], values: list[float]) -> Iterable[float]:
    """For each piece the median of the values at the nearest known ones, ordered by height."""
    places = [p.middle_y for p in known]
    for piece in pieces:
        at = bisect_left(places, piece.middle_y)
        low = max(0, min(at - NEIGHBORS // 2, len(known) - NEIGHBORS))
        yield median(values[low : low + NEIGHBORS])


def _chains(pieces: list[Piece], partners: list[Match]) -> list[list[Piece]]:
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


def _pairs(pieces: list[Piece]) -> Iterable[tuple[float, Piece, Piece]]:
    """Every two pieces that one row may hold, with how badly the right one continues the left."""
    by_place = sorted(pieces, key=lambda p: p.left_y)
    places = [p.left_y for p in by_place]
    width = _width(pieces)
    for left in pieces:
        reach = _OFF_LINE * 2 * left.height + (abs(left.slope) + abs(left.lean)) * width
        low = bisect_left(places, left.right_y - reach)
        high = bisect_right(places, left.right_y + reach)
        for right in by_place[low:high]:
            if right is left or not beside(left, right):
                continue
            off = off_line(left, right)
            if off <= _OFF_LINE:
                height = (left.height + right.height) / 2
                yield off + 0.01 * max(right.left - left.right, 0.0) / height, left, right


def _width(pieces: list[Piece]) -> float:
    return max(p.right for p in pieces) - min(p.left for p in pieces)


def _collide(first: list[Piece], second: list[Piece]) -> bool:
    return any(one_above_the_other(a, b) for a in first for b in second)


def _y_at(chain: list[Piece], x: float) -> float:
    nearest = min(chain, key=lambda p: max(p.left - x, x - p.right, 0.0))
    if nearest.left <= x <= nearest.right and nearest.right > nearest.left:
        share = (x - nearest.left) / (nearest.right - nearest.left)
        return nearest.left_y + share * (nearest.right_y - nearest.left_y)
    if x < nearest.left:
        return nearest.left_y + nearest.slope * (x - nearest.left)
    return nearest.right_y + nearest.slope * (x - nearest.right)
