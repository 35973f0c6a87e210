"""What an operator may set by hand, and how it is laid over what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from preuve.reading.result import (
    Field as OwnField,
)
from preuve.reading.result import (
    Item,
    ItemKind,
    MatchResult,
    Reading,
    Reason,
    Retailer,
    Value,
    Verdict,
)
from preuve.reasons import ReasonCode

RULE = "amended by an operator"
NOTHING_READ = Reading(kind="receipt", language="", match=MatchResult("", "", 0.0))
"""What an amendment is laid over where no reading ever came out."""

T = TypeVar("T")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AmendedItem(Model):
    description: str = Field(min_length=1)
    amount: Decimal
    kind: ItemKind = "product"
    quantity: Decimal | None = None


class Amendment(Model):
    """Values that replace what was read; None leaves a value as it is.

    An operator who amends has looked: the values count as trusted, and likeness to another
    purchase is no longer in doubt. The program's limits and certain duplicates still hold.
    `decision` "reject" ends the receipt whatever its values.
    """

    decision: Literal["accept", "reject"] = "accept"
    retailer_key: str | None = None
    retailer_name: str | None = None
    purchased_on: date | None = None
    purchased_at: time | None = None
    total: Decimal | None = Field(default=None, decimal_places=3)
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    receipt_number: str | None = None
    items: tuple[AmendedItem, ...] | None = None
    fields: dict[str, str] | None = None
    """Fields of the template's own by name, as text: `12.50`, `2026-11-30`, `yes`."""

    def after(self, earlier: Amendment | None) -> Amendment:
        """This amendment on top of an earlier one of the same receipt."""
        if earlier is None:
            return self
        return Amendment(**{**_given(earlier), **_given(self), "decision": self.decision})

    def over(self, reading: Reading) -> Reading:
        """`reading` with the operator's values in place of its own."""
        return replace(
            reading,
            retailer=self._retailer(reading.retailer),
            country=self.country or reading.country,
            currency=_value(self.currency, reading.currency),
            purchased_on=_value(self.purchased_on, reading.purchased_on),
            purchased_at=_value(self.purchased_at, reading.purchased_at),
            total=_value(self.total, reading.total),
            receipt_number=_value(self.receipt_number, reading.receipt_number),
            items=reading.items if self.items is None else tuple(map(_item, self.items)),
            fields=tuple(_field(field, self.fields or {}) for field in reading.fields),
        )

    def _retailer(self, read: Value[Retailer] | None) -> Value[Retailer] | None:
        if self.retailer_key is None and self.retailer_name is None:
            return read
        name = self.retailer_name or (read.value.name if read else self.retailer_key or "")
        return _value(Retailer(name, self.retailer_key), read)


AMENDED = Verdict("trusted", 1.0, (Reason(ReasonCode.AMENDED),))


def _given(amendment: Amendment) -> dict[str, object]:
    return {name: getattr(amendment, name) for name in amendment.model_fields_set}


def _value(new: T | None, read: Value[T] | None) -> Value[T] | None:
    if new is None:
        return read
    return Value(new, 1.0, RULE, place=read.place if read else None)


def _field(field: OwnField, given: Mapping[str, str]) -> OwnField:
    """The operator's word for a field; what was checked of the earlier value is no longer told."""
    if field.name not in given:
        return field
    return replace(field, value=_value(given[field.name], field.value), checks=())


def _item(item: AmendedItem) -> Item:
    return Item(
        raw_text=item.description,
        description=item.description,
        amount=item.amount,
        kind=item.kind,
        quantity=item.quantity,
        confidence=1.0,
    )
