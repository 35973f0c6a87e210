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
from preuve.messages import Message, say

Place = tuple[str | int, ...]
Mistake = tuple[Place, Message]


def mistakes(program: Program) -> Iterator[Mistake]:
    """Each mistake with its place in the file, as pydantic writes places."""
    yield from _products(program)
    for name, campaign in program.campaigns.items():
        yield from _days(("campaigns", name), campaign)
        if campaign.budget and campaign.member_cap and campaign.member_cap > campaign.budget:
            told = say("{most} is more than the budget of all members", most=campaign.member_cap)
            yield ("campaigns", name, "member_cap"), told
    yield from _keys(program)
    for index, rule in enumerate(program.earn):
        for place, told in _rule(rule, program):
            yield ("earn", index, *place), told


def _keys(program: Program) -> Iterator[Mistake]:
    seen: set[str] = set()
    for index, rule in enumerate(program.earn):
        if rule.rule in seen:
            told = say("another rule has this key; entries in the ledger are told apart by it")
            yield ("earn", index, "rule"), told
        seen.add(rule.rule)


def _products(program: Program) -> Iterator[Mistake]:
    for name, products in program.products.items():
        if products.says_nothing and not products.includes:
            yield ("products", name), say("names no product: write words, gtins, codes or includes")
        for index, other in enumerate(products.includes):
            place = ("products", name, "includes", index)
            if other not in program.products:
                yield place, _unknown(say("list"), other, program.products)
            elif name in _below(other, program):
                yield (
                    place,
                    say(
                        "{other} includes {name} in turn: take one of the two out",
                        other=other,
                        name=name,
                    ),
                )


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
        yield ("campaign",), _unknown(say("campaign"), rule.campaign, program.campaigns)
    if campaign and _apart(rule.window, campaign):
        yield ("window",), say("has no day in common with the campaign {name}", name=rule.campaign)
    if rule.effect is None and not rule.grants:
        yield (), say("gives nothing: write an effect, or grants")
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
            yield (
                ("trigger",),
                say("{trigger} needs `{key}` to say which", trigger=trigger, key=key),
            )
        elif rule.trigger != trigger and given is not None:
            yield (key,), say("is for `trigger: {trigger}` alone", trigger=trigger)
    if rule.trigger in RECEIPTS:
        return
    condition = rule.condition
    for key in ("kinds", "retailers", "countries", "min_total", "items", "fields"):
        if getattr(condition, key):
            yield (
                ("condition", key),
                say("{trigger} has no receipt that could be so", trigger=rule.trigger),
            )
    if rule.effect and rule.effect.kind != "fixed":
        yield (
            ("effect",),
            say("{trigger} has no receipt to count on: write kind: fixed", trigger=rule.trigger),
        )


def _days(place: Place, span: Window | Campaign) -> Iterator[Mistake]:
    starts, ends = span.starts_on, span.ends_on
    if starts and ends and ends < starts:
        yield (
            (*place, "ends_on"),
            say("{ends} is before it begins on {starts}", ends=ends, starts=starts),
        )
    elif isinstance(span, Window) and span.weekdays and starts and ends:
        days = min((ends - starts).days + 1, 7)
        met = {WEEKDAYS[(starts + timedelta(days=n)).weekday()] for n in range(days)}
        if met.isdisjoint(span.weekdays):
            yield (
                (*place, "weekdays"),
                say("none of them lies between {starts} and {ends}", starts=starts, ends=ends),
            )
    for index, hours in enumerate(span.hours if isinstance(span, Window) else ()):
        opens, _, closes = hours.partition("-")
        if opens == closes:
            told = say("ends when it begins; leave it out for the whole day")
            yield (*place, "hours", index), told


def _apart(one: Window, other: Campaign) -> bool:
    latest = max(one.starts_on or date.min, other.starts_on or date.min)
    return latest > min(one.ends_on or date.max, other.ends_on or date.max)


def _effect(rule: EarnRule, program: Program) -> Iterator[Mistake]:
    effect = rule.effect
    if isinstance(effect, PerItem) and rule.condition.items is None:
        told = say("an effect per_item needs condition.items to say which items")
        yield ("condition",), told
    if isinstance(effect, PerAmount) and effect.of == "items":
        if rule.condition.items is None:
            told = say("an effect of items needs condition.items to say which items")
            yield ("condition",), told
        if effect.except_tenders:
            told = say("nobody knows which item was paid how: write of: total, or leave it out")
            yield ("effect", "except_tenders"), told
    if isinstance(effect, Multiplier):
        spending = [r.rule for r in program.earn if isinstance(r.effect, PerAmount)]
        for index, name in enumerate(effect.rules):
            if name not in spending:
                told = _unknown(say("rule with an effect per_amount"), name, spending)
                yield ("effect", "rules", index), told
        if not spending:
            yield ("effect",), say("there is no rule with an effect per_amount to multiply")


def _cap(cap: Cap, rule: EarnRule) -> Iterator[Message]:
    if (cap.points is None) == (cap.times is None):
        yield say("write points, or times, and for both two caps")
    if cap.times is not None and cap.per == "receipt":
        yield say("a rule gives once a receipt anyway: write points, or another period")
    if cap.points is not None and rule.effect is None:
        yield say("the rule gives no points: write times")
    if cap.per == "receipt" and cap.of == "all":
        yield say("a receipt is one member's: leave `of` out")


def _condition(rule: EarnRule, program: Program) -> Iterator[Mistake]:
    condition = rule.condition
    for index, name in enumerate(condition.items.lists if condition.items else ()):
        if name not in program.products:
            yield (
                ("condition", "items", "lists", index),
                _unknown(say("list"), name, program.products),
            )
    for name, wanted in condition.fields.items():
        low, high = wanted.min, wanted.max
        if low is not None and high is not None:
            if isinstance(low, date) != isinstance(high, date):
                yield ("condition", "fields", name), say("min and max are not of one kind")
            elif low > high:  # type: ignore[operator]
                told = say("{high} is less than min, {low}", high=high, low=low)
                yield ("condition", "fields", name, "max"), told
    if condition.when is not None:
        for told in _expression(condition.when, rule, program):
            yield ("condition", "when"), told


def _expression(source: str, rule: EarnRule, program: Program) -> Iterator[Message]:
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
        yield say("{name} is not there with `trigger: {trigger}`", name=name, trigger=rule.trigger)
    unknown = sorted(expression.uses.lists - set(program.products))
    for name in unknown:
        yield _unknown(say("list"), name, program.products)
    told = None if wrong or unknown else what_fails(expression, rule, program)
    if told:
        yield told


def _unknown(what: Message, name: str, known: Any) -> Message:
    names = list(known)
    hint: str = nearest(name, names)
    if names and not hint:
        hint = say(": it has {names}", names=", ".join(names[:5]))
    return say('"{name}" is no {what} of this program{hint}', name=name, what=what, hint=hint)
