"""Sums of money with the label each one answers to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.beside import Span
from preuve.reading.extract.directions import Pointer
from preuve.reading.extract.labels import Label
from preuve.reading.extract.sheet import SPEAKS_OF_MONEY, Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.page import Box
from preuve.reading.template.fields import Direction
from preuve.reading.template.model import Role

TENDERS = frozenset(
    {
        Role.CASH,
        Role.CARD,
        Role.MEAL_VOUCHER,
        Role.GIFT_CARD,
        Role.CHECK,
        Role.OTHER_TENDER,
        Role.INSURANCE,
    }
)
SUMS = frozenset(
    {
        Role.TOTAL,
        Role.WEAK_TOTAL,
        Role.SUBTOTAL,
        Role.NET_TOTAL,
        Role.TAX,
        Role.ROUNDING,
        Role.CHANGE,
        Role.ITEM_COUNT,
        Role.SAVINGS,
        Role.IGNORE,
        *TENDERS,
    }
)
"""Roles of rows that are no items."""

_PAYING = 0.75
"""The share of a row's letters from which it is a payment wherever it stands."""

_INSURING = 0.5
"""The share of a row's letters from which it is what an insurance pays."""

_COUNTED = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,3})?)\s?[xX×*]\s?(\d+[.,]\d{2})(?!\d)")
_CENT = Decimal("0.01")

_MADE_ABOVE = frozenset({Role.TOTAL, Role.SUBTOTAL})
"""Roles of the sums that articles make."""

_TABLE_WORDS = frozenset({Role.TAX, Role.NET_TOTAL, Role.TOTAL, Role.WEAK_TOTAL, Role.SUBTOTAL})


@quickly_made
@dataclass(frozen=True, slots=True)
class Figure(Keeping):
    """One sum of money. `labels` are all that it may answer to (a word can have two roles);
    `share` is how much of the row's words they make up; `beside` says that label and amount
    stand on the same row; `in_table` that it stands in the tax summary."""

    line: Line
    amount: Amount
    labels: tuple[Label, ...]
    share: float
    beside: bool
    last: bool
    in_table: bool

    @property
    def value(self) -> Decimal:
        return self.amount.value

    @cached_property
    def roles(self) -> frozenset[Role]:
        return frozenset(label.role for label in self.labels)

    @property
    def phrase(self) -> str:
        return self.labels[0].phrase if self.labels else ""


def read_figures(sheet: Sheet) -> tuple[Figure, ...]:
    """Every sum of money on the sheet, in reading order."""
    tables = frozenset(_tax_table_lines(sheet))
    figures = tuple(
        figure
        for line in sheet.lines
        if line.money
        for figure in _figures(sheet, line, line.index in tables)
    )
    figures = tuple(map(_handed_back, (None, *figures), figures))
    return _pointed(sheet, figures) if sheet.pointers else figures


def _handed_back(above: Figure | None, figure: Figure) -> Figure:
    """What is called a return is the change right below the cash that it is less than: goods
    taken back have a minus, or stand among the articles."""
    returned = figure.roles == {Role.REFUND} and figure.beside
    if not returned or above is None or Role.CASH not in above.roles:
        return figure
    if above.line.index + 1 != figure.line.index or not 0 < figure.value < above.value:
        return figure
    labels = tuple(replace(label, role=Role.CHANGE) for label in figure.labels)
    return replace(figure, labels=labels)


def _pointed(sheet: Sheet, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Labels with a direction, taken from the figures beside them and given to those there."""
    directed = sheet.lexicon.template.directions
    spans = {Span(f.line, f.amount.start, f.amount.stop): f for f in figures}
    found: dict[int, Pointer] = {}
    for pointer in sheet.pointers:
        hit = pointer.nearest(list(spans))
        if hit is not None:
            found.setdefault(id(spans[hit]), pointer)
    return tuple(_labelled_anew(one, found.get(id(one)), directed) for one in figures)


def _labelled_anew(
    figure: Figure, pointer: Pointer | None, directed: Mapping[Role, Direction]
) -> Figure:
    if pointer is None:
        labels = tuple(label for label in figure.labels if label.role not in directed)
        return replace(figure, labels=labels, share=figure.share if labels else 0.0)
    beside = pointer.direction in ("left", "right")
    share = pointer.line.share_labelled(pointer.label)
    return replace(figure, labels=(pointer.label,), share=share, beside=beside)


def main_role(line: Line, least: float = 0.45) -> Role | None:
    """The role that a row as a whole has: its longest label, if that is most of its words."""
    main = line.main_label
    if main is None:
        return None
    label, share = main
    return label.role if share >= least else None


def is_sold(sheet: Sheet, line: Line) -> bool:
    """Whether a row above the sums that has a word for a payment is an article's: the word stands
    among others, "CARTE SD 128 GO", or the sum has the row's amount in it, "2 x Karte 5,00". What
    an insurance pays, "dont Part AMO", is in the sum of what is left. A row with a word for tax is
    an article's where it says how many at what price: "2 x 2,18 TVA 10,0 4,36"."""
    if Role.TAX in line.roles and _counts(line):
        return True
    paying = [x for x in line.labels if x.role in TENDERS]
    if not paying:
        return False
    if Role.INSURANCE in line.roles and line.share_covered(paying) > _INSURING:
        return False
    below = sheet.lines[line.index + 1 :]
    total = next((x for x in below if x.money and main_role(x, 0.5) in _MADE_ABOVE), None)
    if total is None:
        return False
    return line.share_covered(paying) < _PAYING or _makes(sheet, line, total)


def _counts(line: Line) -> bool:
    """Whether a row begins with how many at what price, which make its amount."""
    found = _COUNTED.match(line.text)
    if not found or not line.money:
        return False
    quantity, price = (Decimal(number.replace(",", ".")) for number in found.groups())
    return abs(quantity * price - line.money[-1].value) <= _CENT


def _makes(sheet: Sheet, line: Line, total: Line) -> bool:
    """Whether the amounts of the named rows above a sum make it, back to this row or beyond."""
    left = total.money[-1].value
    if not line.money or line.money[-1].value == left:
        return False
    for above in reversed(sheet.lines[: total.index]):
        if above.money and letters_in(above.before_amounts) > 1:
            left -= above.money[-1].value
        if not left:
            return above.index <= line.index
    return False


def _figures(sheet: Sheet, line: Line, in_table: bool) -> Iterator[Figure]:
    money = line.money
    sold = is_sold(sheet, line)
    for amount in money:
        labels = () if sold else line.label_of(amount)
        beside = bool(labels)
        source = line
        if not (labels or sold) and letters_in(line.text[: amount.start]) <= 3:
            source, labels = _label_nearby(sheet, line)
        if sheet.is_letter and not in_table and not beside and len(money) > 1:
            source, labels = _title(sheet, line, amount) or (source, labels)
        share = max((source.share_labelled(label) for label in labels), default=0.0)
        yield Figure(line, amount, labels, share, beside, amount is money[-1], in_table)


def _title(sheet: Sheet, line: Line, amount: Amount) -> tuple[Line, tuple[Label, ...]] | None:
    """The labels over an amount in a row of titles above a row of sums."""
    above = sheet.lines[line.index - 1] if line.index else line
    if above is line or above.money or above.page != line.page or letters_in(line.text) > 9:
        return None
    box = line.box(amount.start, amount.stop)
    labels = tuple(x for x in labels_over(above, box) if x.role in SPEAKS_OF_MONEY)
    return (replace(above, labels=labels), labels[-1:]) if labels else None


def labels_over(line: Line, box: Box) -> tuple[Label, ...]:
    """The labels of a row that stand above or below this box, in its column."""
    found = []
    for label in line.labels:
        title = line.box(line.spans[label.start][0], line.spans[label.stop - 1][1])
        if min(title.right, box.right) > max(title.left, box.left):
            found.append(label)
    return tuple(found)


def _label_nearby(sheet: Sheet, line: Line) -> tuple[Line, tuple[Label, ...]]:
    """The labels of a row of words alone just above, or else just below, in this order."""
    for index in (line.index - 1, line.index + 1):
        if 0 <= index < len(sheet.lines):
            other = sheet.lines[index]
            if other.labels and not other.money and other.page == line.page:
                role = main_role(other, 0.6)
                if role in SUMS and len(other.words) <= 5:
                    return other, tuple(x for x in other.labels if x.role is role)
    return line, ()


def _tax_table_lines(sheet: Sheet) -> Iterator[int]:
    """Indexes of the rows under a heading of a tax summary."""
    inside, blank = False, 0
    for line in sheet.lines:
        if is_tax_heading(line):
            inside, blank = True, 0
        elif inside:
            if len(line.money) >= 2 or (line.money and any(a.percent for a in line.amounts)):
                yield line.index
                blank = 0
            elif line.money and main_role(line) in TENDERS | {Role.TOTAL, Role.CHANGE}:
                inside = False
            else:
                blank += 1
                inside = blank < 3


def is_tax_heading(line: Line) -> bool:
    """Whether the row opens a tax summary, by a phrase for it or by its column titles."""
    if not line.labels or line.money or Role.ITEMS_START in line.roles:
        return False
    # "A=" opens a table by its one letter; elsewhere that is any letter.
    if any(x.role is Role.TAX_TABLE and (x.start == 0 or len(x.phrase) > 3) for x in line.labels):
        return True
    if Role.TAX not in line.roles:
        return False
    return len({label.start for label in line.labels if label.role in _TABLE_WORDS}) >= 2
