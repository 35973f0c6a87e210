"""The template language: every key that a template file may have.

A template is data. `templates/base/*.yaml` hold a language's words and how it writes numbers
and dates; a retailer's template `extends` one of them and says only what differs.
`docs/templates.md` explains each key with examples.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, field_validator

from preuve.reading.template.date_form import compile_date_form
from preuve.reading.template.fields import (
    Direction,
    FieldName,
    Model,
    OwnField,
    Phrases,
    PrintedCode,
    Text,
    Zone,
)
from preuve.reading.template.kinds import HEADERS, DocumentKind, HeaderName
from preuve.reading.template.row_pattern import compile_row_pattern

Key = Annotated[str, Field(pattern=r"^[a-z]{2,5}(\.[a-z0-9_]+)+$", max_length=80)]


class Role(StrEnum):
    """What a printed label says about the values beside it."""

    TOTAL = "total"
    """The amount due, taxes included, after discounts and cash rounding."""
    WEAK_TOTAL = "weak_total"
    """A word that often, but not always, stands beside the total ("amount", "sum")."""
    SUBTOTAL = "subtotal"
    NET_TOTAL = "net_total"
    """The total without taxes."""
    TAX = "tax"
    TAX_TABLE = "tax_table"
    """A heading of the tax summary: rows below belong to it until they stop having amounts."""
    ROUNDING = "rounding"
    DISCOUNT = "discount"
    DEPOSIT = "deposit"
    REFUND = "refund"
    FEE = "fee"
    CASH = "cash"
    CARD = "card"
    MEAL_VOUCHER = "meal_voucher"
    GIFT_CARD = "gift_card"
    CHECK = "check"
    OTHER_TENDER = "other_tender"
    INSURANCE = "insurance"
    """What an insurance pays at once: the member did not pay the whole total."""
    CHANGE = "change"
    ITEM_COUNT = "item_count"
    FUEL = "fuel"
    """Kinds of fuel: what a filling station sold, where its litres stand beside a label."""
    SAVINGS = "savings"
    """What was saved or earned: an amount that is part of nothing."""
    IGNORE = "ignore"
    """Rows whose amounts mean nothing for the receipt (points, balances, deposits elsewhere)."""
    DATE = "date"
    ORDER_DATE = "order_date"
    """When it was ordered or done: the purchase's date where no invoice's is printed."""
    OTHER_DATE = "other_date"
    """A date that is not the purchase's: exchange before, valid until, points expire on."""
    RECEIPT_NUMBER = "receipt_number"
    ITEMS_START = "items_start"
    ITEMS_END = "items_end"
    NO_PURCHASE = "no_purchase"
    """What says that a paper proves no purchase: a quote, a delivery note, a duplicate."""
    UNPAID = "unpaid"
    """What says that it is still to be paid: payable by, please transfer, bank details."""
    NOT_RETAILER = "not_retailer"
    """Head rows that are no shop's name: welcome, tax invoice, telephone, a slogan."""
    ADDRESSEE = "addressee"
    """Headings of the address of who buys (bill to, deliver to): who stands there did not sell."""
    SELLER = "seller"
    """Headings of the address of who sells (sold by, from)."""
    COMPANY = "company"
    """Legal forms (SARL, GmbH, Sdn Bhd): the row names a company."""
    TRADE = "trade"
    """Kinds of shop (restaurant, bakery, pharmacy): the row may name one."""


class Identifier(Model):
    """A number of a register, and where it was looked up. The checksum is tested on load."""

    number: Text
    source: Text


class Recognize(Model):
    """How to know the retailer. `names` are over the door, `legal` are the companies behind."""

    names: tuple[Text, ...] = ()
    legal: tuple[Text, ...] = ()
    siren: tuple[Identifier, ...] = ()
    vat: tuple[Identifier, ...] = ()
    domains: tuple[Text, ...] = ()
    words: tuple[Text, ...] = ()
    patterns: tuple[Text, ...] = ()
    codes: tuple[PrintedCode, ...] = ()
    """Barcodes or QR codes that only this retailer prints."""
    not_words: Annotated[tuple[Text, ...], Field(alias="not")] = ()


class Numbers(Model):
    """How amounts are written: decimal marks and group marks, the usual one first."""

    decimal: tuple[Literal[",", ".", "'"], ...] = (".", ",")
    group: tuple[Literal[",", ".", " ", "'"], ...] = (",", " ")
    decimals: int = Field(default=2, ge=0, le=3)


class Dates(Model):
    """`order` where a date is all numbers; `months` maps a month to its printed names."""

    order: Literal["dmy", "mdy", "ymd"] = "dmy"
    months: dict[int, tuple[Text, ...]] = Field(default_factory=dict)
    forms: Phrases = ()
    """Unusual ways to write a date, in readable form: `{year}. {month} {day}.`"""

    @field_validator("forms")
    @classmethod
    def _readable(cls, forms: tuple[str, ...]) -> tuple[str, ...]:
        for form in forms:
            compile_date_form(form.removeprefix("~"))
        return forms


class Country(Model):
    """What tells the country on the paper, and what follows from it."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    words: tuple[Text, ...] = ()
    patterns: tuple[Text, ...] = ()
    towns: tuple[Text, ...] = ()
    """Large towns: a row of the head that has nothing else names no shop."""
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    tax_rates: tuple[float, ...] = ()
    cash_rounding: float | None = None


ZoneName = Literal["items", "total", "retailer", "date"]


class Sample(Model):
    """A document kept with the template, and what has to be read from it."""

    file: Text
    """A document, its path from the folder of the templates."""
    expect: dict[FieldName, str] = Field(min_length=1)
    """Values by name, as `preuve read --jsonl` prints them."""


class LayoutEvidence(Model):
    """What tells this layout from the template's others."""

    words: Phrases = ()
    patterns: Phrases = ()
    codes: tuple[PrintedCode, ...] = ()
    not_words: Annotated[Phrases, Field(alias="not")] = ()
    """Phrases that this layout never prints."""


class Reads(Model):
    """How a document is read: what a template says, and a layout of it may say otherwise."""

    kind: DocumentKind = "receipt"
    requires: tuple[HeaderName, ...] | None = None
    """What the document must have to be trusted; else as its kind has it."""
    fields: dict[FieldName, OwnField] = Field(default_factory=dict)
    """Values beyond those of every purchase."""
    numbers: Numbers = Numbers()
    dates: Dates = Dates()
    labels: dict[Role, Phrases] = Field(default_factory=dict)
    directions: dict[Role, Direction] = Field(default_factory=dict)
    """Where the value stands, seen from its label; on either side or below, without one."""
    row_patterns: Phrases = ()
    """Rows of an item in readable form: `{quantity} x {unit_price}`."""
    zones: dict[ZoneName, Zone] = Field(default_factory=dict)
    """Where on the page a field is looked for; everywhere, if it has no zone."""

    @field_validator("row_patterns")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            compile_row_pattern(pattern.removeprefix("~"))
        return patterns


class Layout(Reads):
    """One of several forms that a retailer's documents have."""

    recognize: LayoutEvidence


class Template(Reads):
    """One file. `extends` brings the rest: all but `template`, `name`, `version`, `notes`,
    `layouts`, `samples`, and of `recognize` only `not`."""

    template: Key
    name: Text
    version: Annotated[str, Field(max_length=20)] = "1"
    extends: Key | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    recognize: Recognize = Recognize()
    countries: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Country] = Field(
        default_factory=dict
    )
    currencies: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], tuple[Text, ...]] = Field(
        default_factory=dict
    )
    """Printed signs of a currency: `EUR: ["€", "EUR", "EURO"]`."""
    vocabulary: tuple[Text, ...] = ()
    """Words that tell the language and mean nothing else."""
    joining: tuple[Text, ...] = ()
    """Words that end a row only where a name goes on in the next one: of, and, de, du."""
    retailer_name: Literal["banner", "printed", "company"] = "banner"
    """Which name is reported: the template's own; the one printed, with the branch or number
    behind it in its row; or the company's as this paper prints it, where receipts are known by
    the registered company at their head."""
    layouts: dict[FieldName, Layout] = Field(default_factory=dict)
    """Several forms of this retailer's documents; the one with most evidence is read by."""
    samples: tuple[Sample, ...] = ()
    """Documents that `preuve templates check` reads."""
    notes: str = ""

    @property
    def required(self) -> tuple[HeaderName, ...]:
        """What a document must have to be trusted, besides the required ones of `fields`."""
        return HEADERS[self.kind] if self.requires is None else self.requires
