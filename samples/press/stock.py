"""What the invented shops sell, from shops.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import numpy as np

from press.purchase import Item, off, sold
from press.words import shops

_ARTICLE = re.compile(
    r"(?P<description>.+?) \| (?P<price>[\d.]+)(/(?P<unit>\w+))? \| (?P<rate>[\d.]+)"
    r"( x(?P<least>\d+)-(?P<most>\d+))?(?P<deposit> deposit)?$"
)


@dataclass(frozen=True, slots=True)
class Article:
    """A thing on the shelf; people take `least` to `most` of it."""

    description: str
    price: Decimal
    rate: Decimal
    unit: str
    least: int
    most: int


@cache
def articles(country: str, kind: str) -> tuple[Article, ...]:
    """The shelf of one kind of shop. Raises ValueError for a line of shops.yaml it cannot read."""
    found = []
    for line in shops()[country]["kinds"][kind]["articles"].splitlines():
        match = _ARTICLE.match(line.strip())
        if match is None:
            raise ValueError(f"shops.yaml, {country} {kind}: cannot read {line!r}")
        found.append(
            Article(
                match["description"],
                Decimal(match["price"]),
                Decimal(match["rate"]),
                match["unit"] or "",
                int(match["least"] or 1),
                int(match["most"] or 1),
            )
        )
    return tuple(found)


def trolley(rows: int) -> tuple[Item, ...]:
    """A full trolley of `rows` articles, the same each time, with a discount after every 13th."""
    rng = np.random.default_rng(rows)
    shelf = [
        article
        for kind in ("supermarket", "convenience")
        for article in articles("fr", kind)
        if "MOULU" not in article.description
    ]
    items = []
    for row in range(rows):
        article = shelf[int(rng.integers(len(shelf)))]
        price = article.price + Decimal(int(rng.integers(0, 12))) * Decimal("0.05")
        quantity = f"{rng.integers(180, 1400) / 1000:.3f}" if article.unit else "1"
        rate = str(article.rate)
        description = article.description.upper()
        items.append(sold(description, f"{price:.2f}", rate, quantity, article.unit))
        if row % 13 == 12:
            items.append(off("AVANTAGE CARTE", "-0.50", rate))
    return tuple(items)
