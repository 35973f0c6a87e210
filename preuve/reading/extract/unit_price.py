"""How many of an article there are, at what price each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.sheet import Sheet
from preuve.reading.made import quickly_made

_CENT = Decimal("0.011")
_MOST = 100
"""So many of one article nobody buys."""

THOUSANDTHS = re.compile(r"\D*(\d+)[.,](\d{3})\D*")


@quickly_made
@dataclass(frozen=True)
class Count:
    """How many at what price; `unit` where one is printed."""

    quantity: Decimal
    unit_price: Decimal
    unit: str | None = None

    def makes(self, amount: Decimal) -> bool:
        """Whether it is the amount, of a sale or of a return."""
        return abs(abs(self.quantity * self.unit_price) - abs(amount)) <= _CENT


def times_the_price(price: Decimal, amount: Decimal) -> int:
    """How many at this price make the amount; 0 where no whole number under 100 does."""
    times = amount / price if price else Decimal(0)
    return int(times) if times == times.to_integral_value() and 0 < times < _MOST else 0


def unit_price_of(sheet: Sheet, text: str) -> Decimal | None:
    """As the template writes amounts where there are no cents; else three decimals are fine."""
    if sheet.lexicon.template.numbers.decimals == 0:
        return sheet.lexicon.amounts.value(text)[0]
    return decimal_of(text)


def decimal_of(text: str) -> Decimal:
    """A quantity or unit price: three digits behind its mark are decimals, never a group."""
    return Decimal(text.replace(",", "."))


def quantities_of(amount: Amount) -> Iterator[Decimal]:
    """What a number of a row may count or weigh: three digits behind its only mark are decimals
    of a weight or volume, and may be where no unit is printed."""
    found = THOUSANDTHS.fullmatch(amount.text)
    if found:
        yield Decimal(f"{found[1]}.{found[2]}")
    if not found or not amount.measured:
        yield abs(amount.value) if amount.measured else amount.value
