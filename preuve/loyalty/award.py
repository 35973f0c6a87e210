"""What a receipt earns: a program's rules applied to a reading. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from preuve.folding import squeeze
from preuve.loyalty.program import Condition, EarnRule, FieldCondition, Program
from preuve.reading.result import Field, Item, Reading


@dataclass(frozen=True, slots=True)
class AwardLine:
    """Points from one rule, above zero; `why` tells an operator how they come about.

    `detail` is the whole calculation, for `sentences.py` and for provenance: numbers, texts,
    lists and mappings alone, so that it can be kept as JSON. Amounts in it are minor units.
    """

    rule: str
    points: int
    why: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a rule gives that is no points. `key` names it to the partner who hands it out.

    `value` is a voucher's worth in minor units of `currency`.
    """

    rule: str
    kind: Literal["gift", "voucher", "badge", "message"]
    key: str
    name: str
    why: str
    value: int | None = None
    currency: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleError:
    """A rule that could not be judged on this occasion; `told` says why, to an operator."""

    rule: str
    told: str


@dataclass(frozen=True, slots=True)
class Award:
    """At most one line for each rule; a rule that gives nothing has none.

    With any error nothing is given: no lines, no grants. `counted_on` is the day that windows,
    caps and history take the occasion for.
    """

    lines: tuple[AwardLine, ...] = ()
    grants: tuple[Grant, ...] = ()
    errors: tuple[RuleError, ...] = ()
    counted_on: date | None = None

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)


def award(reading: Reading, program: Program) -> Award:
    """What `reading` earns in `program`, whose limits the caller has already looked at."""
    return Award(tuple(_lines(reading, program)))


def _lines(reading: Reading, program: Program) -> Iterator[AwardLine]:
    for rule in sorted(program.earn, key=lambda rule: -rule.priority):
        items = _matching_items(reading, rule.condition)
        if not _holds(reading, rule.condition, items):
            continue
        points, why = _earned(reading, rule, items)
        if rule.cap and points > rule.cap.per_receipt:
            points, why = rule.cap.per_receipt, f"{why}, at most {rule.cap.per_receipt}"
        if points > 0:
            yield AwardLine(rule.rule, points, f"{rule.name}: {why}")


def _holds(reading: Reading, condition: Condition, items: list[Item]) -> bool:
    key = reading.retailer.value.key if reading.retailer else None
    total = reading.total.value if reading.total else Decimal(0)
    fields = {field.name: field for field in reading.fields}
    return (
        (not condition.kinds or reading.kind in condition.kinds)
        and (not condition.retailers or key in condition.retailers)
        and (condition.min_total is None or total >= condition.min_total)
        and (condition.items is None or bool(items))
        and all(_suits(fields.get(name), wanted) for name, wanted in condition.fields.items())
    )


def _suits(field: Field | None, wanted: FieldCondition) -> bool:
    """Whether the field was read, passes its checks, and is what the rule wants."""
    if field is None or field.value is None or not field.valid:
        return False
    text = field.value.value
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


def _matching_items(reading: Reading, condition: Condition) -> list[Item]:
    if condition.items is None:
        return []
    wanted = [squeeze(text) for text in condition.items.description_contains]
    return [
        item
        for item in reading.items
        if item.kind == "product"
        and item.amount > 0
        and any(text in squeeze(item.description) for text in wanted)
    ]


def _earned(reading: Reading, rule: EarnRule, items: list[Item]) -> tuple[int, str]:
    effect = rule.effect
    if effect.kind == "per_receipt":
        return effect.points, f"{effect.points} for the receipt"
    if effect.kind == "per_item":
        # A PDF's text may hold NUL, which PostgreSQL refuses.
        names = ", ".join(item.description.replace("\0", "") for item in items)
        return effect.points * len(items), f"{len(items)} x {effect.points} for {names}"
    total = reading.total.value if reading.total else Decimal(0)
    times = max(int(total // effect.amount), 0)
    return effect.points * times, f"{times} x {effect.points} for {total}"
