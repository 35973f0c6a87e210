"""What an operator has entered on a receipt, and the amendment that comes of it. Pure.

Every box on the page is an `Entry`: the text in it, and the value that was understood. It is
kept as a draft while nothing is decided, so it says all that a page needs to be drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from preuve.intake import (
    AmendedItem,
    Amendment,
    Paper,
    Pointed,
    Said,
    WordAt,
    clicked,
    typed,
)
from preuve.reading.page import Pages
from preuve.reading.result import Item, Place, Reading, Retailer

HEADER = ("retailer", "purchased_on", "purchased_at", "total", "currency", "receipt_number")
SUMS = ("total", "amount", "quantity")
LARGEST = 10**9
"""No receipt says such a sum: a key that was held down, or a number that is none."""
MAY_BE_EMPTY = ("purchased_at", "receipt_number")

Wrong = Literal["empty", "not_understood"]
Column = Literal["description", "quantity", "amount"]
COLUMNS: tuple[Column, ...] = ("description", "quantity", "amount")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Model):
    """The text of one box and the value that it says; None where nothing was understood."""

    text: str = Field(max_length=2000)
    value: str | None = None
    pointed: Pointed | None = None

    @property
    def wrong(self) -> Wrong | None:
        if self.value is not None:
            return None
        return "not_understood" if self.text.strip() else "empty"


class Line(Model):
    """A row of the table of items; `source` is the item of the reading that it began as."""

    cells: dict[Column, Entry]
    source: int | None = None


class Entered(Model):
    """All that was entered. `lines` is None while nobody touched the items."""

    values: dict[str, Entry] = {}
    lines: tuple[Line, ...] | None = None

    def with_value(self, name: str, entry: Entry) -> Entered:
        return self.model_copy(update={"values": {**self.values, name: entry}})

    def with_lines(self, lines: Sequence[Line]) -> Entered:
        return self.model_copy(update={"lines": tuple(lines)})


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as the page shows it: what was read, or what was entered instead.

    `title` is set for a template's own field; `confidence` is None for what a person entered;
    `others` are the texts that the value was chosen among.
    """

    name: str
    title: str
    entry: Entry
    confidence: float | None
    place: Place | None
    entered: bool
    others: tuple[str, ...] = ()


class Form:
    """The fields of one receipt: `reading` with what was entered over it."""

    def __init__(self, reading: Reading, entered: Entered, language: str) -> None:
        self.reading = reading
        self.entered = entered
        self._comma = language == "fr"

    def fields(self) -> tuple[Shown, ...]:
        header = [self._header(name) for name in HEADER]
        return (*header, *self._own())

    def lines(self) -> tuple[Line, ...]:
        if self.entered.lines is not None:
            return self.entered.lines
        return tuple(self._line(at, item) for at, item in enumerate(self.reading.items))

    def sum_of_lines(self) -> Decimal | None:
        """None while an amount is not understood, or there are no lines."""
        amounts = [line.cells["amount"].value for line in self.lines()]
        if not amounts or any(amount is None for amount in amounts):
            return None
        return sum((Decimal(amount) for amount in amounts if amount), Decimal(0))

    def total(self) -> Decimal | None:
        entry = next(shown.entry for shown in self.fields() if shown.name == "total")
        return Decimal(entry.value) if entry.value else None

    def currency(self) -> str | None:
        return next(shown.entry.value for shown in self.fields() if shown.name == "currency")

    def place_of(self, line: Line) -> Place | None:
        """Where an item stands: the words that were clicked last, else where it was read."""
        pointed = [entry.pointed for entry in line.cells.values() if entry.pointed]
        if pointed:
            return pointed[-1].place
        return self.reading.items[line.source].place if line.source is not None else None

    def wrong(self) -> dict[str, Wrong]:
        """What keeps the entered values from being accepted, by field; `items.2.amount`."""
        return dict(self._wrong())

    def _wrong(self) -> Iterator[tuple[str, Wrong]]:
        for name, entry in self.entered.values.items():
            if entry.wrong and not (entry.wrong == "empty" and name in MAY_BE_EMPTY):
                yield name, entry.wrong
        for at, line in enumerate(self.entered.lines or ()):
            for column, entry in line.cells.items():
                if entry.wrong and not (entry.wrong == "empty" and column == "quantity"):
                    yield f"items.{at}.{column}", entry.wrong

    def amendment(self, keys: Mapping[str, str]) -> Amendment:
        """What was entered, to be accepted. `keys` are known retailers' keys by folded name.

        Raises ValueError (pydantic's) for a value that an amendment does not take.
        """
        given: dict[str, Any] = {}
        own: dict[str, str] = {}
        for name, entry in self.entered.values.items():
            if entry.value is None:
                continue
            if name.startswith("fields."):
                own[name.removeprefix("fields.")] = entry.value
            elif name == "retailer":
                given["retailer_name"] = entry.value
                given["retailer_key"] = keys.get(entry.value.casefold())
            else:
                given[name] = entry.value
        if own:
            given["fields"] = own
        if absent := [n for n, e in self.entered.values.items() if e.wrong == "empty"]:
            given["absent"] = absent
        if self.entered.lines is not None:
            given["items"] = [self._item(line) for line in self.entered.lines]
        if pointed := {n: e.pointed for n, e in self.entered.values.items() if e.pointed}:
            given["pointed"] = pointed
        return Amendment.model_validate(given)

    def _header(self, name: str) -> Shown:
        read = getattr(self.reading, name)
        text = self._text(read.value) if read else ""
        value = _value(read.value) if read else None
        return self._shown(name, "", text, value, read)

    def _own(self) -> Iterator[Shown]:
        for field in self.reading.fields:
            text = field.value.value if field.value else ""
            yield self._shown(f"fields.{field.name}", field.title, text, text or None, field.value)

    def _shown(self, name: str, title: str, text: str, value: str | None, read: Any) -> Shown:
        others = tuple(candidate.text for candidate in read.rejected) if read else ()
        entry = self.entered.values.get(name)
        if entry is not None:
            place = entry.pointed.place if entry.pointed else None
            return Shown(name, title, entry, None, place, True, (text, *others))
        confidence, place = (read.confidence, read.place) if read else (None, None)
        as_read = Entry(text=text, value=value)
        return Shown(name, title, as_read, confidence, place, False, others)

    def _line(self, at: int, item: Item) -> Line:
        quantity = item.quantity
        return Line(
            source=at,
            cells={
                "description": Entry(text=item.description, value=item.description),
                "quantity": Entry(
                    text=self._text(quantity) if quantity is not None else "",
                    value=str(quantity) if quantity is not None else None,
                ),
                "amount": Entry(text=self._text(item.amount), value=str(item.amount)),
            },
        )

    def _item(self, line: Line) -> AmendedItem:
        cells = {column: entry.value or "" for column, entry in line.cells.items()}
        read = self.reading.items[line.source] if line.source is not None else None
        amount = Decimal(cells["amount"])
        return AmendedItem(
            description=cells["description"],
            amount=amount,
            kind=_kind(read, amount),
            quantity=Decimal(cells["quantity"]) if cells["quantity"] else None,
            unit_of_measure=read.unit_of_measure if read else None,
            unit_price=read.unit_price if read and read.amount == amount else None,
            vat_code=read.vat_code if read else None,
            product_code=read.product_code if read else None,
            raw_text=read.raw_text if read else "",
            place=self.place_of(line),
        )

    def _text(self, value: object) -> str:
        if isinstance(value, Decimal):
            written = format(value, "f")
            return written.replace(".", ",") if self._comma else written
        if isinstance(value, date):
            return f"{value:%d/%m/%Y}"
        if isinstance(value, time):
            return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
        return value.name if isinstance(value, Retailer) else str(value)

    def from_typing(self, text: str, field: str, paper: Paper) -> Entry:
        """The entry of a box that `text` was typed into."""
        if field in ("retailer", "description"):
            return Entry(text=text, value=text.strip() or None)
        said = typed(text, field, paper)
        value = said.value if isinstance(said, Said) else None
        if value and field in SUMS and abs(Decimal(value)) >= LARGEST:
            value = None
        return Entry(text=text, value=value)

    def from_words(
        self, pages: Pages, at: Sequence[WordAt], field: str, paper: Paper
    ) -> Entry | None:
        """The entry that words on the picture give; None where they say no such value."""
        said = clicked(pages, at, field, paper)
        if not isinstance(said, Said):
            return None
        return Entry(text=self._written(said.value, field), value=said.value, pointed=said.pointed)

    def _written(self, value: str, field: str) -> str:
        if field == "purchased_on":
            return self._text(date.fromisoformat(value))
        if field in SUMS:
            return self._text(Decimal(value))
        return value


def _value(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    return value.name if isinstance(value, Retailer) else str(value)


def _kind(read: Item | None, amount: Decimal) -> Any:
    """What the item is: as it was read while its amount keeps its sign."""
    if read and (read.amount < 0) == (amount < 0):
        return read.kind
    return "discount" if amount < 0 else "product"
