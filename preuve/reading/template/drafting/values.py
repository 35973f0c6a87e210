"""What a document is known to say: the values that a draft is to read from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from preuve.reading.page import Pages
from preuve.reading.result import Reading


@dataclass(frozen=True, slots=True)
class Sold:
    """A confirmed item: the amount printed on its row, and what else is known of it."""

    amount: Decimal
    description: str | None = None
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Values:
    """Confirmed values; None is what nobody said. `items` has every row that has an amount."""

    retailer: str | None = None
    purchased_on: date | None = None
    purchased_at: time | None = None
    total: Decimal | None = None
    currency: str | None = None
    country: str | None = None
    items: tuple[Sold, ...] | None = None

    @classmethod
    def of(cls, reading: Reading) -> Values:
        """What a reading says, taken as it is."""
        return cls(
            retailer=reading.retailer.value.name if reading.retailer else None,
            purchased_on=reading.purchased_on.value if reading.purchased_on else None,
            purchased_at=reading.purchased_at.value if reading.purchased_at else None,
            total=reading.total.value if reading.total else None,
            currency=reading.currency.value if reading.currency else None,
            country=reading.country,
            items=tuple(Sold(i.amount, i.description, i.quantity) for i in reading.items) or None,
        )


@dataclass(frozen=True)
class Example:
    """A document to draft from: what people call it, its words, and its confirmed values.

    Without values its own reading by the base templates is taken for right.
    """

    name: str
    pages: Pages
    values: Values | None = None
