"""From a photo to an upright picture of its text: crop, turn, straighten, scale, judge.

One look at a small copy finds the lines of text. Their boxes tell at once where the receipt is,
how it is turned and how large its glyphs are. Where the lines are too small in that copy, a
second look at the right scale, within the crop, finds them again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.document import Picture
from preuve.reading.page import Matrix, Quality

Pixels = NDArray[np.uint8]
Quads = NDArray[np.float32]
Affine = NDArray[np.float64]
Finder = Callable[[Pixels], Quads]
UpsideDown = Callable[[Pixels, Quads], bool]

# Areas of the copies that lines are looked for in, and how high a line's box must be in one.
_FIRST_LOOK = 620_000
_SECOND_LOOK = 1_600_000
_ENOUGH_HEIGHT = 14.0
_GOOD_HEIGHT = 18.0
_FOCUS_SIDE = 1000.0
_MOST_ENLARGED = 2.0
_WORTH_LOOKING = 1.15
# Boxes of lines in the prepared picture are about this high: engines read lines 48 pixels high.
_LINE_HEIGHT = 44.0
# Below this height of a line's box, more pixels make reading better.
_LEGIBLE = 36.0
_MARGIN = 1.0
# So many lines from the border text touches it, where it lies along it and where it runs into it.
_CUT_ALONG, _CUT_BESIDE = 1.0, 0.15
_FLAT = 0.6
# With fewer lines than these the edges of sheet and table weigh more than text.
_FEWEST_LINES = 3


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
    quads = _first_look(picture.pixels, find)
    if picture.finer and _too_small(quads):
        coarse, picture = picture, picture.finer()
        quads = quads * np.float32(picture.pixels.shape[1] / coarse.pixels.shape[1])
    pixels = picture.pixels
    quads = _closer_look(pixels, quads, find)
    if not len(quads):
        return _textless(picture)
    angle = reading_angle(quads)
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
    return Prepared(
        flat,
        placed,
        _back(warp, picture),
        round(angle / 90) % 4 * 90,
        float(np.median(heights(placed))),
        replace(
            _quality(flat, placed, upright, pixels.shape, angle), focus=_focus(pixels, len(quads))
        ),
    )


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
    long = weight > 2.5 * heights(quads)
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


def _first_look(pixels: Pixels, find: Finder) -> Quads:
    return _found(pixels, _first_scale(pixels), find)


def _found(pixels: Pixels, scale: float, find: Finder) -> Quads:
    """What `find` sees in a scaled copy, in the pixels of the picture."""
    copy = _scaled(pixels, scale)
    # The copy's sides are whole numbers, so its true scale differs a little from the one asked.
    back = np.array(pixels.shape[1::-1], np.float32) / np.array(copy.shape[1::-1], np.float32)
    return np.asarray(find(copy) * back, np.float32)


def _first_scale(pixels: Pixels) -> float:
    return min(math.sqrt(_FIRST_LOOK / (pixels.shape[0] * pixels.shape[1])), _MOST_ENLARGED)


def _closer_look(pixels: Pixels, quads: Quads, find: Finder) -> Quads:
    """The lines again, at a larger scale, where the first look saw them small or saw none."""
    height, width = pixels.shape[:2]
    first = _first_scale(pixels)
    line = float(np.median(heights(quads))) if len(quads) else _GOOD_HEIGHT / _MOST_ENLARGED
    if len(quads) and line * first >= _ENOUGH_HEIGHT:
        return quads
    left, top, right, bottom = (
        _hull(quads, 2 * line, width, height) if len(quads) else (0, 0, width, height)
    )
    crop = pixels[top:bottom, left:right]
    area = crop.shape[0] * crop.shape[1]
    scale = min(_GOOD_HEIGHT / line, math.sqrt(_SECOND_LOOK / area), _MOST_ENLARGED)
    if scale < _WORTH_LOOKING * first:
        return quads
    again = _found(crop, scale, find)
    return again + np.array([left, top], np.float32) if len(again) else quads


def _too_small(quads: Quads) -> bool:
    return not len(quads) or float(np.median(heights(quads))) < _LEGIBLE


def _hull(quads: Quads, margin: float, width: int, height: int) -> tuple[int, int, int, int]:
    low = quads.min(axis=(0, 1)) - margin
    high = quads.max(axis=(0, 1)) + margin
    return (
        max(0, int(low[0])),
        max(0, int(low[1])),
        min(width, math.ceil(high[0])),
        min(height, math.ceil(high[1])),
    )


def _scaled(pixels: Pixels, scale: float) -> Pixels:
    size = (
        max(1, round(pixels.shape[1] * scale)),
        max(1, round(pixels.shape[0] * scale)),
    )
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(pixels, size, interpolation=way).astype(np.uint8, copy=False)


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
    scale = min(1.0, _LINE_HEIGHT / line)
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
    return pixels if shrink == 1.0 else _scaled(pixels, shrink)


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
    small = _scaled(picture.pixels, scale)
    warp = np.array([[scale, 0, 0], [0, scale, 0]], np.float64)
    gray = _gray(small)
    return Prepared(
        small,
        np.zeros((0, 4, 2), np.float32),
        _back(warp, picture),
        0,
        0.0,
        replace(_measure(gray, gray), focus=_focus(picture.pixels, 0)),
    )


def _gray(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _quality(
    flat: Pixels, placed: Quads, quads: Quads, shape: tuple[int, ...], angle: float
) -> Quality:
    gray = _gray(flat)
    left, top, right, bottom = _hull(placed, 0, gray.shape[1], gray.shape[0])
    text = gray[top:bottom, left:right]
    # Sharpness is comparable only at one scale, so every line is brought to the same height.
    scale = _LINE_HEIGHT / max(float(np.median(heights(placed))), 1.0)
    return _measure(
        text,
        _scaled(text, min(scale, _MOST_ENLARGED)),
        _cut_edges(quads, shape, angle),
    )


def _measure(gray: Pixels, at_scale: Pixels, cut: tuple[str, ...] = ()) -> Quality:
    ink, paper = np.percentile(gray, (3, 80)) if gray.size else (0.0, 0.0)
    sharp = cv2.Laplacian(at_scale, cv2.CV_32F).var() if at_scale.size else 0.0
    return Quality(
        round(float(paper) / 255, 3),
        round(float(paper - ink) / 255, 3),
        round(float(sharp), 1),
        cut,
    )


def _focus(pixels: Pixels, lines: int) -> float:
    """Detail of about 2 pixels over detail of about 8, in a copy with a long side of 1000.

    Both are the 97th percentile of a difference of Gaussians: noise and paper hardly weigh. With
    `lines` of text, the least of all directions, across and down: a hand that moved blurs only
    one of them, as the edges of an empty sheet have detail in only one.
    """
    scale = min(1.0, _FOCUS_SIDE / max(pixels.shape[:2]))
    gray = _gray(_scaled(pixels, scale)).astype(np.float32)

    def detail(sigma: float, across: bool, down: bool) -> float:
        fine, coarse = (
            cv2.sepFilter2D(gray, -1, _kernel(s, across), _kernel(s, down))
            for s in (sigma, 1.6 * sigma)
        )
        return float(np.percentile(np.abs(fine - coarse), 97))

    ways = [(True, True)]
    if lines >= _FEWEST_LINES:
        ways += [(True, False), (False, True)]
    return round(min(detail(2.0, *way) / max(detail(8.0, *way), 1e-3) for way in ways), 3)


def _kernel(sigma: float, along: bool) -> NDArray[np.float32]:
    """A Gaussian as wide as OpenCV's own; of one pixel where nothing is to be blurred."""
    kernel = cv2.getGaussianKernel(round(8 * sigma) | 1 if along else 1, sigma, cv2.CV_32F)
    return np.asarray(kernel, np.float32)


def _cut_edges(quads: Quads, shape: tuple[int, ...], angle: float) -> tuple[str, ...]:
    """Sides of the upright page where text touches the picture's border: two lines at the left
    or right, one at the top or bottom, which it lies along. There a line that is cut through is
    seldom found, so the one before it counts."""
    height, width = shape[:2]
    line = float(np.median(heights(quads)))
    quarter = round(angle / 90) % 4
    near = [(_CUT_BESIDE if (side - quarter) % 2 == 0 else _CUT_ALONG) * line for side in range(4)]
    sides = ("left", "top", "right", "bottom")
    touching = (
        (quads[:, :, 0].min(axis=1) <= near[0]).sum(),
        (quads[:, :, 1].min(axis=1) <= near[1]).sum(),
        (quads[:, :, 0].max(axis=1) >= width - 1 - near[2]).sum(),
        (quads[:, :, 1].max(axis=1) >= height - 1 - near[3]).sum(),
    )
    lines = {sides[(side - quarter) % 4]: touching[side] for side in range(4)}
    fewest = {"top": 1, "bottom": 1, "left": 2, "right": 2}
    return tuple(side for side, enough in fewest.items() if lines[side] >= enough)
