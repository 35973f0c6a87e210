"""What an operator may set by hand, and how it is laid over what was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from preuve.messages import say
from preuve.reading.result import (
    Field as OwnField,
)
from preuve.reading.result import (
    Item,
    ItemKind,
    MatchResult,
    Place,
    Reading,
    Reason,
    Retailer,
    Value,
    Verdict,
)
from preuve.reasons import ReasonCode

RULE = say("amended by an operator")
NOTHING_READ = Reading(kind="receipt", language="", match=MatchResult("", "", 0.0))
"""What an amendment is laid over where no reading ever came out."""

REJECT_REASONS = (
    ReasonCode.NOT_A_RECEIPT,
    ReasonCode.PRODUCT_NOT_ELIGIBLE,
    ReasonCode.RETAILER_NOT_ELIGIBLE,
    ReasonCode.ALTERED,
    ReasonCode.SAME_PURCHASE,
    ReasonCode.NOT_ACCEPTED,
)
"""Why a person may reject a receipt; the last one asks for a note."""

RETAKE_REASONS = (
    ReasonCode.TOO_BLURRED,
    ReasonCode.CUT_OFF,
    ReasonCode.TOO_DARK,
    ReasonCode.NO_TOTAL,
    ReasonCode.SEVERAL_RECEIPTS,
)
"""What a person may ask a better photo for: each one's text tells the member what to do."""

T = TypeVar("T")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pointed(Model):
    """The printed words that an operator took a value from, and where they stand."""

    text: str
    place: Place


class AmendedItem(Model):
    """One line item. What an operator leaves as it was read is given again, with its place."""

    description: str = Field(min_length=1)
    amount: Decimal = Field(max_digits=15)
    kind: ItemKind = "product"
    quantity: Decimal | None = None
    unit_of_measure: str | None = None
    unit_price: Decimal | None = None
    vat_code: str | None = None
    product_code: str | None = None
    raw_text: str = ""
    place: Place | None = None


class Amendment(Model):
    """Values that replace what was read; None leaves a value as it is.

    An operator who amends has looked: the values count as trusted, and likeness to another
    purchase is no longer in doubt. The program's limits and certain duplicates still hold.
    `decision` "reject" ends the receipt whatever its values, "retake" asks the member for a
    better picture. `reason` tells the member why, `note` only other operators.
    """

    decision: Literal["accept", "reject", "retake"] = "accept"
    reason: ReasonCode | None = None
    note: str = Field(default="", max_length=1000)
    as_seen: bool = False
    """All values were looked at, not only those set: a later reading replaces none of them."""
    retailer_key: str | None = None
    retailer_name: str | None = None
    purchased_on: date | None = None
    purchased_at: time | None = None
    total: Decimal | None = Field(default=None, max_digits=15, decimal_places=3)
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    receipt_number: str | None = None
    items: tuple[AmendedItem, ...] | None = None
    fields: dict[str, str] | None = None
    """Fields of the template's own by name, as text: `12.50`, `2026-11-30`, `yes`."""
    absent: tuple[Literal["purchased_at", "receipt_number"], ...] = ()
    """Values that were read and are not on the paper."""
    pointed: dict[str, Pointed] = Field(default_factory=dict)
    """Where values come from that were not typed: by `total`, `retailer`, `fields.serial`."""

    @model_validator(mode="after")
    def _has_its_reason(self) -> Self:
        known = {"reject": REJECT_REASONS, "retake": RETAKE_REASONS}.get(self.decision, ())
        if self.reason is not None and self.reason not in known:
            raise ValueError(f"{self.reason} is no reason to {self.decision}")
        if self.decision == "retake" and self.reason is None:
            raise ValueError("a member who is asked for a better photo must be told why")
        if self.reason is ReasonCode.NOT_ACCEPTED and not self.note.strip():
            raise ValueError(f"{self.reason} needs a note")
        return self

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why a receipt was not accepted, as the operator said it."""
        return (Reason(self.reason, detail=self.note),) if self.reason else ()

    def after(self, earlier: Amendment | None) -> Amendment:
        """This amendment on top of an earlier one of the same receipt."""
        if earlier is None:
            return self
        mine = _given(self)
        kept = {
            name: pointed
            for name, pointed in earlier.pointed.items()
            if name not in _values_of(self)
        }
        return Amendment(
            **{
                **_given(earlier),
                **mine,
                "decision": self.decision,
                "reason": self.reason,
                "note": self.note,
                "fields": {**(earlier.fields or {}), **(self.fields or {})} or None,
                "absent": tuple(
                    name
                    for name in dict.fromkeys((*earlier.absent, *self.absent))
                    if name not in mine
                ),
                "pointed": {**kept, **self.pointed},
            }
        )

    def over(self, reading: Reading) -> Reading:
        """`reading` with the operator's values in place of its own."""
        items = reading.items if self.items is None else tuple(map(_item, self.items))
        return replace(
            reading,
            retailer=self._retailer(reading.retailer),
            country=self.country or reading.country,
            currency=self._value("currency", reading.currency),
            purchased_on=self._value("purchased_on", reading.purchased_on),
            purchased_at=self._value("purchased_at", reading.purchased_at),
            total=self._value("total", reading.total),
            receipt_number=self._value("receipt_number", reading.receipt_number),
            items=items,
            fields=tuple(map(self._field, reading.fields)),
        )

    def _value(self, name: str, read: Value[T] | None) -> Value[T] | None:
        if name in self.absent:
            return None
        return self._set(name, getattr(self, name), read)

    def _retailer(self, read: Value[Retailer] | None) -> Value[Retailer] | None:
        if self.retailer_key is None and self.retailer_name is None:
            return read
        name = self.retailer_name or (read.value.name if read else self.retailer_key or "")
        return self._set("retailer", Retailer(name, self.retailer_key), read)

    def _field(self, field: OwnField) -> OwnField:
        """The operator's word for a field; what was checked of the earlier value is not told."""
        given = (self.fields or {}).get(field.name)
        if given is None:
            return field
        value = self._set(f"fields.{field.name}", given, field.value)
        return replace(field, value=value, checks=())

    def _set(self, name: str, new: T | None, read: Value[T] | None) -> Value[T] | None:
        if new is None:
            return read
        pointed = self.pointed.get(name)
        if pointed:
            return Value(new, 1.0, RULE, raw_text=pointed.text, place=pointed.place)
        return Value(new, 1.0, RULE, place=read.place if read else None)


AMENDED = Verdict("trusted", 1.0, (Reason(ReasonCode.AMENDED),))


def _given(amendment: Amendment) -> dict[str, Any]:
    return {name: getattr(amendment, name) for name in amendment.model_fields_set}


def _values_of(amendment: Amendment) -> set[str]:
    """The values that an amendment sets or takes away, by the names that `pointed` uses."""
    names = {name for name, value in _given(amendment).items() if value is not None}
    if names & {"retailer_key", "retailer_name"}:
        names.add("retailer")
    return {*names, *amendment.absent, *(f"fields.{name}" for name in amendment.fields or ())}


def _item(item: AmendedItem) -> Item:
    return Item(
        raw_text=item.raw_text or item.description,
        description=item.description,
        amount=item.amount,
        kind=item.kind,
        quantity=item.quantity,
        unit_of_measure=item.unit_of_measure,
        unit_price=item.unit_price,
        vat_code=item.vat_code,
        product_code=item.product_code,
        confidence=1.0,
        place=item.place,
    )
