"""What a template says of fields of its own, of zones and of codes: the keys below `fields`.

`docs/templates.md` explains each key with examples.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Phrases = tuple[Text, ...]
Direction = Literal["right", "below", "left", "above"]
FieldType = Literal["text", "number", "amount", "date", "code", "yes_no"]
Normalizer = Literal["upper", "lower", "compact", "alphanumeric", "digits"]
Checksum = Literal["gtin", "luhn", "siren", "siret", "iban", "imei", "isbn"]
CodeFormat = Literal[
    "EAN13", "EAN8", "UPCA", "UPCE", "Code128", "Code39", "Code93", "ITF", "ITF14", "Codabar",
    "DataBar", "DataBarExp", "QRCode", "MicroQRCode", "DataMatrix", "PDF417", "Aztec",
]  # fmt: skip
"""Barcodes by the names that zxing gives them."""

DEFAULT_NORMALIZERS: dict[str, tuple[Normalizer, ...]] = {"code": ("upper", "compact")}
"""What is done to a value of a type whose field names no normalizers."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class PrintedCode(Model):
    """Barcodes or QR codes of one kind: by format, by a pattern of what they hold, or both."""

    format: CodeFormat | None = None
    """The kind of barcode; any, where it is left out."""
    pattern: Text | None = None
    """An re2 pattern that the code's text holds."""


class Zone(Model):
    """A part of the page: in shares of it, 0 to 1 from the top left, or relative to phrases."""

    top: float = Field(default=0.0, ge=0, le=1)
    bottom: float = Field(default=1.0, ge=0, le=1)
    left: float = Field(default=0.0, ge=0, le=1)
    right: float = Field(default=1.0, ge=0, le=1)
    below: Phrases = ()
    """Only rows below the first of these phrases that is printed."""
    above: Phrases = ()
    """Only rows above it; of `below` and `above`, the first phrase after the zone's beginning."""
    right_of: Phrases = ()
    """Only words right of it, in any row."""
    left_of: Phrases = ()
    """Only words left of it, in any row."""


class Checks(Model):
    """What must hold for a value. Numbers, amounts and dates are compared as such."""

    checksum: Checksum | None = None
    """The rule of the number's check digit."""
    min: Text | None = None
    """The least value, or the first day."""
    max: Text | None = None
    """The greatest value, or the last day."""
    one_of: Phrases = ()
    """The values that there are; case, accents and spaces make no difference."""
    not_in_future: bool = False
    """A date that is no later than the day on which the document came in."""


class OwnField(Model):
    """A value that this kind of document prints: what it is, where it stands, what must hold."""

    title: Text | None = None
    """What people are shown; else its name."""
    type: FieldType = "text"
    labels: Phrases = ()
    """Words that the value stands beside."""
    direction: Direction | None = None
    """Where the value stands, seen from its label: else right of it, or below."""
    zone: Zone = Zone()
    """The part of the page that it is looked for in."""
    codes: tuple[PrintedCode, ...] = ()
    """Barcodes or QR codes that hold the value."""
    pattern: Text | None = None
    """An re2 pattern of the value, after normalizing."""
    normalize: tuple[Normalizer, ...] | None = None
    """What is done to the printed text, in this order."""
    checks: Checks = Checks()
    yes: Phrases = ()
    """Words that mean yes, for a field of type yes_no."""
    no: Phrases = ()
    """Words that mean no."""
    required: bool = False
    """A document is not trusted without this field."""
    unique: bool = False
    """Two documents with the same value are the same document sent twice."""

    @property
    def normalizers(self) -> tuple[Normalizer, ...]:
        if self.normalize is not None:
            return self.normalize
        return DEFAULT_NORMALIZERS.get(self.type, ())


def comparable(type_: FieldType, text: str) -> Decimal | str:
    """A value's text as it is compared: numbers as numbers, the rest as text (dates are ISO).

    Raises ValueError for a number that is none.
    """
    if type_ not in ("number", "amount"):
        return text
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text!r} is no number; write it as 12.50") from None
