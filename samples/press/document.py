"""One submission: what it says, the files it is made of, and what has to come out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import numpy as np
import yaml

from press.files import picture, text_pdf
from press.form import Form
from press.paper import Gray, gap_near, left, print_rows
from press.photo import Shot, scan, take
from press.purchase import Item, Purchase, off, sold
from press.stock import trolley
from press.till import Style, lay_out
from press.words import SAMPLES, words

Rng = np.random.Generator
KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "tiff": "TIFF", "heic": "HEIF", "pdf": "PDF"}


@dataclass(frozen=True)
class Document:
    """One entry of documents.yaml, or one of the volume generator's.

    `purchase` is none for a page that is no receipt; its `form`, or its `text`, is printed instead.
    `kind` is the kind of document, `fields` are values of its template's own.
    `seed` makes every chance of printing and photographing come out the same again.
    """

    name: str
    seed: int
    files: tuple[str, ...]
    purchase: Purchase | None = None
    form: Form | None = None
    kind: str = "receipt"
    fields: tuple[tuple[str, str], ...] = ()
    style: Style = field(default_factory=Style)
    shot: Shot = field(default_factory=Shot)
    how: str = "photo"
    text: str = ""
    save: tuple[tuple[str, Any], ...] = ()
    status: str = "valid"
    reasons: tuple[str, ...] = ()
    duplicate_of: str | None = None
    beside: Document | None = None

    def made(self) -> dict[str, bytes]:
        """The bytes of each file, by name."""
        rng = np.random.default_rng(self.seed)
        if self.how == "text":
            assert self.purchase is not None
            rows = lay_out(self.purchase, self.style)
            return {self.files[0]: text_pdf(rows, self.style.columns, self.style.face)}
        strip = self._printed(rng)
        strips = [strip]
        if self.how == "halves":
            strips = [strip[: gap_near(strip, 0.54)], strip[gap_near(strip, 0.46) :]]
        return {
            name: self._pictured(part, name, rng)
            for name, part in zip(self.files, strips, strict=True)
        }

    def _printed(self, rng: Rng) -> Gray:
        style = self.style
        if self.form is not None:
            return print_rows(self.form.laid_out(), self.form.columns, self.form.face, rng)
        if self.purchase is not None:
            rows = lay_out(self.purchase, style)
        elif self.text:
            rows = [left(line) for line in self.text.splitlines()]
        else:
            return np.full((1500, 1100), 252, np.uint8)
        return print_rows(rows, style.columns, style.face, rng, style.spacing)

    def _pictured(self, strip: Gray, name: str, rng: Rng) -> bytes:
        kind = KINDS[name.rpartition(".")[2]]
        pixels = scan(strip, self.shot.turn) if self.how == "scan" else take(strip, self.shot, rng)
        if self.beside is not None:
            pixels = np.hstack([pixels, take(self.beside._printed(rng), self.shot, rng)])
        return picture(pixels, kind, **dict(self.save))

    def expected(self) -> dict[str, Any]:
        """What the expected file beside the document says."""
        said: dict[str, Any] = {"files": list(self.files), "status": self.status}
        if self.reasons:
            said["reasons"] = list(self.reasons)
        if self.duplicate_of:
            said["duplicate_of"] = self.duplicate_of
        said["points"] = self.points
        if self.kind != "receipt":
            said["kind"] = self.kind
        if self.fields:
            said["fields"] = dict(self.fields)
        if self.form is not None:
            said |= self.form.expected()
        if self.purchase is not None and self.status != "incomplete":
            moment = self.purchase.purchased_at
            said |= self.purchase.expected()
            said["purchased_at"] = moment.strftime("%H:%M") if moment else None
            said["country"] = self.purchase.country.upper()
            said["taxes"] = self.purchase.expected_taxes()
        return said

    def label(self) -> dict[str, Any] | None:
        """The document's line of labels.jsonl; a receipt in several files has none."""
        if len(self.files) != 1:
            return None
        line: dict[str, Any] = {"file": f"images/{self.files[0]}"}
        if self.form is not None:
            return line | self.form.expected()
        if self.status == "incomplete" or self.purchase is None:
            return line | {"expect": "not_accepted"}
        return line | self.purchase.expected()

    @property
    def points(self) -> int:
        """What programs/demo.yaml gives: a point a whole euro, 50 a row of ground coffee, and 200
        a warranty card."""
        if self.form is not None:
            return 200 if self.kind == "warranty_card" else 0
        if self.purchase is None or self.status != "valid":
            return 0
        coffees = [i for i in self.purchase.items if "MOULU" in i.description.upper()]
        return int(self.purchase.total) + 50 * len(coffees)


@cache
def documents() -> tuple[Document, ...]:
    """The committed documents, in the order in which they are to be sent."""
    found: dict[str, Document] = {}
    entries = yaml.safe_load((SAMPLES / "documents.yaml").read_text("utf-8"))
    for entry in entries:
        found[entry["name"]] = _document(entry, found)
    return tuple(found.values())


def _document(entry: dict[str, Any], known: dict[str, Document]) -> Document:
    purchase: Purchase | None = None
    form = Form(**entry["form"]) if "form" in entry else None
    if "purchase_of" in entry:
        purchase = known[entry["purchase_of"]].purchase
    elif "retailer" in entry:
        purchase = _purchase(entry)
    return Document(
        name=entry["name"],
        seed=entry["seed"],
        files=tuple(entry["files"]),
        purchase=purchase,
        form=form,
        kind=entry.get("kind", "receipt"),
        fields=tuple(entry.get("fields", {}).items()),
        style=Style(**_frozen(entry.get("style", {}))),
        shot=Shot(**_frozen(entry.get("shot", {}))),
        how=entry.get("how", "photo"),
        text=entry.get("text", ""),
        save=tuple(entry.get("save", {"quality": 68}).items()),
        status=entry.get("status", "valid"),
        reasons=tuple(entry.get("reasons", ())),
        duplicate_of=entry.get("duplicate_of"),
        beside=known[entry["beside"]] if "beside" in entry else None,
    )


def _frozen(options: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in options.items()}


def _purchase(entry: dict[str, Any]) -> Purchase:
    moment = datetime.fromisoformat(entry["bought"])
    country = entry.get("country", "fr")
    items = trolley(entry["trolley"]) if "trolley" in entry else _items(entry["items"], country)
    purchase = Purchase(
        entry["retailer"],
        country,
        words(country)["currency"],
        moment.date(),
        moment.time(),
        items,
        tax_added=entry.get("tax_added", False),
        step=Decimal(entry.get("step", "0.01")),
    )
    return purchase.paid(entry["paid"])


def _items(lines: str, country: str) -> tuple[Item, ...]:
    places = words(country).get("places", 2)
    items = []
    for line in lines.splitlines():
        description, price, rate, *rest = (part.strip() for part in line.split(" | "))
        if price.startswith("="):
            items.append(off(description, price[1:].strip(), rate))
            continue
        price, _, unit = price.partition("/")
        items.append(sold(description, price, rate, rest[0] if rest else "1", unit, places))
    return tuple(items)
