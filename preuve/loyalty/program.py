"""A loyalty program as its operators write it: who may take part and what is earned.

One YAML file a program in `programs/`; `load.py` reads them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from preuve.folding import squeeze
from preuve.loyalty.policy import PointsPolicy
from preuve.reading.template.kinds import DocumentKind

Key = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
RetailerKey = Annotated[str, Field(pattern=r"^[a-z]{2,5}(\.[a-z0-9_]+)+$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Points = Annotated[int, Field(ge=1, le=1_000_000)]


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone; write one like Europe/Paris")
    return name


def _has_letters(text: str) -> str:
    if not squeeze(text):
        raise ValueError(f"{text!r} has no letter or digit to look for")
    return text


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Retailers(Model):
    """`allow` empty: every retailer. `unknown`: also shops that no template knows."""

    allow: tuple[RetailerKey, ...] = ()
    deny: tuple[RetailerKey, ...] = ()
    unknown: bool = False


class Limits(Model):
    """Which purchases take part. An empty list, or none, means no limit of that kind."""

    kinds: tuple[DocumentKind, ...] = Field(default=("receipt", "invoice"), min_length=1)
    """Which kinds of document. An order and its invoice are one purchase: take one of them."""
    currencies: tuple[Currency, ...] = ()
    countries: tuple[Country, ...] = ()
    max_age_days: int | None = Field(default=None, ge=0)
    """Days from the purchase to the day of submission."""
    starts_on: date | None = None
    """The first day of purchase that counts."""
    retailers: Retailers = Retailers()


class ItemCondition(Model):
    """Which items count: products whose description contains one of the texts.

    Accents, case, spaces and punctuation make no difference.
    """

    description_contains: tuple[Annotated[Text, AfterValidator(_has_letters)], ...] = Field(
        min_length=1
    )


class FieldCondition(Model):
    """What a field of the template's own must be: read, and past all its checks, to begin with.

    Numbers are compared as numbers, dates (2026-11-30) and the rest as text.
    """

    one_of: tuple[Text, ...] = ()
    """Case, accents, spaces and punctuation make no difference."""
    min: Decimal | date | None = None
    max: Decimal | date | None = None


class Condition(Model):
    """What a receipt must be for a rule to apply; everything named must hold."""

    kinds: tuple[DocumentKind, ...] = ()
    fields: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], FieldCondition] = Field(
        default_factory=dict
    )
    """Fields of the document's template, by their names."""
    retailers: tuple[RetailerKey, ...] = ()
    min_total: Decimal | None = Field(default=None, gt=0)
    items: ItemCondition | None = None
    """At least one item is such."""


class PerAmount(Model):
    """`points` for each whole `amount` of the total, in the receipt's currency."""

    kind: Literal["per_amount"]
    points: Points
    amount: Decimal = Field(default=Decimal(1), gt=0)


class PerItem(Model):
    """`points` for each line item that the condition's `items` describe."""

    kind: Literal["per_item"]
    points: Points


class PerReceipt(Model):
    """`points` once a receipt."""

    kind: Literal["per_receipt"]
    points: Points


Effect = Annotated[PerAmount | PerItem | PerReceipt, Field(discriminator="kind")]


class Cap(Model):
    """The most that one rule gives."""

    per_receipt: Points


class EarnRule(Model):
    """One way to earn. Rules apply from the highest `priority` down, and add up."""

    rule: Key
    name: Text
    trigger: Literal["receipt"] = "receipt"
    priority: int = 0
    condition: Condition = Condition()
    effect: Effect
    cap: Cap | None = None


class Program(Model):
    """One file of `programs/`."""

    program: Key
    name: Text
    timezone: Annotated[str, AfterValidator(_known_zone)]
    """Whose calendar tells the day of a submission."""
    limits: Limits = Limits()
    points: PointsPolicy = PointsPolicy()
    earn: tuple[EarnRule, ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def day_of(self, moment: datetime) -> date:
        """The day it was in the program's country at `moment`, which has a time zone."""
        return moment.astimezone(self.zone).date()
