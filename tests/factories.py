"""Readings and pages for tests that need no document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from itertools import count
from typing import Any

from preuve.intake import Claim, Finished, Submission, Submitted, Waker, claim, finish, submit
from preuve.loyalty import Program
from preuve.reading.page import SIGHT, Alternative, Box, Page, Pages, Quality, Row, Word
from preuve.reading.result import (
    Candidate,
    Check,
    Item,
    MatchResult,
    Place,
    Reading,
    Reason,
    Retailer,
    TaxLine,
    Tender,
    Value,
    Verdict,
)
from preuve.reasons import ReasonCode
from preuve.store import Ground

TRUSTED = Verdict("trusted", 0.97)
BOUGHT_ON = date(2026, 3, 13)

numbers = count(1)


def value(content: Any, confidence: float = 0.95) -> Value[Any]:
    return Value(content, confidence, "test", raw_text=str(content))


def item(description: str, amount: str, **more: Any) -> Item:
    return Item(description, description, Decimal(amount), confidence=0.9, **more)


def reading(**changes: Any) -> Reading:
    """A receipt of 12.50 EUR with one packet of ground coffee; `changes` replace values.

    Plain values are wrapped: `reading(total="3.10", purchased_at=None)`.
    """
    plain: dict[str, Any] = {
        "retailer": Retailer("Épicerie du Pont"),
        "currency": "EUR",
        "purchased_on": BOUGHT_ON,
        "purchased_at": time(18, 42),
        "total": "12.50",
        "receipt_number": "000417",
    }
    others = {name: content for name, content in changes.items() if name not in plain}
    plain.update({name: content for name, content in changes.items() if name in plain})
    if isinstance(plain["retailer"], str):
        plain["retailer"] = Retailer(plain["retailer"])
    if plain["total"] is not None:
        plain["total"] = Decimal(plain["total"])
    wrapped = {name: None if it is None else value(it) for name, it in plain.items()}
    made = Reading(
        kind="receipt",
        language="fr",
        match=MatchResult("base.fr", "1", 0.8),
        country="FR",
        items=(item("CAFÉ MOULU 250G", "4.20"), item("PAIN DE MIE", "8.30")),
    )
    return replace(made, **wrapped, **others)


def full_reading() -> Reading:
    """A reading in which nothing is left out."""
    place = Place(1, Box(1.5, 2.25, 100.1, 20.0))
    seen = Candidate("12,5O", 0.25, "no label -1.5, is a net sum -1.5", place)
    return reading(
        match=MatchResult("fr.epicerie", "3", 0.912345678901234, ("name",), ("base.fr",), True),
        total="12.50",
        subtotal=Value(Decimal("12.5"), 1 / 3, "base.fr: labels", "12,50", place, (seen,)),
        rounding=value(Decimal("-0.02")),
        change=value(Decimal("0.00")),
        item_count=value(2),
        purchased_at=time(18, 42, 59),
        items=(
            item(
                "POMMES",
                "1.234",
                kind="deposit",
                quantity=Decimal("0.512"),
                unit_of_measure="kg",
                unit_price=Decimal("2.41"),
                vat_code="A",
                product_code="3017620422003",
                place=place,
            ),
        ),
        taxes=(TaxLine(Decimal("5.5"), Decimal("0.65"), Decimal("11.85"), None, place),),
        tenders=(Tender("meal_voucher", "TITRE RESTO", Decimal("12.50"), place),),
        checks=(Check("items_sum", None, "not printed"), Check("taxes", passed=True)),
    )


def pages(text: str = "TOTAL 12,50") -> Pages:
    words = tuple(
        Word(part, Box(10.0 * n, 5.0, 10.0 * n + 9.3, 15.1), 0.87, "fake", ())
        for n, part in enumerate(text.split())
    )
    odd = Word("é€\u2009", Box(0.1, 0.2, 0.3, 0.7), 1.0, "x", (Alternative("e", 0.1, "y"),))
    return (
        Page(
            number=1,
            width=400.0,
            height=800.5,
            rows=(Row(words), Row((odd,))),
            source="ocr",
            sight=SIGHT,
            original_width=3000.0,
            original_height=4000.0,
            to_original=(1.0, 0.1, 3.0, 0.0, 1.1, 2.0, 1e-7, 0.0, 1.0),
            turned=90,
            quality=Quality(0.8, 0.5, 123.456, ("top",)),
            engine="fake",
            notes=("read twice",),
        ),
    )


def doubtful(*codes: ReasonCode) -> Verdict:
    return Verdict("doubtful", 0.5, tuple(Reason(code) for code in codes))


def unusable(*codes: ReasonCode) -> Verdict:
    return Verdict("unusable", 0.1, tuple(Reason(code) for code in codes))


def send(
    ground: Ground,
    program: Program,
    wake: Waker,
    data: bytes | None = None,
    *more: bytes,
    member: str = "m-1",
) -> str:
    """Submits a document, a new one unless `data` says which; gives the receipt's id."""
    number = next(numbers)
    files = (f"photo {number}".encode() if data is None else data, *more)
    answer = submit(ground, program, Submission(member, files, f"key-{number}"), wake)
    assert isinstance(answer, Submitted)
    return answer.receipt_id


def work(
    ground: Ground,
    program: Program,
    receipt_id: str,
    read: Reading | None = None,
    verdict: Verdict = TRUSTED,
    words: Pages | None = None,
) -> Finished:
    """Does what a worker does, with `read` as what it reads."""
    held = claimed(ground, receipt_id)
    seen = pages() if words is None else words
    done = finish(ground, program, held, seen, read or reading(), verdict, engine="fake 1")
    assert done is not None
    return done


def claimed(ground: Ground, receipt_id: str) -> Claim:
    held = claim(ground, receipt_id)
    assert held is not None
    return held
