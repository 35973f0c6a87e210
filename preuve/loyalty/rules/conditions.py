"""Whether a rule applies to an occasion, and if not, what speaks against it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from preuve.folding import squeeze
from preuve.loyalty.rules.expressions import Expression
from preuve.loyalty.rules.facts import LineFacts, Occasion
from preuve.loyalty.rules.ready import Ready
from preuve.loyalty.rules.rule import HAPPENS, Condition, FieldCondition
from preuve.loyalty.rules.scene import Scene, pieces
from preuve.loyalty.rules.windows import counted_on, is_on, is_open, period_of


def blocked_by(ready: Ready, scene: Scene) -> str | None:
    """The part of the rule that does not hold; None where all of it does.

    Raises RuleFault where its expression cannot be computed.
    """
    if not _is_for(ready, scene.occasion):
        return "trigger"
    if ready.campaign and not is_on(ready.campaign, scene.day):
        return "campaign"
    if ready.window and not is_open(ready.window, scene.day, scene.at):
        return "window"
    part = _facts_against(ready.condition, scene) if ready.condition else None
    if part:
        return part
    items = ready.rule.condition.items if ready.lists is not None else None
    if items and sum(pieces(line) for line, _ in items_of(ready, scene)) < items.min_pieces:
        return "items"
    if ready.counts and not _is_the_one(ready, scene):
        return "trigger"
    if ready.expression and not _holds(ready.expression, scene):
        return "when"
    return None


def items_of(ready: Ready, scene: Scene) -> list[tuple[LineFacts, str]]:
    """The line items that a rule means, each with the reason why; none where it asks for none."""
    if ready.lists is None:
        return []
    if not ready.lists:
        return [(line, "every product") for line in scene.products]
    if len(ready.lists) == 1:
        return scene.belonging.get(ready.lists[0], [])
    found = {
        line.line: (line, because)
        for name in reversed(ready.lists)
        for line, because in scene.belonging.get(name, ())
    }
    return [found[number] for number in sorted(found)]


def _is_for(ready: Ready, occasion: Occasion) -> bool:
    rule, trigger = ready.rule, occasion.trigger
    return HAPPENS[rule.trigger] == trigger and (trigger != "event" or rule.event == occasion.event)


def _facts_against(condition: Condition, scene: Scene) -> str | None:
    member, purchase = scene.occasion.member, scene.occasion.purchase
    if condition.segments and member.segments.isdisjoint(condition.segments):
        return "segments"
    if condition.not_segments and not member.segments.isdisjoint(condition.not_segments):
        return "not_segments"
    if purchase is None:
        return None
    if condition.kinds and purchase.kind not in condition.kinds:
        return "kinds"
    if condition.retailers and purchase.retailer_key not in condition.retailers:
        return "retailers"
    if condition.countries and purchase.country not in condition.countries:
        return "countries"
    if condition.min_total and purchase.total < condition.min_total.scaleb(purchase.exponent):
        return "min_total"
    for name, wanted in condition.fields.items():
        if not _suits(purchase.fields.get(name), wanted):
            return f"fields.{name}"
    return None


def _suits(text: str | None, wanted: FieldCondition) -> bool:
    """Whether the field was read, passes its checks, and is what the rule wants."""
    if text is None:
        return False
    if wanted.one_of and squeeze(text) not in map(squeeze, wanted.one_of):
        return False
    return _reaches(text, wanted.min, 1) and _reaches(text, wanted.max, -1)


def _reaches(text: str, bound: Decimal | date | None, sign: int) -> bool:
    """Whether the value is at least the bound (sign 1) or at most (sign -1)."""
    if bound is None:
        return True
    try:
        if isinstance(bound, date):
            return sign * (date.fromisoformat(text) - bound).days >= 0
        return sign * (Decimal(text) - bound) >= 0
    except (ValueError, ArithmeticError):
        return False


def _is_the_one(ready: Ready, scene: Scene) -> bool:
    """Whether this receipt is the first one, or the so-manieth of its period."""
    rule = ready.rule
    if rule.nth is None:
        return scene.history.purchase_count() == 0
    first, last = period_of(scene.day, rule.nth.per)
    if first is None or last is None:
        number = scene.history.purchase_count() + 1
    else:
        days = (counted_on(one, scene.program) for one in scene.history.purchases(first))
        number = sum(first <= day <= last for day in days) + 1
    if rule.nth.every:
        return number % rule.nth.number == 0
    return number == rule.nth.number


def _holds(expression: Expression, scene: Scene) -> bool:
    asked = expression.uses.asked
    if asked and not all(_is_there(name, scene) for name in asked):
        return False
    return expression.holds(scene.context(expression.roots))


def _is_there(name: str, scene: Scene) -> bool:
    """Whether the template or the partner has given a value of this name at all."""
    root, _, last = name.rpartition(".")
    if root == "fields":
        return scene.occasion.purchase is not None and last in scene.occasion.purchase.fields
    if root == "member.attributes":
        return last in scene.occasion.member.attributes
    return last in scene.occasion.properties
