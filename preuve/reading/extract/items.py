"""Line items: rows with a printed amount between the head of the receipt and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import accumulate, pairwise, zip_longest

from preuve.reading.extract.block import is_head, item_block
from preuve.reading.extract.broken_dates import broken_dates
from preuve.reading.extract.code_column import without_code_column
from preuve.reading.extract.columns import Columns
from preuve.reading.extract.figures import SUMS, TENDERS, is_sold, main_role
from preuve.reading.extract.fuel import read_fuel, without_pump
from preuve.reading.extract.item_names import (
    LEADING_CODE,
    LEADING_COUNT,
    whole_names,
)
from preuve.reading.extract.names_below import (
    is_note,
    is_weighing,
    names_one_row_up,
    names_stand_below,
    without_reference,
)
from preuve.reading.extract.parts import Part, take_apart
from preuve.reading.extract.quantities import (
    counted_behind,
    counts_before,
    given_counts,
    without_positions,
)
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.table import by_leading, in_columns
from preuve.reading.extract.text import spelled, without_edges
from preuve.reading.extract.unit_price import Count, decimal_of
from preuve.reading.extract.whole_rows import read_whole_row
from preuve.reading.result import Item, ItemKind
from preuve.reading.template.model import Role

_NAMED_OTHERWISE = TENDERS | {Role.TAX}
_MAY_BE_SOLD = frozenset({Role.GIFT_CARD, Role.CHECK, Role.WEAK_TOTAL})
"""Labels of sums that are also sold as articles."""

_KINDS: dict[Role, ItemKind] = {
    Role.DISCOUNT: "discount",
    Role.DEPOSIT: "deposit",
    Role.REFUND: "refund",
    Role.FEE: "fee",
}
_TRAILING_CODE = re.compile(r"\s+(\d{8,14})(?:\s+[A-Z])?$")
_VAT_CODE_BEHIND = re.compile(r"^[\s*]*(?:EUR|CHF|€)?[\s*]*([A-Z0-9])\b[\s*]*$")
_VAT_CODE_BEFORE = re.compile(r"^\(?([A-Z]|\d(?=\s\d{8}))\)?\s+(?=\S{2})")
_DAY_BEFORE = re.compile(r"^(?:0[1-9]|[12]\d|3[01])[/.](?:0[1-9]|1[0-2])\s+(?=[^\W\d])")
# S, M, L and X are sizes.
_VAT_CODE_AT_END = re.compile(r"\s+([A-H]|([A-Z])\d)$")
_MOST_TAXES = 3
_WEIGHT = re.compile(r"(?<![\d.,])\d{1,2}[.,]\d{2,3}(?!\d)")
# What begins with a look for a digit passes quickly over all other letters.
_PRODUCT_CODE = re.compile(r"(?=\d)(?<!\d)(\d{13}|\d{8}|\d{12})(?!\d)")


def read_items(sheet: Sheet) -> tuple[Item, ...]:
    """The items of a sheet, in the order of the paper.

    A row without words takes its name from the row above, or below where that is this paper's
    way; a row that only counts ("2 x 1,45") belongs to the neighbour whose amount it makes.
    """
    block = item_block(sheet)
    heads = {line.index for line in block if is_head(sheet, line)}
    heads |= {at for line, _ in broken_dates(sheet) for at in (line.index, line.index + 1)}
    first = next((line.index for line in block if line.money and line.index not in heads), 0)
    start = max((at for at in heads if at < first), default=0)
    lines = [line for line in block if line.index >= start and line.index not in heads]
    columns = Columns.of(sheet, lines)
    parts = [read_whole_row(sheet, line) or take_apart(sheet, line, columns) for line in lines]
    parts = [without_reference(in_columns(sheet, x)) for x in parts if not is_weighing(x)]
    parts = by_leading(
        sheet, counted_behind(without_code_column(without_positions(counts_before(parts))))
    )
    below = names_stand_below(parts)
    if not below:
        parts = whole_names(sheet, names_one_row_up(parts))
    parts = given_counts(parts)
    items: list[Item] = []
    name: Part | None = None
    until: int | None = None
    for part, following in zip_longest(parts, parts[1:]):
        if part.amount is None:
            if name is None:
                name = part if part.description else None
            elif part.names and (not is_note(part) or is_note(name)):
                name = part
            continue
        role = main_role(part.line, 0.5)
        sold = role in _MAY_BE_SOLD and main_role(part.line, 0.9) is not Role.WEAK_TOTAL
        sold = sold or (role in _NAMED_OTHERWISE and is_sold(sheet, part.line))
        sold = sold or (role is Role.IGNORE and part.count is not None)
        if role in SUMS and not sold and not _is_cut(role, part, items):
            name = None
            continue
        nothing_off = role is Role.DISCOUNT and not part.amount.value
        if _is_tax(part.line) or nothing_off:
            name = None
            continue
        if len(items) > 1 and part.amount.value == sum(i.amount for i in items):
            until = until or len(items)
        other = following if below else name
        source = other if not part.names and other and not other.amount and other.names else part
        if source is name and not part.count and main_role(name.line, 0.5) in SUMS:
            # A slip's sum below its label: "MONTANT :".
            name = None
            continue
        items.append(_item(part, source))
        name = None
    if until and not _is_printed_sum(sheet, items):
        items = items[:until]
    items = _without_unit_prices(sheet, items)
    items = _with_fuel(sheet, items)
    found = _without_days_before(_without_kinds(sheet, items))
    return _without_codes_behind(_without_codes_before(found))


def _with_fuel(sheet: Sheet, items: list[Item]) -> list[Item]:
    """The items with the fuel that is told in rows of its own: beside the articles that were
    bought with it where all of them make a printed sum, else in place of its sum alone."""
    alone = len(items) == 1 and items[0].quantity is None
    made = bool(items) and _is_printed_sum(sheet, items, taxed=True)
    fuel = read_fuel(sheet) if alone or not made else None
    if fuel is None:
        return items
    if made:
        # What was filled in says more than its sum: "Montant carburant 52,11".
        return [fuel] if fuel.amount == items[0].amount else items
    above = sum(_height(item) < _height(fuel) for item in items)
    together = [*items[:above], fuel, *items[above:]]
    return together if _is_printed_sum(sheet, together, taxed=True) else [fuel]


def _height(item: Item) -> tuple[int, float]:
    """How far down the paper an item stands: its page, and pixels from the top of that."""
    return (item.place.page, item.place.box.top) if item.place else (0, 0.0)


def _without_unit_prices(sheet: Sheet, items: list[Item]) -> list[Item]:
    """The items without the rows below a counted one that tell the price of each: they are no
    items where the others make a printed sum, and all of them make none."""
    each = [
        n + 1
        for n, (counted, one) in enumerate(pairwise(items))
        if one.quantity is None
        and any(Count(x, one.amount).makes(counted.amount) for x in _quantities(counted))
    ]
    rest = [item for n, item in enumerate(items) if n not in each]
    if not each or _is_printed_sum(sheet, items) or not _is_printed_sum(sheet, rest, taxed=True):
        return items
    priced = {n - 1: replace(items[n - 1], unit_price=items[n].amount) for n in each}
    return [priced.get(n, item) for n, item in enumerate(items) if n not in each]


def _quantities(item: Item) -> Iterator[Decimal]:
    """How many an item is of: its count, and what may be a weight in its name."""
    if item.quantity:
        yield item.quantity
    yield from (decimal_of(printed) for printed in _WEIGHT.findall(item.description))


def _without_kinds(sheet: Sheet, items: Sequence[Item]) -> Sequence[Item]:
    """The items without the rows below them that sort them into kinds: `Food`, `Liquor`."""
    sums = list(accumulate((i.amount for i in items), initial=Decimal(0)))
    for first in range(2, len(items) - 1):
        twice = 2 * sums[first]
        for last in range(first + 2, len(sums)):
            if sums[last] != twice or not all(map(_is_of_a_kind, items[first:last])):
                continue
            rest = [*items[:first], *items[last:]]
            if _is_printed_sum(sheet, rest, taxed=True) and not _is_printed_sum(sheet, items):
                return rest
    return items


def _is_of_a_kind(item: Item) -> bool:
    return item.kind == "product" and all(map(str.isalpha, item.description.split()))


def _is_printed_sum(sheet: Sheet, items: Sequence[Item], *, taxed: bool = False) -> bool:
    """Whether the items make a sum that the paper labels: then what equals those above it is
    another price by accident, and no sum without a label. `taxed` says that one of the taxes
    may be in that sum."""
    made = sum(i.amount for i in items)
    roles = [(main_role(x, 0.3), x) for x in sheet.lines if x.money]
    taxes = {a.value for role, x in roles if role is Role.TAX for a in x.money} if taxed else set()
    wanted = {made, *(made + tax for tax in taxes)}
    return any(a.value in wanted for role, x in roles if role in SUMS for a in x.money)


def _is_cut(role: Role, part: Part, items: Sequence[Item]) -> bool:
    """A negative amount beside a word for savings is a discount, unless it sums those above."""
    if part.amount is None or part.amount.value >= 0 or role not in (Role.SAVINGS, Role.IGNORE):
        return False
    return part.amount.value != sum(i.amount for i in items if i.amount < 0)


def _is_tax(line: Line) -> bool:
    """A row that begins with a word for tax and has its rate: "TVA 5,5% : 2,88 sur 52,40 HT"."""
    return line.begins(Role.TAX) and any(a.percent for a in line.amounts)


def _item(part: Part, source: Part) -> Item:
    assert part.amount is not None
    value, count = part.amount.value, part.count
    kind = _kind(part.line, value)
    if kind == "discount" and value > 0:
        value = -value
    description, leading, code = _split(source.description)
    if source.whole:
        description, leading, code = source.description, source.quantity, source.product_code
    if source.line.row.was_recognized:
        description = spelled(description)
    printed = _PRODUCT_CODE.search(part.line.text)
    behind = _VAT_CODE_BEHIND.match(part.line.text[part.amount.stop :])
    return Item(
        raw_text=part.line.text,
        description=without_pump(source.line, description),
        amount=value,
        kind=kind,
        quantity=count.quantity if count else leading or part.quantity,
        unit_of_measure=count.unit if count else None,
        unit_price=count.unit_price if count else None,
        vat_code=part.vat_code or (behind[1] if behind else None),
        product_code=code or part.product_code or (printed[1] if printed else None),
        confidence=part.line.confidence(part.amount.start, part.amount.stop),
        place=part.line.place(),
    )


def _without_days_before(items: Sequence[Item]) -> Sequence[Item]:
    """Takes the days off the front of the descriptions, where most of a stay's items have one:
    "06/10 Petit-déjeuner"."""
    dated = [_DAY_BEFORE.match(item.description) for item in items]
    if len(items) < 2 or not _most(dated):
        return items
    return [
        replace(item, description=item.description[found.end() :]) if found else item
        for item, found in zip(items, dated, strict=True)
    ]


def _without_codes_before(items: Sequence[Item]) -> tuple[Item, ...]:
    """Takes a tax code off the front of the descriptions, where most of the items have one."""
    coded = [_VAT_CODE_BEFORE.match(item.description) for item in items]
    if len(items) < 2 or not _most(coded):
        return tuple(items)
    return tuple(
        _described_anew(item, item.description[found.end() :], found[1]) if found else item
        for item, found in zip(items, coded, strict=True)
    )


def _without_codes_behind(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Takes a tax code off the end of the descriptions, where most of the items have one: one of
    a few letters ("PAIN COMPLET A"), or figures behind the same letter ("RIZ ROND T1")."""
    coded = [_VAT_CODE_AT_END.search(item.description) for item in items]
    letters = {found[2] or found[1] for found in coded if found}
    numbered = any(found[2] for found in coded if found)
    most = 1 if numbered else _MOST_TAXES
    if len(items) < 3 or len(letters) > most or not _most(coded):
        return items
    return tuple(
        replace(item, description=item.description[: found.start()], vat_code=found[1])
        if found
        else item
        for item, found in zip(items, coded, strict=True)
    )


def _most(coded: Sequence[re.Match[str] | None]) -> bool:
    """Whether three quarters of the descriptions have it."""
    return sum(map(bool, coded)) * 4 >= len(coded) * 3


def _described_anew(item: Item, text: str, vat_code: str) -> Item:
    description, leading, code = _split(text)
    return replace(
        item,
        description=description,
        vat_code=vat_code,
        quantity=item.quantity or leading,
        product_code=item.product_code or code,
    )


def _kind(line: Line, value: Decimal) -> ItemKind:
    for label in line.labels:
        kind = _KINDS.get(label.role)
        if kind and (value < 0 or label.start == 0 or line.share_labelled(label) >= 0.5):
            return kind
    return "discount" if value < 0 else "product"


def _split(text: str) -> tuple[str, Decimal | None, str | None]:
    """A description without the product code before or after it, and without its count."""
    text = text.removeprefix("+ ")  # what comes on top: "+ Gratiné cheddar"
    if not any(map(str.isdigit, text)):
        return without_edges(text), None, None
    code = None
    for pattern in (LEADING_CODE, _TRAILING_CODE):
        found = pattern.search(text)
        if found:
            code, text = found[1], text[: found.start()] + text[found.end() :]
    counted = LEADING_COUNT.match(text)
    if counted:
        text = text[counted.end() :]
    count = Decimal(counted[1].replace(",", ".")) if counted else None
    return without_edges(text), count, code
