"""What a rule that applies gives, before caps: whole numbers from beginning to end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from preuve.loyalty.rules.conditions import items_of
from preuve.loyalty.rules.effects import Fixed, Multiplier, PerAmount, PerItem, Rounding
from preuve.loyalty.rules.expressions import RuleFault
from preuve.loyalty.rules.facts import LineFacts, PurchaseFacts
from preuve.loyalty.rules.products import ProductList
from preuve.loyalty.rules.ready import Ready
from preuve.loyalty.rules.scene import Scene, discounts, pieces
from preuve.messages import say

MOST_POINTS = 1_000_000_000
"""What one rule may give at once. More is no reward but a misread total."""


@dataclass(frozen=True, slots=True)
class Earned:
    """Points, how they come about in a few words, and the numbers that they are made of."""

    points: int
    why: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


NOTHING = Earned(0, "")


def earned(ready: Ready, scene: Scene, spending: Mapping[str, int]) -> Earned:
    """`spending` are the points for spending so far, by rule: what a multiplier multiplies.

    Raises RuleFault where they are too many.
    """
    effect = ready.rule.effect
    if isinstance(effect, Fixed):
        found = Earned(effect.points, f"{effect.points}", {"each": effect.points})
    elif isinstance(effect, PerItem):
        found = _per_item(effect, ready, scene)
    elif isinstance(effect, Multiplier):
        found = _multiplied(effect, scene, spending)
    elif isinstance(effect, PerAmount) and scene.occasion.purchase:
        found = _per_amount(effect, ready, scene, scene.occasion.purchase)
    else:
        found = NOTHING
    if found.points > MOST_POINTS:
        raise RuleFault(
            say(
                "would give {points} points, more than {most} at once",
                points=found.points,
                most=MOST_POINTS,
            )
        )
    return found


def rounded(number: int, by: int, how: Rounding) -> int:
    """`number` divided by `by`, both above or equal to 0; exact, and half counts as one."""
    match how:
        case "down":
            return number // by
        case "up":
            return -(-number // by)
        case "nearest":
            return (2 * number + by) // (2 * by)


def plain(amount: int, exponent: int) -> str:
    """Minor units as a person reads them in a log: `14.80`."""
    return f"{Decimal(amount).scaleb(-exponent):f}"


def _per_item(effect: PerItem, ready: Ready, scene: Scene) -> Earned:
    found = items_of(ready, scene)
    count = len(found) if effect.count == "lines" else sum(pieces(line) for line, _ in found)
    names = ", ".join(line.description for line, _ in found)
    numbers = {
        "each": effect.points,
        "count": count,
        "products": _names(ready, scene),
        "lines": [_shown(line, because) for line, because in found],
    }
    return Earned(effect.points * count, f"{count} x {effect.points} for {names}", numbers)


def _per_amount(effect: PerAmount, ready: Ready, scene: Scene, purchase: PurchaseFacts) -> Earned:
    lines: list[dict[str, Any]] = []
    if effect.of == "items":
        lines = _with_discounts(effect, ready, scene, purchase)
        spent = sum(line["amount"] for line in lines)
    else:
        spent = purchase.total
        if effect.discounts == "ignored":
            spent += discounts(purchase)
        spent -= sum(purchase.tenders.get(kind, 0) for kind in effect.except_tenders)
    spent = max(spent, 0)
    how = effect.rounding or scene.program.rounding
    # The amount is given to a thousandth of the major unit.
    thousandths = int(effect.amount.scaleb(3)) * 10**purchase.exponent
    count = rounded(spent * 1000, thousandths, how)
    shown = plain(spent, purchase.exponent)
    numbers = {
        "each": effect.points,
        "per": str(effect.amount),
        "count": count,
        "rounding": how,
        "amount": spent,
        "currency": purchase.currency,
        "exponent": purchase.exponent,
        "products": _names(ready, scene) if effect.of == "items" else [],
        "lines": lines,
    }
    return Earned(effect.points * count, f"{count} x {effect.points} for {shown}", numbers)


def _with_discounts(
    effect: PerAmount, ready: Ready, scene: Scene, purchase: PurchaseFacts
) -> list[dict[str, Any]]:
    """The rule's items, and what was taken off on the rows below them, which is never more."""
    meant = {line.line: because for line, because in items_of(ready, scene)}
    shown: list[dict[str, Any]] = []
    left, above = 0, -1
    for line in purchase.lines:
        if line.kind == "product":
            left, above = max(line.amount, 0), line.line
            if above in meant:
                shown.append(_shown(line, meant[above]))
        elif line.kind == "discount" and above in meant and effect.discounts == "deducted":
            off = min(left, max(-line.amount, 0))
            left -= off
            shown.append({**_shown(line, f"discount on line {above}"), "amount": -off})
    return shown


def _multiplied(effect: Multiplier, scene: Scene, spending: Mapping[str, int]) -> Earned:
    meant = {r: p for r, p in spending.items() if not effect.rules or r in effect.rules}
    points = sum(meant.values())
    how = effect.rounding or scene.program.rounding
    extra = rounded(points * int((effect.times - 1).scaleb(2)), 100, how)
    numbers = {"times": f"{effect.times.normalize():f}", "of": meant, "rounding": how}
    return Earned(extra, f"{numbers['times']} times {points}", numbers)


def _shown(line: LineFacts, because: str) -> dict[str, Any]:
    return {
        "line": line.line,
        "description": line.description,
        "amount": line.amount,
        "pieces": pieces(line),
        "because": because,
    }


def _names(ready: Ready, scene: Scene) -> list[str]:
    """What members call the products that a rule means; empty where only the rule names them."""
    named = scene.program.products
    lists = (named.get(name) for name in ready.lists or ())
    return [one.name for one in lists if isinstance(one, ProductList)]
