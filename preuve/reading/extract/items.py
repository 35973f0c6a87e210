"""Line items: rows with a printed amount between the head of the receipt and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.dates import find_times
from preuve.reading.extract.figures import SUMS, TENDERS, main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import letters_in
from preuve.reading.result import Item, ItemKind
from preuve.reading.template.model import Role

_ENDS = frozenset({Role.TOTAL, Role.SUBTOTAL, Role.NET_TOTAL, Role.CHANGE, *TENDERS}) - {
    Role.GIFT_CARD,
    Role.CHECK,
}
_KINDS: dict[Role, ItemKind] = {
    Role.DISCOUNT: "discount",
    Role.DEPOSIT: "deposit",
    Role.REFUND: "refund",
    Role.FEE: "fee",
}
_LEADING_CODE = re.compile(r"^(?:[#*]?\s*(\d{4,14})\s+)(?=\S*[^\W\d])")
_LEADING_COUNT = re.compile(r"^[*\s]*(\d{1,3})\s*(?:[xX×*]\s*|\s+)(?=\D*[^\W\d]{2})")
_PRODUCT_CODE = re.compile(r"(?<!\d)(\d{13}|\d{8}|\d{12})(?!\d)")
_TRAILING = re.compile(r"[\s.:·*…_=|@-]+$")
_TIMES = re.compile(r"(?<!\w)[xX×*@](?=[\s\d]|$)|(?<=\d)\s?[xX×*@]")


@dataclass(frozen=True)
class Part:
    """A row of the item block, sorted into what it brings."""

    line: Line
    description: str
    amount: Amount | None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    unit: str | None = None


def item_block(sheet: Sheet) -> tuple[Line, ...]:
    """The rows that may be items: from the head's end to the first sum."""
    lines = sheet.lines
    first = next((x.index for x in lines if x.money and main_role(x) not in SUMS), None)
    if first is None:
        return ()
    headed = [
        x.index for x in lines[:first] if Role.ITEMS_START in x.roles and main_role(x, 0.3)
    ]
    start = headed[-1] + 1 if headed else max(0, first - 2)
    stop = next((x.index for x in lines[first:] if _ends(sheet, x)), len(lines))
    return lines[start:stop]


def _ends(sheet: Sheet, line: Line) -> bool:
    role = main_role(line, 0.5)
    if role not in _ENDS:
        return False
    if line.money:
        return True
    follower = sheet.lines[line.index + 1 : line.index + 2]
    alone = bool(follower and follower[0].money and letters_in(follower[0].text) <= 4)
    return alone and len(line.words) <= 4 and Role.ITEMS_START not in line.roles


def read_items(sheet: Sheet) -> tuple[Item, ...]:
    """The items of a sheet, in the order of the paper."""
    parts = [_part(sheet, line) for line in item_block(sheet) if not _is_head(line)]
    below = _names_stand_below(parts)
    items: list[Item] = []
    name: Part | None = None
    pending: Part | None = None
    for at, part in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        if part.amount is None:
            if part.quantity is not None and part.unit_price is not None:
                pending = _belongs_to(part, items, following)
            elif part.description:
                name = part
            continue
        role = main_role(part.line, 0.5)
        if role in SUMS and role not in (Role.GIFT_CARD, Role.CHECK, Role.WEAK_TOTAL):
            name = None
            continue
        if _only_counts(part) and _counts_for(part, items, following):
            if items and _agrees(part, items[-1].amount):
                items[-1] = replace(
                    items[-1], quantity=part.quantity, unit_price=part.unit_price
                )
            else:
                pending = part
            continue
        source = part
        if letters_in(part.description) < 2:
            other = following if below else name
            if other is not None and other.amount is None and letters_in(other.description) >= 2:
                source = other
        items.append(_item(sheet, part, source, pending))
        name = pending = None
    return tuple(items)


def _part(sheet: Sheet, line: Line) -> Part:
    money = [a for a in line.money if _in_column(sheet, line, a)]
    amount = money[-1] if money else None
    times = _TIMES.search(line.text)
    before = line.text[: line.amounts[0].start] if line.amounts else line.text
    numbers = [a for a in line.amounts if a is not amount and not a.percent]
    quantity, unit_price, unit = _count_and_price(line, numbers, amount)
    description = _description(line, amount)
    if amount is not None and times and letters_in(before) <= 2 and len(line.money) == 1:
        counted = [a for a in line.amounts if a is not amount]
        if counted and letters_in(line.text) <= 6:
            return Part(line, "", None, counted[0].value, amount.value, unit)
    return Part(line, description, amount, quantity, unit_price, unit)


def _in_column(sheet: Sheet, line: Line, amount: Amount) -> bool:
    """Amounts of the item block end on the right; what ends far left of it is a unit price."""
    width = max(page.width for page in sheet.pages)
    right = line.box(amount.start, amount.stop).right
    return right >= sheet.money_right - 0.22 * width


def _count_and_price(
    line: Line, numbers: Sequence[Amount], amount: Amount | None
) -> tuple[Decimal | None, Decimal | None, str | None]:
    """Two numbers of the row whose product is the amount: quantity and unit price."""
    if amount is None:
        if len(numbers) >= 2 and _TIMES.search(line.text) and letters_in(line.text) <= 8:
            return numbers[0].value, numbers[1].value, None
        return None, None, None
    for first in numbers:
        for second in numbers:
            if first is not second and second.plain and first.value:
                if abs(first.value * second.value - abs(amount.value)) <= Decimal("0.011"):
                    return first.value, second.value, None
    for single in numbers:
        if single.plain and single.value == amount.value:
            return Decimal(1), single.value, None
    for first in numbers:
        if first.plain and first.value and amount.value > first.value:
            count = amount.value / first.value
            if count == count.to_integral_value() and count < 100:
                if re.search(rf"(?<!\d){int(count)}(?!\d)", line.text):
                    return Decimal(int(count)), first.value, None
    return None, None, None


def _description(line: Line, amount: Amount | None) -> str:
    text = line.text
    cut = len(text)
    for found in line.amounts:
        if found is amount or found.measured or found.plain or found.percent:
            if letters_in(text[: found.start]) >= 2:
                cut = min(cut, found.start)
    return _TRAILING.sub("", text[:cut]).strip()


def _is_head(line: Line) -> bool:
    if line.money:
        return False
    return bool(
        line.roles & {Role.ITEMS_START, Role.DATE, Role.RECEIPT_NUMBER}
        and main_role(line, 0.3) is not None
    ) or bool(find_times(line.text))


def _names_stand_below(parts: Sequence[Part]) -> bool:
    """Whether rows of numbers alone are followed, rather than led, by their name."""
    bare = [i for i, p in enumerate(parts) if p.amount and letters_in(p.description) < 2]
    if not bare:
        return False

    def named(at: int) -> bool:
        inside = 0 <= at < len(parts)
        return inside and parts[at].amount is None and letters_in(parts[at].description) >= 2

    after, before = sum(named(i + 1) for i in bare), sum(named(i - 1) for i in bare)
    return after > before or (after == before and not named(bare[0] - 1))


def _only_counts(part: Part) -> bool:
    return (
        part.quantity is not None
        and part.unit_price is not None
        and letters_in(part.description) < 2
        and part.amount is None
    )


def _agrees(part: Part, amount: Decimal) -> bool:
    if part.quantity is None or part.unit_price is None:
        return False
    return abs(part.quantity * part.unit_price - abs(amount)) <= Decimal("0.011")


def _counts_for(part: Part, items: Sequence[Item], following: Part | None) -> bool:
    return bool(items and _agrees(part, items[-1].amount)) or bool(
        following and following.amount and _agrees(part, following.amount.value)
    )


def _belongs_to(part: Part, items: list[Item], following: Part | None) -> Part | None:
    """Gives a row of quantity and price to the item above it, or keeps it for the one below."""
    if following and following.amount and _agrees(part, following.amount.value):
        if not (items and items[-1].quantity is None and _agrees(part, items[-1].amount)):
            return part
    if items and _agrees(part, items[-1].amount):
        items[-1] = replace(items[-1], quantity=part.quantity, unit_price=part.unit_price)
    return None


def _item(sheet: Sheet, part: Part, source: Part, pending: Part | None) -> Item:
    assert part.amount is not None
    kind = _kind(part.line, part.amount.value)
    value = part.amount.value
    if kind == "discount" and value > 0:
        value = -value
    counted = pending or part
    description, quantity, code = _split(source.description)
    code = code or next(iter(_PRODUCT_CODE.findall(part.line.text)), None)
    return Item(
        raw_text=part.line.text,
        description=description,
        amount=value,
        kind=kind,
        quantity=counted.quantity or quantity,
        unit_price=counted.unit_price,
        product_code=code,
        confidence=part.line.confidence(part.amount.start, part.amount.stop),
        place=part.line.place(),
    )


def _kind(line: Line, value: Decimal) -> ItemKind:
    for label in line.labels:
        kind = _KINDS.get(label.role)
        if kind and (value < 0 or line.share_labelled(label) >= 0.5):
            return kind
    return "discount" if value < 0 else "product"


def _split(text: str) -> tuple[str, Decimal | None, str | None]:
    """A description without a leading product code and count."""
    code = None
    found = _LEADING_CODE.match(text)
    if found:
        code, text = found[1], text[found.end() :]
    count = None
    counted = _LEADING_COUNT.match(text)
    if counted:
        count, text = Decimal(counted[1]), text[counted.end() :]
    return text.strip(" *-.|:"), count, code


def sums_of(items: Sequence[Item]) -> Iterator[Decimal]:
    """The sums that items may make: with everything, and with fees left out."""
    yield sum((i.amount for i in items), Decimal(0))
    if any(i.kind == "fee" for i in items):
        yield sum((i.amount for i in items if i.kind != "fee"), Decimal(0))
