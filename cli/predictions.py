"""One document's result as a JSON object: the benchmark's fields, and where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from preuve.reading.page import Page, Pages
from preuve.reading.result import Field, Item, Place, Reading, Value, Verdict

HEADER = (
    "retailer",
    "purchased_on",
    "purchased_at",
    "total",
    "currency",
    "subtotal",
    "rounding",
    "change",
    "item_count",
    "receipt_number",
)

Json = dict[str, Any]


def prediction(
    file: str, pages: Pages, reading: Reading, verdict: Verdict, seconds: float | None = None
) -> Json:
    """The line that `preuve read --jsonl` prints.

    Money is a decimal string in major units, a date ISO 8601, a time HH:MM[:SS], a confidence
    0 to 1. Boxes are four corners in pixels of the original picture as it is seen (turned by its
    EXIF tag), or in points of a PDF page, clockwise from the corner that is top left when the
    text is upright. A value that was not read is null.
    """
    values = dict(header(reading))
    return {
        "file": file,
        "retailer": reading.retailer.value.name if reading.retailer else None,
        "retailer_key": reading.retailer.value.key if reading.retailer else None,
        "printed_name": reading.printed_name.value.name if reading.printed_name else None,
        **{name: _plain(values.get(name)) for name in HEADER[1:]},
        "fields": [_field(field, pages) for field in reading.fields],
        "items": [_item(item, pages) for item in reading.items],
        "taxes": [
            {
                "rate": _number(line.rate),
                "net": _money(line.net),
                "tax": _money(line.tax),
                "gross": _money(line.gross),
                "box": _box(line.place, pages),
            }
            for line in reading.taxes
        ],
        "tenders": [
            {
                "kind": tender.kind,
                "label": tender.label,
                "amount": _money(tender.amount),
                "box": _box(tender.place, pages),
            }
            for tender in reading.tenders
        ],
        "accepted": verdict.status == "trusted",
        "verdict": {"status": verdict.status, "confidence": round(verdict.confidence, 4)},
        "reasons": [
            {"code": str(reason.code), "field": reason.field, "detail": reason.detail}
            for reason in verdict.reasons
        ],
        "checks": [
            {"code": check.code, "passed": check.passed, "detail": check.detail}
            for check in reading.checks
        ],
        "confidences": {name: round(value.confidence, 4) for name, value in values.items()},
        "signs": {
            name: {sign: round(at, 4) for sign, at in value.signs.items()}
            for name, value in values.items()
            if value.signs
        },
        "boxes": {name: _box(value.place, pages) for name, value in values.items() if value.place},
        "rules": {name: value.rule for name, value in values.items()},
        "rejected": {
            name: [
                {"text": other.text, "score": round(other.score, 4), "why": other.why}
                for other in value.rejected
            ]
            for name, value in values.items()
            if value.rejected
        },
        "template": {
            "key": reading.match.template,
            "version": reading.match.version,
            "score": round(reading.match.score, 4),
            "evidence": list(reading.match.evidence),
            "nearest": list(reading.match.nearest),
            "ambiguous": reading.match.ambiguous,
            "layout": reading.match.layout,
        },
        "kind": reading.kind,
        "language": reading.language,
        "country": reading.country,
        "pages": [_page(page) for page in pages],
        "seconds": None if seconds is None else round(seconds, 3),
    }


def failure(file: str, code: str, message: str, remedy: str) -> Json:
    """The line for a document that could not be read."""
    return {
        "file": file,
        "accepted": False,
        "error": {"code": code, "message": message, "remedy": remedy},
    }


def header(reading: Reading) -> Iterator[tuple[str, Value[Any]]]:
    """The header values that were read, by name, in the order people look for them."""
    for name in HEADER:
        value = getattr(reading, name)
        if value is not None:
            yield name, value


def _field(field: Field, pages: Pages) -> Json:
    value = field.value
    return {
        "name": field.name,
        "title": field.title,
        "type": field.type,
        "required": field.required,
        "value": value.value if value else None,
        "confidence": round(value.confidence, 4) if value else None,
        "rule": value.rule if value else None,
        "box": _box(value.place, pages) if value else None,
        "checks": [{"code": c.code, "passed": c.passed, "detail": c.detail} for c in field.checks],
        "rejected": [
            {"text": other.text, "score": round(other.score, 4), "why": other.why}
            for other in (value.rejected if value else ())
        ],
    }


def _plain(value: Value[Any] | None) -> str | int | None:
    if value is None:
        return None
    found = value.value
    if isinstance(found, Decimal):
        return _money(found)
    return found if isinstance(found, int | str) else str(found.isoformat())


def _item(item: Item, pages: Pages) -> Json:
    return {
        "description": item.description,
        "quantity": _number(item.quantity),
        "amount": _money(item.amount),
        "kind": item.kind,
        "unit_of_measure": item.unit_of_measure,
        "unit_price": _money(item.unit_price),
        "vat_code": item.vat_code,
        "product_code": item.product_code,
        "raw_text": item.raw_text,
        "note": item.note,
        "confidence": round(item.confidence, 4),
        "box": _box(item.place, pages),
    }


def _page(page: Page) -> Json:
    return {
        "number": page.number,
        "source": page.source,
        "engine": page.engine,
        "width": page.original_width,
        "height": page.original_height,
        "turned": page.turned,
    }


def _box(place: Place | None, pages: Pages) -> Json | None:
    if place is None:
        return None
    page = next(page for page in pages if page.number == place.page)
    corners = [[round(x, 1), round(y, 1)] for x, y in page.outline(place.box)]
    return {"page": place.page, "corners": corners}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")


def _number(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)
