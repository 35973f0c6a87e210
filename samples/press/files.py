"""Pixels and rows into files: pictures as phones save them, and PDF as shops send them."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence

from PIL import Image
from pillow_heif import register_heif_opener

from press.paper import FACES, Row, load_font
from press.photo import Pixels

ORIENTATION = 0x0112
register_heif_opener()


def picture(pixels: Pixels, kind: str, quality: int = 80, orientation: int = 1) -> bytes:
    """The file's bytes; `orientation` is the EXIF tag that tells how the phone was held."""
    image = Image.fromarray(pixels)
    options: dict[str, object] = {}
    if kind in ("JPEG", "WEBP", "HEIF"):
        options["quality"] = quality
    if kind == "TIFF":
        image = image.convert("L")
        options["compression"] = "tiff_adobe_deflate"
    if kind == "PNG":
        options["optimize"] = True
    if orientation != 1:
        exif = Image.Exif()
        exif[ORIENTATION] = orientation
        options["exif"] = exif.tobytes()
    if kind == "PDF":
        options |= {"resolution": 150.0, "quality": quality}
        options |= {"creationDate": time.gmtime(0), "modDate": time.gmtime(0)}
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def text_pdf(rows: Sequence[Row], columns: int, face: str, margin: float = 30) -> bytes:
    """A one-page PDF whose words are text, in the standard fonts every viewer has."""
    cell, line = 5.4, 11.5
    fixed = FACES[face].fixed
    width = columns * cell + 2 * margin
    heights = [line * (row.tall if row.kind == "text" else row.height) for row in rows]
    height = sum(heights) + 2 * margin
    drawing: list[str] = []
    top = height - margin
    for row, tall in zip(rows, heights, strict=True):
        top -= tall
        size = (9 if fixed else 9.5) * (1.6 if row.tall > 1 else 1)
        font = "F1" if not row.bold else "F2"
        if row.kind == "rule":
            drawing.append(f"0.5 w {margin} {top:.2f} m {width - margin:.2f} {top:.2f} l S")
        for each in row.cells:
            reach = _length(each.text, size, fixed)
            shift = {"left": 0.0, "center": 0.5, "right": 1.0}[each.align]
            x = margin + each.at * columns * cell - shift * reach
            text = each.text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            drawing.append(f"BT /{font} {size:g} Tf {x:.2f} {top + 3:.2f} Td ({text}) Tj ET")
    fonts = ("Courier", "Courier-Bold") if fixed else ("Helvetica", "Helvetica-Bold")
    return _assembled("\n".join(drawing).encode("cp1252"), fonts, width, height)


def _length(text: str, size: float, fixed: bool) -> float:
    """How wide the text is, in points; Liberation Sans has Helvetica's widths."""
    if fixed:
        return len(text) * size * 0.6
    return load_font(FACES["sans"].file, 100).getlength(text) * size / 100


def _assembled(content: bytes, fonts: tuple[str, str], width: float, height: float) -> bytes:
    """Objects, cross-reference table and trailer, by ISO 32000-1, 7.5."""
    faces = [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()
        for name in fonts
    ]
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] "
        "/Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page.encode(),
        *faces,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)
