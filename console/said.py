"""Values that were read, as people write them."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal, InvalidOperation

from console.words import Words
from preuve.reading.result import Field, Reading, Retailer


def said(value: object, reading: Reading, t: Words) -> str:
    """A value as people write it."""
    if isinstance(value, Retailer):
        return value.name
    if isinstance(value, Decimal):
        return t.money(value, reading.currency.value if reading.currency else None)
    if isinstance(value, date):
        return t.day(value)
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


def own_said(field: Field, reading: Reading, t: Words) -> str | None:
    """A value of the template's own, as people write it; None where it is not found."""
    if field.value is None:
        return None
    text = field.value.value
    try:
        if field.type == "date":
            return said(date.fromisoformat(text), reading, t)
        if field.type == "amount":
            return said(Decimal(text), reading, t)
    except (ValueError, InvalidOperation):
        return text
    return t(f"template.{text}") if field.type == "yes_no" and text in ("yes", "no") else text
