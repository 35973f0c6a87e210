"""Bytes to pages: which kinds of file are taken, within which limits, and how they fail.

Cheap to import: neither OpenCV nor an engine, so that the API may call `sniff`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

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
    from preuve.reading.pictures import pictures

    return list(pictures(data, kind, limits, where))
