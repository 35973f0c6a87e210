"""Zones on the paper: shares of a page, and places relative to what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from preuve.reading.extract.phrases import Found, find_phrases
from preuve.reading.page import Box, Pages
from preuve.reading.result import Place
from preuve.reading.template.fields import Zone

if TYPE_CHECKING:
    from preuve.reading.extract.sheet import Line


class Region:
    """A zone laid on one document. What it is relative to and is not printed bounds nothing."""

    def __init__(self, lines: Sequence[Line], pages: Pages, zone: Zone) -> None:
        self._zone = zone
        self._sizes = {page.number: (page.width, page.height) for page in pages}
        self._below = _first(lines, zone.below)
        after = lines[self._below.line.index + 1 :] if self._below else lines
        self._above = _first(after, zone.above)
        self._right_of = _first(lines, zone.right_of)
        self._left_of = _first(lines, zone.left_of)

    @property
    def bounded(self) -> bool:
        """Whether a phrase that the zone is relative to is printed."""
        return any((self._below, self._above, self._right_of, self._left_of))

    def holds(self, line: Line) -> bool:
        """Whether the row as a whole lies in the zone."""
        return self._between(line) and self.has(line.page, line.row.box)

    def places(self) -> tuple[Place, ...]:
        """The zone as boxes, one a page; a page that it leaves out has none."""
        zone = self._zone
        found = (
            Place(
                page,
                Box(
                    max(zone.left * width, _box(self._right_of).right if self._right_of else 0.0),
                    max(zone.top * height, self._edge(self._below, page, height)[1]),
                    min(zone.right * width, _box(self._left_of).left if self._left_of else width),
                    min(zone.bottom * height, self._edge(self._above, page, height)[0]),
                ),
            )
            for page, (width, height) in self._sizes.items()
        )
        return tuple(one for one in found if one.box.width > 0 and one.box.height > 0)

    def _edge(self, phrase: Found | None, page: int, height: float) -> tuple[float, float]:
        """Top and bottom, on a page, of the row that a phrase stands in."""
        if phrase is None:
            return height, 0.0
        if phrase.line.page != page:
            beyond = height if phrase.line.page > page else 0.0
            return beyond, beyond
        box = phrase.line.row.box
        return box.top, box.bottom

    def has(self, page: int, box: Box) -> bool:
        """Whether the middle of a box lies in the zone's shares and beside its phrases.

        A barcode may lie beyond the page's edge, where nothing else is printed: it counts as on it.
        """
        x, y = box.center
        width, height = self._sizes[page]
        across, down = _share(x, width), _share(y, height)
        zone = self._zone
        if not (zone.left <= across <= zone.right and zone.top <= down <= zone.bottom):
            return False
        if self._right_of and x <= _box(self._right_of).right:
            return False
        return not (self._left_of and x >= _box(self._left_of).left)

    def part(self, line: Line) -> tuple[int, int] | None:
        """The characters of the row whose words lie in the zone; None where none does."""
        if not self._between(line):
            return None
        at, inside = 0, []
        for word in line.row.words:
            if self.has(line.page, word.box):
                inside.append((at, at + len(word.text)))
            at += len(word.text) + 1
        return (inside[0][0], inside[-1][1]) if inside else None

    def _between(self, line: Line) -> bool:
        if self._below and line.index <= self._below.line.index:
            return False
        return not (self._above and line.index >= self._above.line.index)


def _share(at: float, size: float) -> float:
    return min(max(at / max(1.0, size), 0.0), 1.0)


def _first(lines: Sequence[Line], phrases: Sequence[str]) -> Found | None:
    return next(iter(find_phrases(lines, phrases)), None) if phrases else None


def _box(found: Found) -> Box:
    return found.line.box(found.start, found.stop)
