"""Random purchases in invented shops: baskets, discounts, returns, and how they are paid."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import ROUND_CEILING, Decimal

from press.draw import Draw
from press.purchase import CENT, Item, Purchase, off, rounded, sold
from press.stock import Article, articles
from press.words import shops, words, written

BASKETS = {"supermarket": (3, 32), "convenience": (1, 9), "restaurant": (2, 9), "bar": (1, 7),
           "bakery": (1, 6), "organic": (2, 12), "diy": (1, 9)}  # fmt: skip
VOUCHERS = {"restaurant", "bakery", "fastfood", "bar", "supermarket", "organic"}
FULL_PRICE = {"fuel", "parking", "toll", "taxi", "newsagent", "pharmacy", "hotel", "restaurant"}
FIRST, DAYS = date(2023, 1, 2), 1410


def sale(country: str, draw: Draw) -> tuple[str, Purchase]:
    """A kind of shop and a purchase there, paid; every amount follows from the prices."""
    kinds = shops()[country]["kinds"]
    kind = draw.one(sorted(kinds))
    shop = kinds[kind]
    notes = words(country).get("item_notes", ())
    items = _till_text(_basket(country, kind, shop, draw), notes, draw)
    moment = time(draw.whole(7, 21), draw.whole(0, 59), draw.whole(0, 59))
    paid = _means(country, kind, draw)
    step = CENT
    if country == "id":
        step = Decimal(1)
    elif country == "my" or (country == "ch" and paid == "cash"):
        step = Decimal("0.05")
    purchase = Purchase(
        retailer=draw.one(shop["names"]),
        country=country,
        currency=words(country)["currency"],
        purchased_on=FIRST + timedelta(days=draw.whole(0, DAYS)),
        purchased_at=moment if draw.chance(0.93) else None,
        items=items,
        tax_added=words(country).get("tax_added", False),
        step=step,
    )
    return kind, _settled(purchase, paid, draw)


def _basket(country: str, kind: str, shop: dict[str, object], draw: Draw) -> list[Item]:
    least, most = (1, 1) if "fuel" in shop or "single" in shop else BASKETS.get(kind, (1, 8))
    shelf = articles(country, kind)
    count = min(len(shelf), round(least + (most - least) * draw.between(0, 1) ** 1.3))
    items: list[Item] = []
    for article in draw.some(shelf, max(1, count)):
        item = _picked(article, country, draw)
        items.append(item)
        if kind not in FULL_PRICE and item.amount > 1 and draw.chance(0.1):
            items.append(_discount(item, country, draw))
    spoken = words(country)
    if "free" in spoken and draw.chance(0.05):
        items.append(off(draw.one(spoken["free"]), "0.00", str(items[0].rate)))
    if "refunds" in spoken and len(items) > 2 and kind not in FULL_PRICE and draw.chance(0.05):
        back = _picked(draw.one([a for a in shelf if not a.unit] or shelf), country, draw)
        total = sum(item.amount for item in items)
        if back.amount < total / 2:
            label = f"{spoken['refunds'][0]} {back.description}"
            items.append(off(label, str(-back.amount), str(back.rate)))
    return items


def _picked(article: Article, country: str, draw: Draw) -> Item:
    places = words(country).get("places", 2)
    if article.unit == "L" and article.price < 3:
        price = article.price + Decimal(draw.whole(-90, 120)) / 1000
    elif places == 0:
        price = article.price + draw.whole(-3, 6) * 500
    else:
        price = rounded(article.price * Decimal(draw.between(0.8, 1.3)), Decimal("0.05"))
        price = max(price, Decimal("0.10")) - (CENT if draw.chance(0.45) else 0)
    if article.unit:
        reach = 55.0 if article.unit == "L" and price < 3 else 2.2
        quantity = f"{draw.between(0.12 * reach, reach):.{2 if article.unit == 'L' else 3}f}"
    else:
        quantity = str(
            article.least if draw.chance(0.55) else draw.whole(article.least, article.most)
        )
    return sold(article.description, str(price), str(article.rate), quantity, article.unit, places)


def _discount(item: Item, country: str, draw: Draw) -> Item:
    spoken = words(country)
    step = Decimal(1).scaleb(-spoken.get("places", 2))
    offers = spoken.get("offers", ())
    if offers and item.quantity >= 3 and not item.unit and item.unit_price and draw.chance(0.5):
        label = draw.one(offers).format(amount=written(item.unit_price * 2, country))
        return off(label, str(-item.unit_price), str(item.rate))
    percent = draw.one((10, 15, 20, 25, 30, 50))
    amount = -rounded(item.amount * percent / 100, step)
    return off(draw.one(spoken["discounts"]).format(percent=percent), str(amount), str(item.rate))


def _till_text(items: list[Item], notes: Sequence[str], draw: Draw) -> tuple[Item, ...]:
    """Descriptions as this till has them: plain capitals, cut at its width, with codes."""
    plain, width = draw.chance(0.4), draw.weighted({60: 6, 24: 2, 20: 1, 18: 1})
    coded = draw.weighted({"": 85, "long": 8, "short": 7})
    noted = bool(notes) and draw.chance(0.08)
    told = []
    for item in items:
        text = _plain(item.description) if plain else item.description
        text = text[:width].rstrip()
        product = item.unit_price is not None and not item.unit
        code = gtin(draw) if coded == "long" and product else ""
        if coded == "short" and product:
            code = draw.digits(5)
        note = draw.one(notes).replace("#", draw.digits(6)) if noted and product else ""
        told.append(replace(item, description=text, code=code, note=note))
    return tuple(told)


def gtin(draw: Draw) -> str:
    """An EAN-13 of the range that shops number their own goods in, with its check digit."""
    body = f"20{draw.digits(10)}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.upper().replace("Ł", "L"))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _means(country: str, kind: str, draw: Draw) -> str:
    spoken = words(country)
    shares = {"card": 60.0, "cash": 24.0, "none": 5.0}
    if "check" in spoken and kind not in ("parking", "toll"):
        shares["check"] = 4
    if "gift_card" in spoken and kind in ("clothing", "toys", "bookshop", "electronics", "beauty"):
        shares["gift_card"] = 12
    if "meal_voucher" in spoken and kind in VOUCHERS:
        shares["meal_voucher"] = 14
    return draw.weighted(shares)


def _settled(purchase: Purchase, means: str, draw: Draw) -> Purchase:
    if means == "none":
        return purchase
    if means in ("card", "check"):
        return purchase.paid([means])
    if means == "cash":
        return purchase.paid([{"cash": str(_handed(purchase, draw))}])
    part = rounded(purchase.total * Decimal(draw.between(0.3, 0.8)), Decimal("0.50"))
    if not 0 < part < purchase.total:
        return purchase.paid([means])
    return purchase.paid([{means: str(part.quantize(CENT))}, draw.one(("card", "card", "cash"))])


def _handed(purchase: Purchase, draw: Draw) -> Decimal:
    """The cash given: to the cent, or up to the next coin or note that a purse holds."""
    if draw.chance(0.2):
        return purchase.total
    notes: tuple[int, ...] = (50, 100) if purchase.country in ("pl", "my") else (5, 10, 20, 50)
    if purchase.country == "id":
        notes = (20000, 50000, 100000)
    note = Decimal(draw.one(notes))
    given = (purchase.total / note).to_integral_value(ROUND_CEILING) * note
    return given if purchase.country == "id" else given.quantize(CENT)
