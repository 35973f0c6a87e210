"""What was bought and paid: the truth that a document is printed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

CENT = Decimal("0.01")
UNIT = Decimal(1)


def rounded(amount: Decimal, step: Decimal = CENT) -> Decimal:
    """`amount` to the nearest `step`, halves away from zero; keeps the step's decimals."""
    return (amount / step).quantize(UNIT, ROUND_HALF_UP) * step


@dataclass(frozen=True, slots=True)
class Item:
    """One printed row with its amount.

    `rate` is the tax in percent, `unit` is "kg", "L", "lb" or ""; `note` is a row printed below
    that belongs to no value (a reference, a size).
    """

    description: str
    amount: Decimal
    rate: Decimal
    quantity: Decimal = UNIT
    unit_price: Decimal | None = None
    unit: str = ""
    code: str = ""
    note: str = ""


def sold(
    description: str, price: str, rate: str, quantity: str = "1", unit: str = "", places: int = 2
) -> Item:
    """An item whose amount is price times quantity, as tills round it."""
    step = Decimal(1).scaleb(-places)
    amount = rounded(Decimal(price) * Decimal(quantity), step)
    return Item(description, amount, Decimal(rate), Decimal(quantity), Decimal(price), unit)


def off(description: str, amount: str, rate: str) -> Item:
    """A discount, deposit or refund on a row of its own; `amount` is printed as it is given."""
    return Item(description, Decimal(amount), Decimal(rate))


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One rate: `net` and `tax` make `gross`."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Tender:
    """A payment; `kind` is cash, card, meal_voucher, check or gift_card."""

    kind: str
    amount: Decimal


@dataclass(frozen=True)
class Purchase:
    """One sale. Prices include the tax unless `tax_added`; `step` is what cash is rounded to."""

    retailer: str
    country: str
    currency: str
    purchased_on: date
    purchased_at: time | None
    items: tuple[Item, ...]
    tenders: tuple[Tender, ...] = ()
    tax_added: bool = False
    step: Decimal = CENT

    @cached_property
    def subtotal(self) -> Decimal:
        return sum((item.amount for item in self.items), Decimal(0))

    @cached_property
    def taxes(self) -> tuple[TaxLine, ...]:
        """One line a rate, highest rate first."""
        places = UNIT if self.currency == "IDR" else CENT
        lines = []
        for rate in sorted({item.rate for item in self.items}, reverse=True):
            base = sum((item.amount for item in self.items if item.rate == rate), Decimal(0))
            if self.tax_added:
                tax = rounded(base * rate / 100, places)
                lines.append(TaxLine(rate, base, tax, base + tax))
            else:
                net = rounded(base / (1 + rate / 100), places)
                lines.append(TaxLine(rate, net, base - net, base))
        return tuple(lines)

    @cached_property
    def tax(self) -> Decimal:
        return sum((line.tax for line in self.taxes), Decimal(0))

    @cached_property
    def before_rounding(self) -> Decimal:
        return self.subtotal + (self.tax if self.tax_added else Decimal(0))

    @cached_property
    def total(self) -> Decimal:
        return rounded(self.before_rounding, self.step)

    @cached_property
    def rounding(self) -> Decimal:
        return self.total - self.before_rounding

    @cached_property
    def change(self) -> Decimal:
        """What came back, where more was given than was due."""
        return sum((tender.amount for tender in self.tenders), Decimal(0)) - self.total

    @cached_property
    def article_count(self) -> int:
        """Articles sold: pieces, and one for each weighed row; discounts do not count."""
        return sum(1 if i.unit else int(i.quantity) for i in self.items if i.amount > 0)

    def paid(self, tenders: Sequence[str | Mapping[str, str]]) -> Purchase:
        """The same sale, paid: a kind with an amount, or alone for what is left to pay."""
        found: list[Tender] = []
        due = self.total
        for each in tenders:
            kind, amount = (each, str(due)) if isinstance(each, str) else next(iter(each.items()))
            found.append(Tender(kind, Decimal(amount)))
            due -= found[-1].amount
        return replace(self, tenders=tuple(found))

    def expected(self) -> dict[str, Any]:
        """The values a reader should find, in the form that the scorer takes."""
        values: dict[str, Any] = {
            "retailer": self.retailer,
            "purchased_on": self.purchased_on.isoformat(),
            "total": money(self.total),
            "currency": self.currency,
            "items": [
                {
                    "description": item.description,
                    "quantity": _number(item.quantity),
                    "amount": money(item.amount),
                }
                for item in self.items
            ],
        }
        return values

    def expected_taxes(self) -> list[dict[str, str]]:
        """The tax table, as printed."""
        return [
            {
                "rate": str(line.rate),
                "net": money(line.net),
                "tax": money(line.tax),
                "gross": money(line.gross),
            }
            for line in self.taxes
        ]


def money(amount: Decimal) -> str:
    """Two decimals and a point, as in the label files, whatever the currency."""
    return f"{amount:.2f}"


def _number(quantity: Decimal) -> int | float:
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)
