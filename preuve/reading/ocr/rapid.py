"""rapidocr's networks: the default engine."""

from __future__ import annotations

from importlib.metadata import version

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.imaging import Prepared
from preuve.reading.ocr import Line
from preuve.reading.ocr.recognize import HEIGHT, Read, Recognizer
from preuve.reading.page import Alternative, Box, Word

# Below this mean confidence a line is a logo, a barcode or the grain of a table.
_LEAST_CONFIDENCE = 0.4


class RapidEngine:
    """Reads each line that was found, one at a time: batches are slower on a CPU."""

    name = "rapidocr"

    def __init__(self) -> None:
        self.version = version("rapidocr")
        self._recognize = Recognizer()

    def words(self, picture: Prepared) -> list[Line]:
        lines = []
        for quad in picture.quads:
            found = self._recognize(line_picture(picture.pixels, quad))
            if found and float(np.mean([w.confidence for w in found])) >= _LEAST_CONFIDENCE:
                lines.append(_line(found, quad, f"{self.name} {self.version}"))
        return lines


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
