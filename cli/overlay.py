"""What was read, drawn over the picture it was read from: boxes there, values beside them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

from PIL import Image, ImageDraw, ImageFont

from cli.predictions import header
from preuve.reading.document import Document, Kind, Picture, sniff
from preuve.reading.page import Box, Page, Pages, Point
from preuve.reading.result import Place, Reading, Retailer, Verdict
from preuve.settings import REPOSITORY

COLORS = {
    "retailer": "#7b2ff7",
    "purchased_on": "#0077cc",
    "purchased_at": "#0077cc",
    "total": "#d6001c",
    "subtotal": "#c45a00",
    "rounding": "#c45a00",
    "item": "#0a8f3c",
    "tax": "#8a6d00",
    "tender": "#00838f",
    "field": "#b0009e",
}
OTHER = "#5b5b5b"
LARGEST = 1800
"""Longest side of the drawn picture, in pixels: legible, and quick to open by the hundred."""
FONTS = (
    str(REPOSITORY / "samples" / "fonts" / "LiberationSans-Regular.ttf"),
    "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
)
GAP = 30
"""Width of the strip between picture and values, where the lines run."""
STATUS = {"trusted": "#0a8f3c", "doubtful": "#c45a00", "unusable": "#d6001c"}
INK, PAPER = "#202124", "white"


@dataclass(frozen=True, slots=True)
class Mark:
    """A box and what stands beside it; a strong one is drawn thicker."""

    place: Place
    label: str
    color: str
    strong: bool = False


def originals(document: Document, files: Sequence[bytes]) -> list[Image.Image]:
    """The document's pages as they were sent; a page of words is rendered from its PDF."""
    return [
        Image.fromarray(page.pixels) if isinstance(page, Picture) else _rendered(files, number)
        for number, page in enumerate(document.pages)
    ]


def draw(
    originals: Sequence[Image.Image],
    pages: Pages,
    reading: Reading,
    verdict: Verdict,
    notes: Sequence[str] = (),
) -> list[Image.Image]:
    """One picture a page, in the order of `pages`: the original, upright, its values beside it.

    An original may have another size than the page says (a PDF page rendered finer): boxes are
    scaled to it. `notes` stand above it all, a line each.
    """
    lines = [*_outcome(reading, verdict), *notes]
    return draw_marks(originals, pages, list(_marks(reading)), lines, STATUS[verdict.status])


def draw_marks(
    originals: Sequence[Image.Image],
    pages: Pages,
    marks: Sequence[Mark],
    lines: Sequence[str],
    color: str,
) -> list[Image.Image]:
    """One picture a page: the original, upright, its marks beside it, below `lines` in a strip of
    that color."""
    drawn = []
    for page, original in zip(pages, originals, strict=True):
        sheet = _Sheet(original, page)
        beside = sheet.outline([mark for mark in marks if mark.place.page == page.number])
        drawn.append(_headed(_with_values(sheet.image, beside), lines, color))
    return drawn


def _rendered(files: Sequence[bytes], number: int) -> Image.Image:
    """The page with that number, counted through all files from 0."""
    import pypdfium2

    for data in files:
        if sniff(data) is not Kind.PDF:
            number -= 1
            continue
        pdf = pypdfium2.PdfDocument(data)
        if number < len(pdf):
            page = pdf[number]
            return cast(Image.Image, page.render(scale=LARGEST / max(page.get_size())).to_pil())
        number -= len(pdf)
    raise ValueError("the document has fewer pages than its files say")


class _Sheet:
    """A page's picture, shrunk and turned upright by quarters, and where points lie on it."""

    def __init__(self, original: Image.Image, page: Page) -> None:
        self.page = page
        image = original.convert("RGB")
        image.thumbnail((LARGEST, LARGEST))
        self.image = image.rotate(90 * page.quarters, expand=True) if page.quarters else image

    def outline(self, marks: Sequence[Mark]) -> list[tuple[Mark, Point]]:
        """Draw the boxes; gives each mark with the point where its line begins."""
        canvas = ImageDraw.Draw(self.image, "RGBA")
        for row in self.page.rows:
            for word in row.words:
                canvas.polygon(self._corners(word.box), outline=(90, 90, 90, 70))
        ends = []
        for mark in marks:
            rgb = _rgb(mark.color)
            corners = self._corners(mark.place.box)
            canvas.polygon(corners, fill=(*rgb, 45 if mark.strong else 28))
            canvas.line([*corners, corners[0]], fill=rgb, width=3 if mark.strong else 2)
            (ax, ay), (bx, by) = corners[1], corners[2]
            ends.append((mark, ((ax + bx) / 2, (ay + by) / 2)))
        return ends

    def _corners(self, box: Box) -> list[Point]:
        width, height = self.page.turned_size
        across, down = self.image.width / width, self.image.height / height
        return [(x * across, y * down) for x, y in self.page.turned_outline(box)]


def _with_values(picture: Image.Image, beside: Sequence[tuple[Mark, Point]]) -> Image.Image:
    """The picture with a margin where each value stands at the height of its box."""
    if not beside:
        return picture
    step = min(max(picture.height / len(beside), 22), 34)
    font = _font(step * 0.62)
    wide = max(font.getlength(mark.label) for mark, _ in beside) + GAP + 24
    ordered = sorted(beside, key=lambda pair: pair[1][1])
    tall = max(picture.height, math.ceil(step * len(ordered)))
    whole = Image.new("RGB", (picture.width + math.ceil(wide), tall), PAPER)
    whole.paste(picture, (0, 0))
    canvas = ImageDraw.Draw(whole, "RGBA")
    heights = _spread([end[1] for _, end in ordered], step, tall)
    for (mark, end), y in zip(ordered, heights, strict=True):
        left = picture.width + GAP
        color = (*_rgb(mark.color), 255)
        canvas.line([end, (picture.width, end[1]), (left, y)], fill=(*color[:3], 130), width=2)
        right = left + font.getlength(mark.label) + 16
        spot = (left, y - step / 2 + 2, right, y + step / 2 - 2)
        canvas.rounded_rectangle(spot, 4, fill=color if mark.strong else PAPER, outline=color)
        ink = PAPER if mark.strong else INK
        canvas.text((left + 8, y), mark.label, fill=ink, font=font, anchor="lm")
    return whole


def _spread(wanted: Sequence[float], step: float, tall: float) -> list[float]:
    """Heights in the same order, each `step` apart at least and as near its wish as that allows."""
    heights: list[float] = []
    for number, wish in enumerate(wanted):
        floor = heights[-1] + step if heights else step / 2
        ceiling = tall - step * (len(wanted) - number - 0.5)
        heights.append(min(max(wish, floor), max(ceiling, floor)))
    return heights


def _marks(reading: Reading) -> Iterator[Mark]:
    for item in reading.items:
        if item.place:
            quantity = f"{item.quantity.normalize():f} × " if item.quantity else ""
            label = f"{quantity}{item.description} = {item.amount:f}"
            yield Mark(item.place, label, COLORS["item"])
    for line in reading.taxes:
        if line.place:
            rate = "" if line.rate is None else f" {line.rate.normalize():f} %"
            yield Mark(line.place, f"tax{rate} = {line.tax:f}", COLORS["tax"])
    for tender in reading.tenders:
        if tender.place:
            label = f"{tender.kind.replace('_', ' ')} {tender.amount:f}"
            yield Mark(tender.place, label, COLORS["tender"])
    for field in reading.fields:
        if field.value and field.value.place:
            label = f"{field.title} {field.value.value}  {field.value.confidence:.0%}"
            yield Mark(field.value.place, label, COLORS["field"], strong=True)
    for name, value in header(reading):
        if value.place and name != "currency":
            label = f"{name.replace('_', ' ')} {_said(value.value)}  {value.confidence:.0%}"
            yield Mark(value.place, label, COLORS.get(name, OTHER), name in COLORS)


def _outcome(reading: Reading, verdict: Verdict) -> list[str]:
    """What came out, also of what has no box."""
    found = dict(header(reading))
    values = "    ".join(
        f"{name.replace('_', ' ')}: {_said(found[name].value) if name in found else 'not found'}"
        for name in dict.fromkeys(("retailer", *reading.requires, "currency"))
    )
    reasons = ", ".join(str(reason.code) for reason in verdict.reasons)
    failed = ", ".join(check.code for check in reading.checks if check.passed is False)
    return [
        values,
        f"{verdict.status} {verdict.confidence:.0%}    {reasons}    {reading.match.template}",
        *([f"failed: {failed}"] if failed else []),
    ]


def _headed(sheet: Image.Image, lines: Sequence[str], color: str) -> Image.Image:
    """The sheet below a strip with these lines."""
    font, step = _font(20), 28
    wide = max(sheet.width, *(math.ceil(font.getlength(line)) + 24 for line in lines))
    strip = step * len(lines) + 12
    whole = Image.new("RGB", (wide, sheet.height + strip), PAPER)
    canvas = ImageDraw.Draw(whole)
    canvas.rectangle((0, 0, wide, strip), fill=color)
    for number, line in enumerate(lines):
        canvas.text((12, 8 + number * step), line, fill=PAPER, font=font)
    whole.paste(sheet, (0, strip))
    return whole


@cache
def _font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _said(value: object) -> str:
    if isinstance(value, Retailer):
        return value.name
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
