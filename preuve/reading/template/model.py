"""The template language: every key that a template file may have.

A template is data. `templates/base/*.yaml` hold a language's words and how it writes numbers
and dates; a retailer's template `extends` one of them and says only what differs.
`docs/templates.md` explains each key with examples.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from preuve.reading.template.row_pattern import compile_row_pattern

Key = Annotated[str, Field(pattern=r"^[a-z]{2,5}(\.[a-z0-9_]+)+$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


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
    CHANGE = "change"
    ITEM_COUNT = "item_count"
    SAVINGS = "savings"
    """What was saved or earned: an amount that is part of nothing."""
    IGNORE = "ignore"
    """Rows whose amounts mean nothing for the receipt (points, balances, deposits elsewhere)."""
    DATE = "date"
    OTHER_DATE = "other_date"
    """A date that is not the purchase's: exchange before, valid until, points expire on."""
    RECEIPT_NUMBER = "receipt_number"
    ITEMS_START = "items_start"
    ITEMS_END = "items_end"
    NOT_RETAILER = "not_retailer"
    """Head rows that are no shop's name: welcome, tax invoice, telephone, a slogan."""
    COMPANY = "company"
    """Legal forms (SARL, GmbH, Sdn Bhd): the row names a company."""
    TRADE = "trade"
    """Kinds of shop (restaurant, bakery, pharmacy): the row may name one."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    not_words: Annotated[tuple[Text, ...], Field(alias="not")] = ()


class Numbers(Model):
    """How amounts are written: decimal marks and group marks, the usual one first."""

    decimal: tuple[Literal[",", ".", "'"], ...] = (".", ",")
    group: tuple[Literal[",", ".", " ", "'"], ...] = (",", " ")
    decimals: int = Field(default=2, ge=0, le=3)


class Dates(Model):
    """`order` where a date is all numbers; `months` maps a month to its printed names."""

    order: Literal["dmy", "mdy", "ymd"] = "dmy"
    months: dict[int, tuple[Text, ...]] = {}


class Country(Model):
    """What tells the country on the paper, and what follows from it."""

    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    words: tuple[Text, ...] = ()
    patterns: tuple[Text, ...] = ()
    date_order: Literal["dmy", "mdy", "ymd"] | None = None
    tax_rates: tuple[float, ...] = ()
    cash_rounding: float | None = None


ZoneName = Literal["items", "total", "retailer", "date"]


class Zone(Model):
    """A part of the page, in shares of its height and width, 0 to 1 from the top left."""

    top: float = Field(default=0.0, ge=0, le=1)
    bottom: float = Field(default=1.0, ge=0, le=1)
    left: float = Field(default=0.0, ge=0, le=1)
    right: float = Field(default=1.0, ge=0, le=1)


class Template(Model):
    """One file. `extends` brings the rest: all but `template`, `name`, `version`, `notes`, and of
    `recognize` only `not`."""

    template: Key
    name: Text
    version: Annotated[str, Field(max_length=20)] = "1"
    extends: Key | None = None
    kind: Literal["receipt"] = "receipt"
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    recognize: Recognize = Recognize()
    countries: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Country] = {}
    currencies: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], tuple[Text, ...]] = {}
    """Printed signs of a currency: `EUR: ["€", "EUR", "EURO"]`."""
    vocabulary: tuple[Text, ...] = ()
    """Words that tell the language and mean nothing else."""
    joining: tuple[Text, ...] = ()
    """Words that end a row only where a name goes on in the next one: of, and, de, du."""
    numbers: Numbers = Numbers()
    dates: Dates = Dates()
    labels: dict[Role, tuple[Text, ...]] = {}
    retailer_name: Literal["banner", "company"] = "banner"
    """Which name is reported: the template's own, or the company's as this paper prints it,
    where receipts are known by the registered company at their head."""
    row_patterns: tuple[Text, ...] = ()
    """Rows of an item in readable form: `{quantity} x {unit_price}`."""
    zones: dict[ZoneName, Zone] = {}
    """Where on the page a field is looked for; everywhere, if it has no zone."""
    notes: str = ""

    @field_validator("row_patterns")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            compile_row_pattern(pattern)
        return patterns
