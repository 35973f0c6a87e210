"""`python -I pdf_child.py PAGES PIXELS MEMORY`: a PDF on stdin, its pages on stdout.

The answer is one line of JSON, then the RGB pixels of the rendered pages, one after the other.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from typing import Any

import pdfplumber
import pypdfium2

# A page with fewer letters and digits is a picture, perhaps with a stamp or a page number.
_FEWEST_CHARACTERS = 24
_RENDER_DPI = 200
_LONGEST_SIDE = 4000


class _Fault(Exception):
    def __init__(self, fault: str, **more: object) -> None:
        super().__init__(fault)
        self.answer = {"fault": fault, **more}


def main() -> None:
    most_pages, most_pixels, memory = (int(value) for value in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    logging.disable()
    pictures: list[bytes] = []
    try:
        answer: dict[str, Any] = {
            "pages": _read(sys.stdin.buffer.read(), most_pages, most_pixels, pictures)
        }
    except _Fault as fault:
        answer = fault.answer
    except MemoryError:
        answer = {"fault": "memory"}
    # Any other exception is the file's doing; it must become an answer and not a traceback.
    except Exception as error:
        answer = {"fault": "damaged", "detail": f"{type(error).__name__} {error}".strip()}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    if "pages" in answer:
        for picture in pictures:
            sys.stdout.buffer.write(picture)


def _read(
    data: bytes, most_pages: int, most_pixels: int, pictures: list[bytes]
) -> list[dict[str, Any]]:
    try:
        rendered = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise _Fault("protected") from None
        raise
    count = len(rendered)
    if count > most_pages:
        raise _Fault("pages", count=count)
    if count == 0:
        raise _Fault("damaged", detail="it has no page")
    texts = _texts(data, count)
    pages: list[dict[str, Any]] = []
    for index in range(count):
        if texts[index] is not None:
            pages.append(texts[index])  # type: ignore[arg-type]
            continue
        page = rendered[index]
        longest = max(page.get_size())
        scale = min(_RENDER_DPI / 72, _LONGEST_SIDE / max(longest, 1))
        width, height = (side * scale for side in page.get_size())
        if width * height > most_pixels or width * height < 1:
            raise _Fault("pixels", page=index + 1)
        image = page.render(scale=scale).to_pil().convert("RGB")
        pictures.append(image.tobytes())
        pages.append({"width": image.width, "height": image.height})
    return pages


def _texts(data: bytes, count: int) -> list[dict[str, Any] | None]:
    """The words of each page; None for a page that has none worth the name."""
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            found = [_text(page) for page in document.pages[:count]]
    except MemoryError:
        raise
    # What pdfminer cannot parse, pdfium may still render.
    except Exception:
        found = []
    return found + [None] * (count - len(found))


def _text(page: Any) -> dict[str, Any] | None:
    words = [
        word for word in page.dedupe_chars().extract_words(x_tolerance_ratio=0.2) if word["upright"]
    ]
    text = "".join(word["text"] for word in words)
    # Fonts without a character map come out as "(cid:12)": such a page is better looked at.
    if sum(c.isalnum() for c in text) < _FEWEST_CHARACTERS or text.count("(cid:") > 4:
        return None
    left, top = page.bbox[:2]
    boxes = [
        (
            w["text"],
            round(w["x0"] - left, 2),
            round(w["top"] - top, 2),
            round(w["x1"] - left, 2),
            round(w["bottom"] - top, 2),
        )
        for w in words
    ]
    return {"width": float(page.width), "height": float(page.height), "words": boxes}


if __name__ == "__main__":
    main()
