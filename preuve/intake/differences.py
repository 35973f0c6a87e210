"""Two readings of one receipt, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from preuve.reading.result import Reading


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's text before and after; None where it was, or is, not found."""

    field: str
    before: str | None
    after: str | None


def differences(before: Reading, after: Reading) -> tuple[FieldChange, ...]:
    """The fields whose values differ, in a fixed order; how sure they are is left aside."""
    old, new = field_texts(before), field_texts(after)
    changes = (FieldChange(field, old.get(field), new.get(field)) for field in {**old, **new})
    return tuple(change for change in changes if change.before != change.after)


def field_texts(reading: Reading) -> dict[str, str | None]:
    """Each field's text, as it is compared; None where it was not found."""
    return dict(_texts(reading))


def _texts(reading: Reading) -> Iterator[tuple[str, str | None]]:
    retailer = reading.retailer.value if reading.retailer else None
    yield "template", reading.match.template
    yield "retailer", (retailer.key or retailer.name) if retailer else None
    yield "country", reading.country
    for field in (
        "purchased_on",
        "purchased_at",
        "currency",
        "total",
        "subtotal",
        "rounding",
        "change",
        "item_count",
        "receipt_number",
    ):
        value = getattr(reading, field)
        yield field, None if value is None else str(value.value)
    for own in reading.fields:
        yield f"fields.{own.name}", own.value.value if own.value else None
    yield "items", "; ".join(f"{item.description} {item.amount}" for item in reading.items)
    yield "taxes", "; ".join(f"{line.rate} % {line.tax}" for line in reading.taxes)
    yield "tenders", "; ".join(f"{tender.kind} {tender.amount}" for tender in reading.tenders)
