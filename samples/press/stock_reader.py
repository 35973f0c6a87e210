"""What plain pytesseract reads of the samples: how hard they are for a reader with no care."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytesseract
from PIL import Image

from press.document import documents
from press.words import dated, words, written


def check(samples: Path) -> int:
    """Print, for each readable picture, whether the text that pytesseract gives with no
    preparation holds the total and the date in any way this country writes them."""
    missed: list[str] = []
    judged = 0
    for document in documents():
        bought = document.purchase
        if bought is None or document.status == "incomplete" or document.how == "text":
            continue
        text = "\n".join(_read(samples / "images" / name) for name in document.files)
        total = _holds_total(text, bought.total, bought.country)
        day = _holds_date(text, bought.purchased_on, bought.country)
        judged += 1
        if not (total and day):
            missed.append(document.status)
        print(
            f"{document.name:28} total {'read' if total else '-':5} date {'read' if day else '-'}"
        )
    valid = missed.count("valid")
    print(f"the total or the date is missing for {len(missed)} of {judged} readable receipts,")
    print(f"{valid} of them expected to be valid")
    return 0


def _read(path: Path) -> str:
    """What `pytesseract.image_to_string` gives; a PDF is drawn at 150 dots an inch first."""
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        image = document[0].render(scale=150 / 72).to_pil()
    else:
        image = Image.open(io.BytesIO(path.read_bytes()))
        if image.format == "HEIF":
            image = image.convert("RGB")
    return str(pytesseract.image_to_string(image))


def _holds_total(text: str, total: Decimal, country: str) -> bool:
    return written(total, country).replace(" ", "") in text.replace(" ", "")


def _holds_date(text: str, day: date, country: str) -> bool:
    forms = [*words(country)["dates"], "%d{MON}%y"]
    folded = "".join(text.split()).casefold()
    return any("".join(dated(day, f, country).split()).casefold() in folded for f in forms)
