"""What was read from a receipt, value by value: how sure, why, and its box on the picture.

A value is a button that lights its box; what it is made of unfolds below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from console.html import Written, put, tag, written
from console.picture import Mark, Tone
from console.said import own_said, said
from console.visit import Visit
from console.words import Words
from preuve.reading.result import Check, Item, Place, Reading, Value

HEADER = (
    "retailer",
    "purchased_on",
    "purchased_at",
    "total",
    "currency",
    "receipt_number",
    "subtotal",
    "rounding",
    "change",
    "item_count",
)
"""The header's values in the order people look for them."""
SURE, UNSURE = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class Read:
    """One value as it is shown. `required`: a document of this kind must have it."""

    key: str
    title: str
    text: str
    value: Value[Any] | None
    required: bool = False
    checks: tuple[Check, ...] = ()


def header_of(reading: Reading, t: Words) -> list[Read]:
    """The header's values, and the template's own fields behind them."""
    shown = []
    for name in HEADER:
        value = getattr(reading, name)
        required = name in reading.requires or name == "retailer"
        if value is not None or required:
            text = said(value.value, reading, t) if value else ""
            shown.append(Read(name, t(f"receipt.value.{name}"), text, value, required))
    shown += [
        Read(
            f"field-{field.name}",
            field.title,
            own_said(field, reading, t) or "",
            field.value,
            field.required,
            field.checks,
        )
        for field in reading.fields
    ]
    return shown


def marks_of(reading: Reading, t: Words) -> Iterator[Mark]:
    """A box for each value that has a place; the header's come last, above the others."""
    money = _money(reading, t)
    for number, item in enumerate(reading.items):
        if item.place:
            label = f"{item.description} · {money(item.amount)}"
            yield Mark(f"item-{number}", item.place, label, "item")
    for number, line in enumerate(reading.taxes):
        if line.place:
            yield Mark(f"tax-{number}", line.place, f"{t('receipt.tax.tax')} {money(line.tax)}")
    for number, tender in enumerate(reading.tenders):
        if tender.place:
            yield Mark(f"tender-{number}", tender.place, f"{tender.label} {money(tender.amount)}")
    for read in header_of(reading, t):
        if read.value and read.value.place and read.key != "currency":
            label = f"{read.title} · {read.text} · {t.percent(read.value.confidence)}"
            yield Mark(read.key, read.value.place, label, tone_of(read.value.confidence))


def tone_of(confidence: float) -> Tone:
    return "good" if confidence >= SURE else "warn" if confidence >= UNSURE else "bad"


def draw_header(visit: Visit, reading: Reading) -> None:
    """The table of header values; each row unfolds to the evidence."""
    t = visit.t
    with tag("table", classes="list values"):
        tag("caption", t("receipt.values"), "unseen")
        with tag("tbody"):
            for read in header_of(reading, t):
                with tag("tr"):
                    tag("th", read.title, scope="row")
                    with tag("td"):
                        _value(visit, reading, read)
                    with tag("td", classes="sure-cell"):
                        if read.value:
                            draw_sureness(t, read.value.confidence)


def draw_items(visit: Visit, reading: Reading) -> None:
    t, money = visit.t, _money(reading, visit.t)
    with tag("table", classes="list values"):
        tag("caption", t("receipt.items"), "unseen")
        with tag("thead"), tag("tr"):
            for name, style in (("item", ""), ("quantity", "number"), ("amount", "number")):
                tag("th", t(f"receipt.item.{name}"), style, scope="col")
        with tag("tbody"):
            for number, item in enumerate(reading.items):
                with tag("tr"):
                    with tag("td"):
                        mark_button(item.description, f"item-{number}", item.place)
                        _item_details(t, item)
                    tag("td", _quantity(reading, t, item), "number")
                    tag("td", money(item.amount), "number")
        makes = sum((item.amount for item in reading.items), Decimal(0))
        with tag("tfoot"), tag("tr"):
            tag("td", t("receipt.item.count", n=len(reading.items)), "quiet")
            tag("td")
            tag("td", money(makes), "number strong")


def draw_taxes(visit: Visit, reading: Reading) -> None:
    t, money = visit.t, _money(reading, visit.t)
    with tag("table", classes="list values"):
        tag("caption", t("receipt.taxes"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("rate", "net", "tax", "gross"):
                tag("th", t(f"receipt.tax.{name}"), "" if name == "rate" else "number", scope="col")
        with tag("tbody"):
            for number, line in enumerate(reading.taxes):
                rate = "–" if line.rate is None else t.percent(float(line.rate) / 100, 1)
                with tag("tr"):
                    with tag("td"):
                        mark_button(rate, f"tax-{number}", line.place)
                    for amount in (line.net, line.tax, line.gross):
                        tag("td", "–" if amount is None else money(amount), "number")


def draw_tenders(visit: Visit, reading: Reading) -> None:
    t, money = visit.t, _money(reading, visit.t)
    with tag("table", classes="list values"):
        tag("caption", t("receipt.tenders"), "unseen")
        with tag("tbody"):
            for number, tender in enumerate(reading.tenders):
                with tag("tr"):
                    with tag("td"):
                        label = tender.label or t(f"receipt.tender.{tender.kind}")
                        mark_button(label, f"tender-{number}", tender.place)
                    tag("td", t(f"receipt.tender.{tender.kind}"), "quiet")
                    tag("td", money(tender.amount), "number")


def draw_checks(visit: Visit, reading: Reading, checks: Sequence[Check]) -> None:
    """Each check with its outcome in words: colors alone tell nobody."""
    t = visit.t
    values = _compared(reading, t)
    with tag("ul", classes="checks"):
        for check in checks:
            outcome = {True: "good", False: "bad", None: "none"}[check.passed]
            with tag("li"):
                tag("span", t(f"receipt.outcome.{outcome}"), f"chip chip-{outcome}")
                with tag("span"):
                    key = f"receipt.check.{check.code}"
                    tag("span", t(key) if t.has(key) else check.code, "strong")
                    told = f"receipt.compared.{check.code}.{outcome}"
                    detail = t(told, **values) if t.has(told) else t.told(check.detail)
                    tag("span", f" {detail}", "quiet")


def _compared(reading: Reading, t: Words) -> dict[str, object]:
    """What the checks put side by side, as people write it."""
    money, values = _money(reading, t), {}
    values["items"] = money(sum((item.amount for item in reading.items), Decimal(0)))
    values["paid"] = money(sum((tender.amount for tender in reading.tenders), Decimal(0)))
    values["rows"] = sum(item.kind == "product" for item in reading.items)
    for name in ("total", "change", "item_count", "purchased_on"):
        value = getattr(reading, name)
        values[name] = said(value.value, reading, t) if value else "–"
    return values


def draw_sureness(t: Words, confidence: float) -> None:
    """How sure a value is, as a bar and in figures."""
    put("span", written_sureness(t, confidence))


def written_sureness(t: Words, confidence: float) -> Written:
    """As `draw_sureness` draws it, for long tables."""
    share = f"--sure: {confidence:.0%}"
    bar = written("span", classes="sure-bar", aria_hidden="true", style=share)
    percent = written("span", t.percent(confidence))
    return written("span", bar, percent, classes=f"sure sure-{tone_of(confidence)}")


def mark_button(text: str, key: str, place: Place | None) -> None:
    """A value that lights its box; plain text where it has none."""
    if place is None:
        tag("span", text, "strong")
    else:
        tag("button", text, "value", type="button", data_mark=key)


def _value(visit: Visit, reading: Reading, read: Read) -> None:
    t = visit.t
    if read.value is None:
        tag("span", t("receipt.not_found"), "absent" if read.required else "quiet")
        return
    mark_button(read.text, read.key, read.value.place)
    with tag("details", classes="why"):
        with tag("summary"):
            tag("span", t("receipt.why"))
            tag("span", f" {read.title}", "unseen")
        with tag("dl"):
            _pair(t("receipt.printed"), read.value.raw_text)
            _pair(t("receipt.rule"), t.told(read.value.rule), "")
        if read.value.signs:
            _signs(t, read.value)
        if read.value.rejected:
            _rejected(t, read.value)
        if read.checks:
            draw_checks(visit, reading, read.checks)


def _signs(t: Words, value: Value[Any]) -> None:
    tag("h4", t("receipt.signs"))
    with tag("ul", classes="signs"):
        for name, at in value.signs.items():
            if at:
                key = f"receipt.sign.{name}"
                tag("li", f"{t(key) if t.has(key) else name} · {t.percent(at)}")


def _rejected(t: Words, value: Value[Any]) -> None:
    tag("h4", t("receipt.rejected"))
    with tag("ul", classes="rivals"):
        for other in value.rejected:
            with tag("li"):
                tag("span", _in_words(t, other.text), "mono")
                tag("span", t.number(round(other.score, 2)), "number")
                tag("p", t.told(other.why), "quiet")


def _in_words(t: Words, text: str) -> str:
    """A candidate's text; days are kept in the form of tables."""
    return t.day(date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _pair(name: str, text: str, style: str = "mono") -> None:
    if text:
        tag("dt", name)
        tag("dd", text, style)


def _item_details(t: Words, item: Item) -> None:
    parts = [
        t(f"receipt.item.kind.{item.kind}") if item.kind != "product" else "",
        item.product_code or "",
        t("receipt.item.vat", code=item.vat_code) if item.vat_code else "",
        t.told(item.note),
    ]
    told = " · ".join(filter(None, parts))
    if told:
        tag("div", told, "quiet small")


def _quantity(reading: Reading, t: Words, item: Item) -> str:
    if item.quantity is None:
        return ""
    unit = f"\xa0{item.unit_of_measure}" if item.unit_of_measure else ""
    quantity = f"{t.number(item.quantity)}{unit}"
    if item.unit_price in (None, item.amount):
        return quantity
    return f"{quantity} × {_money(reading, t)(item.unit_price)}"


def _money(reading: Reading, t: Words) -> Any:
    currency = reading.currency.value if reading.currency else None
    return lambda amount: t.money(amount, currency)
