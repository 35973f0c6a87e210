"""A loyalty program as its operators write it: who may take part and what is earned.

One YAML file a program in `programs/`; `load.py` reads them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field

from preuve.loyalty.rules.effects import Rounding
from preuve.loyalty.rules.policy import PointsPolicy
from preuve.loyalty.rules.products import ProductList
from preuve.loyalty.rules.rule import EarnRule
from preuve.loyalty.rules.written import Country, Currency, Key, Model, Points, RetailerKey, Text
from preuve.messages import say
from preuve.reading.template.kinds import DocumentKind


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(say('"{name}" is no time zone; write one like Europe/Paris', name=name))
    return name


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
    documents_per_day: int | None = Field(default=None, ge=1, le=10_000)
    """Of one member, by the day of submission: what is sent after so many is refused. Every
    document counts that was sent, whatever became of it."""
    retailers: Retailers = Retailers()


class Campaign(Model):
    """Rules that belong together: the days on which they apply, and what they may cost."""

    name: Text
    starts_on: date | None = None
    ends_on: date | None = None
    """The last day, included."""
    budget: int | None = Field(default=None, ge=1, le=1_000_000_000_000)
    """Points, of all rules and for all members; what is beyond is not given."""
    member_cap: Points | None = None
    """The most points that all its rules together give one member."""


class Program(Model):
    """One file of `programs/`."""

    program: Key
    name: Text
    timezone: Annotated[str, AfterValidator(_known_zone)]
    """Whose calendar tells the day of a submission."""
    limits: Limits = Limits()
    points: PointsPolicy = PointsPolicy()
    counts_on: Literal["purchase", "submission"] = "purchase"
    """The day that a receipt counts on, for windows, caps and history: the day of the purchase
    (of the submission, where no date was read), or that of the submission."""
    rounding: Rounding = "down"
    products: dict[Key, ProductList] = Field(default_factory=dict)
    campaigns: dict[Key, Campaign] = Field(default_factory=dict)
    earn: tuple[EarnRule, ...] = Field(default=(), max_length=1000)

    def __hash__(self) -> int:
        """By identity: what is compiled from a program is found again by it, once a receipt."""
        return id(self)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def day_of(self, moment: datetime) -> date:
        """The day it was in the program's country at `moment`, which has a time zone."""
        return moment.astimezone(self.zone).date()
