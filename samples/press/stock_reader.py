"""What plain pytesseract reads of the samples: how hard they are for a reader with no care."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytesseract
from PIL import Image

from press.documents import DOCUMENTS
from press.words import dated, words, written


def check(samples: Path) -> int:
    """Print, for each readable picture, whether the text that pytesseract gives with no
    preparation holds the total and the date in any way this country writes them."""
    missed = judged = 0
    for document in DOCUMENTS:
        beside = samples / "images" / f"{document.name}.expected.json"
        said = json.loads(beside.read_text("utf-8"))
        if "total" not in said or said["files"][0].endswith("_mail.pdf"):
            continue
        if said["files"][0].endswith("_web.pdf"):
            continue
        text = "\n".join(_read(beside.parent / name) for name in said["files"])
        total = _holds_total(text, Decimal(said["total"]), said["country"].lower())
        day = _holds_date(text, date.fromisoformat(said["purchased_on"]), said["country"].lower())
        judged += 1
        missed += not (total and day)
        print(f"{document.name:28} total {'read' if total else '-':5} date {'read' if day else '-'}")
    print(f"pytesseract misses the total or the date on {missed} of {judged} pictures")
    return 0


def _read(path: Path) -> str:
    """What `pytesseract.image_to_string` gives; a PDF is drawn at 150 dots an inch first."""
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        image = document[0].render(scale=150 / 72).to_pil()
    else:
        image = Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
    return str(pytesseract.image_to_string(image))


def _holds_total(text: str, total: Decimal, country: str) -> bool:
    return written(total, country).replace(" ", "") in text.replace(" ", "")


def _holds_date(text: str, day: date, country: str) -> bool:
    forms = [*words(country)["dates"], "%d{MON}%y"]
    folded = "".join(text.split()).casefold()
    return any("".join(dated(day, f, country).split()).casefold() in folded for f in forms)
