"""Tesseract, French and English, by pytesseract, on the crop that our detection network found.

psm 6 (one block of text) reads the crop of a receipt better than psm 3 or 4 do, with glyphs
26 pixels high.
"""

from __future__ import annotations

import os
from itertools import groupby
from typing import Any

import cv2
import numpy as np
import pytesseract

from preuve.reading.imaging import Prepared
from preuve.reading.ocr import Line
from preuve.reading.page import Box, Word

_LANGUAGES = "fra+eng"
# A line's box is about 1.7 times as high as its capital letters.
_LINE_HEIGHT = 26 * 1.7
_SECONDS = 45
_WORD = 5


class TesseractEngine:
    """One process of tesseract a page, with one thread."""

    name = "tesseract"

    def __init__(self) -> None:
        try:
            self.version = str(pytesseract.get_tesseract_version())
        except pytesseract.TesseractNotFoundError:
            raise RuntimeError("tesseract is not installed; run `make setup`.") from None
        missing = set(_LANGUAGES.split("+")) - set(pytesseract.get_languages())
        if missing:
            raise RuntimeError(f"tesseract lacks {', '.join(sorted(missing))}; run `make setup`.")
        # Threads of several workers on the same cores make tesseract six times slower.
        os.environ["OMP_THREAD_LIMIT"] = "1"

    def words(self, picture: Prepared) -> list[Line]:
        if not len(picture.quads):
            return []
        scale = _LINE_HEIGHT / picture.line_height
        gray = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
        table: dict[str, list[Any]] = pytesseract.image_to_data(
            np.asarray(cv2.resize(gray, size, interpolation=way)),
            lang=_LANGUAGES,
            config="--psm 6",
            output_type=pytesseract.Output.DICT,
            timeout=_SECONDS,
        )
        engine = f"{self.name} {self.version}"
        columns = ("level", "block_num", "par_num", "line_num", "text", "conf")
        entries = zip(
            *(table[name] for name in (*columns, "left", "top", "width", "height")), strict=True
        )
        found = [entry for entry in entries if entry[0] == _WORD and entry[4].strip()]
        return [
            _line([_word(entry, 1 / scale, engine) for entry in group])
            for _, group in groupby(found, key=lambda entry: entry[1:4])
        ]


def _word(entry: tuple[Any, ...], scale: float, engine: str) -> Word:
    text, confidence, left, top, width, height = entry[4:]
    box = Box(left * scale, top * scale, (left + width) * scale, (top + height) * scale)
    return Word(text.strip(), box, round(max(float(confidence), 0.0) / 100, 4), engine)


def _line(words: list[Word]) -> Line:
    box = Box.around(word.box for word in words)
    height = float(np.median([word.box.height for word in words]))
    first, last = words[0].box, words[-1].box
    return Line(tuple(words), (box.left, first.center[1]), (box.right, last.center[1]), height)
