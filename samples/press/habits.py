"""Random tills: which words, which forms, which parts in which order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from press.draw import Draw
from press.paper import FACES
from press.purchase import Purchase
from press.till import Style, later
from press.words import dated, shops, words, written

LABELS = ("total", "subtotal", "savings", "count", "cash", "card", "change", "meal_voucher",
          "check", "gift_card", "tax_title", "tax_line", "net_total", "tax_total",
          "rounding", "pieces", "weighed", "columns")  # fmt: skip
ORDERS = tuple(
    tuple(order.split())
    for order in (
        "head meta rule items rule totals tenders taxes notes slip foot",
        "head rule items rule totals tenders taxes meta notes slip foot",
        "head meta rule items rule totals taxes tenders slip notes foot",
        "head rule items totals rule taxes tenders slip foot meta",
        "head meta items rule taxes totals tenders notes foot slip",
        "slip rule head meta items rule totals tenders taxes foot",
        "meta head rule items rule totals tenders rule taxes foot",
    )
)
DECOY_DAYS = (7, 15, 30, 30, 60, 90, 365)


def habits(purchase: Purchase, kind: str, draw: Draw) -> Style:
    """A till for this purchase; the same draw gives the same till."""
    spoken = words(purchase.country)
    face = draw.weighted(
        {"dots": 34, "mono": 18, "narrow": 16, "sans": 14, "typed": 8, "heavy": 10}
    )
    symbol = draw.one(spoken["symbols"])
    date_form = draw.one(spoken["dates"])
    columns = draw.weighted({32: 3, 36: 2, 40: 4, 42: 4, 48: 3})
    if purchase.country == "id" and not FACES[face].fixed:
        face = "mono"
    return Style(
        columns=columns,
        face=face,
        spacing=draw.weighted({1.0: 6, 0.92: 2, 1.15: 2}),
        order=draw.weighted(dict(zip(ORDERS, (6, 3, 3, 2, 1, 1, 1), strict=True))),
        items=draw.weighted({"under": 5, "alone": 3, "above": 3, "count": 3, "times": 3,
                             "columns": 2 if columns > 36 else 0}),
        codes=draw.weighted({"after": 4, "before": 1, "none": 5, "percent": 1}),
        taxes=draw.weighted({"table": 5, "table_sum": 2, "lines": 3, "sums": 2, "none": 1}),
        date=date_form,
        time=draw.one(spoken["times"]),
        meta=_meta(purchase, draw),
        meta_more=tuple(_fill(t, purchase, draw) for t in draw.some(spoken["meta_more"],
                                                                  draw.whole(0, 2))),
        symbol=symbol if draw.chance(0.5) else "{}",
        total_symbol=symbol if draw.chance(0.6) else "{}",
        rule=draw.weighted({"-": 5, "=": 2, "*": 1, "solid": 1, "": 2, "_": 1}),
        name=draw.weighted({"double": 5, "tall": 3, "plain": 3, "inverted": 1, "huge": 1}),
        minus="after" if draw.chance(0.15) else "before",
        big_total=draw.chance(0.65),
        total_form=draw.weighted({"right": 84, "beside": 7, "below": 4, "dots": 5}),
        subtotal=draw.chance(0.85 if purchase.tax_added or purchase.rounding else 0.3),
        savings=draw.chance(0.3),
        count=draw.chance(0.35),
        label=_labels(spoken, draw),
        head=_address(purchase, draw),
        above_name=tuple(draw.some(spoken["greetings"], 1)) if draw.chance(0.15) else (),
        notes=_notes(purchase, date_form, draw),
        foot=_foot(purchase, kind, draw),
        slip=_slip(purchase, date_form, draw),
        barcode=draw.weighted({"": 5, "bars": 4, "square": 2}),
    )  # fmt: skip


def _labels(spoken: dict[str, Any], draw: Draw) -> dict[str, str]:
    chosen = {name: draw.one(spoken[name]) for name in LABELS if spoken.get(name)}
    if spoken["tax_columns"]:
        chosen["tax_columns"] = "|".join(draw.one(spoken["tax_columns"]))
    if draw.chance(0.3):
        chosen["long_rates"] = "yes"
    if "item_head" in spoken and draw.chance(0.15):
        chosen["item_head"] = draw.one(spoken["item_head"])
    return chosen


def _meta(purchase: Purchase, draw: Draw) -> str:
    spoken = words(purchase.country)
    if purchase.purchased_at is None:
        return draw.one(("{date}", "Date : {date}"))
    return _fill(draw.one(spoken["meta"]), purchase, draw)


def _fill(text: str, purchase: Purchase, draw: Draw, **more: str) -> str:
    """The text with invented numbers, names and places where it asks for them."""
    points = draw.whole(30, 900)
    values: dict[str, str] = {
        "register": f"{draw.whole(1, 19):02d}",
        "number": draw.digits(draw.whole(3, 7)),
        "cashier": draw.digits(3),
        "name": draw.one(words(purchase.country)["names"]),
        "card": draw.digits(4),
        "points": str(points),
        "points2": str(points + int(purchase.total)),
        "n": str(int(purchase.total)),
        "amount": written(Decimal(draw.whole(20, 900)) / 100, purchase.country),
        "amount2": written(Decimal(draw.whole(500, 5000)) / 100, purchase.country),
        "domain": f"{_slug(purchase.retailer)}.example",
        "phone": f"{draw.whole(0, 99):02d} {draw.whole(0, 99):02d}",
        "digits": draw.digits(4),
        "place": draw.one(shops()[purchase.country]["places"]).upper(),
        "name_shop": purchase.retailer,
        "siret": f"000 {draw.digits(3)} {draw.digits(3)} 000{draw.digits(2)}",
        "vat": f"FR00 000 {draw.digits(3)} {draw.digits(3)}",
        "legal": f"{draw.one(('Armor', 'Belval', 'Corvis', 'Delune'))} Distribution",
    } | more
    for key, value in values.items():
        text = text.replace("{" + key + "}", value)
    return text


def _slug(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:18]


def _address(purchase: Purchase, draw: Draw) -> tuple[str, ...]:
    shop, spoken = shops()[purchase.country], words(purchase.country)
    place = draw.one(shop["places"])
    code = draw.one(spoken["postcode"])
    code = f"{code}{draw.digits(5 - len(code))} " if code and code != "ZZ" else ""
    street = f"{draw.whole(1, 98)} {draw.one(shop['streets'])}"
    lines = [street, f"{code}{place.upper() if draw.chance(0.6) else place}"]
    if draw.chance(0.25):
        lines = [", ".join(lines)]
    if draw.chance(0.6):
        digits = {"a": f"{draw.whole(0, 99):02d}", "b": f"{draw.whole(0, 99):02d}"}
        lines.append(draw.one(spoken["phone_label"]) + spoken["phone"].format(**digits))
    if spoken["legal"] and draw.chance(0.5):
        lines.append(_fill(draw.one(spoken["legal"]), purchase, draw))
    return tuple(lines if draw.chance(0.95) else ())


def _notes(purchase: Purchase, date_form: str, draw: Draw) -> tuple[str, ...]:
    """What misleads: dates until when, points, savings."""
    spoken = words(purchase.country)
    lines: list[str] = []
    if draw.chance(0.45):
        until = later(purchase, draw.one(DECOY_DAYS), date_form)
        today = dated(purchase.purchased_on, date_form, purchase.country)
        year = later(purchase, 730, date_form)
        text = draw.one(spoken["decoys"])
        lines.append(text.format(later=until, date=today, later_year=year))
    if draw.chance(0.3):
        lines += [_fill(t, purchase, draw) for t in draw.some(spoken["loyalty"], draw.whole(1, 3))]
    if "savings_note" in spoken and draw.chance(0.2):
        lines.append(_fill(draw.one(spoken["savings_note"]), purchase, draw))
    return tuple(lines)


def _foot(purchase: Purchase, kind: str, draw: Draw) -> tuple[str, ...]:
    spoken = words(purchase.country)
    lines = draw.some(spoken["thanks"], draw.whole(0, 2))
    lines += [_fill(t, purchase, draw) for t in draw.some(spoken["small_print"], draw.whole(0, 2))]
    if kind in ("restaurant", "bar") and "table" in spoken and draw.chance(0.5):
        numbers = {"n": str(draw.whole(1, 40)), "n2": str(draw.whole(1, 6))}
        lines.insert(0, draw.one(spoken["table"]).format(**numbers))
    return tuple(lines)


def _slip(purchase: Purchase, date_form: str, draw: Draw) -> tuple[str, ...]:
    """The card terminal's slip, with the amount that the card paid."""
    cards = [tender.amount for tender in purchase.tenders if tender.kind == "card"]
    if not cards or purchase.purchased_at is None or not draw.chance(0.35):
        return ()
    shown = {
        "date": dated(purchase.purchased_on, date_form, purchase.country),
        "time": purchase.purchased_at.strftime("%H:%M:%S"),
        "amount": f"{written(cards[0], purchase.country)} {purchase.currency}",
    }
    return tuple(_fill(t, purchase, draw, **shown) for t in words(purchase.country)["slip"])
