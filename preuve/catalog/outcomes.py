"""How one receipt was read by its template, aspect by aspect, in words that can be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from preuve.reading.result import Place, Reading, Value

SURE = 0.9
"""The confidence from which a value counts as read."""

_AMOUNT = re.compile(r"\d[\d.,' ]*")
_LABEL = re.compile(r'labels\.[\w.]+ "[^"]*"')

_ABOUT = {"payment": "tenders", "item_count": "items", "date": "purchased_on"}
"""The fields that checks are about, where they are not called alike."""

Aspect = tuple[str, str]
"""A field of the reading, and what of it is looked at: read, label, row, place or check."""


def outcomes(reading: Reading) -> dict[Aspect, str]:
    """What a layout that changed would show in: the same till gives nearly the same each time."""
    return dict(_all(reading))


def _all(reading: Reading) -> Iterator[tuple[Aspect, str]]:
    yield ("retailer", "evidence"), _kinds(reading.match.evidence)
    yield ("total", "read"), _read(reading.total)
    if reading.total:
        label = _LABEL.search(reading.total.rule)
        yield ("total", "label"), label[0] if label else "no label"
        yield ("total", "row"), _row(reading.total.raw_text)
        yield ("total", "place"), _among(reading, reading.total.place)
    yield ("purchased_on", "read"), _read(reading.purchased_on)
    if reading.purchased_on:
        yield ("purchased_on", "place"), _among(reading, reading.purchased_on.place)
    for name in ("purchased_at", "receipt_number", "item_count", "subtotal"):
        yield (name, "read"), "found" if getattr(reading, name) else "missing"
    for own in reading.fields:
        yield (f"fields.{own.name}", "read"), _read(own.value)
    yield ("items", "read"), "found" if reading.items else "missing"
    yield ("taxes", "read"), "found" if reading.taxes else "missing"
    yield ("tenders", "read"), "found" if reading.tenders else "missing"
    for check in reading.checks:
        about = _ABOUT.get(check.code, check.code)
        passed = {True: "passes", False: "fails", None: "not printed"}[check.passed]
        yield (about, f"check {check.code}"), passed


def _read(value: Value[Any] | None) -> str:
    if value is None:
        return "missing"
    return "sure" if value.confidence >= SURE else "unsure"


def _kinds(evidence: tuple[str, ...]) -> str:
    """The kinds of evidence that the retailer was known by: `domain, name`."""
    return ", ".join(sorted({told.partition(" ")[0] for told in evidence}))


def _row(text: str) -> str:
    """What stands beside the amount in its row: `words amount`, `amount`, `amount words`."""
    parts = _AMOUNT.split(text)
    words = [sum(c.isalpha() for c in part) > 3 for part in parts] or [False]
    return f"{'words ' if words[0] else ''}amount{' words' if any(words[1:]) else ''}"


def _among(reading: Reading, place: Place | None) -> str:
    """On which side of items, taxes and payments a value stands."""
    if place is None:
        return "nowhere"
    sides = []
    for name in ("items", "taxes", "tenders"):
        places = [part.place for part in getattr(reading, name) if part.place]
        if places:
            after = sum(_height(place) > _height(other) for other in places) * 2 > len(places)
            sides.append(f"{'below' if after else 'above'} {name}")
    return ", ".join(sides) or "alone"


def _height(place: Place) -> tuple[int, float]:
    return place.page, place.box.center[1]
