"""One occasion and what rules ask about it, each thing found once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any
from weakref import proxy

import cel

from preuve.loyalty.rules.expressions import RuleFault, Uses
from preuve.loyalty.rules.facts import LineFacts, MemberFacts, Occasion, PurchaseFacts
from preuve.loyalty.rules.facts_of import minor_units
from preuve.loyalty.rules.history import History
from preuve.loyalty.rules.matching import Matcher
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.windows import WEEKDAYS, counted_on, day_of, time_of
from preuve.messages import say

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
        self.written_day = self.day.isoformat()
        self.at = time_of(occasion, program)
        self._context = cel.Context()
        self._shown: set[str] = set()

    @property
    def products(self) -> list[LineFacts]:
        """The products with an amount above zero."""
        return _products(self.occasion.purchase) if self.occasion.purchase else []

    @cached_property
    def belonging(self) -> Mapping[str, list[tuple[LineFacts, str]]]:
        """The products of each list that is there at all, and why they belong to it."""
        found: dict[str, list[tuple[LineFacts, str]]] = {}
        retailer = _retailer(self)
        for line in self.products:
            for name, because in self.matcher.lists_of(line, retailer).items():
                found.setdefault(name, []).append((line, because))
        return found

    def context(self, roots: frozenset[str]) -> cel.Context:
        """What expressions see, of these roots at least: it is slow to hand over, so only once,
        and only what some expression of the program names.

        Raises RuleFault where the occasion is too large for them.
        """
        if roots <= self._shown:
            return self._context
        for root in roots - self._shown:
            if root == "history":
                self._answer(self._uses.below(root))
            try:
                self._context.add_variable(root, _SEEN[root](self, self._uses.below(root)))
            except (OverflowError, ValueError) as wrong:
                told = say("cannot be asked of this occasion: {why}", why=str(wrong))
                raise RuleFault(told) from None
            self._shown.add(root)
        return self._context

    def _answer(self, asked: frozenset[str]) -> None:
        """Lets expressions call these functions of history."""
        # Remembered before: CEL would take a fault of the database for one of the expression.
        _ = self._comparable
        # Weakly: the collector does not see through CEL's context, and would keep every scene.
        scene = proxy(self)
        for name in asked:
            self._context.add_function(name, partial(_HISTORY[name], scene))

    @cached_property
    def _comparable(self) -> list[tuple[date, PurchaseFacts]]:
        """Earlier purchases up to today, in the same currency, each with its day."""
        currency = self.occasion.purchase.currency if self.occasion.purchase else None
        found = self.history.purchases(self.day - timedelta(days=self._uses.days))
        dated = ((counted_on(purchase, self.program), purchase) for purchase in found)
        return [
            (day, purchase)
            for day, purchase in dated
            if day <= self.day and currency in (None, purchase.currency)
        ]

    def past(self, days: int) -> list[PurchaseFacts]:
        """Those of the last `days`, today among them."""
        first = self.day - timedelta(days=days - 1)
        return [purchase for day, purchase in self._comparable if day >= first]

    def past_lines(self, days: int, name: str) -> list[LineFacts]:
        """The products of one list that were bought in the last `days`."""
        first = self.day - timedelta(days=days - 1)
        return [line for day, line in self._belonged.get(name, ()) if day >= first]

    @cached_property
    def _belonged(self) -> Mapping[str, list[tuple[date, LineFacts]]]:
        found: dict[str, list[tuple[date, LineFacts]]] = {}
        for day, purchase in self._comparable:
            for line in _products(purchase):
                for name in self.matcher.lists_of(line, purchase.retailer_key):
                    found.setdefault(name, []).append((day, line))
        return found


def _products(purchase: PurchaseFacts) -> list[LineFacts]:
    return [line for line in purchase.lines if line.kind == "product" and line.amount > 0]


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
    "day": lambda _, scene: scene.written_day,
    "weekday": lambda _, scene: WEEKDAYS[scene.day.weekday()],
    "hour": lambda _, scene: scene.at.hour if scene.at else -1,
}
_MEMBER: Mapping[str, Callable[[MemberFacts, Scene], int | list[str]]] = {
    "segments": lambda member, _: sorted(member.segments),
    "days": lambda member, scene: (scene.day - member.joined_on).days if member.joined_on else -1,
    "age": lambda member, scene: _years(member.birthday, scene.day) if member.birthday else -1,
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


def _receipt(scene: Scene, names: frozenset[str]) -> dict[str, Any]:
    purchase = scene.occasion.purchase
    return {} if purchase is None else {name: _RECEIPT[name](purchase, scene) for name in names}


def _items(scene: Scene, names: frozenset[str]) -> list[dict[str, Any]]:
    lines = scene.occasion.purchase.lines if scene.occasion.purchase else ()
    if len(lines) > LONGEST_LIST:
        raise RuleFault(
            say(
                "the receipt has {n} items, {most} at most can be asked",
                n=len(lines),
                most=LONGEST_LIST,
            )
        )
    return [{name: _ITEM[name](line, scene) for name in names if name} for line in lines]


def _fields(scene: Scene, names: frozenset[str]) -> dict[str, Any]:
    purchase = scene.occasion.purchase
    if purchase is None:
        return {}
    return {name: _typed(name, purchase) for name in names if name in purchase.fields}


def _typed(name: str, purchase: PurchaseFacts) -> str | int | float | bool:
    """A field as what its template says it is. Raises RuleFault for a value that is not: an
    operator may have given any text."""
    text, kind = purchase.fields[name], purchase.field_types.get(name)
    if kind not in _TYPED:
        return text
    try:
        return _TYPED[kind](text, purchase.exponent)
    except (ArithmeticError, KeyError, ValueError):
        told = say(
            "asks for fields.{name}, and {text!r} is no {kind}", name=name, text=text, kind=kind
        )
        raise RuleFault(told) from None


def _number(text: str) -> int | float:
    number = Decimal(text)
    return float(number) if number % 1 else int(number)


_TYPED: Mapping[str | None, Callable[[str, int], int | float | bool]] = {
    "number": lambda text, _: _number(text),
    "amount": lambda text, exponent: minor_units(Decimal(text), exponent),
    "yes_no": lambda text, _: {"yes": True, "no": False}[text],
}
"""Days stay text, as `receipt.day` is."""


def _member(scene: Scene, names: frozenset[str]) -> dict[str, Any]:
    """Of the attributes those that are named: a partner may have told a great many."""
    member = scene.occasion.member
    shown: dict[str, Any] = {
        name: told(member, scene) for name, told in _MEMBER.items() if name in names
    }
    if not names <= _MEMBER.keys():
        told = member.attributes.items()
        shown["attributes"] = {k: v for k, v in told if f"attributes.{k}" in names}
    return shown


def _event(scene: Scene, names: frozenset[str]) -> dict[str, Any]:
    asked = {name.removeprefix("properties.") for name in names}
    told = scene.occasion.properties.items()
    return {"name": scene.occasion.event, "properties": {k: v for k, v in told if k in asked}}


def _years(since: date, until: date) -> int:
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


_HISTORY: Mapping[str, Callable[..., int]] = {
    "spent": lambda scene, _, days: sum(bought.total for bought in scene.past(days)),
    "receipts": lambda scene, _, days: len(scene.past(days)),
    "spent_on": lambda scene, _, name, days: sum(
        line.amount for line in scene.past_lines(days, name)
    ),
    "bought": lambda scene, _, name, days: sum(
        pieces(line) for line in scene.past_lines(days, name)
    ),
    "receipts_at": lambda scene, _, retailer, days: sum(
        bought.retailer_key == retailer for bought in scene.past(days)
    ),
}
"""What expressions may ask; CEL hands over what a function is called on first."""


_SEEN: Mapping[str, Callable[[Scene, frozenset[str]], Any]] = {
    "receipt": _receipt,
    "items": _items,
    "fields": _fields,
    "member": _member,
    "event": _event,
    "history": lambda _, __: {},
}
