"""What the invented shops sell, from shops.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

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
