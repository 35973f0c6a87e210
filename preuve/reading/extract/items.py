"""Line items: rows with a printed amount between the head of the receipt and its sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from preuve.reading.extract.block import is_head, item_block
from preuve.reading.extract.figures import SUMS, TENDERS, is_sold, main_role
from preuve.reading.extract.parts import Count, Part, prints_rates, take_apart
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.whole_rows import read_whole_row
from preuve.reading.result import Item, ItemKind
from preuve.reading.template.model import Role

_MAY_BE_SOLD = frozenset({Role.GIFT_CARD, Role.CHECK, Role.WEAK_TOTAL})
"""Labels of sums that are also sold as articles."""

_KINDS: dict[Role, ItemKind] = {
    Role.DISCOUNT: "discount",
    Role.DEPOSIT: "deposit",
    Role.REFUND: "refund",
    Role.FEE: "fee",
}
_LEADING_CODE = re.compile(r"^[#*]?\s*(\d{4,14})\s+(?=(?:\d{1,3}\s+)?\S*[^\W\d])")
_LONG_CODE = re.compile(r"^\d{8,14}\s")
_TRAILING_CODE = re.compile(r"\s+(\d{8,14})(?:\s+[A-Z])?$")
_LEADING_COUNT = re.compile(
    r"^[*\s]*(\d{1,3}(?:[.,]\d{2,3})?)\s*(?:[xX×*]\s*|\s+)(?=\D*[^\W\d]{2})"
)
_VAT_CODE_BEHIND = re.compile(r"^[\s*]*(?:EUR|CHF|€)?[\s*]*([A-Z0-9])\b[\s*]*$")
_VAT_CODE_BEFORE = re.compile(r"^([A-Z])\s+(?=\S{2})")
_COLUMN = 40.0
"""Pixels left of the end of the amounts' column that still belong to it."""

_MOSTLY_FULL = 0.6
"""A row of words below this share of the widest one is a heading rather than a broken name."""

_PRODUCT_CODE = re.compile(r"(?<!\d)(\d{13}|\d{8}|\d{12})(?!\d)")


def read_items(sheet: Sheet) -> tuple[Item, ...]:
    """The items of a sheet, in the order of the paper.

    A row without words takes its name from the row above, or below where that is this paper's
    way; a row that only counts ("2 x 1,45") belongs to the neighbour whose amount it makes.
    """
    lines = [line for line in item_block(sheet) if not is_head(sheet, line)]
    rates = prints_rates(lines)
    parts = [read_whole_row(sheet, line) or take_apart(sheet, line, rates=rates) for line in lines]
    below = _names_stand_below(parts)
    if not below:
        parts = _names_one_row_up(parts)
    widest = max((len(p.description) for p in parts if p.amount and p.names), default=0)
    items: list[Item] = []
    name: Part | None = None
    pending: Count | None = None
    until: int | None = None
    for part, following in zip_longest(parts, parts[1:]):
        if part.amount is None:
            if part.count is not None:
                pending = _kept_for(following, part.count, items)
            elif _goes_on(part, items):
                more = f"{items[-1].description} {part.description}"
                items[-1] = replace(items[-1], description=more)
            elif part.description:
                name = part
            continue
        role = main_role(part.line, 0.5)
        sold = role in _MAY_BE_SOLD and main_role(part.line, 0.9) is not Role.WEAK_TOTAL
        sold = sold or (role in TENDERS and is_sold(sheet, part.line))
        if role in SUMS and not sold and not _is_cut(role, part, items):
            name = None
            continue
        if _is_tax(part.line):
            name = None
            continue
        if len(items) > 1 and part.amount.value == sum(i.amount for i in items):
            until = until or len(items)
        other = following if below else name
        source = other if not part.names and other and not other.amount and other.names else part
        broken = (
            source is part
            and not part.whole
            and name
            and _broken(sheet, name, part, widest if items else 0)
        )
        head = name if broken else None
        items.append(_item(part, source, part.count or pending, head))
        name = pending = None
    return _without_codes_before(items if _is_printed_sum(sheet, items) else items[:until])


def _is_printed_sum(sheet: Sheet, items: Sequence[Item]) -> bool:
    """Whether the items make a sum that the paper labels: then what equals those above it is
    another price by accident, and no sum without a label."""
    made = sum(i.amount for i in items)
    sums = (x for x in sheet.lines if main_role(x, 0.3) in SUMS)
    return any(a.value == made for x in sums for a in x.money)


def _broken(sheet: Sheet, name: Part, part: Part, widest: int) -> bool:
    """Whether a row of words goes on in the row below it, which has the amount.

    It begins with a product's code, or its next word would not have fitted: it would have been
    longer than the `widest` description, in letters, that has its amount beside it. Where the
    first item is the widest (0), it stands above what is half as long and begins as far left.
    """
    if _LONG_CODE.match(name.description):
        return True
    if name.line.labels or not name.names or name.line.index + 1 != part.line.index:
        return False
    if ": " in name.description:
        return False
    numbers = name.line.amounts[-1:]
    if any(name.line.box(n.start, n.stop).right > sheet.money_right - _COLUMN for n in numbers):
        return False
    above, below = name.description, part.description
    if not widest:
        aside = abs(name.line.row.box.left - part.line.row.box.left)
        alike = above.isupper() == below.isupper()
        return alike and 2 * len(below) <= len(above) and 2 * aside < name.line.row.box.height
    goes_on = below[:1].islower() and above[:1].isupper()
    capitals = above.isupper() and below.isupper() and 2 * len(below) <= widest
    fits = len(above) + 1 + len(below.split(" ")[0]) <= widest
    return not fits and (goes_on or capitals) and len(above) > _MOSTLY_FULL * widest


def _goes_on(part: Part, items: Sequence[Item]) -> bool:
    """A row in small letters under an item with a capital is the rest of its name."""
    if not items or part.line.labels or len(part.line.words) > 3:
        return False
    return part.description[:1].islower() and items[-1].description[:1].isupper()


def _is_cut(role: Role, part: Part, items: Sequence[Item]) -> bool:
    """A negative amount beside a word for savings is a discount, unless it sums those above."""
    if part.amount is None or part.amount.value >= 0 or role not in (Role.SAVINGS, Role.IGNORE):
        return False
    return part.amount.value != sum(i.amount for i in items if i.amount < 0)


def _is_tax(line: Line) -> bool:
    """A row that begins with a word for tax and has its rate: "TVA 5,5% : 2,88 sur 52,40 HT"."""
    begins = any(x.role is Role.TAX and x.start == 0 for x in line.labels)
    return begins and any(a.percent for a in line.amounts)


def _names_stand_below(parts: Sequence[Part]) -> bool:
    """Whether rows of numbers alone are followed, rather than led, by their name."""
    bare = [i for i, part in enumerate(parts) if part.amount and not part.names]
    if not bare:
        return False

    def named(at: int) -> bool:
        if not 0 <= at < len(parts):
            return False
        part = parts[at]
        head = any(x.role is Role.NOT_RETAILER and x.start == 0 for x in part.line.labels)
        return part.amount is None and part.names and main_role(part.line) not in SUMS and not head

    after, before = sum(named(i + 1) for i in bare), sum(named(i - 1) for i in bare)
    return after > before or (after == before and named(bare[-1] + 1))


def _names_one_row_up(parts: list[Part]) -> list[Part]:
    """Undoes a shift by one row: an amount without a name, and a name left over at the end.

    On curled paper the amounts of the lower rows can be set a row too high. Every name from the
    bare amount on then belongs to the row above it.
    """
    last = len(parts) - 1
    bare = [i for i, part in enumerate(parts) if part.amount and not part.names]
    if len(bare) != 1 or not parts[last].names or parts[last].amount or bare[0] == last:
        return parts
    first = bare[0]
    led = first > 0 and parts[first - 1].names and not parts[first - 1].amount
    if main_role(parts[last].line, 0.3) in SUMS:
        return parts
    if led or not all(part.names and part.amount for part in parts[first + 1 : last]):
        return parts
    moved = [
        replace(part, description=below.description)
        for part, below in zip(parts[first:last], parts[first + 1 :], strict=True)
    ]
    return [*parts[:first], *moved]


def _kept_for(following: Part | None, count: Count, items: list[Item]) -> Count | None:
    """Gives a count to the item above that it makes, or keeps it for the row below."""
    below = following is not None and following.amount and count.makes(following.amount.value)
    above = bool(items and items[-1].quantity is None and count.makes(items[-1].amount))
    if above:
        items[-1] = replace(
            items[-1],
            quantity=count.quantity,
            unit_price=count.unit_price,
            unit_of_measure=count.unit,
        )
        return None
    return count if below else None


def _item(part: Part, source: Part, count: Count | None, head: Part | None) -> Item:
    """An item; `head` is the first row of a name over two rows, known by the code before it."""
    assert part.amount is not None
    value = part.amount.value
    kind = _kind(part.line, value)
    if kind == "discount" and value > 0:
        value = -value
    written = f"{head.description} {source.description}" if head else source.description
    description, leading, code = _split(written)
    if source.whole and not head:
        description, leading, code = written, source.quantity, source.product_code
    behind = _VAT_CODE_BEHIND.findall(part.line.text[part.amount.stop :])
    return Item(
        raw_text=part.line.text,
        description=description,
        amount=value,
        kind=kind,
        quantity=count.quantity if count else leading,
        unit_of_measure=count.unit if count else None,
        unit_price=count.unit_price if count else None,
        vat_code=part.vat_code or next(iter(behind), None),
        product_code=code or next(iter(_PRODUCT_CODE.findall(part.line.text)), None),
        confidence=part.line.confidence(part.amount.start, part.amount.stop),
        place=part.line.place(),
    )


def _without_codes_before(items: Sequence[Item]) -> tuple[Item, ...]:
    """Takes a tax code off the front of the descriptions, where most of the items have one."""
    coded = [_VAT_CODE_BEFORE.match(item.description) for item in items]
    if len(items) < 2 or sum(map(bool, coded)) * 4 < len(items) * 3:
        return tuple(items)
    return tuple(
        _described_anew(item, item.description[found.end() :], found[1]) if found else item
        for item, found in zip(items, coded, strict=True)
    )


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
    code = None
    for pattern in (_LEADING_CODE, _TRAILING_CODE):
        found = pattern.search(text)
        if found:
            code, text = found[1], text[: found.start()] + text[found.end() :]
    counted = _LEADING_COUNT.match(text)
    if counted:
        text = text[counted.end() :]
    count = Decimal(counted[1].replace(",", ".")) if counted else None
    return text.strip(" *-.|:"), count, code
