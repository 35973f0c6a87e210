"""A page of a document as a picture to look at, made anew from what was sent.

Nothing but pixels comes through: no metadata, no other format, no more than a screen can use.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from preuve.reading.document import DEFAULT, Kind, Limits, sniff
from preuve.reading.pdf import draw_pdf_page
from preuve.reading.pictures import pictures

LARGEST = 4_000_000
"""Pixels: a long receipt's letters are still told apart."""
WIDEST = 2400
QUALITY = 82


def draw_page(
    files: Sequence[bytes], number: int, quarters: int, limits: Limits = DEFAULT
) -> bytes:
    """Page `number` (from 1, counted through all files) as a JPEG, turned by `Page.quarters`.

    Raises LookupError where there is no such page, and a subclass of DocumentError.
    """
    for position, data in enumerate(files, 1):
        where = f"File {position}"
        kind = sniff(data)
        if kind is Kind.PDF:
            image, count = draw_pdf_page(data, number, limits, where)
        else:
            found = list(pictures(data, kind, limits, where))
            count = len(found)
            image = Image.fromarray(found[number - 1].pixels) if number <= count else None
        if image is not None:
            return _encoded(image, quarters)
        number -= count
    raise LookupError("the document has fewer pages")


def _encoded(image: Image.Image, quarters: int) -> bytes:
    shrink = min(
        1.0, (LARGEST / (image.width * image.height)) ** 0.5, WIDEST / max(image.size[0], 1)
    )
    if shrink < 1.0:
        size = max(1, round(image.width * shrink)), max(1, round(image.height * shrink))
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if quarters % 4:
        image = image.rotate(90 * (quarters % 4), expand=True)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
