"""Rows of text onto a strip of receipt paper, as a till's printer does it.

A strip is a gray array: 255 paper, 0 ink. A column (one character of the fixed fonts) is
`CELL` pixels wide, two pixels for each of a thermal printer's dots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parents[1] / "fonts"
CELL = 24
LINE = 50
MARGIN = 60
Gray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, its size in pixels for one column, and whether it is drawn in dots."""

    file: str
    size: float
    fixed: bool = True
    dots: bool = False


FACES = {
    "dots": Face("spleen-12x24.otf", 24, dots=True),
    "mono": Face("LiberationMono-Regular.ttf", 40),
    "narrow": Face("Inconsolata.otf", 48),
    "typed": Face("CourierPrime-Regular.otf", 40),
    "heavy": Face("CourierPrime-Bold.otf", 40),
    "sans": Face("LiberationSans-Regular.ttf", 37, fixed=False),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and where it stands: `at` is 0 (left edge) to 1 (right edge) of the row."""

    text: str
    at: float = 0.0
    align: Literal["left", "right", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells side by side, or a drawing where `kind` says so: a `square` holds `code`, if any, a
    `barcode` too, with its format before it ("EAN13 2044008177317")."""

    cells: tuple[Cell, ...] = ()
    bold: bool = False
    wide: int = 1
    tall: int = 1
    inverted: bool = False
    kind: Literal["text", "rule", "barcode", "square", "gap"] = "text"
    height: float = 1.0
    code: str = ""


def across(texts: Sequence[str], **looks: Any) -> Row:
    """Texts in columns of one width, each at the left of its own."""
    return Row(tuple(Cell(text, at / len(texts)) for at, text in enumerate(texts)), **looks)


def center(text: str, **looks: Any) -> Row:
    return Row((Cell(text, 0.5, "center"),), **looks)


def left(text: str, **looks: Any) -> Row:
    return Row((Cell(text),), **looks)


def pair(text: str, amount: str, **looks: Any) -> Row:
    """A text at the left and an amount at the right."""
    return Row((Cell(text), Cell(amount, 1.0, "right")), **looks)


def print_rows(
    rows: Sequence[Row], columns: int, face: str, rng: np.random.Generator, spacing: float = 1.0
) -> Gray:
    """The strip that these rows make, `columns` characters wide."""
    width = columns * CELL
    printed = [_row(row, width, FACES[face], rng, spacing) for row in rows]
    strip = np.vstack(printed)
    return np.pad(strip, ((MARGIN, MARGIN + 40), (MARGIN, MARGIN)), constant_values=255)


def _row(row: Row, width: int, face: Face, rng: np.random.Generator, spacing: float) -> Gray:
    height = round(LINE * spacing * row.tall)
    if row.kind == "gap":
        return np.full((round(height * row.height), width), 255, np.uint8)
    if row.kind == "barcode":
        return _code(row.code, width) if row.code else _barcode(width, rng)
    if row.kind == "square":
        return _qr_code(row.code, width) if row.code else _square(width, rng)
    canvas = np.full((height, width), 255, np.uint8)
    if row.kind == "rule":
        canvas[height // 2 - 2 : height // 2 + 2] = 30
        return canvas
    for glyphs, x in _placed(row, width, face):
        inked = _centered(glyphs, height)
        end = min(width, x + inked.shape[1])
        part = canvas[:, max(0, x) : end]
        np.minimum(part, inked[:, max(0, -x) : end - x], out=part)
    return 255 - canvas if row.inverted else canvas


def _placed(row: Row, width: int, face: Face) -> list[tuple[Gray, int]]:
    """Each cell's glyphs and where they start; a cell that would run into its right-hand
    neighbor is printed narrower, as proportional tills do."""
    drawn = [_glyphs(cell.text, face, row) for cell in row.cells]
    placed: list[tuple[Gray, int]] = []
    limit = width
    for cell, glyphs in sorted(
        zip(row.cells, drawn, strict=True), key=lambda p: -_start(p[0], p[1], width, face)
    ):
        x = _start(cell, glyphs, width, face)
        room = limit - max(0, x)
        if 0 < room < glyphs.shape[1]:
            squeezed = cv2.resize(glyphs, (room, glyphs.shape[0]), interpolation=cv2.INTER_AREA)
            glyphs, x = np.asarray(squeezed, np.uint8), max(0, x)
        placed.append((glyphs, x))
        limit = x - CELL // 2
    return placed


def _start(cell: Cell, glyphs: Gray, width: int, face: Face) -> int:
    shift = {"left": 0.0, "center": 0.5, "right": 1.0}[cell.align]
    x = cell.at * width - shift * glyphs.shape[1]
    return int(round(x / CELL) * CELL) if face.fixed and cell.align != "center" else round(x)


def _glyphs(text: str, face: Face, row: Row) -> Gray:
    font = load_font(face.file, face.size)
    columns = max(1, round(font.getlength(text))) if text else 1
    size = (columns, round(face.size * 1.3))
    image = Image.new("1" if face.dots else "L", size, 1 if face.dots else 255)
    ImageDraw.Draw(image).text((0, size[1] * 0.8), text, fill=0, font=font, anchor="ls")
    glyphs = np.asarray(image.convert("L"))
    if face.dots:
        glyphs = np.kron(glyphs, np.ones((2, 2), np.uint8))
    if row.bold:
        smeared = np.pad(glyphs, ((0, 0), (2, 0)), constant_values=255)[:, :-2]
        glyphs = np.minimum(glyphs, smeared)
    if (row.wide, row.tall) != (1, 1):
        glyphs = np.kron(glyphs, np.ones((row.tall, row.wide), np.uint8))
    return glyphs


@cache
def load_font(file: str, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / file), size)


def _centered(glyphs: Gray, height: int) -> Gray:
    spare = height - glyphs.shape[0]
    if spare < 0:
        start = -spare // 2
        return glyphs[start : start + height]
    return np.pad(glyphs, ((spare // 2, spare - spare // 2), (0, 0)), constant_values=255)


def _barcode(width: int, rng: np.random.Generator) -> Gray:
    bars = np.repeat(rng.integers(0, 2, 120) * 255, rng.choice([4, 8], 120)).astype(np.uint8)
    bars = bars[: int(width * 0.7)]
    canvas = np.full((140, width), 255, np.uint8)
    start = (width - bars.size) // 2
    canvas[20:120, start : start + bars.size] = bars
    return canvas


def _code(code: str, width: int) -> Gray:
    """A barcode that scanners read, six pixels a module, in the middle of its row."""
    format_, _, text = code.partition(" ")
    made = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(format_))
    bars = np.asarray(zxingcpp.write_barcode_to_image(made, scale=6), np.uint8)[:140]
    canvas = np.full((bars.shape[0] + 30, width), 255, np.uint8)
    start = (width - bars.shape[1]) // 2
    canvas[15:-15, start : start + bars.shape[1]] = bars
    return canvas


def _square(width: int, rng: np.random.Generator) -> Gray:
    """Something like a QR code; it holds no message."""
    modules = rng.integers(0, 2, (29, 29)).astype(np.uint8) * 255
    for y, x in ((0, 0), (0, 22), (22, 0)):
        modules[y : y + 7, x : x + 7] = 0
        modules[y + 1 : y + 6, x + 1 : x + 6] = 255
        modules[y + 2 : y + 5, x + 2 : x + 5] = 0
    code = np.kron(modules, np.ones((9, 9), np.uint8))
    canvas = np.full((code.shape[0] + 30, width), 255, np.uint8)
    start = (width - code.shape[1]) // 2
    canvas[15:-15, start : start + code.shape[1]] = code
    return canvas


def _qr_code(text: str, width: int) -> Gray:
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    code = np.asarray(zxingcpp.write_barcode_to_image(made, scale=6), np.uint8)
    start = (width - code.shape[1]) // 2
    return np.pad(code, ((0, 0), (start, width - code.shape[1] - start)), constant_values=255)


def gap_near(strip: Gray, height: float) -> int:
    """The row of pixels nearest to `height` (0 to 1 of the strip) that holds no ink."""
    blank = np.flatnonzero(strip.min(axis=1) > 250)
    return int(blank[np.abs(blank - height * strip.shape[0]).argmin()])
