"""The usual earn rules as a form: which boxes each one has, and what is written from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from preuve.folding import bare

FIELDS: Mapping[str, tuple[str, ...]] = {
    "per_amount": ("points", "amount"),
    "products": ("points", "words"),
    "multiplier": ("times",),
    "welcome": ("points",),
    "birthday": ("points",),
    "nth": ("points", "number"),
}
"""The boxes of each kind of rule, beside its name and its days."""
DAYS = ("starts_on", "ends_on")
NUMBERS = frozenset({"points", "amount", "times", "number"})


def rule_of(kind: str, said: Mapping[str, str], taken: frozenset[str]) -> dict[str, Any] | str:
    """The rule as YAML has it, under a key that is not `taken`; or the box that is not filled."""
    for name in ("name", *FIELDS[kind]):
        if not said.get(name, "").strip() or (name in NUMBERS and _number(said[name]) is None):
            return name
    rule: dict[str, Any] = {"rule": _key(said["name"], taken), "name": said["name"].strip()}
    days = {name: day for name in DAYS if (day := _day(said.get(name, "")))}
    if days:
        rule["window"] = days
    rule |= _told(kind, said)
    return rule


def _told(kind: str, said: Mapping[str, str]) -> dict[str, Any]:
    points = _number(said.get("points", ""))
    if kind == "per_amount":
        amount = _number(said["amount"])
        return {"effect": {"kind": "per_amount", "points": points, "amount": amount}}
    if kind == "multiplier":
        return {"effect": {"kind": "multiplier", "times": _number(said["times"])}}
    if kind == "products":
        words = [word.strip() for word in said["words"].split(",") if word.strip()]
        return {
            "condition": {"items": {"words": words}},
            "effect": {"kind": "per_item", "points": points},
        }
    trigger: dict[str, Any] = {"trigger": {"welcome": "sign_up", "birthday": "birthday"}.get(kind)}
    if kind == "nth":
        number = _number(said["number"])
        trigger = {"trigger": "nth_receipt", "nth": {"number": number, "every": True}}
    return {**trigger, "effect": {"kind": "fixed", "points": points}}


def _key(name: str, taken: frozenset[str]) -> str:
    """Of the name's letters and digits; counted up until no other rule has it."""
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in bare(name))
    key = "-".join(letters.split())[:60].strip("-") or "rule"
    number, found = 2, key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def _number(text: str) -> int | float | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > 10**9:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
