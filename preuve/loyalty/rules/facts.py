"""What earn rules look at: a purchase, its lines, a member, what happened. Plain values only.

Amounts are integer minor units (cents) of the purchase's currency, so that a rule computes
exactly. Nothing here knows a database, a picture or the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from preuve.reading.result import ItemKind, TenderKind
from preuve.reading.template.fields import FieldType
from preuve.reading.template.kinds import DocumentKind

Scalar = str | int | bool
Happening = Literal["receipt", "sign_up", "birthday", "event"]


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line item. `line` counts from 0 in the reading's items; `gtin` has a right check digit.

    `quantity` is the number of pieces or the measured weight; None where none is printed.
    """

    line: int
    kind: ItemKind
    description: str
    amount: int
    quantity: Decimal | None = None
    unit_price: int | None = None
    unit_of_measure: str | None = None
    gtin: str | None = None
    product_code: str | None = None
    vat_code: str | None = None


@dataclass(frozen=True, slots=True)
class PurchaseFacts:
    """One receipt as rules see it. `exponent`: 2 where 1 EUR is 100 minor units, 0 for JPY.

    `purchased_on` falls back on nothing: None where no date was read. `fields` holds the
    template's own fields that were read and pass their checks, as text; `field_types` what the
    template says they are, where that is no text.
    """

    receipt_id: str
    member_id: str
    received_at: datetime
    kind: DocumentKind
    retailer_key: str | None
    retailer_name: str
    country: str | None
    currency: str | None
    exponent: int
    total: int
    purchased_on: date | None
    purchased_at: time | None
    lines: tuple[LineFacts, ...] = ()
    tenders: Mapping[TenderKind, int] = field(default_factory=dict)
    """What was paid how, in minor units; empty where no payment was read."""
    fields: Mapping[str, str] = field(default_factory=dict)
    field_types: Mapping[str, FieldType] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member, as the program's partner told of them; a bare id where nobody did."""

    member_id: str
    joined_on: date | None = None
    birthday: date | None = None
    segments: frozenset[str] = frozenset()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What happened that a rule may be triggered by.

    `key` is unique in the program for ever (a receipt's id, `birthday:17:2026` of the account 17):
    the ledger credits each rule once an occasion. `purchase` is there for receipts alone.
    """

    trigger: Happening
    key: str
    occurred_at: datetime
    member: MemberFacts
    purchase: PurchaseFacts | None = None
    event: str = ""
    properties: Mapping[str, Scalar] = field(default_factory=dict)
