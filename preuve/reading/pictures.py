"""Files that are pictures, decoded: upright as their EXIF says, on white, no larger than needed."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image

from preuve.messages import say
from preuve.reading.document import (
    DamagedFile,
    DocumentError,
    Kind,
    Limits,
    Picture,
    TooManyPages,
    TooManyPixels,
    too_many_pages,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
