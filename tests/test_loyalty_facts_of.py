from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.loyalty.rules.facts_of import exponent_of, facts_of, gtin_of, minor_units
from preuve.reading.result import Check, Field, Reading, Retailer, Tender
from tests.factories import item, reading, value

AT = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)


def facts(read: Reading) -> PurchaseFacts:
    return facts_of(read, receipt_id="r1", member_id="ann", received_at=AT)


def test_a_receipt_becomes_whole_minor_units() -> None:
    pears = item("POIRES", "1.235", quantity=Decimal("0.512"), unit_price=Decimal("2.41"))
    seen = facts(reading(total="12.50", items=(pears, item("REMISE", "-0.50", kind="discount"))))
    assert (seen.total, seen.exponent, seen.currency) == (1250, 2, "EUR")
    assert [(line.line, line.kind, line.amount) for line in seen.lines] == [
        (0, "product", 124),
        (1, "discount", -50),
    ]
    assert (seen.lines[0].quantity, seen.lines[0].unit_price) == (Decimal("0.512"), 241)
    assert (seen.purchased_on, seen.purchased_at) == (date(2026, 3, 13), time(18, 42))
    assert (seen.receipt_id, seen.member_id, seen.received_at) == ("r1", "ann", AT)


def test_what_was_paid_the_same_way_is_one_sum() -> None:
    paid = (Tender("card", "CB", Decimal(5)), Tender("cash", "ESP", Decimal("2.5")))
    seen = facts(reading(tenders=(*paid, Tender("card", "VISA", Decimal("5.00")))))
    assert seen.tenders == {"card": 1000, "cash": 250}


def test_what_was_not_read_is_nothing() -> None:
    bare = facts(reading(retailer=None, currency=None, purchased_on=None, total=None, items=()))
    assert (bare.retailer_key, bare.retailer_name, bare.currency) == (None, "", None)
    assert (bare.total, bare.exponent, bare.purchased_on, bare.lines) == (0, 2, None, ())


@pytest.mark.parametrize(
    ("currency", "amount", "minor"),
    [("JPY", "1200", 1200), ("TND", "12.345", 12345), ("EUR", "-0.005", -1), ("RSD", "9.99", 999)],
)
def test_the_currency_says_what_a_minor_unit_is(currency: str, amount: str, minor: int) -> None:
    assert minor_units(Decimal(amount), exponent_of(currency)) == minor


@pytest.mark.parametrize(
    ("code", "gtin"),
    [
        ("3017620422003", "3017620422003"),
        ("3017620422004", None),
        ("036000291452", "0036000291452"),
        ("96385074", "96385074"),
        ("10012345678902", "10012345678902"),
        ("03017620422003", "3017620422003"),
        ("0000000000000", None),
        ("12345", None),
        ("301762042200x", None),
        ("٣٠١٧٦٢٠٤٢٢٠٠٣", None),
        (None, None),
    ],
)
def test_a_gtin_has_a_right_check_digit(code: str | None, gtin: str | None) -> None:
    assert gtin_of(code) == gtin


def test_only_own_fields_that_pass_their_checks_are_seen() -> None:
    good = Field("model", "Modèle", "text", value=value("AUBE\x00300"))
    wrong = Field("serial", "Série", "text", value=value("7"), checks=(Check("luhn", False),))
    seen = facts(reading(fields=(good, wrong, Field("shop", "Magasin", "text"))))
    assert seen.fields == {"model": "AUBE300"}
    bought = Field("bought", "Acheté", "amount", value=value("12.50"))
    assert facts(reading(fields=(good, wrong, bought))).field_types == {"bought": "amount"}


def test_no_text_holds_what_postgresql_refuses() -> None:
    odd = replace(item("CA\0FE", "1.00"), raw_text="CA\0FE")
    seen = facts(reading(retailer=Retailer("É\0picerie"), items=(odd,)))
    assert (seen.retailer_name, seen.lines[0].description) == ("Épicerie", "CAFE")
