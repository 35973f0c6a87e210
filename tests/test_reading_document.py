"""Files of every kind, good and hostile: what `open_document` makes of their bytes."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from preuve.reading.document import (
    DamagedFile,
    DocumentError,
    EmptyFile,
    Kind,
    Limits,
    Picture,
    ProtectedFile,
    TextPage,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    TooSlow,
    WrongType,
    open_document,
    sniff,
)

ORIENTATION = 0x0112


def _image(width: int = 60, height: int = 40) -> Image.Image:
    """Red on the left half, blue on the right: every turn shows."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height))
    return image


def _encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def _heic(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=90)
    return buffer.getvalue()


def _pdf(objects: list[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of these objects, numbered from 1, with a right cross-reference table."""
    body = b"%PDF-1.4\n"
    places = []
    for number, entry in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, entry)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d %s>>\nstartxref\n%d\n%%%%EOF"
        % (
            size,
            table,
            size,
            trailer,
            len(body),
        )
    )


def _text_pdf(lines: list[str], pages: int = 1) -> bytes:
    drawn = b" ".join(
        b"BT /F 12 Tf 40 %d Td (%s) Tj ET" % (380 - 20 * i, line.encode("latin-1"))
        for i, line in enumerate(lines)
    )
    first = 5
    kids = b" ".join(b"%d 0 R" % (first + i) for i in range(pages))
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 3 0 R"
        b"/Resources<</Font<</F 4 0 R>>>>>>"
    )
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
            b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
            *[page] * pages,
        ]
    )


def _picture(document: object) -> Picture:
    (page,) = document.pages  # type: ignore[attr-defined]
    assert isinstance(page, Picture)
    return page


@pytest.mark.parametrize(
    ("kind", "encode"),
    [
        (Kind.JPEG, lambda image: _encoded(image, "JPEG", quality=95)),
        (Kind.PNG, lambda image: _encoded(image, "PNG")),
        (Kind.WEBP, lambda image: _encoded(image, "WEBP", lossless=True)),
        (Kind.TIFF, lambda image: _encoded(image, "TIFF")),
        (Kind.HEIC, _heic),
    ],
)
def test_each_kind_of_picture_gives_its_pixels(
    kind: Kind, encode: Callable[[Image.Image], bytes]
) -> None:
    data = encode(_image(64, 48))

    assert sniff(data) is kind
    document = open_document([data])

    page = _picture(document)
    assert document.kind is kind
    assert page.pixels.shape == (48, 64, 3)
    assert (page.original_width, page.original_height) == (64, 48)
    red, blue = page.pixels[24, 8], page.pixels[24, 56]
    assert red[0] > 200 > 60 > red[2]
    assert blue[2] > 200 > 60 > blue[0]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_every_pixel_mode_becomes_rgb(mode: str) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((20, 30), 65535, np.uint16))
    elif mode == "F":
        image = Image.fromarray(np.full((20, 30), 1.0, np.float32))
    else:
        image = Image.new("RGB", (30, 20), "white").convert(mode)

    page = _picture(open_document([_encoded(image, "TIFF")]))

    assert page.pixels.shape == (20, 30, 3)
    assert page.pixels.min() > 240


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_a_large_scan_of_any_mode_is_averaged_down(mode: str) -> None:
    image = Image.new("RGB", (6000, 4000), "white").convert(mode)

    page = _picture(open_document([_encoded(image, "TIFF", compression="tiff_lzw")]))

    assert page.pixels.shape == (2000, 3000, 3)
    assert page.pixels.min() > 240
    assert page.original_width == 6000


def test_transparent_paper_is_white() -> None:
    page = _picture(open_document([_encoded(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")]))

    assert page.pixels.min() == 255


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 40), (20, 5)),
        (2, (60, 40), (20, 55)),
        (3, (60, 40), (20, 55)),
        (4, (60, 40), (20, 5)),
        (5, (40, 60), (5, 20)),
        (6, (40, 60), (5, 20)),
        (7, (40, 60), (55, 20)),
        (8, (40, 60), (55, 20)),
    ],
)
def test_the_picture_is_turned_as_its_exif_says(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    image = _image()
    image.paste("lime", (0, 0, 6, 6))

    data = _encoded(image, "PNG", exif=exif)
    page = _picture(open_document([data]))

    assert (page.original_width, page.original_height) == size
    assert page.pixels[red_at].tolist() == [255, 0, 0]
    with Image.open(io.BytesIO(data)) as same:
        from PIL import ImageOps

        expected = np.asarray(ImageOps.exif_transpose(same).convert("RGB"))
    assert np.array_equal(page.pixels, expected)


def test_hostile_exif_leaves_the_picture_as_it_is() -> None:
    absurd = Image.Exif()
    absurd[ORIENTATION] = 4711
    broken = b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xee" * 60
    for exif in (absurd, broken, b"Exif\0\0MM\0*" + b"\0" * 60_000):
        page = _picture(open_document([_encoded(_image(), "JPEG", exif=exif)]))
        assert page.pixels.shape == (40, 60, 3)


def test_a_large_photo_is_decoded_reduced_and_keeps_its_size() -> None:
    data = _encoded(Image.new("L", (6000, 4000), 200), "JPEG")

    page = _picture(open_document([data]))

    assert (page.original_width, page.original_height) == (6000, 4000)
    assert page.pixels.shape == (1000, 1500, 3)
    assert page.finer is not None
    finer = page.finer()
    assert finer.pixels.shape == (2000, 3000, 3)
    assert (finer.original_width, finer.original_height) == (6000, 4000)


def test_a_reduced_photo_is_turned_as_well() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6

    page = _picture(open_document([_encoded(Image.new("L", (3000, 2000)), "JPEG", exif=exif)]))

    assert page.pixels.shape == (1500, 1000, 3)
    assert (page.original_width, page.original_height) == (2000, 3000)
    assert page.finer is not None
    assert page.finer().pixels.shape == (3000, 2000, 3)


def test_files_become_pages_in_the_order_given() -> None:
    files = [_encoded(_image(width, 40), "PNG") for width in (50, 30, 70)]

    document = open_document(files)

    assert [page.pixels.shape[1] for page in document.pages] == [50, 30, 70]  # type: ignore[union-attr]


def test_every_page_of_a_tiff_is_a_page() -> None:
    first, second = _image(50, 40), _image(30, 40)

    document = open_document([_encoded(first, "TIFF", save_all=True, append_images=[second])])

    assert [page.pixels.shape[1] for page in document.pages] == [50, 30]  # type: ignore[union-attr]


def test_a_pdf_brings_its_words_with_their_boxes() -> None:
    document = open_document(
        [_text_pdf(["CAFE CENTRAL", "Total EUR 12,50", "Merci de votre visite"])]
    )

    (page,) = document.pages
    assert isinstance(page, TextPage)
    assert [word.text for word in page.words[:5]] == ["CAFE", "CENTRAL", "Total", "EUR", "12,50"]
    assert (page.width, page.height) == (300, 400)
    total = page.words[2].box
    assert total.left == pytest.approx(40, abs=1)
    # Drawn 360 points above the lower edge of a page of 400.
    assert total.top < 40 < total.bottom


def test_a_pdf_brings_the_pictures_at_its_head_with_their_pixels() -> None:
    text = b"BT /F 12 Tf 40 200 Td (Ticket de caisse numero 1234 du 12/11/2026) Tj ET"
    head = b" q 100 0 0 50 40 340 cm /I Do Q"
    middle = b" q 100 0 0 50 40 160 cm /I Do Q"
    red = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB"
    drawn = text + head + middle
    page, *_ = open_document(
        [
            _pdf(
                [
                    b"<</Type/Catalog/Pages 2 0 R>>",
                    b"<</Type/Pages/Kids[6 0 R]/Count 1>>",
                    b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
                    b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
                    red + b"/Length 3>>stream\n\xff\x00\x00\nendstream",
                    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 3 0 R"
                    b"/Resources<</Font<</F 4 0 R>>/XObject<</I 5 0 R>>>>>>",
                ]
            )
        ]
    ).pages

    assert isinstance(page, TextPage)
    ((box, logo),) = page.logos
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((40, 10, 140, 60), abs=1)
    height, width = logo.pixels.shape[:2]
    assert width == pytest.approx(2 * height, abs=2)
    assert logo.pixels[height // 2, width // 2].tolist() == [255, 0, 0]


def test_a_pdf_is_read_wherever_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert open_document([_text_pdf(["Ticket de caisse numero 1234"])]).kind is Kind.PDF


def test_a_pdf_page_with_hardly_any_text_is_rendered() -> None:
    picture = Image.new("RGB", (300, 500), "white")
    picture.paste("red", (0, 0, 150, 500))

    page = _picture(open_document([_encoded(picture, "PDF")]))

    height, width = page.pixels.shape[:2]
    assert height > width > 300
    assert page.pixels[height // 2, width // 4].tolist() == pytest.approx([255, 0, 0], abs=3)


def test_a_pdf_and_a_photo_make_one_document() -> None:
    document = open_document(
        [_text_pdf(["Ticket de caisse numero 1234"]), _encoded(_image(), "PNG")]
    )

    assert [type(page) for page in document.pages] == [TextPage, Picture]
    assert document.kind is Kind.PDF


def _bomb() -> bytes:
    """A PNG of 40,000 x 40,000 pixels in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _circular_pdf() -> bytes:
    return _pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])


def _encrypted_pdf() -> bytes:
    key = b"<" + b"41" * 32 + b">"
    return _pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[]/Count 0>>",
            b"<</Filter/Standard/V 1/R 2/O %s/U %s/P -44>>" % (key, key),
        ],
        b"/Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]",
    )


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (b"\xff\xd8\xff" + bytes(20_000_000), TooLarge),
        (b"GIF89a" + bytes(50), WrongType),
        (b"<!DOCTYPE html><p>receipt.jpg", WrongType),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", WrongType),
        (b"\xff\xd8\xff\xe0 nothing more", DamagedFile),
        (_encoded(_image(400, 400), "PNG")[:-200], DamagedFile),
        (_encoded(_image(400, 400), "JPEG")[:900], DamagedFile),
        (_encoded(Image.effect_noise((400, 400), 90), "WEBP")[:-5000], DamagedFile),
        (_heic(_image(256, 256))[:-40], DamagedFile),
        (_bomb(), TooManyPixels),
        (_encoded(Image.new("1", (9000, 7000)), "PNG"), TooManyPixels),
        (_encrypted_pdf(), ProtectedFile),
        (_text_pdf(["page"], pages=1000), TooManyPages),
        (b"%PDF-1.7 and nothing else", DamagedFile),
        (_circular_pdf(), DocumentError),
    ],
    ids=[
        "empty",
        "too large",
        "gif",
        "html",
        "avif",
        "no jpeg",
        "truncated png",
        "truncated jpeg",
        "truncated webp",
        "truncated heic",
        "bomb",
        "too many pixels",
        "encrypted pdf",
        "thousand pages",
        "no pdf",
        "circular pdf",
    ],
)
def test_a_bad_file_says_what_is_wrong_and_what_to_do(
    data: bytes, error: type[DocumentError]
) -> None:
    with pytest.raises(error) as caught:
        open_document([data])

    assert caught.value.code == error.code or error is DocumentError
    assert len(str(caught.value)) > 10
    assert caught.value.remedy.endswith(".")


def test_the_message_names_the_file_among_several() -> None:
    with pytest.raises(WrongType, match=r"^File 2 "):
        open_document([_encoded(_image(), "PNG"), b"text"])


def test_pages_are_counted_over_all_files() -> None:
    page = _encoded(_image(), "PNG")

    assert len(open_document([page] * 5).pages) == 5
    with pytest.raises(TooManyPages):
        open_document([page] * 6)


def test_a_tiff_of_too_many_pages_is_refused() -> None:
    pages = [_image()] * 8

    with pytest.raises(TooManyPages):
        open_document([_encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])])


def test_a_pdf_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TooSlow, match="within"):
        open_document([_text_pdf(["Ticket de caisse"])], Limits(pdf_patience=0.01))


def test_a_pdf_that_keeps_a_processor_busy_is_stopped() -> None:
    with pytest.raises(TooSlow, match="more than 1 second"):
        open_document([_text_pdf(["Ticket de caisse"] * 20_000)], Limits(pdf_seconds=1))


def test_a_pdf_that_takes_too_much_memory_is_stopped() -> None:
    with pytest.raises(TooSlow):
        open_document([_text_pdf(["Ticket de caisse"])], Limits(pdf_memory=48 * 1024**2))


def test_no_file_is_no_document() -> None:
    with pytest.raises(EmptyFile):
        open_document([])


def test_sniffing_loads_no_picture_library() -> None:
    script = (
        "import sys; from preuve.reading.document import sniff; sniff(b'%PDF-1.4');"
        "print([m for m in ('cv2', 'openvino', 'rapidocr', 'numpy') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert answer.stdout.strip() == b"[]"
