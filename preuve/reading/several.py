"""Two receipts in one photo, side by side or one above the other, told apart by the empty strip
between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from preuve.reading.extract.text import letters_in
from preuve.reading.page import Box, Page, Pages, Row, Word
from preuve.reading.result import Place

_Words = tuple[Word, ...]

# A strip is empty where at most this share of the rows have a word across it: a rule of dashes,
# a word that the engine read across both papers.
_CROSSING = 0.05
# A part of the page that is a paper of its own has so many rows with letters, and with figures.
_FEWEST_ROWS = 6
_FEWEST_FIGURES = 3
_STEPS = 120
# So many usual rows high is the strip between two papers, at least.
_STRIP = 2.5


def shows_two(
    pages: Pages, days: Sequence[Place] | None, purchase: Callable[[Page, bool], object]
) -> bool:
    """Whether a photo shows two purchases, each with a date and a sure total.

    `days` are where dates stand, each one once; None where that is not known. `purchase` gives
    what a part of a page says was bought, None where it is not sure that it is a receipt. Below a
    receipt there may be the slip of a card that paid a part of it: of two papers one above the
    other each has to add up, which `purchase` is told.
    """
    for page in pages:
        if page.source != "ocr":
            continue
        for parts, adds_up in ((side_by_side(page), False), (one_above_other(page), True)):
            # Side by side two papers of one day have their dates in one row: told as one.
            if adds_up and days and not all(_holds_one(part, days) for part in parts or ()):
                continue
            said = (purchase(part, adds_up) for part in parts or ())
            first = next(said, None)
            if first and next(said, None) not in (None, first):
                return True
    return False


def _holds_one(part: Page, places: Sequence[Place]) -> bool:
    """Whether one of the places lies in a row of this part of the page."""
    for x, y in (place.box.center for place in places):
        boxes = (row.box for row in part.rows)
        if any(b.left <= x <= b.right and b.top <= y <= b.bottom for b in boxes):
            return True
    return False


def side_by_side(page: Page) -> tuple[Page, Page] | None:
    """The left and the right part of the page, where each could be a paper of its own.

    Names and amounts of one receipt are parted by an empty strip too, but then one part has no
    names or the other no figures. What the parts say has to decide whether they are receipts.
    """
    if sum(len(row.words) for row in page.rows) < 4 * _FEWEST_ROWS:
        return None
    for at in _strips(page.rows):
        left = _part(page, at, right=False)
        if _is_a_paper(left) and _is_a_paper(right := _part(page, at, right=True)):
            return _page(page, left), _page(page, right)
    return None


def one_above_other(page: Page) -> tuple[Page, Page] | None:
    """The parts of the page above and below its highest empty strip, where each could be a paper
    of its own. Receipts have such strips too: what the parts say has to decide."""
    rows = page.rows
    if len(rows) < 2 * _FEWEST_ROWS:
        return None
    usual = sorted(row.box.height for row in rows)[len(rows) // 2]
    gap, at = max(
        (lower.box.top - upper.box.bottom, at)
        for at, (upper, lower) in enumerate(pairwise(rows), 1)
    )
    if gap < _STRIP * usual:
        return None
    above, below = [row.words for row in rows[:at]], [row.words for row in rows[at:]]
    if not (_is_a_paper(above) and _is_a_paper(below)):
        return None
    return _page(page, above), _page(page, below)


def _strips(rows: Sequence[Row]) -> list[float]:
    """The middles of the empty strips, the widest first."""
    whole = Box.around([row.box for row in rows])
    left, step = whole.left, max(whole.width, 1.0) / _STEPS
    changes = [0] * (_STEPS + 2)
    for row in rows:
        for word in row.words:
            box = word.box
            first, last = int((box.left - left) / step), int((box.right - left) / step)
            if first + 1 < last:
                changes[first + 1] += 1
                changes[last] -= 1
    allowed = _CROSSING * len(rows)
    crossing = list(accumulate(changes))
    runs: list[list[int]] = []
    for at in range(_STEPS // 5, _STEPS * 4 // 5):
        if crossing[at] > allowed:
            continue
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    runs.sort(key=len, reverse=True)
    return [left + step * (run[0] + run[-1] + 1) / 2 for run in runs]


def _part(page: Page, at: float, *, right: bool) -> list[_Words]:
    """The words on one side of the strip, row by row."""
    rows = (
        tuple(w for w in row.words if (w.box.left + w.box.right >= 2 * at) is right)
        for row in page.rows
    )
    return [row for row in rows if row]


def _page(page: Page, rows: Sequence[_Words]) -> Page:
    return replace(page, rows=tuple(map(Row, rows)))


def _is_a_paper(rows: Sequence[_Words]) -> bool:
    figures = sum(any(map(str.isdigit, row[-1].text)) for row in rows)
    if figures < _FEWEST_FIGURES:
        return False
    lettered = sum(letters_in("".join(w.text for w in row)) >= 3 for row in rows)
    return lettered >= _FEWEST_ROWS
