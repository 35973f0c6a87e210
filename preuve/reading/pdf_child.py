"""`python -I pdf_child.py PAGES PIXELS MEMORY SECONDS [PAGE]`: a PDF on stdin, its pages on stdout.

The answer is one line of JSON, then the RGB pixels of the rendered pages, one after the other.
With PAGE (from 0) that page alone is rendered, whether it has words or not.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pdfplumber
import pypdfium2

# A page with fewer letters and digits is a picture, perhaps with a stamp or a page number.
_FEWEST_CHARACTERS = 24
_RENDER_DPI = 200
_LONGEST_SIDE = 4000

# Of a page with words, pictures in its first third, in its last quarter or below its words, of
# these sizes in points.
_HEAD, _FOOT = 0.33, 0.75
_LEAST_WIDE, _LEAST_HIGH = 40, 12
_MOST_LOGOS = 4


class _Fault(Exception):
    def __init__(self, fault: str, **more: object) -> None:
        super().__init__(fault)
        self.answer = {"fault": fault, **more}


def main() -> None:
    most_pages, most_pixels, memory, seconds, *only = (int(value) for value in sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    logging.disable()
    pictures: list[bytes] = []
    try:
        answer: dict[str, Any] = {
            "pages": _read(sys.stdin.buffer.read(), most_pages, most_pixels, pictures, only)
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
    data: bytes, most_pages: int, most_pixels: int, pictures: list[bytes], only: list[int]
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
    texts = [None] * count if only else _texts(data, count)
    pages: list[dict[str, Any]] = []
    for index in range(count):
        if only and index not in only:
            pages.append({"width": 0, "height": 0})
            continue
        if (text := texts[index]) is not None:
            text["logos"] = _render(rendered[index], text["logos"], pictures)
            pages.append(text)
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
    size = {"width": float(page.width), "height": float(page.height)}
    return {**size, "words": boxes, "logos": list(_logos(page, words))[:_MOST_LOGOS]}


def _logos(page: Any, words: list[dict[str, Any]]) -> Iterator[list[float]]:
    """The boxes of pictures at the head and the foot, large enough to hold words."""
    left, top = page.bbox[:2]
    foot = min(page.height * _FOOT, max(float(word["bottom"]) - top for word in words))
    for image in page.images:
        box = [image["x0"] - left, image["top"] - top, image["x1"] - left, image["bottom"] - top]
        box = [max(0.0, float(side)) for side in box]
        wide, high = min(box[2], page.width) - box[0], min(box[3], page.height) - box[1]
        outside = box[3] < page.height * _HEAD or box[1] > foot
        if outside and wide > _LEAST_WIDE and high > _LEAST_HIGH:
            yield [box[0], box[1], box[0] + wide, box[1] + high]


def _render(page: Any, boxes: list[list[float]], pictures: list[bytes]) -> list[dict[str, Any]]:
    """The pixels of parts of a page, as RGB at `_RENDER_DPI`."""
    found = []
    width, height = page.get_size()
    scale = min(_RENDER_DPI / 72, _LONGEST_SIDE / max(width, height, 1))
    for box in boxes:
        crop = (box[0], max(0.0, height - box[3]), max(0.0, width - box[2]), box[1])
        image = page.render(scale=scale, crop=crop).to_pil().convert("RGB")
        pictures.append(image.tobytes())
        found.append({"box": box, "width": image.width, "height": image.height})
    return found


if __name__ == "__main__":
    main()
