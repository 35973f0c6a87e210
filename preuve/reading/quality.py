"""What a photo is like: its light, its sharpness, and what of the paper lies outside of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.page import Quality
from preuve.reading.quads import LINE_HEIGHT, MOST_ENLARGED, Pixels, Quads, heights, hull, scaled

_FOCUS_SIDE = 1000.0
# So many lines from the border text touches it, where it lies along it and where it runs into it.
_CUT_ALONG, _CUT_BESIDE = 1.0, 0.15
# With fewer lines than these the edges of sheet and table weigh more than text.
_FEWEST_LINES = 3


def quality_of(
    flat: Pixels, placed: Quads, pixels: Pixels, quads: Quads, angle: float, across: int
) -> Quality:
    """Of a picture with lines of text at `quads`, and of its upright crop with these at `placed`.

    `angle` is the lines' direction in degrees, `across` counts those that run across them.
    """
    gray = _gray(flat)
    left, top, right, bottom = hull(placed, 0, gray.shape[1], gray.shape[0])
    text = gray[top:bottom, left:right]
    # Sharpness is comparable only at one scale, so every line is brought to the same height.
    scale = LINE_HEIGHT / max(float(np.median(heights(placed))), 1.0)
    return replace(
        _measure(text, scaled(text, min(scale, MOST_ENLARGED))),
        cut_edges=_cut_edges(quads, pixels.shape, angle),
        focus=_focus(pixels, len(quads)),
        lines_across=across,
    )


def quality_without_text(small: Pixels, pixels: Pixels) -> Quality:
    """Of a picture and its small copy in which no text was found."""
    gray = _gray(small)
    return replace(_measure(gray, gray), focus=_focus(pixels, 0))


def _measure(gray: Pixels, at_scale: Pixels) -> Quality:
    ink, paper = np.percentile(gray, (3, 80)) if gray.size else (0.0, 0.0)
    sharp = cv2.Laplacian(at_scale, cv2.CV_32F).var() if at_scale.size else 0.0
    return Quality(
        round(float(paper) / 255, 3),
        round(float(paper - ink) / 255, 3),
        round(float(sharp), 1),
    )


def _focus(pixels: Pixels, lines: int) -> float:
    """Detail of about 2 pixels over detail of about 8, in a copy with a long side of 1000.

    Both are the 97th percentile of a difference of Gaussians: noise and paper hardly weigh. With
    `lines` of text, the least of all directions, across and down: a hand that moved blurs only
    one of them, as the edges of an empty sheet have detail in only one.
    """
    scale = min(1.0, _FOCUS_SIDE / max(pixels.shape[:2]))
    gray = _gray(scaled(pixels, scale)).astype(np.float32)

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


def _gray(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
