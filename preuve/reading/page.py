"""What an engine saw: words with boxes, in rows, on pages.

All boxes are in pixels of the *upright* page: turned, cropped, flattened and straightened.
`Page.to_original` leads back to the pixels of the picture that the member sent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float, float, float, float]
SIGHT = 1
"""What `see` gathers from pixels: 0 words, 1 codes too. Raise it when it gathers more."""

TEXT_LAYER = "pdf"
"""The engine of words that a file brings: no letter of them is misread."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@quickly_made
@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle, in pixels; `left <= right` and `top <= bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def center(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds them all. Raises ValueError for none."""
        left = top = math.inf
        right = bottom = -math.inf
        for box in boxes:
            if box.left < left:
                left = box.left
            if box.top < top:
                top = box.top
            if box.right > right:
                right = box.right
            if box.bottom > bottom:
                bottom = box.bottom
        if right < left:
            raise ValueError("no boxes")
        return cls(left, top, right, bottom)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another text that the engine, or another engine, holds possible for the same word."""

    text: str
    confidence: float
    engine: str


SURELY_READ = 0.97
"""The confidence from which a word was read without a doubt."""


@dataclass(frozen=True, slots=True)
class Word:
    """One run of characters without a space; `confidence` is 0 to 1."""

    text: str
    box: Box
    confidence: float
    engine: str
    alternatives: tuple[Alternative, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Row(Keeping):
    """Words side by side on the paper, from left to right."""

    words: tuple[Word, ...]

    @cached_property
    def text(self) -> str:
        return " ".join([word.text for word in self.words])

    @cached_property
    def box(self) -> Box:
        return Box.around([word.box for word in self.words])

    @property
    def was_recognized(self) -> bool:
        """Whether an engine read its letters, rather than the file bringing any of them."""
        return all(word.engine != TEXT_LAYER for word in self.words)

    @cached_property
    def is_sure(self) -> bool:
        """Whether every word was read without a doubt: then no letter is taken for another."""
        return all(word.confidence >= SURELY_READ for word in self.words)


@dataclass(frozen=True, slots=True)
class Code:
    """A barcode or QR code: its format as zxing names it (`EAN13`, `QRCode`), its text, its box."""

    format: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Quality:
    """Measures of the picture that decide the advice to the member.

    brightness: mean gray of the paper, 0 (black) to 1 (white)
    contrast: spread between ink and paper, 0 to 1
    sharpness: variance of the Laplacian over the text at the reading scale; low is blurred
    focus: fine against coarse detail of the whole picture, about 1; under 0.35 it is out of
        focus (of 95 real receipts only one, which nobody can read, lies below)
    cut_edges: sides where text runs out of the picture, of "top", "bottom", "left", "right"
    lines_across: how many lines run across the others, as those of another paper do (of 418
        photos of one receipt none has more than 3)
    """

    brightness: float
    contrast: float
    sharpness: float
    cut_edges: tuple[str, ...] = ()
    focus: float = 1.0
    lines_across: int = 0
    lines_on_head: int = 0


@dataclass(frozen=True)
class Page:
    """One page as read: its rows from top to bottom.

    `number` counts from 1; `width` and `height` are those of the upright page in pixels;
    `to_original` is a 3x3 homography, row by row, from upright to original pixels;
    `source` tells whether an engine read pixels or a PDF brought its words;
    `sight` is the `SIGHT` of the version that saw it.
    """

    number: int
    width: float
    height: float
    rows: tuple[Row, ...]
    source: Literal["ocr", "text_layer"]
    original_width: float
    original_height: float
    to_original: Matrix = IDENTITY
    turned: int = 0
    quality: Quality | None = None
    engine: str = ""
    notes: tuple[str, ...] = field(default=())
    codes: tuple[Code, ...] = ()
    sight: int = 0

    def outline(self, box: Box) -> tuple[Point, Point, Point, Point]:
        """The box's four corners on the original picture, clockwise from its top left."""
        corners = (
            (box.left, box.top),
            (box.right, box.top),
            (box.right, box.bottom),
            (box.left, box.bottom),
        )
        a, b, c, d = (_project(self.to_original, corner) for corner in corners)
        return a, b, c, d

    @property
    def quarters(self) -> int:
        """How many quarters to turn the original against the clock, for its text to be upright."""
        (ax, ay), (bx, by), _, _ = self.outline(Box(0.0, 0.0, self.width, self.height))
        return round(math.atan2(by - ay, bx - ax) / (math.pi / 2)) % 4

    @property
    def turned_size(self) -> tuple[float, float]:
        """Width and height of the original, turned by `quarters`."""
        size = self.original_width, self.original_height
        return size[::-1] if self.quarters % 2 else size

    def turned_outline(self, box: Box) -> tuple[Point, ...]:
        """The box's corners as `outline` has them, on the original turned by `quarters`."""
        width, height = self.original_width, self.original_height

        def turned(x: float, y: float) -> Point:
            return ((x, y), (y, width - x), (width - x, height - y), (height - y, x))[self.quarters]

        return tuple(turned(x, y) for x, y in self.outline(box))

    def box_at(self, outline: Iterable[Point]) -> Box:
        """The upright box around points of the original turned by `quarters`."""
        width, height = self.original_width, self.original_height
        back = _inverse(self.to_original)

        def upright(x: float, y: float) -> Box:
            flat = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
            across, down = _project(back, flat[self.quarters])
            return Box(across, down, across, down)

        return Box.around(upright(x, y) for x, y in outline)


Pages = tuple[Page, ...]


def needs_reread(pages: Pages) -> bool:
    """Whether today's `see` would gather more from the pixels than these stored pages hold."""
    return any(page.source == "ocr" and page.sight < SIGHT for page in pages)


def _inverse(m: Matrix) -> Matrix:
    """Leads back, up to a factor, which does not matter to a homography."""
    a, b, c, d, e, f, g, h, i = m
    return (
        e * i - f * h,
        c * h - b * i,
        b * f - c * e,
        f * g - d * i,
        a * i - c * g,
        c * d - a * f,
        d * h - e * g,
        b * g - a * h,
        a * e - b * d,
    )


def _project(m: Matrix, point: Point) -> Point:
    x, y = point
    scale = m[6] * x + m[7] * y + m[8]
    return (m[0] * x + m[1] * y + m[2]) / scale, (m[3] * x + m[4] * y + m[5]) / scale
