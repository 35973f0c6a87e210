"""Pages of documents as pictures for people: PDF, TIFF, several files."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from preuve.reading.document import DocumentError
from preuve.reading.showing import WIDEST, draw_page

SAMPLES = Path(__file__).parent.parent / "samples" / "images"


def drawn(*files: bytes, page: int = 1, quarters: int = 0) -> Image.Image:
    picture = Image.open(io.BytesIO(draw_page(files, page, quarters)))
    assert picture.format == "JPEG"
    assert "comment" not in picture.info
    assert not picture.getexif()
    return picture


def tiff(*colors: str) -> bytes:
    first, *others = (Image.new("RGB", (120, 300), color) for color in colors)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, software="at home")
    return out.getvalue()


@pytest.mark.parametrize("name", ["20_fr_ticket_mail.pdf", "22_fr_librairie_scan.pdf"])
def test_a_page_of_a_pdf_is_drawn_with_what_is_printed_on_it(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    picture = drawn(data)
    darkest, lightest = picture.convert("L").getextrema()
    assert isinstance(darkest, int)
    assert isinstance(lightest, int)
    assert darkest < 90
    assert lightest > 240
    assert 300 < picture.width <= WIDEST
    turned = drawn(data, quarters=1)
    assert turned.size == (picture.height, picture.width)


def test_each_page_of_a_tiff_and_of_several_files_has_its_number() -> None:
    files = tiff("red", "blue"), tiff("lime")
    seen = [drawn(*files, page=page).getpixel((60, 150)) for page in (1, 2, 3)]
    assert [pixel.index(max(pixel)) for pixel in seen if isinstance(pixel, tuple)] == [0, 2, 1]
    assert drawn((SAMPLES / "12_gb_scan.tiff").read_bytes()).width > 300


@pytest.mark.parametrize("page", [2, 999])
def test_there_is_no_page_beyond_the_last(page: int) -> None:
    with pytest.raises(LookupError):
        draw_page([(SAMPLES / "22_fr_librairie_scan.pdf").read_bytes()], page, 0)


def test_what_cannot_be_drawn_says_so() -> None:
    with pytest.raises(DocumentError):
        draw_page([b"%PDF-1.7 and nothing else"], 1, 0)
