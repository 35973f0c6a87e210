"""One occasion and what rules ask about it, each thing found once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import cel

from preuve.loyalty.expressions import RuleFault, Uses
from preuve.loyalty.facts import LineFacts, Occasion, PurchaseFacts
from preuve.loyalty.history import History
from preuve.loyalty.matching import Matcher
from preuve.loyalty.program import Program
from preuve.loyalty.windows import WEEKDAYS, counted_on, day_of, time_of

LONGEST_LIST = 500
"""Line items that an expression may go over."""


class Scene:
    """What is not asked for is not found: history may be a database."""

    def __init__(
        self, occasion: Occasion, program: Program, history: History, matcher: Matcher, uses: Uses
    ) -> None:
        self.occasion, self.program, self.history = occasion, program, history
        self.matcher, self._uses = matcher, uses
        self.day = day_of(occasion, program)
        self.at = time_of(occasion, program)

    @cached_property
    def products(self) -> list[tuple[LineFacts, Mapping[str, str]]]:
        """The products with an amount above zero, and the lists that each belongs to."""
        purchase = self.occasion.purchase
        if purchase is None:
            return []
        return [
            (line, self.matcher.lists_of(line, purchase.retailer_key))
            for line in purchase.lines
            if line.kind == "product" and line.amount > 0
        ]

    @cached_property
    def context(self) -> cel.Context:
        """What expressions see: only what one of the program's names, as it is slow to hand over.

        Raises RuleFault where the occasion is too large for them.
        """
        below: dict[str, set[str]] = {}
        for name in self._uses.names:
            root, _, rest = name.partition(".")
            below.setdefault(root, set()).add(rest)
        found = {root: _SEEN[root](self, names) for root, names in below.items()}
        try:
            return cel.Context(variables=found, functions=_functions(self))
        except (OverflowError, ValueError) as wrong:
            raise RuleFault(f"cannot be asked of this occasion: {wrong}") from None

    @cached_property
    def _purchases(self) -> list[tuple[date, PurchaseFacts]]:
        since = self.day - timedelta(days=self._uses.days)
        found = self.history.purchases(since)
        return [(counted_on(purchase, self.program), purchase) for purchase in found]

    def past(self, days: int) -> list[PurchaseFacts]:
        """Earlier purchases of the last `days`, today among them, in the same currency."""
        first = self.day - timedelta(days=days - 1)
        currency = self.occasion.purchase.currency if self.occasion.purchase else None
        return [
            purchase
            for day, purchase in self._purchases
            if first <= day <= self.day and currency in (None, purchase.currency)
        ]

    def past_lines(self, days: int, name: str) -> list[LineFacts]:
        """The products of one list that were bought in the last `days`."""
        return [
            line
            for purchase in self.past(days)
            for line in purchase.lines
            if line.kind == "product"
            and line.amount > 0
            and name in self.matcher.lists_of(line, purchase.retailer_key)
        ]


def pieces(line: LineFacts) -> int:
    """How many pieces a line is; what is weighed is one, and so is what prints no quantity."""
    quantity = line.quantity
    if quantity is None or line.unit_of_measure or quantity < 1 or quantity % 1:
        return 1
    return int(quantity)


def discounts(purchase: PurchaseFacts) -> int:
    """What was taken off, in minor units, above zero."""
    return sum(-line.amount for line in purchase.lines if line.kind == "discount")


_RECEIPT: Mapping[str, Callable[[PurchaseFacts, Scene], str | int]] = {
    "kind": lambda purchase, _: purchase.kind,
    "retailer": lambda purchase, _: purchase.retailer_key or "",
    "retailer_name": lambda purchase, _: purchase.retailer_name,
    "country": lambda purchase, _: purchase.country or "",
    "currency": lambda purchase, _: purchase.currency or "",
    "total": lambda purchase, _: purchase.total,
    "discounts": lambda purchase, _: discounts(purchase),
    "day": lambda _, scene: scene.day.isoformat(),
    "weekday": lambda _, scene: WEEKDAYS[scene.day.weekday()],
    "hour": lambda _, scene: scene.at.hour if scene.at else -1,
}
_ITEM: Mapping[str, Callable[[LineFacts, Scene], str | int | list[str]]] = {
    "kind": lambda line, _: line.kind,
    "description": lambda line, _: line.description,
    "amount": lambda line, _: line.amount,
    "pieces": lambda line, _: pieces(line),
    "unit_price": lambda line, _: -1 if line.unit_price is None else line.unit_price,
    "gtin": lambda line, _: line.gtin or "",
    "code": lambda line, _: line.product_code or "",
    "vat_code": lambda line, _: line.vat_code or "",
    "lists": lambda line, scene: list(scene.matcher.lists_of(line, _retailer(scene))),
}


def _retailer(scene: Scene) -> str | None:
    return scene.occasion.purchase.retailer_key if scene.occasion.purchase else None


def _receipt(scene: Scene, names: set[str]) -> dict[str, Any]:
    purchase = scene.occasion.purchase
    return {} if purchase is None else {name: _RECEIPT[name](purchase, scene) for name in names}


def _items(scene: Scene, names: set[str]) -> list[dict[str, Any]]:
    lines = scene.occasion.purchase.lines if scene.occasion.purchase else ()
    if len(lines) > LONGEST_LIST:
        raise RuleFault(f"the receipt has {len(lines)} items, {LONGEST_LIST} at most can be asked")
    return [{name: _ITEM[name](line, scene) for name in names if name} for line in lines]


def _fields(scene: Scene, names: set[str]) -> dict[str, Any]:
    fields = scene.occasion.purchase.fields if scene.occasion.purchase else {}
    return {name: fields[name] for name in names if name in fields}


def _member(scene: Scene, names: set[str]) -> dict[str, Any]:
    member = scene.occasion.member
    asked = {name.removeprefix("attributes.") for name in names if name.startswith("attributes.")}
    return {
        "segments": sorted(member.segments),
        "attributes": {k: v for k, v in member.attributes.items() if k in asked},
        "days": (scene.day - member.joined_on).days if member.joined_on else -1,
        "age": _years(member.birthday, scene.day) if member.birthday else -1,
    }


def _event(scene: Scene, names: set[str]) -> dict[str, Any]:
    asked = {name.removeprefix("properties.") for name in names}
    told = scene.occasion.properties.items()
    return {"name": scene.occasion.event, "properties": {k: v for k, v in told if k in asked}}


def _years(since: date, until: date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


_SEEN: Mapping[str, Callable[[Scene, set[str]], Any]] = {
    "receipt": _receipt,
    "items": _items,
    "fields": _fields,
    "member": _member,
    "event": _event,
    # Its functions are called on it, and get it as their first argument.
    "history": lambda _, __: {},
}


def _functions(scene: Scene) -> dict[str, Callable[..., int]]:
    if "history" not in scene._uses.names:
        return {}
    # Asked before, so that a fault of the database is not taken for one of the expression.
    scene._purchases  # noqa: B018
    return {
        "spent": lambda _, days: sum(bought.total for bought in scene.past(days)),
        "receipts": lambda _, days: len(scene.past(days)),
        "spent_on": lambda _, name, days: sum(line.amount for line in scene.past_lines(days, name)),
        "bought": lambda _, name, days: sum(pieces(line) for line in scene.past_lines(days, name)),
        "receipts_at": lambda _, retailer, days: sum(
            bought.retailer_key == retailer for bought in scene.past(days)
        ),
    }
