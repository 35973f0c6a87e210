"""How one till lays a purchase out on paper: which parts, in which order, in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from press.paper import FACES, Cell, Row, across, center, left, pair
from press.purchase import Item, Purchase, TaxLine
from press.words import dated, timed, words, written


@dataclass(frozen=True)
class Style:
    """One till's habits. `order` names the parts from top to bottom; `label` the words it uses
    instead of the country's first ones; `items` is the form of a row, `taxes` of the taxes."""

    columns: int = 42
    face: str = "dots"
    spacing: float = 1.0
    order: tuple[str, ...] = (
        "head", "meta", "rule", "items", "rule", "totals", "tenders", "taxes", "notes", "foot",
    )  # fmt: skip
    items: str = "under"
    codes: str = "after"
    taxes: str = "table"
    date: str = "%d/%m/%Y"
    time: str = "%H:%M"
    meta: str = "{date} {time}"
    symbol: str = "{}"
    total_symbol: str = "{}"
    rule: str = "-"
    name: str = "double"
    minus: str = "before"
    big_total: bool = True
    total_form: str = "right"
    subtotal: bool = False
    savings: bool = False
    count: bool = False
    label: dict[str, str] = field(default_factory=dict)
    head: tuple[str, ...] = ()
    above_name: tuple[str, ...] = ()
    meta_more: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    slip: tuple[str, ...] = ()
    barcode: str = ""


def lay_out(purchase: Purchase, style: Style) -> list[Row]:
    """The rows of the whole receipt."""
    till = _Till(purchase, style)
    parts: dict[str, Callable[[], list[Row]]] = {
        "head": till.head,
        "meta": till.meta,
        "rule": till.rule,
        "items": till.items,
        "totals": till.totals,
        "tenders": till.tenders,
        "taxes": till.taxes,
        "notes": lambda: till.block(style.notes),
        "slip": till.slip,
        "foot": till.foot,
    }
    rows: list[Row] = []
    for part in style.order:
        rows += parts[part]()
    return rows


class _Till:
    def __init__(self, purchase: Purchase, style: Style) -> None:
        self.purchase = purchase
        self.style = style
        self.words = words(purchase.country)

    def word(self, name: str) -> str:
        """The style's word for a label, else the country's first one."""
        own = self.style.label.get(name)
        return own if own is not None else str(self.words[name][0])

    def block(self, lines: tuple[str, ...]) -> list[Row]:
        """Centered lines below a little space; too long a line goes on in the next row."""
        return [Row(kind="gap", height=0.5), *self._centered(lines)] if lines else []

    def _centered(self, lines: Iterable[str]) -> list[Row]:
        fixed = FACES[self.style.face].fixed
        room = self.style.columns if fixed else self.style.columns * 2
        return [center(part) for line in lines for part in wrap(line, room)]

    def amount(self, value: Decimal, symbol: str = "{}") -> str:
        text = symbol.format(written(abs(value), self.purchase.country))
        if value >= 0:
            return text
        return f"{text}-" if self.style.minus == "after" else f"-{text}"

    def head(self) -> list[Row]:
        style = self.style
        name = self.purchase.retailer
        looks: dict[str, dict[str, Any]] = {
            "double": {"wide": 2, "tall": 2, "bold": True},
            "tall": {"tall": 2},
            "inverted": {"wide": 2, "tall": 2, "inverted": True},
            "huge": {"wide": 3, "tall": 3, "bold": True},
            "plain": {},
        }
        wide = looks[style.name].get("wide", 1)
        rows = self._centered(style.above_name)
        rows += [center(part, **looks[style.name]) for part in wrap(name, style.columns // wide)]
        rows += self._centered(style.head)
        return [*rows, Row(kind="gap", height=0.6)]

    def meta(self) -> list[Row]:
        style, bought = self.style, self.purchase
        moment = timed(bought.purchased_at, style.time) if bought.purchased_at else ""
        text = style.meta.replace("{date}", dated(bought.purchased_on, style.date, bought.country))
        text = text.replace("{time}", moment)
        return [across(part.rstrip().split(" | ")) for part in text.split("\n")] + [
            left(line) for line in style.meta_more
        ]

    def rule(self) -> list[Row]:
        if self.style.rule == "solid" or (self.style.rule and not FACES[self.style.face].fixed):
            return [Row(kind="rule")]
        if not self.style.rule:
            return [Row(kind="gap", height=0.7)]
        return [left(self.style.rule * self.style.columns)]

    def items(self) -> list[Row]:
        rows: list[Row] = []
        if self.style.items == "columns":
            heads = self.word("columns").split("|")
            rows += [self._columns(*heads), *self.rule()]
        elif "item_head" in self.style.label:
            rows.append(pair(*self.style.label["item_head"].split("|")))
        for item in self.purchase.items:
            rows += self._item(item)
            rows += [left(f"  {item.note}")] if item.note else []
        return rows

    def _item(self, item: Item) -> list[Row]:
        style = self.style
        amount = self.amount(item.amount, style.symbol)
        code = str(self.words["rates"].get(str(item.rate), ""))
        end, reach = amount, 1.0
        if style.codes == "after" and code:
            end = f"{amount} {code}"
        elif style.codes == "percent":
            end = f"{written(item.rate, self.purchase.country, 1)}% {amount:>8}"
        start = f"{code} " if style.codes == "before" and code else ""
        start += f"{item.code} " if item.code else ""
        pieces = item.unit_price is not None and (item.quantity != 1 or bool(item.unit))
        if style.items == "columns":
            return self._column_rows(item, end)
        if style.items == "count" and not item.unit and item.unit_price is not None:
            start += f"{int(item.quantity)} "
            pieces = False
        elif style.items == "times" and pieces and not item.unit:
            start += f"{int(item.quantity)}x "
            pieces = False
        room = style.columns - len(end) - 1
        lines = wrap(start + item.description, room)
        rows = [left(line) for line in lines[:-1]]
        last = lines[-1]
        if not pieces:
            return [*rows, pair(last, end)]
        detail = self._detail(item)
        if style.items == "above":
            return [left(detail), *rows, pair(last, end)]
        if style.items == "alone":
            return [*rows, left(last), Row((Cell(f"  {detail}"), Cell(end, reach, "right")))]
        return [*rows, pair(last, end), left(f"   {detail}")]

    def _detail(self, item: Item) -> str:
        """`2 x 1,45` or `0,542 kg x 3,99 €/kg`."""
        country = self.purchase.country
        assert item.unit_price is not None
        cents = item.unit_price * 100
        places = 3 if self.purchase.currency != "IDR" and cents != int(cents) else None
        price = written(item.unit_price, country, places)
        if not item.unit:
            form = self.word("pieces")
            return form.format(n=int(item.quantity), price=price)
        form = self.word("weighed")
        symbol = {"EUR": "€", "GBP": "£", "PLN": "zł"}.get(self.purchase.currency, "")
        places = 2 if item.unit == "L" else 3
        weight = written(item.quantity, country, places)
        return form.format(n=weight, unit=item.unit, price=price, symbol=symbol).replace(" /", "/")

    def _column_rows(self, item: Item, end: str) -> list[Row]:
        country = self.purchase.country
        count = written(item.quantity, country, 3) if item.unit else str(int(item.quantity))
        price = written(item.unit_price, country) if item.unit_price is not None else ""
        if item.unit_price is None:
            count = ""
        lines = wrap(item.description, round(self.style.columns * 0.46))
        rows = [self._columns(count, lines[0], price, end)]
        return rows + [Row((Cell(line, 0.14),)) for line in lines[1:]]

    @staticmethod
    def _columns(count: str, description: str, price: str, amount: str) -> Row:
        return Row(
            (
                Cell(count),
                Cell(description, 0.14),
                Cell(price, 0.78, "right"),
                Cell(amount, 1.0, "right"),
            )
        )

    def totals(self) -> list[Row]:
        style, bought = self.style, self.purchase
        rows: list[Row] = []
        if style.count:
            rows.append(left(self.word("count").format(n=bought.article_count)))
        gross = sum((item.amount for item in bought.items if item.amount > 0), Decimal(0))
        if style.subtotal:
            shown = bought.subtotal if bought.tax_added or bought.rounding else gross
            rows.append(pair(self.word("subtotal"), self.amount(shown, style.symbol)))
        if style.savings and gross != bought.subtotal:
            saved = bought.subtotal - gross
            rows.append(pair(self.word("savings"), self.amount(saved, style.symbol)))
        if bought.tax_added:
            rows += [self._tax_row(line) for line in bought.taxes if line.rate]
        if bought.rounding:
            rows.append(pair(self.word("rounding"), self.amount(bought.rounding)))
        total = self.amount(bought.total, style.total_symbol)
        label = self.word("total")
        looks: dict[str, Any] = {"tall": 2, "bold": True} if style.big_total else {"bold": True}
        if style.big_total and 2 * len(label + total) + 4 < style.columns:
            looks["wide"] = 2
        if style.total_form == "beside":
            return [*rows, left(f"{label} {total}", **looks)]
        if style.total_form == "below":
            return [*rows, left(label, **looks), Row((Cell(total, 1.0, "right"),), **looks)]
        if style.total_form == "dots" and looks.get("wide", 1) == 1:
            dots = "." * max(3, style.columns - len(label) - len(total) - 2)
            return [*rows, pair(f"{label} {dots}", total, **looks)]
        return [*rows, pair(label, total, **looks)]

    def tenders(self) -> list[Row]:
        rows = [
            pair(self.word(tender.kind), self.amount(tender.amount, self.style.symbol))
            for tender in self.purchase.tenders
        ]
        if self.purchase.change > 0:
            change = self.amount(self.purchase.change, self.style.symbol)
            rows.append(pair(self.word("change"), change))
        return rows

    def _tax_row(self, line: TaxLine) -> Row:
        code = str(self.words["rates"].get(str(line.rate), ""))
        label = self.word("tax_line").format(rate=self._rate(line.rate), code=code)
        return pair(label, self.amount(line.tax))

    def _rate(self, rate: Decimal) -> str:
        places = 2 if self.style.label.get("long_rates") else (0 if rate == int(rate) else 1)
        return written(rate, self.purchase.country, places)

    def taxes(self) -> list[Row]:
        bought, style = self.purchase, self.style
        if bought.tax_added or style.taxes == "none":
            return []
        gap = Row(kind="gap", height=0.5)
        if style.taxes == "lines":
            return [gap, *(self._tax_row(line) for line in bought.taxes if line.rate)]
        if style.taxes == "sums":
            net = bought.before_rounding - bought.tax
            return [
                gap,
                pair(self.word("net_total"), self.amount(net)),
                *(self._tax_row(line) for line in bought.taxes if line.rate),
                pair(self.word("tax_total"), self.amount(bought.tax)),
            ]
        rows = [gap, left(self.word("tax_title")), self._tax_columns(*self._tax_heads())]
        for line in bought.taxes:
            values = (self.amount(line.net), self.amount(line.tax), self.amount(line.gross))
            rows.append(self._tax_columns(self._rate_cell(line.rate), *values))
        if style.taxes == "table_sum":
            total = bought.before_rounding
            net = total - bought.tax
            values = (self.amount(net), self.amount(bought.tax), self.amount(total))
            rows.append(self._tax_columns("TOTAL", *values))
        return rows

    def _tax_heads(self) -> tuple[str, ...]:
        own = self.style.label.get("tax_columns")
        heads = own.split("|") if own else self.words["tax_columns"][0]
        return tuple(str(head).format(code="") for head in heads)

    def _rate_cell(self, rate: Decimal) -> str:
        code = str(self.words["rates"].get(str(rate), ""))
        text = f"{self._rate(rate)}%"
        if self.style.codes in ("after", "before") and code:
            return f"{code} {text}"
        return text

    @staticmethod
    def _tax_columns(*texts: str) -> Row:
        places = (0.0, 0.52, 0.76, 1.0)
        cells = [Cell(texts[0])]
        cells += [Cell(t, at, "right") for t, at in zip(texts[1:], places[1:], strict=True)]
        return Row(tuple(cells))

    def slip(self) -> list[Row]:
        total = self.amount(self.purchase.total)
        lines = (line.replace("{total}", total) for line in self.style.slip)
        return [Row(kind="gap"), *self._centered(lines)]

    def foot(self) -> list[Row]:
        rows = self.block(self.style.foot)
        if self.style.barcode:
            bars = self.style.barcode == "bars"
            code = signed(self.purchase) if self.style.barcode == "tse" else ""
            rows.append(Row(kind="barcode" if bars else "square", code=code))
        return rows


def signed(purchase: Purchase) -> str:
    """What the QR code of a German till says, by appendix I of DSFinV-K; its signature is none."""
    assert purchase.purchased_at is not None
    local = datetime.combine(
        purchase.purchased_on, purchase.purchased_at, ZoneInfo("Europe/Berlin")
    )
    moment = f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    gross = {str(line.rate): line.gross for line in purchase.taxes}
    rates = "_".join(
        f"{gross.get(rate, Decimal(0)):.2f}" for rate in ("19", "7", "10.7", "5.5", "0")
    )
    paid = f"{purchase.total:.2f}:Bar"
    sale = f"Beleg^{rates}^{paid}"
    return ";".join(
        (
            "V0",
            "kasse-1",
            "Kassenbeleg-V1",
            sale,
            "4471",
            "8942",
            moment,
            moment,
            "ecdsa-plain-SHA256",
            "utcTime",
            "bm9uZQ==",
            "bm9uZQ==",
        )
    )


def wrap(text: str, room: int) -> list[str]:
    """The text in lines of at most `room` characters, broken at spaces where it has any."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [line[:room] for line in lines]


def later(purchase: Purchase, days: int, form: str) -> str:
    """A date after the purchase, for what a receipt promises until then."""
    return dated(purchase.purchased_on + timedelta(days=days), form, purchase.country)
