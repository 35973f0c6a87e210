"""Whether lines of text stand on their head: PP-OCR's small network, asked for many lines.

It is quick, and of two minds on narrow and damaged print. There the larger network that reads
decides: text on its head reads as nothing in particular.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.ocr.recognize import Read, recognizer, sureness
from preuve.reading.ocr.runtime import DIRECTION, load_network

_SHAPE = (48, 192)
# Where the mean of the votes is nearer than this to the middle, lines are read both ways: until one
# way is ahead by so much sureness, and so many at most.
_OF_TWO_MINDS = 0.2
_CLEARLY_AHEAD = 1.5
_MOST_READ_BOTH_WAYS = 12


class Direction:
    """A majority of votes; one line alone is wrong too often."""

    def __init__(self, recognize: Callable[[NDArray[np.uint8]], list[Read]] | None = None) -> None:
        self._network = load_network(DIRECTION)
        self._recognize = recognize or recognizer()

    def votes(self, lines: Iterable[NDArray[np.uint8]]) -> list[float]:
        """How sure it is, 0 to 1, of each RGB picture of a line, 48 pixels high, that it is turned
        by 180 degrees."""
        return list(map(self._vote, lines))

    def upside_down(
        self, lines: Sequence[NDArray[np.uint8]], votes: Sequence[float] | None = None
    ) -> bool:
        """Whether most of these lines, the longest first, are turned, by the `votes` on them."""
        votes = self.votes(lines) if votes is None else votes
        mean = sum(votes) / len(votes)
        if abs(mean - 0.5) > _OF_TWO_MINDS:
            return mean > 0.5
        ahead = 0.0
        for line in lines[:_MOST_READ_BOTH_WAYS]:
            ahead += self._legible(line[::-1, ::-1]) - self._legible(line)
            if abs(ahead) >= _CLEARLY_AHEAD:
                break
        return ahead > 0

    def _vote(self, line: NDArray[np.uint8]) -> float:
        height, width = _SHAPE
        wide = min(width, max(1, round(line.shape[1] * height / line.shape[0])))
        small = cv2.resize(line, (wide, height), interpolation=cv2.INTER_LINEAR)
        batch = np.zeros((1, 3, height, width), np.float32)
        batch[0, :, :, :wide] = small[:, :, ::-1].transpose(2, 0, 1) * np.float32(2 / 255) - 1
        return float(self._network(batch)[0, 1])

    def _legible(self, line: NDArray[np.uint8]) -> float:
        return sureness(self._recognize(line))
