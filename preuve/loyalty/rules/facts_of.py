"""A reading as earn rules see it: whole minor units, product numbers that can be right."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from preuve.loyalty.rules.facts import LineFacts, PurchaseFacts
from preuve.reading.result import Item, Reading, TenderKind

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
# fmt: off
NO_MINOR_UNITS = frozenset({
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",
})
# fmt: on
TEXTS = frozenset({"text", "code"})
"""Types of a template's own fields whose values are texts and nothing else."""
THREE_DIGITS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})


def facts_of(
    reading: Reading, *, receipt_id: str, member_id: str, received_at: datetime
) -> PurchaseFacts:
    """What rules may look at of `reading`; a total that was not read counts as 0."""
    currency = reading.currency.value if reading.currency else None
    retailer = reading.retailer.value if reading.retailer else None
    exponent = exponent_of(currency)
    return PurchaseFacts(
        receipt_id=receipt_id,
        member_id=member_id,
        received_at=received_at,
        kind=reading.kind,
        retailer_key=retailer.key if retailer else None,
        retailer_name=_text(retailer.name) if retailer else "",
        country=reading.country,
        currency=currency,
        exponent=exponent,
        total=minor_units(reading.total.value, exponent) if reading.total else 0,
        purchased_on=reading.purchased_on.value if reading.purchased_on else None,
        purchased_at=reading.purchased_at.value if reading.purchased_at else None,
        lines=tuple(_line(number, item, exponent) for number, item in enumerate(reading.items)),
        tenders=_tenders(reading, exponent),
        fields={f.name: _text(f.value.value) for f in reading.fields if f.value and f.valid},
        field_types={f.name: f.type for f in reading.fields if f.valid and f.type not in TEXTS},
    )


def exponent_of(currency: str | None) -> int:
    """How many digits the currency's minor unit has by ISO 4217; 2 where it is unknown.

    CLDR's digits (babel) are those of display: they would round the cents of a Serbian receipt.
    """
    return 0 if currency in NO_MINOR_UNITS else 3 if currency in THREE_DIGITS else 2


def minor_units(amount: Decimal, exponent: int) -> int:
    """An amount as whole minor units; half a unit counts away from zero."""
    return int(amount.scaleb(exponent).to_integral_value(ROUND_HALF_UP))


def gtin_of(code: str | None) -> str | None:
    """The GTIN that a printed code is, as 13 digits where it has no more; else None.

    The retailer's own codes are as long now and then, so the check digit must be right.
    """
    if code is None or not (code.isascii() and code.isdecimal()) or len(code) not in GTIN_LENGTHS:
        return None
    full = code.zfill(14)
    weighed = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(full))
    if weighed % 10 or not int(full):
        return None
    return code if len(code) == 8 else full.removeprefix("0")


def _line(number: int, item: Item, exponent: int) -> LineFacts:
    price = item.unit_price
    return LineFacts(
        line=number,
        kind=item.kind,
        description=_text(item.description),
        amount=minor_units(item.amount, exponent),
        quantity=item.quantity,
        unit_price=minor_units(price, exponent) if price is not None else None,
        unit_of_measure=item.unit_of_measure,
        gtin=gtin_of(item.product_code),
        product_code=item.product_code,
        vat_code=item.vat_code,
    )


def _tenders(reading: Reading, exponent: int) -> dict[TenderKind, int]:
    paid: dict[TenderKind, int] = {}
    for tender in reading.tenders:
        paid[tender.kind] = paid.get(tender.kind, 0) + minor_units(tender.amount, exponent)
    return paid


def _text(printed: str) -> str:
    """A PDF's text may hold NUL, which PostgreSQL refuses."""
    return printed.replace("\0", "")
