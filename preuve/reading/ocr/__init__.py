"""The engines, one file each, behind one protocol. Importing this loads none of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from preuve.reading.page import Point, Word

if TYPE_CHECKING:
    from preuve.reading.imaging import Prepared

EngineName = Literal["rapidocr", "tesseract"]


@dataclass(frozen=True, slots=True)
class Line:
    """Words that an engine found side by side, from left to right.

    `start` and `end` are the middles of the line's left and right edges, `height` is across it;
    pixels of the upright page.
    """

    words: tuple[Word, ...]
    start: Point
    end: Point
    height: float


class Engine(Protocol):
    """Reads a prepared picture. `name` and `version` are stored with every word."""

    name: str
    version: str

    def words(self, picture: Prepared) -> list[Line]:
        """The lines of an upright picture, in any order; empty ones are left out."""
        ...


@cache
def load_engine(name: str) -> Engine:
    """The engine of that name, loaded once a process: call it after the fork.

    Raises ValueError for a name that is none, RuntimeError where its program is missing.
    """
    if name == "rapidocr":
        from preuve.reading.ocr.rapid import RapidEngine

        return RapidEngine()
    if name == "tesseract":
        from preuve.reading.ocr.tesseract import TesseractEngine

        return TesseractEngine()
    raise ValueError(f"No OCR engine {name!r}; choose one of {', '.join(get_args(EngineName))}.")
