"""Whether lines of text stand on their head: PP-OCR's small network, asked for many lines."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preuve.reading.ocr.runtime import DIRECTION, load_network

_SHAPE = (48, 192)


class Direction:
    """A majority of votes; one line alone is wrong too often."""

    def __init__(self) -> None:
        self._network = load_network(DIRECTION)

    def upside_down(self, lines: Sequence[NDArray[np.uint8]]) -> bool:
        """Whether most of these RGB pictures of lines are turned by 180 degrees."""
        height, width = _SHAPE
        votes = 0.0
        for line in lines:
            wide = min(width, max(1, round(line.shape[1] * height / line.shape[0])))
            small = cv2.resize(line, (wide, height), interpolation=cv2.INTER_LINEAR)
            batch = np.zeros((1, 3, height, width), np.float32)
            batch[0, :, :, :wide] = small[:, :, ::-1].transpose(2, 0, 1) * np.float32(2 / 255) - 1
            votes += float(self._network(batch)[0, 1]) - 0.5
        return votes > 0
