"""Receipts with a picture, words and places, for tests that look at them."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image

from preuve.intake import Submission, Submitted, submit
from preuve.loyalty import Program
from preuve.reading.page import Box, Page, Row, Word
from preuve.reading.result import Candidate, Place, Reading
from preuve.store import Ground
from tests.factories import numbers, reading, work

WIDTH, HEIGHT = 300, 600
TOTAL = Box(180, 400, 280, 430)
NAME = Box(40, 40, 220, 70)


def photo(color: str = "white", comment: str = "taken at home") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), color).save(out, "JPEG", comment=comment.encode())
    return out.getvalue()


def read_page() -> Page:
    rows = (
        Row((Word("EPICERIE", NAME, 0.9, "fake"),)),
        Row(
            (Word("TOTAL", Box(40, 400, 120, 430), 0.9, "fake"), Word("12,50", TOTAL, 0.9, "fake"))
        ),
    )
    return Page(1, WIDTH, HEIGHT, rows, "ocr", WIDTH, HEIGHT)


def placed(**changes: object) -> Reading:
    read = reading(**changes)
    assert read.total is not None
    assert read.retailer is not None
    other = Candidate(
        "12,00", 0.31, "no label -1.5, is a net sum -1.5", Place(1, Box(40, 300, 90, 320))
    )
    signs = {"label": 1.0, "confirmed": 1.0}
    return replace(
        read,
        total=replace(read.total, place=Place(1, TOTAL), rejected=(other,), signs=signs),
        retailer=replace(read.retailer, place=Place(1, NAME)),
    )


def sent(ground: Ground, program: Program, read: Reading | None = None, **more: object) -> str:
    number = next(numbers)
    answer = submit(
        ground,
        program,
        Submission(f"m-{number}", (photo(comment=f"the photo {number}"),), f"key-{number}"),
        lambda _id, _queue: None,
    )
    assert isinstance(answer, Submitted)
    words = (read_page(),)
    work(ground, program, answer.receipt_id, read or placed(), words=words, **more)
    return answer.receipt_id
