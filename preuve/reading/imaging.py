"""From a photo to an upright picture of its text: crop, turn, straighten, scale, judge.

One look at a small copy finds the lines of text. Their boxes tell at once where the receipt is,
how it is turned and how large its glyphs are. Where the lines are too small in that copy, few or
far away, a second look at the right scale, within the crop, finds them again; where they lean,
another one when they lie level.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.document import Picture
from preuve.reading.page import Matrix, Quality
from preuve.reading.quads import (
    LINE_HEIGHT,
    MOST_ENLARGED,
    Pixels,
    Quads,
    heights,
    hull,
    lie_across,
    reading_angle,
    scaled,
)
from preuve.reading.quality import quality_of, quality_without_text

Affine = NDArray[np.float64]
Finder = Callable[[Pixels], Quads]
UpsideDown = Callable[[Pixels, Quads], bool]

# Areas of the copies that lines are looked for in, and how high a line's box must be in one.
_FIRST_LOOK = 620_000
_SECOND_LOOK = 1_600_000
_ENOUGH_HEIGHT = 14.0
_GOOD_HEIGHT = 18.0
_WORTH_LOOKING = 1.15
# Fewer lines than these may be a logo alone, and in less than this part of a picture a receipt
# was photographed from far away.
_FEW = 8
_FAR = 0.3
# Below this height of a line's box, more pixels make reading better.
_LEGIBLE = 36.0
# Degrees from which lines that lean are found in pieces, or not at all.
_LEANING = 4.0
_MARGIN = 1.0
_FLAT = 0.6


@dataclass(frozen=True, eq=False)
class Prepared:
    """An upright picture of the text.

    pixels: RGB, height x width x 3
    quads: n x 4 x 2, the lines found, corners clockwise from the top left, in these pixels
    to_original: from these pixels to those of the picture as sent
    turned: how far clockwise the text lay in the picture: 0, 90, 180 or 270 degrees
    line_height: the median height of the boxes
    """

    pixels: Pixels
    quads: Quads
    to_original: Matrix
    turned: int
    line_height: float
    quality: Quality


def prepare(picture: Picture, find: Finder, upside_down: UpsideDown) -> Prepared:
    """The upright picture; with no quads where no text was found."""
    picture, quads = _fine_enough(picture, _first_look(picture.pixels, find))
    picture, quads = _fine_enough(picture, _closer_look(picture.pixels, quads, find))
    pixels = picture.pixels
    if not len(quads):
        return _textless(picture)
    angle = reading_angle(quads)
    across = lie_across(quads, angle)
    quads = quads[~across]
    upright = _upright(quads, angle)
    if upside_down(pixels, upright):
        angle += 180.0 if angle <= 0 else -180.0
        upright = upright[:, [2, 3, 0, 1]]
    warp, width, height = _frame(upright, angle, pixels.shape[1], pixels.shape[0])
    flat = cv2.warpAffine(
        _shrunk_for(pixels, warp),
        _after_shrink(pixels, warp),
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.uint8, copy=False)
    placed = cv2.transform(upright.reshape(-1, 1, 2), warp).reshape(-1, 4, 2).astype(np.float32)
    if abs(angle - round(angle / 90) * 90) > _LEANING:
        placed = _straight_look(flat, placed, find)
    return Prepared(
        flat,
        placed,
        _back(warp, picture),
        round(angle / 90) % 4 * 90,
        float(np.median(heights(placed))),
        quality_of(flat, placed, pixels, upright, angle, int(across.sum())),
    )


def _first_look(pixels: Pixels, find: Finder) -> Quads:
    return _found(pixels, _first_scale(pixels), find)


def _found(pixels: Pixels, scale: float, find: Finder) -> Quads:
    """What `find` sees in a scaled copy, in the pixels of the picture."""
    copy = scaled(pixels, scale)
    # The copy's sides are whole numbers, so its true scale differs a little from the one asked.
    back = np.array(pixels.shape[1::-1], np.float32) / np.array(copy.shape[1::-1], np.float32)
    return np.asarray(find(copy) * back, np.float32)


def _first_scale(pixels: Pixels) -> float:
    return min(math.sqrt(_FIRST_LOOK / (pixels.shape[0] * pixels.shape[1])), MOST_ENLARGED)


def _closer_look(pixels: Pixels, quads: Quads, find: Finder) -> Quads:
    """The lines again, at a larger scale, where the first look saw them small, saw few or none, or
    saw them in a small part of the picture: other lines there may be smaller."""
    height, width = pixels.shape[:2]
    first = _first_scale(pixels)
    few = len(quads) < _FEW
    line = float(np.median(heights(quads))) if len(quads) else 0.0
    left, top, right, bottom = (
        (0, 0, width, height) if few else hull(quads, 2 * line, width, height)
    )
    crop = pixels[top:bottom, left:right]
    area = crop.shape[0] * crop.shape[1]
    small = line * first < _ENOUGH_HEIGHT
    if not (small or few or area < _FAR * width * height):
        return quads
    wanted = MOST_ENLARGED if few else max(_GOOD_HEIGHT / line, math.sqrt(_FIRST_LOOK / area))
    scale = min(wanted, math.sqrt(_SECOND_LOOK / area), MOST_ENLARGED)
    if scale < _WORTH_LOOKING * first:
        return quads
    again = _found(crop, scale, find)
    if len(again) > len(quads) or (small and len(again)):
        return again + np.array([left, top], np.float32)
    return quads


def _straight_look(flat: Pixels, placed: Quads, find: Finder) -> Quads:
    """The lines again, now that they lie level."""
    line = float(np.median(heights(placed)))
    area = flat.shape[0] * flat.shape[1]
    again = _found(flat, min(_GOOD_HEIGHT / line, math.sqrt(_SECOND_LOOK / area)), find)
    return _upright(again, 0.0) if len(again) else placed


def _fine_enough(picture: Picture, quads: Quads) -> tuple[Picture, Quads]:
    """The picture with all its pixels, where it was reduced and its lines are small or few."""
    if not picture.finer or (len(quads) >= _FEW and float(np.median(heights(quads))) >= _LEGIBLE):
        return picture, quads
    finer = picture.finer()
    return finer, quads * np.float32(finer.pixels.shape[1] / picture.pixels.shape[1])


def _upright(quads: Quads, angle: float) -> Quads:
    """The same boxes, corners clockwise from the top left as seen after turning by `angle`."""
    radians = math.radians(angle)
    along = np.array([math.cos(radians), math.sin(radians)], np.float32)
    across = np.array([-along[1], along[0]], np.float32)
    middle = quads.mean(axis=1, keepdims=True)
    x, y = (quads - middle) @ along, (quads - middle) @ across
    corner = np.stack([-x - y, x - y, x + y, -x + y], axis=1).argmax(axis=2)
    return np.take_along_axis(quads, corner[:, :, None], axis=1)


def _frame(quads: Quads, angle: float, width: int, height: int) -> tuple[Affine, int, int]:
    """The affine map from picture to upright crop, and the crop's size."""
    line = float(np.median(heights(quads)))
    scale = min(1.0, LINE_HEIGHT / line)
    quarter = round(angle / 90) * 90
    # A flat scan is only cropped: turning by a fraction of a degree would blur it for nothing.
    radians = math.radians(quarter if abs(angle - quarter) < _FLAT else angle)
    cos, sin = math.cos(radians) * scale, math.sin(radians) * scale
    turn = np.array([[cos, sin], [-sin, cos]])
    points = quads.reshape(-1, 2) @ turn.T
    paper = np.array([[0, 0], [width, 0], [width, height], [0, height]]) @ turn.T
    margin = _MARGIN * line * scale
    low = np.maximum(points.min(axis=0) - margin, paper.min(axis=0))
    high = np.minimum(points.max(axis=0) + margin, paper.max(axis=0))
    warp = np.hstack([turn, -low[:, None]])
    size = np.maximum(np.ceil(high - low), 1)
    return warp, int(size[0]), int(size[1])


def _shrink(warp: Affine) -> float:
    scale = math.hypot(warp[0, 0], warp[1, 0])
    return scale if scale < 0.7 else 1.0


def _shrunk_for(pixels: Pixels, warp: Affine) -> Pixels:
    """Averaged down first where the warp shrinks: its interpolation alone would skip pixels."""
    shrink = _shrink(warp)
    return pixels if shrink == 1.0 else scaled(pixels, shrink)


def _after_shrink(pixels: Pixels, warp: Affine) -> Affine:
    shrink = _shrink(warp)
    if shrink == 1.0:
        return warp
    height, width = pixels.shape[:2]
    scale = np.array(
        [width / max(1, round(width * shrink)), height / max(1, round(height * shrink))]
    )
    return np.hstack([warp[:, :2] * scale, warp[:, 2:]])


def _back(warp: Affine, picture: Picture) -> Matrix:
    inverse = cv2.invertAffineTransform(warp)
    height, width = picture.pixels.shape[:2]
    inverse[0] *= picture.original_width / width
    inverse[1] *= picture.original_height / height
    a, b, c = (float(value) for value in inverse[0])
    d, e, f = (float(value) for value in inverse[1])
    return (a, b, c, d, e, f, 0.0, 0.0, 1.0)


def _textless(picture: Picture) -> Prepared:
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, math.sqrt(_FIRST_LOOK / (height * width)))
    small = scaled(picture.pixels, scale)
    warp = np.array([[scale, 0, 0], [0, scale, 0]], np.float64)
    return Prepared(
        small,
        np.zeros((0, 4, 2), np.float32),
        _back(warp, picture),
        0,
        0.0,
        quality_without_text(small, picture.pixels),
    )
