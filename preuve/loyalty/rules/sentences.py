"""An award in sentences that a member understands; the words lie in `sentences.yaml`.

`28 points: 2 for each euro on €14.80 of Lindt, doubled until Sunday 29 November`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, get_currency_name

from preuve.folding import bare
from preuve.loyalty.rules.award import AwardLine, Grant

LANGUAGES = ("fr", "en")
MOST_NAMES = 3
"""Products that are named one by one where the program has no name for them."""


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence about `points`, of one rule, or of one and the multiplier of its points."""

    rules: tuple[str, ...]
    points: int
    text: str


def tell(lines: Sequence[AwardLine], language: str) -> tuple[Told, ...]:
    """A sentence for each line, in their order, in French ("fr") or English (any other).

    A multiplier of the points of one rule is told together with them. A line without its
    calculation is told as operators read it.
    """
    words = _Words(language)
    doubled = {_multiplied(line, lines): line for line in lines}
    told = []
    for line in lines:
        if _multiplied(line, lines) is not None:
            continue
        multiplier = doubled.get(line.rule)
        points = line.points + (multiplier.points if multiplier else 0)
        rules = (line.rule, multiplier.rule) if multiplier else (line.rule,)
        told.append(Told(rules, points, words.line(line, multiplier, points)))
    return tuple(told)


def tell_grant(grant: Grant, language: str) -> str:
    """What a member is given that is no points."""
    words = _Words(language)
    return words.say(grant.kind, name=grant.name, amount=words.worth(grant.value, grant.currency))


def _multiplied(line: AwardLine, lines: Iterable[AwardLine]) -> str | None:
    """The one rule whose points a line multiplies, where that one is told of too."""
    rules: Mapping[str, int] = line.detail.get("of") or {}
    if line.detail.get("kind") != "multiplier" or len(rules) != 1:
        return None
    (rule,) = rules
    return rule if any(one.rule == rule and one.points == rules[rule] for one in lines) else None


@cache
def _texts() -> dict[str, dict[str, Any]]:
    source = resources.files("preuve.loyalty.rules").joinpath("sentences.yaml").read_text("utf-8")
    texts: dict[str, dict[str, Any]] = yaml.safe_load(source)
    return texts


class _Words:
    """One language: its texts, and how it writes numbers, amounts and days."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "en"
        self.locale = Locale(self.language)
        self.texts = _texts()[self.language]

    def say(self, key: str, **values: str) -> str:
        return str(self.texts[key]).format(**values)

    def counted(self, key: str, count: int, **values: str) -> str:
        form = "one" if self.locale.plural_form(count) == "one" else "other"
        return str(self.texts[key][form]).format(n=self.number(count), **values)

    def number(self, number: int | Decimal) -> str:
        return format_decimal(number, locale=self.locale)

    def line(self, line: AwardLine, multiplier: AwardLine | None, points: int) -> str:
        detail = line.detail
        total = self.counted("points", points)
        match detail.get("kind"):
            case "per_amount":
                told = self.per_amount(detail, total)
            case "per_item":
                each, products = self.number(detail["each"]), self.products(detail)
                told = self.counted(
                    "per_item", detail["count"], points=total, each=each, products=products
                )
            case "multiplier":
                told = self.say("multiplier", points=total, multiplied=self.times(detail))
            case "fixed":
                own = detail["trigger"] if detail["trigger"] in self.texts else "fixed"
                told = self.say(own, points=total, name=detail["name"])
            case _:
                told = self.say("fixed", points=total, name=line.why)
        told += self.held(detail)
        if multiplier is None:
            join = " " if detail.get("kind") == "multiplier" else ", "
            return told + self.until(detail, join)
        told += f", {self.times(multiplier.detail)}{self.until(multiplier.detail, ' ')}"
        return told + self.held(multiplier.detail)

    def per_amount(self, detail: Mapping[str, Any], points: str) -> str:
        per, currency = Decimal(detail["per"]), detail["currency"]
        key, unit = "per_amount_of", self.amount(per, currency, whole=per == int(per))
        if per == 1 and currency:
            key, unit = "per_amount", get_currency_name(currency, count=1, locale=self.locale)
        told = self.say(
            key,
            points=points,
            each=self.number(detail["each"]),
            unit=unit,
            amount=self.worth(detail["amount"], currency, detail["exponent"]),
            products=self.products(detail),
            discount=self.say("discount") if _has_discount(detail) else "",
        )
        # Down is what one expects.
        counted = per * detail["count"]
        if counted <= Decimal(detail["amount"]).scaleb(-detail["exponent"]):
            return told
        whole = counted == int(counted)
        return told + self.say("rounded", amount=self.amount(counted, currency, whole=whole))

    def products(self, detail: Mapping[str, Any]) -> str:
        if not detail.get("products"):
            rows = list(dict.fromkeys(_printed(detail)))
            shown = rows[:MOST_NAMES] + (["…"] if len(rows) > MOST_NAMES else [])
            return self.say("printed", names=", ".join(shown)) if rows else ""
        names = [self.of(name) for name in detail["products"]]
        return self.say("products", names=format_list(names, locale=self.locale))

    def of(self, name: str) -> str:
        """A name after "of", where the language says that before each of several."""
        elided = self.language == "fr" and _is_elided_before(name, self.texts["mute_h"])
        return self.say("of_vowel" if elided else "of", name=name)

    def times(self, detail: Mapping[str, Any]) -> str:
        times = detail["times"]
        known = self.texts["multiplied_by"].get(times)
        return str(known) if known else self.say("multiplied", times=self.number(Decimal(times)))

    def held(self, detail: Mapping[str, Any]) -> str:
        by = detail.get("held_by")
        if not by:
            return ""
        most = self.counted("points", by["points"]) if "points" in by else ""
        return str(self.texts["held"][by["per"]]).format(most=most)

    def until(self, detail: Mapping[str, Any], join: str) -> str:
        if "until" not in detail:
            return ""
        day, counted = date.fromisoformat(detail["until"]), date.fromisoformat(detail["counted_on"])
        form = "EEEE d MMMM" if day.year == counted.year else "EEEE d MMMM y"
        written = format_date(day, form, locale=self.locale)
        if self.language == "fr" and day.day == 1:
            written = written.replace(" 1 ", " 1er ", 1)
        return join + self.say("until", day=written)

    def worth(self, minor: int | None, currency: str | None, exponent: int = 2) -> str:
        """An amount of minor units; nothing where there is none."""
        if minor is None:
            return ""
        return self.amount(Decimal(minor).scaleb(-exponent), currency)

    def amount(self, amount: Decimal, currency: str | None, *, whole: bool = False) -> str:
        if currency is None:
            return self.number(amount)
        standard = self.locale.currency_formats["standard"].pattern
        form = standard.replace(".00", "") if whole else standard
        return format_currency(
            amount, currency, form, locale=self.locale, currency_digits=not whole
        )


def _printed(detail: Mapping[str, Any]) -> list[str]:
    """The rows that a rule counted, as they are printed."""
    return [line["description"] for line in detail.get("lines", ()) if line["amount"] > 0]


def _is_elided_before(name: str, mute_h: Iterable[str]) -> bool:
    """Whether French says "d'" before a name: a vowel, a y that is one, an h that is mute."""
    begins = bare(name)
    if begins.startswith("y"):
        return begins[1:2] not in ("", *"aeiou")
    return begins.startswith((*"aeiou", *mute_h))


def _has_discount(detail: Mapping[str, Any]) -> bool:
    return any(line["amount"] < 0 for line in detail.get("lines", ()))
