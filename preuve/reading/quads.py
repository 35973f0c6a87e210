"""Boxes of lines of text as numbers: how high, how long, and which way they run."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Quads = NDArray[np.float32]
"""n x 4 x 2: the corners of n boxes, clockwise from the top left as the line is read."""

LINE_HEIGHT = 44.0
"""Boxes of lines in the prepared picture are about this high: engines read lines of 48 pixels."""

MOST_ENLARGED = 2.0
"""Pictures enlarged by more than this show nothing more."""

# A box so many times as long as high tells which way its line runs.
_LONG = 2.5


def heights(quads: Quads) -> NDArray[np.float32]:
    """Each box's extent across its line."""
    return np.asarray(np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1), np.float32)


def lengths(quads: Quads) -> NDArray[np.float32]:
    """Each box's extent along its line."""
    return np.asarray(np.linalg.norm(quads[:, 1] - quads[:, 0], axis=1), np.float32)


def reading_angle(quads: Quads) -> float:
    """The lines' direction in degrees, clockwise from the right, from -90 to 90.

    The length-weighted median of the long boxes' deviations from their mean direction.
    """
    along = quads[:, 1] - quads[:, 0]
    weight = lengths(quads)
    long = _are_long(quads)
    if not long.any():
        return 0.0
    doubled = 2 * np.arctan2(along[long, 1], along[long, 0])
    weight = weight[long]
    mean = np.arctan2((np.sin(doubled) * weight).sum(), (np.cos(doubled) * weight).sum())
    off = (doubled - mean + math.pi) % (2 * math.pi) - math.pi
    order = np.argsort(off)
    middle = np.searchsorted(np.cumsum(weight[order]), weight.sum() / 2)
    angle = math.degrees(mean + off[order[min(middle, len(order) - 1)]]) / 2
    return (angle + 90) % 180 - 90


def lie_across(quads: Quads, angle: float) -> NDArray[np.bool_]:
    """Which of the long boxes run across lines of this angle, as those of another paper do."""
    along = quads[:, 1] - quads[:, 0]
    off = np.arctan2(along[:, 1], along[:, 0]) - math.radians(angle)
    off = np.abs((off + math.pi / 2) % math.pi - math.pi / 2)
    return np.asarray(_are_long(quads) & (off > math.pi / 4), np.bool_)


def _are_long(quads: Quads) -> NDArray[np.bool_]:
    return np.asarray(lengths(quads) > _LONG * heights(quads), np.bool_)


def hull(quads: Quads, margin: float, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all boxes with a margin, within a picture of that size."""
    low = quads.min(axis=(0, 1)) - margin
    high = quads.max(axis=(0, 1)) + margin
    return (
        max(0, int(low[0])),
        max(0, int(low[1])),
        min(width, math.ceil(high[0])),
        min(height, math.ceil(high[1])),
    )


def scaled(pixels: Pixels, scale: float) -> Pixels:
    """A copy: averaged where it is smaller."""
    size = (
        max(1, round(pixels.shape[1] * scale)),
        max(1, round(pixels.shape[0] * scale)),
    )
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)
