"""The usual earn rules as a form: which boxes there are, and the rule that is written of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from preuve.folding import bare
from preuve.loyalty.rules.rule import RECEIPTS

Said = Mapping[str, Any]
"""What stands in the boxes, by their names: text, keys that are chosen, or True and False."""

TRIGGERS = ("receipt", "first_receipt", "nth_receipt", "sign_up", "birthday", "event")
EFFECTS: Mapping[str, tuple[str, ...]] = {
    "per_amount": ("points", "amount"),
    "per_amount_items": ("points", "amount"),
    "per_item": ("points",),
    "fixed": ("points",),
    "multiplier": ("times",),
    "none": (),
}
"""The boxes that each effect needs. Without points there are gifts, badges, messages alone."""
OF_ITEMS = frozenset({"per_amount_items", "per_item"})
ROUNDED = frozenset({"per_amount", "per_amount_items", "multiplier"})
ANY_OCCASION = ("fixed", "none")
"""The effects of what is no receipt."""
GRANTS = ("gift", "voucher", "badge", "message")
NUMBERS = frozenset({"points", "amount", "times", "number", "min_total", "min_pieces", "value"})
PER = ("receipt", "day", "week", "month", "campaign")
CAPS = 3
"""So many caps have a row in the form."""


@dataclass(frozen=True, slots=True)
class Written:
    """A rule as YAML has it, and the campaign that is made for it, by its key."""

    rule: dict[str, Any]
    campaigns: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """The box that is not filled, or holds no number."""

    box: str


def has_box(name: str, trigger: str, effect: str) -> bool:
    """Whether a box stands in the form, for what is chosen."""
    if name in ("number", "per", "every"):
        return trigger == "nth_receipt"
    if name == "event":
        return trigger == "event"
    if name in ("min_total", "retailers"):
        return trigger in RECEIPTS
    if name == "rounding":
        return effect in ROUNDED
    return name in EFFECTS[effect] or all(name not in boxes for boxes in EFFECTS.values())


def rule_of(said: Said, taken: frozenset[str], campaigns: frozenset[str]) -> Written | Missing:
    """The rule under a key that is not `taken`; a new campaign under one of no other."""
    missing = _missing(said)
    if missing:
        return Missing(missing)
    rule: dict[str, Any] = {"rule": key_of(said["name"], taken), "name": said["name"].strip()}
    if said["trigger"] != "receipt":
        rule["trigger"] = said["trigger"]
    if said["trigger"] == "nth_receipt":
        rule["nth"] = {"number": _number(said["number"]), "per": said["per"]}
        rule["nth"] |= {"every": True} if said.get("every") else {}
    if said["trigger"] == "event":
        rule["event"] = said["event"].strip()
    made = _campaign(said, campaigns)
    if made or said.get("campaign"):
        rule["campaign"] = next(iter(made), said.get("campaign"))
    parts = {
        "priority": _number(said.get("priority", "")) or None,
        "last": bool(said.get("last")) or None,
        "window": _window(said),
        "condition": _condition(said),
        "effect": _effect(said),
        "grants": _grants(said),
        "caps": _caps(said),
    }
    return Written(rule | {name: part for name, part in parts.items() if part}, made)


def key_of(name: str, taken: frozenset[str]) -> str:
    """Of the name's letters and digits; counted up until no other has it."""
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in bare(name))
    key = "-".join(letters.split())[:60].strip("-") or "rule"
    number, found = 2, key
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


def _missing(said: Said) -> str | None:
    needed = ["name", *EFFECTS[said["effect"]]]
    needed += ["number"] if said["trigger"] == "nth_receipt" else []
    needed += ["event"] if said["trigger"] == "event" else []
    if said.get("grant") or said["effect"] == "none":
        needed += ["grant", "grant_name"]
    if said.get("grant") == "voucher":
        needed.append("value")
    if said.get("campaign") == "new":
        needed.append("campaign_name")
    if bool(_text(said, "from_hour")) != bool(_text(said, "to_hour")):
        needed += ["from_hour", "to_hour"]
    if said["effect"] in OF_ITEMS and not _items(said):
        return "words"
    unfilled = (name for name in needed if not _text(said, name))
    numbers = [*NUMBERS, "priority", "budget", "member_cap", *(f"cap_{n}" for n in range(CAPS))]
    wrong = (name for name in numbers if _text(said, name) and _number(said[name]) is None)
    return next(unfilled, None) or next(wrong, None)


def _window(said: Said) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: day for name in ("starts_on", "ends_on") if (day := _day(_text(said, name)))
    }
    if said.get("weekdays"):
        found["weekdays"] = list(said["weekdays"])
    if _text(said, "from_hour"):
        found["hours"] = [f"{said['from_hour'][:5]}-{said['to_hour'][:5]}"]
    return found


def _condition(said: Said) -> dict[str, Any]:
    of_receipt = said["trigger"] in RECEIPTS
    found: dict[str, Any] = {
        "retailers": list(said.get("retailers") or ()) if of_receipt else [],
        "min_total": _number(_text(said, "min_total")) if of_receipt else None,
        "items": _items(said) if of_receipt else {},
        "segments": _listed(said, "segments"),
        "not_segments": _listed(said, "not_segments"),
    }
    return {name: part for name, part in found.items() if part}


def _items(said: Said) -> dict[str, Any]:
    """Empty where no product is named."""
    found: dict[str, Any] = {
        "lists": list(said.get("lists") or ()),
        "gtins": _listed(said, "gtins"),
        "words": _listed(said, "words"),
    }
    found = {name: part for name, part in found.items() if part}
    if not found:
        return {}
    never, pieces = _listed(said, "never"), _number(_text(said, "min_pieces"))
    return found | ({"never": never} if never else {}) | ({"min_pieces": pieces} if pieces else {})


def _effect(said: Said) -> dict[str, Any]:
    effect = said["effect"]
    if effect == "none":
        return {}
    if effect == "multiplier":
        found: dict[str, Any] = {"kind": effect, "times": _number(said["times"])}
    else:
        found = {"kind": effect, "points": _number(said["points"])}
    if effect in ("per_amount", "per_amount_items"):
        found |= {"kind": "per_amount", "amount": _number(said["amount"])}
    if effect == "per_amount_items":
        found["of"] = "items"
    if effect in ROUNDED and said.get("rounding"):
        found["rounding"] = said["rounding"]
    return found


def _grants(said: Said) -> list[dict[str, Any]]:
    kind = said.get("grant")
    if not kind:
        return []
    name = said["grant_name"].strip()
    found: dict[str, Any] = {"kind": kind, "key": key_of(name, frozenset()), "name": name}
    if kind == "voucher":
        found |= {"value": _number(said["value"]), "currency": said["currency"]}
    return [found]


def _caps(said: Said) -> list[dict[str, Any]]:
    found = []
    for number in range(CAPS):
        most = _number(_text(said, f"cap_{number}"))
        if most is not None:
            cap = {"per": said[f"cap_{number}_per"], said[f"cap_{number}_unit"]: most}
            found.append(cap | ({"of": "all"} if said[f"cap_{number}_of"] == "all" else {}))
    return found


def _campaign(said: Said, campaigns: frozenset[str]) -> dict[str, dict[str, Any]]:
    """One that the form makes, of the same days as the rule."""
    if said.get("campaign") != "new":
        return {}
    name = said["campaign_name"].strip()
    most = {key: _number(_text(said, key)) for key in ("budget", "member_cap")}
    days = {key: day for key, day in _window(said).items() if key.endswith("_on")}
    made = {"name": name, **days, **{key: number for key, number in most.items() if number}}
    return {key_of(name, campaigns): made}


def _text(said: Said, name: str) -> str:
    return str(said.get(name) or "").strip()


def _listed(said: Said, name: str) -> list[str]:
    return [part.strip() for part in _text(said, name).split(",") if part.strip()]


def _number(text: str) -> int | float | None:
    try:
        number = Decimal(text.strip().replace(",", ".").replace(" ", "").replace("\u202f", ""))
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
