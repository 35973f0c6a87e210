"""Which way up the lines of a picture lie, and whether those of one side lie the other way: then
they are another paper's, on its head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from preuve.reading.ocr.direction import Direction
from preuve.reading.ocr.rapid import line_picture
from preuve.reading.quads import Pixels, Quads, lengths

_VOTES = 30

_FEWEST = 5
"""A paper has so many lines among those that vote, at least."""

_MOST_WRONG = 0.2
"""The share of the lines on one side whose votes may be wrong."""


class WayUp:
    """Says whether a picture's lines stand on their head, and keeps how many of another paper do.

    lines_on_head: how many of the longest lines lie the other way, all on one side; 0 where they
    lie among the others
    """

    def __init__(self, direction: Direction) -> None:
        self._direction = direction
        self.lines_on_head = 0

    def __call__(self, pixels: Pixels, quads: Quads) -> bool:
        longest = quads[np.argsort(-lengths(quads))[:_VOTES]]
        lines = [line_picture(pixels, quad) for quad in longest]
        votes = self._direction.votes(lines)
        turned = self._direction.upside_down(lines, votes)
        other = (np.array(votes) > 0.5) != turned
        self.lines_on_head = _on_one_side(longest.mean(axis=1), other)
        return turned


def _on_one_side(middles: NDArray[np.float32], other: NDArray[np.bool_]) -> int:
    """How many of the lines marked lie on one side of a straight cut, with few of the rest there
    and few marked ones on its other side; 0 where no cut does that."""
    found = 0
    for axis in (0, 1):
        marked = other[np.argsort(middles[:, axis])]
        for ordered in (marked, marked[::-1]):
            for cut in range(_FEWEST, len(ordered) - _FEWEST + 1):
                here, there = ordered[:cut], ordered[cut:]
                if here.mean() >= 1 - _MOST_WRONG and there.mean() <= _MOST_WRONG:
                    found = max(found, int(here.sum()))
    return found
