"""What one document says, value by value, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from preuve.reading.made import quickly_made
from preuve.reading.page import Box
from preuve.reading.template.fields import FieldType
from preuve.reading.template.kinds import DocumentKind, HeaderName
from preuve.reasons import ReasonCode

T = TypeVar("T")

ItemKind = Literal["product", "discount", "deposit", "refund", "fee"]
TenderKind = Literal["cash", "card", "meal_voucher", "gift_card", "check", "other"]


@quickly_made
@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: a page (from 1) and a box in its upright pixels."""

    page: int
    box: Box


@quickly_made
@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that was considered: its text on the paper, its score and why."""

    text: str
    score: float
    why: str
    place: Place | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A value, how sure it is (0 to 1), where it stands and the rule that found it.

    `rule` names the line of a template, as `base.fr: labels.total "net a payer"`.
    `rejected` holds the other candidates, best first; `signs` what the confidence is made of
    (see `signs.py`), empty where it is fixed.
    """

    value: T
    confidence: float
    rule: str
    raw_text: str = ""
    place: Place | None = None
    rejected: tuple[Candidate, ...] = ()
    signs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retailer:
    """Who sold. `key` is None where the name is only printed text that no template knows."""

    name: str
    key: str | None = None


BORNE_OUT = "borne_out"
"""The sign that more than its place and its size says that a printed name is the shop's."""


def is_borne_out(retailer: Value[Retailer]) -> bool:
    """Whether more than a row's place and its size tells the retailer: templates and the registry
    always do."""
    return bool(retailer.signs.get(BORNE_OUT, 1.0))


@quickly_made
@dataclass(frozen=True, slots=True)
class Item:
    """A printed row with its printed amount; a discount on its own row has a negative one.

    `note` says where arithmetic chose another reading than the engine's first.
    """

    raw_text: str
    description: str
    amount: Decimal
    kind: ItemKind = "product"
    quantity: Decimal | None = None
    unit_of_measure: str | None = None
    unit_price: Decimal | None = None
    vat_code: str | None = None
    product_code: str | None = None
    note: str = ""
    confidence: float = 0.0
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate of the tax table: `rate` in percent, `net` (HT), `tax` (TVA), `gross` (TTC); or a
    tax that is printed without its sums, or its rate."""

    rate: Decimal | None
    tax: Decimal
    net: Decimal | None = None
    gross: Decimal | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """A payment line; `amount` is the total where the paper only names what was paid with."""

    kind: TenderKind
    label: str
    amount: Decimal
    place: Place | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Check:
    """A test that the values of one receipt put each other to.

    `passed` is None where the paper does not print what the check needs.
    """

    code: str
    passed: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the template's own. `value` is None where it was not found.

    The value is text: a number as `12.50`, a date as `2026-11-30`, yes or no as `yes`, `no`.
    `unique`: two documents with the same value are the same document sent twice.
    """

    name: str
    title: str
    type: FieldType
    required: bool = False
    unique: bool = False
    value: Value[str] | None = None
    checks: tuple[Check, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether it was read and no check fails."""
        return self.value is not None and all(c.passed is not False for c in self.checks)


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The template that was used and how well it fits: evidence in words, score 0 to 1.

    `layout` is the one of the template's layouts that was read by, where it has several.
    """

    template: str
    version: str
    score: float
    evidence: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    ambiguous: bool = False
    layout: str | None = None


@quickly_made
@dataclass(frozen=True)
class Reading:
    """Everything that was read from one document.

    `printed_name` is the shop's name as the head prints it, whoever the retailer is.
    `requires` are the values that a document of this kind must have; `fields` are the template's
    own, each one whether it was found or not.
    """

    kind: DocumentKind
    language: str
    match: MatchResult
    country: str | None = None
    currency: Value[str] | None = None
    retailer: Value[Retailer] | None = None
    printed_name: Value[Retailer] | None = None
    purchased_on: Value[date] | None = None
    purchased_at: Value[time] | None = None
    total: Value[Decimal] | None = None
    subtotal: Value[Decimal] | None = None
    rounding: Value[Decimal] | None = None
    change: Value[Decimal] | None = None
    item_count: Value[int] | None = None
    receipt_number: Value[str] | None = None
    items: tuple[Item, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    tenders: tuple[Tender, ...] = ()
    checks: tuple[Check, ...] = ()
    requires: tuple[HeaderName, ...] = ("purchased_on", "total")
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a receipt is not simply trusted: a stable code, and the field it is about."""

    code: ReasonCode
    field: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """trusted: credit with no human; doubtful: a person looks; unusable: ask for another."""

    status: Literal["trusted", "doubtful", "unusable"]
    confidence: float
    reasons: tuple[Reason, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Context:
    """What is known from outside: the day the document came in, and the program's country."""

    received_on: date | None = None
    country: str | None = None
