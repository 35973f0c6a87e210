"""What makes two readings the same purchase.

Two photos of one receipt are never read quite alike, and two customers of one bakery can pay
the same sum on the same day. So the parts that a till prints exactly (date, total, time,
receipt number) decide, names and items only support, and what is left open goes to a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from rapidfuzz import fuzz

from preuve.folding import squeeze
from preuve.loyalty.rules.facts_of import exponent_of, minor_units
from preuve.reading.result import Reading

# Engines take these letters for digits and the other way round.
LOOK_ALIKES = str.maketrans("oilsbz", "011582")
SHORTEST_NUMBER = 3
TELLING_NUMBER = 6


class Likeness(Enum):
    DIFFERENT = 0
    POSSIBLE = 1
    SAME = 2


class Agreement(Enum):
    CONFLICT = 0
    UNCLEAR = 1
    AGREE = 2


@dataclass(frozen=True, slots=True)
class Purchase:
    """The parts of a reading that tell a purchase; `purchased_at` is HH:MM.

    `retailer_name` and `receipt_number` are squeezed; `items` are the rows as read.
    """

    retailer_key: str | None
    retailer_name: str
    purchased_on: date | None
    purchased_at: str | None
    total_minor: int | None
    currency: str | None
    receipt_number: str | None
    items: tuple[str, ...] = ()
    template: str | None = None
    """Where the template has unique fields: no two of its documents have the same number, which
    is what those fields say."""

    @property
    def fingerprint(self) -> str | None:
        """Equal for equal purchases; None where the paper prints too little to tell."""
        if self.template:
            return f"{self.template}|{self.receipt_number}"
        exact = self.receipt_number or self.purchased_at
        if not (self.purchased_on and self.total_minor is not None and exact):
            return None
        seller = self.retailer_key or self.retailer_name
        return f"{self.purchased_on}|{self.total_minor}|{exact}|{seller}"


def purchase_of(reading: Reading) -> Purchase:
    retailer = reading.retailer.value if reading.retailer else None
    currency = reading.currency.value if reading.currency else None
    exponent = exponent_of(currency)
    at = reading.purchased_at.value if reading.purchased_at else None
    number = squeeze(reading.receipt_number.value) if reading.receipt_number else ""
    number = number.translate(LOOK_ALIKES)
    unique = [squeeze(f.value.value) for f in reading.fields if f.unique and f.value]
    if unique:
        number = "|".join(unique)
    return Purchase(
        retailer_key=retailer.key if retailer else None,
        retailer_name=squeeze(retailer.name) if retailer else "",
        purchased_on=reading.purchased_on.value if reading.purchased_on else None,
        purchased_at=f"{at:%H:%M}" if at else None,
        total_minor=minor_units(reading.total.value, exponent) if reading.total else None,
        currency=currency,
        receipt_number=number if unique or len(number) >= SHORTEST_NUMBER else None,
        items=tuple(f"{squeeze(item.description)} {item.amount}" for item in reading.items),
        template=reading.match.template if unique else None,
    )


def compare(a: Purchase, b: Purchase) -> Likeness:
    """Whether two readings tell the same purchase. Symmetric."""
    same_day = a.purchased_on is not None and a.purchased_on == b.purchased_on
    same_total = a.total_minor is not None and a.total_minor == b.total_minor
    if same_day and same_total:
        return _of_one_day_and_total(a, b)
    seller = _sellers(a, b)
    number = a.receipt_number if a.receipt_number == b.receipt_number else None
    if number and len(number) >= TELLING_NUMBER and seller is not Agreement.CONFLICT:
        return Likeness.POSSIBLE if same_day or same_total else Likeness.DIFFERENT
    # The same rows in the same minute: a digit of the total was misread.
    agree = _times(a, b), seller, _items(a, b)
    misread = same_day and set(agree) == {Agreement.AGREE}
    apart = _numbers(a, b) is Agreement.CONFLICT
    return Likeness.POSSIBLE if misread and not apart else Likeness.DIFFERENT


def _of_one_day_and_total(a: Purchase, b: Purchase) -> Likeness:
    seller, items, times, numbers = _sellers(a, b), _items(a, b), _times(a, b), _numbers(a, b)
    supported = Agreement.AGREE in (seller, items)
    if seller is Agreement.CONFLICT:
        alike = times is Agreement.AGREE and items is Agreement.AGREE
        return Likeness.POSSIBLE if alike else Likeness.DIFFERENT
    if times is Agreement.AGREE:
        certain = supported and numbers is not Agreement.CONFLICT
        return Likeness.SAME if certain else Likeness.POSSIBLE
    if numbers is Agreement.AGREE:
        certain = supported and times is Agreement.UNCLEAR
        return Likeness.SAME if certain else Likeness.POSSIBLE
    if Agreement.CONFLICT in (times, numbers):
        return Likeness.DIFFERENT
    return Likeness.POSSIBLE if supported else Likeness.DIFFERENT


def _sellers(a: Purchase, b: Purchase) -> Agreement:
    if a.retailer_key and b.retailer_key:
        return Agreement.AGREE if a.retailer_key == b.retailer_key else Agreement.CONFLICT
    shorter = min(len(a.retailer_name), len(b.retailer_name))
    alike = fuzz.partial_ratio if shorter >= 5 else fuzz.ratio
    if shorter and alike(a.retailer_name, b.retailer_name) >= 80:
        return Agreement.AGREE
    # A name that no template knows may be any line of the head, so it contradicts nothing.
    return Agreement.UNCLEAR


def _times(a: Purchase, b: Purchase) -> Agreement:
    if not (a.purchased_at and b.purchased_at):
        return Agreement.UNCLEAR
    if a.purchased_at == b.purchased_at:
        return Agreement.AGREE
    apart = abs(_minutes(a.purchased_at) - _minutes(b.purchased_at))
    digits = sum(x != y for x, y in zip(a.purchased_at, b.purchased_at, strict=True))
    # A misread digit, or the card terminal's clock beside the till's.
    return Agreement.UNCLEAR if apart <= 2 or digits == 1 else Agreement.CONFLICT


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _numbers(a: Purchase, b: Purchase) -> Agreement:
    if not (a.receipt_number and b.receipt_number):
        return Agreement.UNCLEAR
    if a.receipt_number == b.receipt_number:
        return Agreement.AGREE
    near = fuzz.ratio(a.receipt_number, b.receipt_number) >= 80
    return Agreement.UNCLEAR if near else Agreement.CONFLICT


def _items(a: Purchase, b: Purchase) -> Agreement:
    if not (a.items and b.items):
        return Agreement.UNCLEAR
    alike = fuzz.token_sort_ratio(" ".join(a.items), " ".join(b.items))
    return Agreement.AGREE if alike >= 80 else Agreement.UNCLEAR
