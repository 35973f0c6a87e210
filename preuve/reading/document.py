"""Bytes to pages: which kinds of file are taken, within which limits, and how they fail.

Cheap to import: neither OpenCV nor an engine, so that the API may call `sniff`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image

from preuve.messages import Message, say
from preuve.reading.page import Box, Word
from preuve.reasons import ReasonCode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Kind(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    TIFF = "tiff"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. `pixels` and `bytes` hold for a file, `pages` for them all.

    `pdf_seconds` are of a processor, so that a busy machine refuses nobody's PDF; `pdf_patience`
    is how long to wait for them at most.
    """

    bytes: int = 20_000_000
    pixels: int = 60_000_000
    pages: int = 5
    pdf_seconds: int = 10
    pdf_patience: float = 45.0
    pdf_memory: int = 512 * 1024**2


DEFAULT = Limits()


class DocumentError(Exception):
    """A file that cannot be read. `code` is what its member is told; `remedy` is for
    whoever reads the message."""

    code = ReasonCode.DAMAGED_FILE
    remedy = "Send the document again, or another photo of it."


class EmptyFile(DocumentError):
    code = ReasonCode.EMPTY_FILE


class TooLarge(DocumentError):
    code = ReasonCode.FILE_TOO_LARGE
    remedy = "Send a smaller file."


class TooManyPixels(DocumentError):
    code = ReasonCode.PICTURE_TOO_LARGE
    remedy = "Send the picture at a lower resolution."


class TooManyPages(DocumentError):
    code = ReasonCode.TOO_MANY_PAGES
    remedy = "Send only the pages of the receipt."


class WrongType(DocumentError):
    code = ReasonCode.UNSUPPORTED_FILE
    remedy = "Send a JPEG, PNG, WebP, HEIC or TIFF picture, or a PDF."


class DamagedFile(DocumentError): ...


class ProtectedFile(DocumentError):
    code = ReasonCode.PROTECTED_FILE
    remedy = "Save the PDF without its password and send it again."


class TooSlow(DocumentError):
    """A PDF that takes too much time or memory, as circular and hostile ones do."""

    code = ReasonCode.FILE_TOO_COMPLEX
    remedy = "Send a photo or a screenshot of the document instead."


@dataclass(frozen=True, eq=False)
class Picture:
    """A page of pixels: RGB, `uint8`, height x width x 3, turned as its EXIF says.

    Large JPEGs are decoded reduced: `original_width` and `original_height` are the full size,
    and `finer` decodes the same picture again with more pixels, where its text needs them.
    """

    pixels: NDArray[np.uint8]
    original_width: int
    original_height: int
    finer: Callable[[], Picture] | None = None


@dataclass(frozen=True)
class TextPage:
    """A page that brought its words; boxes and size in points, from the top left.

    `logos` are the pictures at its head and foot with their boxes: a shop's name or company data
    often stand in them alone.
    """

    words: tuple[Word, ...]
    width: float
    height: float
    logos: tuple[tuple[Box, Picture], ...] = ()


@dataclass(frozen=True)
class Document:
    """The pages of one proof of purchase, in the order they were given."""

    kind: Kind
    pages: tuple[Picture | TextPage, ...]


# ISO base media brands that hold HEVC still pictures; "avif" and video brands are not among them.
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_FORMATS = {
    Kind.JPEG: ("JPEG", "MPO"),
    Kind.PNG: ("PNG",),
    Kind.WEBP: ("WEBP",),
    Kind.HEIC: ("HEIF",),
    Kind.TIFF: ("TIFF",),
}
# A receipt that fills a photo is legible with the first number; one far away may need the second.
_MOSTLY_ENOUGH = 5_000_000
_ALWAYS_ENOUGH = 20_000_000
_EXIF_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


THE_FILE = say("The file")


def sniff(data: bytes, where: str = THE_FILE) -> Kind:
    """The kind of file by its first bytes, whatever its name. Raises EmptyFile, WrongType."""
    if not data:
        raise EmptyFile(say("{where} is empty.", where=where))
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS and b"avif" not in data[8:64]:
        return Kind.HEIC
    if data[:4] in (b"II*\0", b"MM\0*"):
        return Kind.TIFF
    # Readers accept a PDF whose header comes after some junk; the specification says 1024 bytes.
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    raise WrongType(say("{where} is none of JPEG, PNG, WebP, HEIC, TIFF and PDF.", where=where))


def open_document(files: Sequence[bytes], limits: Limits = DEFAULT) -> Document:
    """Decode the files of one document, in the order given.

    Raises a subclass of DocumentError whose message names the file and, where known, the page.
    """
    if not files:
        raise EmptyFile(say("The document has no file."))
    pages: list[Picture | TextPage] = []
    kinds: list[Kind] = []
    for number, data in enumerate(files, 1):
        where = say("File {number:d}", number=number) if len(files) > 1 else THE_FILE
        kind = _checked_kind(data, limits, where)
        kinds.append(kind)
        pages += _pages(data, kind, limits, where)
        if len(pages) > limits.pages:
            raise TooManyPages(say("The document has more than {most} pages.", most=limits.pages))
    return Document(kinds[0], tuple(pages))


def too_many_pages(where: str, pages: int, limits: Limits) -> Message:
    return say(
        "{where} has {count} pages; the limit is {most}.",
        where=where,
        count=f"{pages:,}",
        most=limits.pages,
    )


def _checked_kind(data: bytes, limits: Limits, where: str) -> Kind:
    if len(data) > limits.bytes:
        raise TooLarge(
            say(
                "{where} has {size} bytes; the limit is {most}.",
                where=where,
                size=f"{len(data):,}",
                most=f"{limits.bytes:,}",
            )
        )
    return sniff(data, where)


def _pages(data: bytes, kind: Kind, limits: Limits, where: str) -> list[Picture | TextPage]:
    if kind is Kind.PDF:
        from preuve.reading.pdf import read_pdf

        return read_pdf(data, limits, where)
    return list(pictures(data, kind, limits, where))


def pictures(data: bytes, kind: Kind, limits: Limits, where: str) -> Iterator[Picture]:
    """The pages of a file that is a picture. Raises a subclass of DocumentError."""
    if kind is Kind.HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS[kind]) as image:
                frames = getattr(image, "n_frames", 1) if kind is Kind.TIFF else 1
                if frames > limits.pages:
                    raise TooManyPages(too_many_pages(where, frames, limits))
                for frame in range(frames):
                    if frames > 1:
                        image.seek(frame)
                    yield _picture(
                        image,
                        data,
                        limits,
                        say("{where}, page {page:d}", where=where, page=frame + 1),
                    )
    except DocumentError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooManyPixels(
            say("{where} has more than {most} pixels.", where=where, most=f"{limits.pixels:,}")
        ) from None
    # A hostile file makes a decoder raise anything: KeyError and struct.error have been seen.
    except Exception as error:
        raise DamagedFile(
            say(
                "{where} cannot be decoded as {kind}: {why}.",
                where=where,
                kind=kind.upper(),
                why=str(error),
            )
        ) from error


def _picture(image: Image.Image, data: bytes, limits: Limits, where: str) -> Picture:
    width, height = image.size
    if width * height > limits.pixels:
        raise TooManyPixels(
            say(
                "{where} has {size} pixels; the limit is {most}.",
                where=where,
                size=f"{width} x {height}",
                most=f"{limits.pixels:,}",
            )
        )
    orientation = _orientation(image)
    finer = None
    if image.format in _FORMATS[Kind.JPEG] and width * height > _MOSTLY_ENOUGH:
        finer = partial(_decode_finer, data, orientation)
    pixels = _rgb(image, orientation, _MOSTLY_ENOUGH if finer else _ALWAYS_ENOUGH)
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return Picture(pixels, width, height, finer)


def _decode_finer(data: bytes, orientation: int) -> Picture:
    with Image.open(io.BytesIO(data), formats=_FORMATS[Kind.JPEG]) as image:
        width, height = image.size
        pixels = _rgb(image, orientation, _ALWAYS_ENOUGH)
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    return Picture(pixels, width, height)


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where it is missing, broken or absurd."""
    try:
        value = image.getexif().get(_EXIF_ORIENTATION, 1)
    except Exception:  # broken EXIF raises many kinds, and the pixels are still good
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _rgb(image: Image.Image, orientation: int, enough: int) -> NDArray[np.uint8]:
    import numpy as np

    shrink = 1
    while image.width * image.height > enough * shrink**2:
        shrink *= 2
    # Only JPEG can leave pixels out while decoding; the others are averaged down afterwards.
    image.draft("RGB", (image.width // shrink, image.height // shrink))
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, dtype=np.float32)
        top = 65535.0 if image.mode.startswith("I") else max(float(values.max()), 1e-6)
        image = Image.fromarray(np.clip(values * (255.0 / top), 0, 255).astype(np.uint8))
    if image.mode in ("1", "P", "PA"):
        # A bilevel or palette picture has no averages.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    while image.width * image.height > enough:
        image = image.reduce(2)
    if image.has_transparency_data:
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image.convert("RGBA"))
    image = image.convert("RGB")
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    return np.asarray(image)
