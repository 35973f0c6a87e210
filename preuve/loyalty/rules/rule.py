"""One earn rule as operators write it: when it looks, what must hold, what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from preuve.loyalty.rules.effects import Cap, Effect, Giveaway
from preuve.loyalty.rules.expressions import LONGEST
from preuve.loyalty.rules.facts import Happening
from preuve.loyalty.rules.products import ItemCondition
from preuve.loyalty.rules.written import FIELD, HOURS, Country, Key, Model, RetailerKey, Text
from preuve.reading.template.kinds import DocumentKind

FieldName = Annotated[str, Field(pattern=FIELD)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hours = Annotated[str, Field(pattern=HOURS)]
Trigger = Literal["receipt", "first_receipt", "nth_receipt", "sign_up", "birthday", "event"]
HAPPENS: Mapping[Trigger, Happening] = {
    "receipt": "receipt",
    "first_receipt": "receipt",
    "nth_receipt": "receipt",
    "sign_up": "sign_up",
    "birthday": "birthday",
    "event": "event",
}
"""The occasions that a rule looks at, by its trigger."""
RECEIPTS = frozenset(trigger for trigger, happens in HAPPENS.items() if happens == "receipt")


class FieldCondition(Model):
    """What a field of the template's own must be: read, and past all its checks, to begin with.

    Numbers are compared as numbers, dates (2026-11-30) and the rest as text.
    """

    one_of: tuple[Text, ...] = ()
    """Case, accents, spaces and punctuation make no difference."""
    min: Decimal | date | None = None
    max: Decimal | date | None = None


class Condition(Model):
    """What must be so for a rule to apply; everything named must hold."""

    kinds: tuple[DocumentKind, ...] = ()
    retailers: tuple[RetailerKey, ...] = ()
    countries: tuple[Country, ...] = ()
    min_total: Decimal | None = Field(default=None, gt=0)
    items: ItemCondition | None = None
    """The receipt has such items."""
    fields: dict[FieldName, FieldCondition] = Field(default_factory=dict)
    """Fields of the document's template, by their names."""
    segments: tuple[Key, ...] = ()
    """The member is in one of them."""
    not_segments: tuple[Key, ...] = ()
    """The member is in none of them."""
    when: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = None
    """An expression in CEL; docs/programs.md has its names."""


class Window(Model):
    """When a rule applies, by the program's calendar; what is not written does not limit."""

    starts_on: date | None = None
    ends_on: date | None = None
    """The last day, included."""
    weekdays: tuple[Weekday, ...] = ()
    hours: tuple[Hours, ...] = ()
    """As `17:00-19:00`, up to the last minute before the end; `22:00-02:00` is over midnight. A
    receipt on which no time is printed is in no such window."""


class Nth(Model):
    """Which receipt of a period it is, this one included; `every`: also the double, and so on."""

    number: int = Field(ge=2, le=10_000)
    per: Literal["day", "week", "month", "year", "ever"] = "ever"
    every: bool = False


class EarnRule(Model):
    """One way to earn."""

    rule: Key
    name: Text
    trigger: Trigger = "receipt"
    nth: Nth | None = None
    """With `trigger: nth_receipt`."""
    event: Key | None = None
    """With `trigger: event`: which one."""
    campaign: Key | None = None
    """One of the program's `campaigns`: its days and its budget hold for this rule."""
    priority: int = Field(default=0, ge=-1000, le=1000)
    """Of two rules of one stage the higher comes first; equal ones in the order of the file."""
    last: bool = False
    """Where this rule gives something, none after it does."""
    window: Window = Window()
    condition: Condition = Condition()
    effect: Effect | None = None
    grants: tuple[Giveaway, ...] = Field(default=(), max_length=10)
    caps: tuple[Cap, ...] = ()
