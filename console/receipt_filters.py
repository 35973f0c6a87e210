"""Which receipts a list shows, as its address says it and as `intake.Filters` has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from preuve.intake import Filters, Status

NAMES = (
    "q",
    "status",
    "retailer",
    "template",
    "member",
    "reason",
    "from",
    "to",
    "bought_from",
    "bought_to",
    "min",
    "max",
    "points_min",
    "points_max",
)
"""What an address may say; each is a filter, but for what cannot be read, which is none."""


def filters_of(query: Mapping[str, str]) -> Filters:
    """The filters of an address. What is no date, amount or status there filters nothing."""
    said = {name: query.get(name, "").strip() for name in NAMES}
    statuses = [Status(name) for name in said["status"].split(",") if name in set(Status)]
    return Filters(
        statuses=tuple(statuses),
        retailer=said["retailer"] or None,
        template=said["template"] or None,
        member_id=said["member"] or None,
        reason=said["reason"] or None,
        received_from=_day(said["from"]),
        received_to=_day(said["to"]),
        purchased_from=_day(said["bought_from"]),
        purchased_to=_day(said["bought_to"]),
        total_from=_amount(said["min"]),
        total_to=_amount(said["max"]),
        points_from=_points(said["points_min"]),
        points_to=_points(said["points_max"]),
        search=said["q"],
    )


def given(query: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that filters, to be handed on to another page or an export."""
    return {name: query[name] for name in NAMES if query.get(name, "").strip()}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", ".").replace("\u202f", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _points(text: str) -> int | None:
    amount = _amount(text)
    return int(amount) if amount is not None and abs(amount) < 10**12 else None
