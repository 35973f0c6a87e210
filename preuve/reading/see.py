"""From a document to pages of words: the half of reading that looks at pixels."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from preuve.reading.codes import find_codes
from preuve.reading.document import Document, Picture, TextPage
from preuve.reading.imaging import prepare
from preuve.reading.ocr import Engine
from preuve.reading.ocr.detect import Detector
from preuve.reading.ocr.direction import Direction
from preuve.reading.page import SIGHT, TEXT_LAYER, Box, Page, Pages
from preuve.reading.rows import rows_of_lines, rows_of_words
from preuve.reading.way_up import WayUp

# A picture with fewer lines of text may be a packaging, whose bars stand any way.
_FEW_LINES = 8


def see(document: Document, engine: Engine) -> Pages:
    """Every page of the document as rows of words. A page without text has no rows."""
    return tuple(
        _text_page(page, number, engine)
        if isinstance(page, TextPage)
        else _picture(page, number, engine)
        for number, page in enumerate(document.pages, 1)
    )


def _text_page(page: TextPage, number: int, engine: Engine) -> Page:
    words, codes = list(page.words), []
    for box, logo in page.logos:
        seen = _picture(logo, number, engine)
        words += [
            replace(word, box=_on_page(word.box, seen, box))
            for row in seen.rows
            for word in row.words
        ]
        codes += [replace(code, box=_on_page(code.box, seen, box)) for code in seen.codes]
    return Page(
        number=number,
        width=page.width,
        height=page.height,
        rows=rows_of_words(words),
        source="text_layer",
        original_width=page.width,
        original_height=page.height,
        engine=TEXT_LAYER,
        codes=tuple(codes),
    )


def _on_page(inside: Box, seen: Page, box: Box) -> Box:
    """A box in a picture as it lies on the page that holds this picture at `box`."""
    xs, ys = zip(*seen.outline(inside), strict=True)
    across, down = box.width / seen.original_width, box.height / seen.original_height
    left, right = (box.left + x * across for x in (min(xs), max(xs)))
    top, bottom = (box.top + y * down for y in (min(ys), max(ys)))
    return Box(left, top, right, bottom)


def _picture(page: Picture, number: int, engine: Engine) -> Page:
    way_up = WayUp(_direction())
    prepared = prepare(page, _detector(), way_up)
    return Page(
        number=number,
        width=prepared.pixels.shape[1],
        height=prepared.pixels.shape[0],
        rows=rows_of_lines(engine.words(prepared)),
        source="ocr",
        original_width=page.original_width,
        original_height=page.original_height,
        to_original=prepared.to_original,
        turned=prepared.turned,
        quality=replace(prepared.quality, lines_on_head=way_up.lines_on_head),
        engine=f"{engine.name} {engine.version}",
        codes=find_codes(
            page,
            prepared.turned,
            prepared.to_original,
            any_way=len(prepared.quads) < _FEW_LINES,
        ),
        sight=SIGHT,
    )


@cache
def _detector() -> Detector:
    return Detector()


@cache
def _direction() -> Direction:
    return Direction()
