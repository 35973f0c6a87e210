"""What is wrong with a program beyond the form of its values: names, days, and what cannot work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from preuve.loyalty.rules.effects import Cap, Multiplier, PerAmount, PerItem
from preuve.loyalty.rules.expressions import ExpressionsInvalid, compile_expression
from preuve.loyalty.rules.program import Campaign, Program
from preuve.loyalty.rules.rule import RECEIPTS, EarnRule, Window
from preuve.loyalty.rules.trial import what_fails
from preuve.loyalty.rules.windows import WEEKDAYS
from preuve.loyalty.rules.written import nearest

Place = tuple[str | int, ...]
Mistake = tuple[Place, str]


def mistakes(program: Program) -> Iterator[Mistake]:
    """Each mistake with its place in the file, as pydantic writes places."""
    yield from _products(program)
    for name, campaign in program.campaigns.items():
        yield from _days(("campaigns", name), campaign)
    yield from _keys(program)
    for index, rule in enumerate(program.earn):
        for place, told in _rule(rule, program):
            yield ("earn", index, *place), told


def _keys(program: Program) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, rule in enumerate(program.earn):
        if rule.rule in seen:
            told = "another rule has this key; entries in the ledger are told apart by it"
            yield ("earn", index, "rule"), told
        seen.add(rule.rule)


def _products(program: Program) -> Iterator[Mistake]:
    for name, products in program.products.items():
        if products.says_nothing and not products.includes:
            yield ("products", name), "names no product: write words, gtins, codes or includes"
        for index, other in enumerate(products.includes):
            place = ("products", name, "includes", index)
            if other not in program.products:
                yield place, _unknown("list", other, program.products)
            elif name in _below(other, program):
                yield place, f"{other} includes {name} in turn: take one of the two out"


def _below(name: str, program: Program) -> set[str]:
    """A list and all that it includes."""
    met: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in met and one in program.products:
            met.add(one)
            waiting.extend(program.products[one].includes)
    return met


def _rule(rule: EarnRule, program: Program) -> Iterator[Mistake]:
    yield from _trigger(rule)
    yield from _days(("window",), rule.window)
    campaign = program.campaigns.get(rule.campaign or "")
    if rule.campaign and campaign is None:
        yield ("campaign",), _unknown("campaign", rule.campaign, program.campaigns)
    if campaign and _apart(rule.window, campaign):
        yield ("window",), f"has no day in common with the campaign {rule.campaign}"
    if rule.effect is None and not rule.grants:
        yield (), "gives nothing: write an effect, or grants"
    yield from _effect(rule, program)
    for index, cap in enumerate(rule.caps):
        for told in _cap(cap, rule):
            yield ("caps", index), told
    yield from _condition(rule, program)


def _trigger(rule: EarnRule) -> Iterator[Mistake]:
    for trigger, key, given in (
        ("nth_receipt", "nth", rule.nth),
        ("event", "event", rule.event),
    ):
        if rule.trigger == trigger and given is None:
            yield ("trigger",), f"{trigger} needs `{key}` to say which"
        elif rule.trigger != trigger and given is not None:
            yield (key,), f"is for `trigger: {trigger}` alone"
    if rule.trigger in RECEIPTS:
        return
    condition = rule.condition
    for key in ("kinds", "retailers", "countries", "min_total", "items", "fields"):
        if getattr(condition, key):
            yield ("condition", key), f"{rule.trigger} has no receipt that could be so"
    if rule.effect and rule.effect.kind != "fixed":
        yield ("effect",), f"{rule.trigger} has no receipt to count on: write kind: fixed"


def _days(place: Place, span: Window | Campaign) -> Iterator[Mistake]:
    starts, ends = span.starts_on, span.ends_on
    if starts and ends and ends < starts:
        yield (*place, "ends_on"), f"{ends} is before it begins on {starts}"
    elif isinstance(span, Window) and span.weekdays and starts and ends:
        days = min((ends - starts).days + 1, 7)
        met = {WEEKDAYS[(starts + timedelta(days=n)).weekday()] for n in range(days)}
        if met.isdisjoint(span.weekdays):
            yield (*place, "weekdays"), f"none of them lies between {starts} and {ends}"
    for index, hours in enumerate(span.hours if isinstance(span, Window) else ()):
        opens, _, closes = hours.partition("-")
        if opens == closes:
            yield (*place, "hours", index), "ends when it begins; leave it out for the whole day"


def _apart(one: Window, other: Campaign) -> bool:
    latest = max(one.starts_on or date.min, other.starts_on or date.min)
    return latest > min(one.ends_on or date.max, other.ends_on or date.max)


def _effect(rule: EarnRule, program: Program) -> Iterator[Mistake]:
    effect = rule.effect
    if isinstance(effect, PerItem) and rule.condition.items is None:
        yield ("condition",), "an effect per_item needs condition.items to say which items"
    if isinstance(effect, PerAmount) and effect.of == "items":
        if rule.condition.items is None:
            yield ("condition",), "an effect of items needs condition.items to say which items"
        if effect.except_tenders:
            told = "nobody knows which item was paid how: write of: total, or leave it out"
            yield ("effect", "except_tenders"), told
    if isinstance(effect, Multiplier):
        spending = [r.rule for r in program.earn if isinstance(r.effect, PerAmount)]
        for index, name in enumerate(effect.rules):
            if name not in spending:
                told = _unknown("rule with an effect per_amount", name, spending)
                yield ("effect", "rules", index), told
        if not spending:
            yield ("effect",), "there is no rule with an effect per_amount to multiply"


def _cap(cap: Cap, rule: EarnRule) -> Iterator[str]:
    if (cap.points is None) == (cap.times is None):
        yield "write points, or times, and for both two caps"
    if cap.times is not None and cap.per == "receipt":
        yield "a rule gives once a receipt anyway: write points, or another period"
    if cap.points is not None and rule.effect is None:
        yield "the rule gives no points: write times"
    if cap.per == "receipt" and cap.of == "all":
        yield "a receipt is one member's: leave `of` out"


def _condition(rule: EarnRule, program: Program) -> Iterator[Mistake]:
    condition = rule.condition
    for index, name in enumerate(condition.items.lists if condition.items else ()):
        if name not in program.products:
            yield ("condition", "items", "lists", index), _unknown("list", name, program.products)
    for name, wanted in condition.fields.items():
        low, high = wanted.min, wanted.max
        if low is not None and high is not None:
            if isinstance(low, date) != isinstance(high, date):
                yield ("condition", "fields", name), "min and max are not of one kind"
            elif low > high:  # type: ignore[operator]
                yield ("condition", "fields", name, "max"), f"{high} is less than min, {low}"
    if condition.when is not None:
        for told in _expression(condition.when, rule, program):
            yield ("condition", "when"), told


def _expression(source: str, rule: EarnRule, program: Program) -> Iterator[str]:
    try:
        expression = compile_expression(source)
    except ExpressionsInvalid as invalid:
        yield from invalid.mistakes
        return
    absent = {"event"} if rule.trigger in RECEIPTS else {"receipt", "items", "fields"}
    if rule.trigger in ("sign_up", "birthday"):
        absent.add("event")
    wrong = sorted(expression.roots & absent)
    for name in wrong:
        yield f"{name} is not there with `trigger: {rule.trigger}`"
    unknown = sorted(expression.uses.lists - set(program.products))
    for name in unknown:
        yield _unknown("list", name, program.products)
    told = None if wrong or unknown else what_fails(expression, rule, program)
    if told:
        yield told


def _unknown(what: str, name: str, known: Any) -> str:
    names = list(known)
    told = f"{name!r} is no {what} of this program"
    return told + (nearest(name, names) or (f": it has {', '.join(names[:5])}" if names else ""))
