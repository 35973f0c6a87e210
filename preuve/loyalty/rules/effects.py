"""What a rule gives, as operators write it: points one way, and what is no points."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from preuve.loyalty.rules.written import Currency, Key, Model, Points, Text
from preuve.reading.result import TenderKind

Rounding = Literal["down", "nearest", "up"]
"""`down`: what is begun does not count. `up`: what is begun counts. `nearest`: half counts."""


class PerAmount(Model):
    """`points` for each `amount` spent, in the receipt's currency."""

    kind: Literal["per_amount"]
    points: Points
    amount: Decimal = Field(default=Decimal(1), gt=0, le=1_000_000, decimal_places=3)
    of: Literal["total", "items"] = "total"
    """`items`: what the condition's items cost, and not the whole receipt."""
    discounts: Literal["deducted", "ignored"] = "deducted"
    """`ignored`: as if no discount had been printed. On items, a discount belongs to the product
    printed above it."""
    except_tenders: tuple[TenderKind, ...] = ()
    """What was paid so earns nothing, as `[meal_voucher, gift_card]`."""
    rounding: Rounding | None = None
    """How many amounts that makes; without it, the program's."""


class PerItem(Model):
    """`points` for each piece of the condition's items; `lines`: for each row, however many."""

    kind: Literal["per_item"]
    points: Points
    count: Literal["pieces", "lines"] = "pieces"


class Fixed(Model):
    """`points` once an occasion."""

    kind: Literal["fixed"]
    points: Points


class Multiplier(Model):
    """The points for spending, times so much: a rule that gives the difference."""

    kind: Literal["multiplier"]
    times: Decimal = Field(gt=1, le=100, decimal_places=2)
    rules: tuple[Key, ...] = ()
    """Only what these rules give; none: every rule `per_amount`."""
    rounding: Rounding | None = None


Effect = Annotated[PerAmount | PerItem | Fixed | Multiplier, Field(discriminator="kind")]


class Gift(Model):
    kind: Literal["gift", "badge", "message"]
    key: Key
    name: Text


class Voucher(Model):
    """Worth `value` in `currency`."""

    kind: Literal["voucher"]
    key: Key
    name: Text
    value: Decimal = Field(gt=0, le=100_000, decimal_places=2)
    currency: Currency


Giveaway = Annotated[Gift | Voucher, Field(discriminator="kind")]


class Cap(Model):
    """The most that a rule gives: `points`, or on so many occasions (`times`)."""

    per: Literal["receipt", "day", "week", "month", "campaign"]
    """`receipt`: one occasion. `week`: from Monday. `campaign`: as long as the rule stands."""
    points: Points | None = None
    times: Points | None = None
    of: Literal["member", "all"] = "member"
    """`all`: what all members together get."""
