"""Barcodes and QR codes on a picture."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from preuve.reading.document import Picture
from preuve.reading.page import Box, Code, Matrix

# More pixels find no more codes on receipts, and zxing's time grows with them.
_ENOUGH = 1_500_000
# Squares fade in a shadow where the whole picture sets the threshold, and in noise where the
# neighbourhood does; bars read the same either way.
_SQUARES = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix]
)
_BARS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.AllLinear])
_PASSES = (
    (_BARS, zxingcpp.Binarizer.GlobalHistogram),
    (_SQUARES, zxingcpp.Binarizer.GlobalHistogram),
    (_SQUARES, zxingcpp.Binarizer.LocalAverage),
)


def find_codes(
    picture: Picture, turned: int, to_original: Matrix, *, any_way: bool = False
) -> tuple[Code, ...]:
    """The codes on a picture, boxes in the upright page's pixels; a code may lie outside of it,
    where nothing is printed beyond the code.

    `turned` is how far clockwise the paper lies in the picture, in quarter turns of 90 degrees:
    zxing reads bars only along or across the rows of pixels, and the second costs as much again.
    It is tried too with `any_way`: where hardly any text tells how the paper lies.
    """
    height, width = picture.pixels.shape[:2]
    scale = min(1.0, math.sqrt(_ENOUGH / (height * width)))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    gray = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA) if scale < 1 else gray
    upright = np.asarray(np.ascontiguousarray(np.rot90(small, turned // 90)), np.uint8)
    to_picture = np.array(
        [picture.original_width / size[0], picture.original_height / size[1]], np.float64
    )
    codes = []
    for one in _read(upright, any_way):
        corners = _turned_back(_corners(one.position), turned, size) * to_picture
        text = "".join(c for c in one.text if c.isprintable() or c == "\n")
        codes.append(Code(one.format.name, text, _upright_box(corners, to_original)))
    return tuple(sorted(codes, key=lambda code: (code.box.top, code.box.left)))


def _read(upright: NDArray[np.uint8], any_way: bool) -> list[zxingcpp.Barcode]:
    found: dict[str, zxingcpp.Barcode] = {}
    for formats, binarizer in _PASSES:
        for one in zxingcpp.read_barcodes(
            upright, formats=formats, binarizer=binarizer, try_rotate=any_way, try_invert=False
        ):
            found.setdefault(one.text, one)
    return list(found.values())


def _corners(position: Any) -> NDArray[np.float64]:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(p.x, p.y) for p in points], np.float64)


def _turned_back(
    points: NDArray[np.float64], turned: int, size: tuple[int, int]
) -> NDArray[np.float64]:
    """Points of the copy that `np.rot90` turned, in the copy as it was, `size` wide and high."""
    x, y = points[:, 0], points[:, 1]
    width, height = size
    match turned // 90 % 4:
        case 1:
            x, y = width - 1 - y, x
        case 2:
            x, y = width - 1 - x, height - 1 - y
        case 3:
            x, y = y, height - 1 - x
    return np.stack([x, y], axis=1)


def _upright_box(corners: NDArray[np.float64], to_original: Matrix) -> Box:
    back = np.linalg.inv(np.array(to_original, np.float64).reshape(3, 3))
    placed = np.hstack([corners, np.ones((4, 1))]) @ back.T
    points = placed[:, :2] / placed[:, 2:]
    low, high = points.min(axis=0), points.max(axis=0)
    return Box(*(round(float(v), 1) for v in (low[0], low[1], high[0], high[1])))
