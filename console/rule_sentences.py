"""An earn rule as one sentence that a marketing person reads."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from console.words import Words
from preuve.loyalty import Program
from preuve.loyalty.rules.effects import Fixed, Multiplier, PerAmount, PerItem
from preuve.loyalty.rules.products import ItemCondition
from preuve.loyalty.rules.rule import EarnRule

PER = {"day": "by_day", "week": "by_week", "month": "by_month"}


def rule_names(program: Program) -> dict[str, str]:
    """What its rules are called, by their keys."""
    return {rule.rule: rule.name for rule in program.earn}


def sentence(t: Words, rule: EarnRule, program: Program) -> str:
    """`Chaque reçu rapporte 2 points pour chaque tranche de 1 € de Lindt, au plus …`."""
    clauses = "".join(f", {clause}" for clause in _clauses(t, rule, program))
    effect = _effect(t, rule, program)
    return t(
        "programs.sentence.sentence", trigger=_trigger(t, rule), effect=effect, clauses=clauses
    )


def _trigger(t: Words, rule: EarnRule) -> str:
    if rule.nth is None:
        return t(f"programs.sentence.trigger.{rule.trigger}", event=rule.event or "")
    name = "every_nth" if rule.nth.every else "nth_receipt"
    told = t(f"programs.sentence.trigger.{name}", n=rule.nth.number)
    if rule.nth.per == "ever":
        return told
    return f"{told} {t(f'programs.sentence.per.{rule.nth.per}')}"


def _effect(t: Words, rule: EarnRule, program: Program) -> str:
    effect, items = rule.effect, _items(t, rule.condition.items, program)
    if isinstance(effect, PerAmount):
        name = "per_amount_items" if effect.of == "items" else "per_amount"
        amount = _money(t, effect.amount, program)
        told = t(
            f"programs.sentence.{name}",
            points=_points(t, effect.points),
            amount=amount,
            items=items,
        )
    elif isinstance(effect, PerItem):
        told = t("programs.sentence.per_item", points=_points(t, effect.points), items=items)
    elif isinstance(effect, Fixed):
        told = _points(t, effect.points)
    elif isinstance(effect, Multiplier):
        told = t("programs.sentence.multiplier", times=t.number(effect.times))
    else:
        told = t("programs.sentence.nothing")
    grants = "".join(f" {t('programs.sentence.grant', name=one.name)}" for one in rule.grants)
    return told + grants


def _clauses(t: Words, rule: EarnRule, program: Program) -> Iterator[str]:
    must, window = rule.condition, rule.window
    if must.kinds:
        yield t(
            "programs.sentence.kinds",
            names=", ".join(t(f"template.kind.{kind}").lower() for kind in must.kinds),
        )
    if must.items and not isinstance(rule.effect, PerItem | PerAmount):
        yield t("programs.sentence.with_items", items=_items(t, must.items, program))
    if must.items and must.items.min_pieces > 1:
        yield t("programs.sentence.min_pieces", n=must.items.min_pieces)
    if must.countries:
        yield t("programs.sentence.countries", names=", ".join(must.countries))
    if must.retailers:
        yield t("programs.sentence.retailers", names=", ".join(must.retailers))
    if must.min_total:
        yield t("programs.sentence.min_total", amount=_money(t, must.min_total, program))
    if must.segments:
        yield t("programs.sentence.segments", names=", ".join(must.segments))
    if must.not_segments:
        yield t("programs.sentence.not_segments", names=", ".join(must.not_segments))
    if must.when:
        yield t("programs.sentence.when", expression=must.when)
    campaign = program.campaigns.get(rule.campaign or "")
    starts_on = window.starts_on or (campaign.starts_on if campaign else None)
    ends_on = window.ends_on or (campaign.ends_on if campaign else None)
    if starts_on and ends_on:
        yield t("programs.sentence.from_to", start=t.day(starts_on), end=t.day(ends_on))
    elif starts_on:
        yield t("programs.sentence.since", start=t.day(starts_on))
    elif ends_on:
        yield t("programs.sentence.until", end=t.day(ends_on))
    if window.weekdays:
        days = ", ".join(t(f"programs.sentence.days.{day}") for day in window.weekdays)
        yield t("programs.sentence.weekdays", days=days)
    if window.hours:
        yield t("programs.sentence.hours", hours=", ".join(window.hours))
    if isinstance(rule.effect, PerAmount | Multiplier) and rule.effect.rounding:
        yield t(f"programs.sentence.rounding.{rule.effect.rounding}")
    for cap in rule.caps:
        per = t(f"programs.sentence.per.{PER.get(cap.per, cap.per)}")
        if cap.of == "all":
            per += f" {t('programs.sentence.of_all')}"
        if cap.points:
            yield t("programs.sentence.cap_points", points=_points(t, cap.points), per=per)
        if cap.times:
            yield t("programs.sentence.cap_times", n=cap.times, per=per)
    if campaign and campaign.member_cap:
        yield t("programs.sentence.member_cap", points=_points(t, campaign.member_cap))
    if campaign and campaign.budget:
        points = _points(t, campaign.budget)
        yield t("programs.sentence.budget", points=points, campaign=campaign.name)
    if rule.priority:
        yield t("programs.sentence.priority", n=rule.priority)
    if rule.last:
        yield t("programs.sentence.last")


def _items(t: Words, items: ItemCondition | None, program: Program) -> str:
    if items is None:
        return t("programs.sentence.any_item")
    lists = (program.products[key].name for key in items.lists if key in program.products)
    return " / ".join((*lists, *items.words, *items.gtins)) or t("programs.sentence.any_item")


def _points(t: Words, points: int) -> str:
    return t("programs.sentence.points", n=points)


def _money(t: Words, amount: Decimal, program: Program) -> str:
    """In the program's currency, where it takes one alone."""
    currencies = program.limits.currencies
    return t.money(amount, currencies[0] if len(currencies) == 1 else None)
