"""Every sample, read by the real engine, says what was printed on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from preuve.messages import Message
from preuve.reading.document import open_document
from preuve.reading.ocr import load_engine
from preuve.reading.page import Pages
from preuve.reading.pipeline import Read, read, understand
from preuve.reading.result import Context, Reason
from tests.paper import ROOT, stock
from tests.test_console_messages import T, in_french

SAMPLES = ROOT / "samples" / "images"
EXPECTED = sorted(SAMPLES.glob("*.expected.json"))
CONTEXT = Context(received_on=date(2026, 11, 21))
VERDICTS = {"incomplete": "unusable", "rejected": "unusable"}


@cache
def sample(path: Path) -> tuple[dict[str, Any], Read]:
    expected = json.loads(path.read_text("utf-8"))
    files = [(SAMPLES / name).read_bytes() for name in expected["files"]]
    document = open_document(files)
    return expected, read(document, stock(), CONTEXT, load_engine("rapidocr"))


@pytest.mark.slow
@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.split(".")[0])
def test_reads_what_was_printed(path: Path) -> None:
    expected, got = sample(path)
    if "purchased_on" not in expected:
        assert got.verdict.status == "unusable"
        assert [reason.code for reason in got.verdict.reasons] == expected["reasons"]
        return
    reading = got.reading
    assert got.verdict.status == "trusted", got.verdict.reasons
    assert reading.kind == expected.get("kind", "receipt")
    assert reading.purchased_on is not None
    assert reading.purchased_on.value.isoformat() == expected["purchased_on"]
    own = {field.name: field.value.value for field in reading.fields if field.value}
    assert own == expected.get("fields", {})
    assert all(field.valid for field in reading.fields)
    if "total" not in expected:
        assert reading.total is None
        return
    assert reading.total is not None
    assert reading.currency is not None
    assert reading.total.value == Decimal(expected["total"])
    assert reading.currency.value == expected["currency"]
    assert [i.amount for i in reading.items] == [Decimal(i["amount"]) for i in expected["items"]]


@pytest.mark.slow
@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.split(".")[0])
def test_stored_words_read_the_same_again(path: Path) -> None:
    _, got = sample(path)
    adapter = TypeAdapter(Pages)
    stored = adapter.validate_json(adapter.dump_json(got.pages))
    assert understand(stored, stock(), CONTEXT) == (got.reading, got.verdict)


@pytest.mark.slow
@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: path.name.split(".")[0])
def test_all_that_is_told_of_it_is_told_in_french(path: Path) -> None:
    """Just read, and as it lies in the tables, where texts have lost their form."""
    _, got = sample(path)
    for text in told_of((got.reading, got.verdict)):
        in_french(text)
        assert T.told(str(text.encode(), "utf-8")) == T.told(text)


def told_of(read: object) -> Iterator[str]:
    """The sentences in a reading and its verdict; a reason's detail may be what is printed."""
    if isinstance(read, tuple):
        for one in read:
            yield from told_of(one)
    elif is_dataclass(read):
        for field in fields(read):
            value = getattr(read, field.name)
            if isinstance(read, Reason) and not isinstance(value, Message):
                continue
            if field.name in ("rule", "why", "detail", "note", "evidence", "nearest"):
                yield from filter(None, (value,) if isinstance(value, str) else value)
            else:
                yield from told_of(value)


@pytest.mark.slow
def test_boxes_lie_on_the_original_picture() -> None:
    _, got = sample(SAMPLES / "05_fr_restaurant.expected.json")
    page = got.pages[0]
    assert got.reading.total is not None
    assert got.reading.total.place is not None
    for x, y in page.outline(got.reading.total.place.box):
        assert -2 <= x <= page.original_width + 2
        assert -2 <= y <= page.original_height + 2
