"""rapidocr's networks: the default engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.imaging import Prepared
from preuve.reading.ocr import Line
from preuve.reading.ocr.recognize import HEIGHT, Read, recognizer, sureness
from preuve.reading.page import Alternative, Box, Word

# Below this mean confidence a line is a logo, a barcode or the grain of a table.
_LEAST_CONFIDENCE = 0.4
# Below this one it is read again, drawn wider: narrow print loses letters and spaces.
_DOUBT = 0.85
_WIDER = 1.3
_MOST_ALTERNATIVES = 4


class RapidEngine:
    """Reads each line that was found, one at a time: batches are slower on a CPU."""

    name = "rapidocr"

    def __init__(self, recognize: Callable[[NDArray[np.uint8]], list[Read]] | None = None) -> None:
        self.version = version("rapidocr")
        self._recognize = recognize or recognizer()

    def words(self, picture: Prepared) -> list[Line]:
        lines = []
        for quad in picture.quads:
            found = self._read(line_picture(picture.pixels, quad))
            if sureness(found) >= _LEAST_CONFIDENCE:
                lines.append(_line(found, quad, f"{self.name} {self.version}"))
        return lines

    def _read(self, line: NDArray[np.uint8]) -> list[Read]:
        first = self._recognize(line)
        if not first or sureness(first) >= _DOUBT:
            return first
        size = (round(line.shape[1] * _WIDER), HEIGHT)
        second = self._recognize(np.asarray(cv2.resize(line, size), np.uint8))
        if sureness(second) > sureness(first):
            first, second = second, first
        return [_with_alternative(word, second) for word in first]


def _with_alternative(word: Read, others: list[Read]) -> Read:
    """The word with what the other reading of the line has in its place."""
    found = [
        (other.text, other.confidence)
        for other in others
        if other.text != word.text and _same_place(word, other)
    ]
    known = {text for text, _ in found}
    more = [choice for choice in word.alternatives if choice[0] not in known]
    return replace(word, alternatives=(*found, *more)[:_MOST_ALTERNATIVES])


def _same_place(a: Read, b: Read) -> bool:
    shared = min(a.end, b.end) - max(a.start, b.start)
    return shared > 0.7 * max(a.end - a.start, b.end - b.start)


def line_picture(pixels: NDArray[np.uint8], quad: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The box of a line, flattened to 48 pixels high; corners clockwise from the top left."""
    across = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    along = float(np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
    width = max(8, round(along * HEIGHT / max(across, 1.0)))
    target = np.array([[0, 0], [width, 0], [0, HEIGHT]], np.float32)
    warp = cv2.getAffineTransform(quad[[0, 1, 3]].astype(np.float32), target)
    return cv2.warpAffine(
        pixels, warp, (width, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8, copy=False)


def _line(found: list[Read], quad: NDArray[np.float32], engine: str) -> Line:
    words = tuple(
        Word(
            read.text,
            _box(quad, read),
            round(read.confidence, 4),
            engine,
            tuple(Alternative(text, round(p, 4), engine) for text, p in read.alternatives),
        )
        for read in found
    )
    start, end = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    height = float(np.linalg.norm(quad[3] - quad[0]))
    return Line(words, (float(start[0]), float(start[1])), (float(end[0]), float(end[1])), height)


def _box(quad: NDArray[np.float32], read: Read) -> Box:
    top, bottom = quad[1] - quad[0], quad[2] - quad[3]
    corners = [
        edge + share * along
        for edge, along in ((quad[0], top), (quad[3], bottom))
        for share in (read.start, read.end)
    ]
    xs = [float(corner[0]) for corner in corners]
    ys = [float(corner[1]) for corner in corners]
    return Box(round(min(xs), 1), round(min(ys), 1), round(max(xs), 1), round(max(ys), 1))
