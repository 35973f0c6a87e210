"""Receipts of the tills in layouts.yaml: a purchase drawn at random, in rows as data says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import yaml

from press.draw import Draw
from press.paper import Cell, Row, center, left
from press.purchase import CENT, Item, Purchase, rounded
from press.sales import gtin
from press.words import SAMPLES

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
COLUMNS = 42


@dataclass(frozen=True)
class Till:
    """One entry of layouts.yaml."""

    name: str
    retailer: str
    currency: str
    date: str
    articles: tuple[str, ...]
    paper: str
    item: tuple[str, ...]
    many: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    short_months: tuple[str, ...] = ()
    prices: tuple[int, int] = (1, 20)
    decimal: str = "."
    group: str = ""
    places: int = 2
    tax_added: int = 0

    def written(self, amount: Decimal) -> str:
        text = f"{amount:,.{self.places}f}"
        return text.replace(",", "\0").replace(".", self.decimal).replace("\0", self.group)

    def dated(self, day: date) -> str:
        form = self.date.replace("{d}", str(day.day)).replace("{m}", str(day.month))
        form = form.replace("{roman}", ROMAN[day.month - 1])
        if self.months:
            form = form.replace("{month}", self.months[day.month - 1])
        if self.short_months:
            form = form.replace("%b", self.short_months[day.month - 1])
        return day.strftime(form)


def tills() -> tuple[Till, ...]:
    """Every till of layouts.yaml, in its order."""
    entries = yaml.safe_load((SAMPLES / "layouts.yaml").read_text("utf-8"))
    return tuple(Till(**{key: _frozen(value) for key, value in e.items()}) for e in entries)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def sale(till: Till, draw: Draw) -> Purchase:
    """Two to eight articles of the till's, paid in cash."""
    items = []
    for name in draw.some(till.articles, draw.whole(2, len(till.articles))):
        low, high = till.prices
        price = Decimal(draw.between(low, high)).quantize(Decimal(1).scaleb(-till.places))
        quantity = Decimal(draw.whole(2, 4) if draw.chance(0.3) else 1)
        items.append(Item(name, price * quantity, Decimal(till.tax_added), quantity, price))
    purchase = Purchase(
        till.retailer,
        "",
        till.currency,
        date(2025, 1, 1) + timedelta(days=draw.whole(0, 500)),
        time(draw.whole(8, 20), draw.whole(0, 59)),
        tuple(items),
        tax_added=bool(till.tax_added),
    )
    return purchase.paid([{"cash": str(_handed(purchase.total))}])


def _handed(total: Decimal) -> Decimal:
    note = Decimal(10) ** max(1, total.adjusted())
    return (total / note).to_integral_value(ROUND_CEILING) * note


def rows_of(till: Till, purchase: Purchase, draw: Draw) -> list[Row]:
    """The printed rows of one sale."""
    assert purchase.purchased_at is not None
    tax = purchase.tax or rounded(purchase.total * 12 / 112, CENT.scaleb(2 - till.places))
    shown = {
        "date": till.dated(purchase.purchased_on),
        "later": till.dated(purchase.purchased_on + timedelta(days=30)),
        "time": purchase.purchased_at.strftime("%H:%M"),
        "number": draw.digits(6),
        "total": till.written(purchase.total),
        "net": till.written(purchase.subtotal),
        "tax": till.written(tax),
        "paid": till.written(purchase.tenders[0].amount),
        "back": till.written(purchase.change),
    }
    rows: list[Row] = []
    for line in till.paper.splitlines():
        if line == "@items":
            for item in purchase.items:
                rows += _item(till, item, draw)
        else:
            rows.append(_row(till, line.format(**shown)))
    return rows


def _item(till: Till, item: Item, draw: Draw) -> Iterator[Row]:
    assert item.unit_price is not None
    forms = till.many if till.many and item.quantity > 1 else till.item
    shown = {
        "description": item.description,
        "amount": till.written(item.amount),
        "unit_price": till.written(item.unit_price),
        "quantity": str(int(item.quantity)),
        "code": draw.digits(5),
        "gtin": gtin(draw),
    }
    for form in forms:
        yield _row(till, form.format(**shown))


def _row(till: Till, line: str) -> Row:
    mark, text = line[:1], line[1:].strip()
    if mark == "^":
        return center(text)
    if mark == "#":
        return center(text, wide=2 if 2 * len(text) <= COLUMNS else 1, tall=2, bold=True)
    if set(line) <= {"-", "*"} and len(line) == 3:
        return left(mark * COLUMNS)
    parts = line.split("|")
    if len(parts) == 1:
        return left(line)
    texts = [part.rstrip() if not n else part.strip() for n, part in enumerate(parts)]
    stops = till.stops if len(till.stops) == len(texts) else ("0", "1r")
    cells = [_cell(text, str(stop)) for text, stop in zip(texts, stops, strict=True)]
    return Row(tuple(cell for cell in cells if cell.text))


def _cell(text: str, stop: str) -> Cell:
    at = float(stop.removesuffix("r"))
    return Cell(text, at, "right" if stop.endswith("r") else "left")
