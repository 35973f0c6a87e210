"""Where text stands: the DB network of PP-OCR and the boxes in its map.

Differentiable binarization: Liao et al., 2020, https://arxiv.org/abs/1911.08947
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.ocr.runtime import DETECTION, Floats, load_network

Quads = NDArray[np.float32]
"""n x 4 x 2: the corners of n boxes; the first edge, 0 to 1, is the longer one."""

_INK = 0.3
_SURE = 0.5
# The network draws a line of text thinner than it is; the paper grows it back by this ratio.
_GROW = 1.6
_THINNEST = 3.0
# Shapes are rounded up to this grid, so that the runtime compiles for few of them.
_GRID = 64


class Detector:
    """Finds lines of text at any angle in a picture whose glyphs are some 8 to 30 pixels high."""

    def __init__(self) -> None:
        self._network = load_network(DETECTION)

    def __call__(self, pixels: NDArray[np.uint8]) -> Quads:
        """The boxes of lines in an RGB picture, in its pixels."""
        height, width = pixels.shape[:2]
        rows, columns = (-(-side // _GRID) * _GRID for side in (height, width))
        batch = np.zeros((1, 3, rows, columns), np.float32)
        # The network was trained on BGR.
        planes = cv2.split(pixels)[::-1]
        for channel, plane in enumerate(planes):
            batch[0, channel, :height, :width] = plane
        batch *= 2 / 255
        batch -= 1
        heat = self._network(batch)[0, 0, :height, :width]
        return _boxes(np.ascontiguousarray(heat, np.float32))


def _boxes(heat: Floats) -> Quads:
    ink = cv2.dilate((heat > _INK).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(ink, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        center, size, angle = cv2.minAreaRect(contour)
        if min(size) < _THINNEST or _score(heat, contour) < _SURE:
            continue
        grown = _GROW * size[0] * size[1] / (size[0] + size[1])
        found.append(cv2.boxPoints((center, (size[0] + grown, size[1] + grown), angle)))
    if not found:
        return np.zeros((0, 4, 2), np.float32)
    quads = np.asarray(found, np.float32)
    first = np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1)
    second = np.linalg.norm(quads[:, 2] - quads[:, 1], axis=1)
    # boxPoints runs clockwise from any corner: start where a long edge starts.
    quads[first < second] = np.roll(quads[first < second], -1, axis=1)
    return quads


def _score(heat: Floats, contour: NDArray[Any]) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - (left, top)], 1)
    return float(cv2.mean(heat[top : top + height, left : left + width], mask)[0])
