"""How this paper prints its items: where they begin and end, and how a row is made up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from preuve.messages import say
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.result import Item, Reading
from preuve.reading.template.drafting.compare import pairs
from preuve.reading.template.drafting.shapes import patterns
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example, Sold, Values
from preuve.reading.template.drafting.wording import phrase_of
from preuve.reading.template.inherit import STRIKE
from preuve.reading.template.model import Role

_ROUNDS = 4
_MOST_SHAPES = 4
_EXACT = 0.98
"""How alike descriptions must be, on average, for nothing to be left to learn."""

_NO_ITEM = (Role.SUBTOTAL, Role.TAX, Role.OTHER_TENDER, Role.SAVINGS, Role.IGNORE)
_SUMS = frozenset(Role) - {Role.DISCOUNT, Role.DEPOSIT, Role.REFUND, Role.FEE}


def learn_items(bench: Bench, current: Tried) -> Tried:
    """Words that keep other rows out of the items, and let theirs in."""
    if all(values.items is None for values in bench.values):
        return current
    for _ in range(_ROUNDS):
        better = bench.best(current, list(_options(bench, current)))
        if better is current:
            break
        current = better
    return current


def _options(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    seen: set[str] = set()
    sheets = bench.sheets(current.sketch)
    for n, (example, values, sheet) in enumerate(
        zip(bench.examples, bench.values, sheets, strict=True)
    ):
        if values.items is None:
            continue
        found = current.outcomes[n][-1]
        if found.right and found.exact >= _EXACT:
            continue
        for edits in _of_one(sheet, values, current.read[n][0], example):
            key = str([(edit.route, edit.value) for edit in edits])
            if key not in seen:
                seen.add(key)
                yield edits


def _of_one(
    sheet: Sheet, values: Values, reading: Reading, example: Example
) -> Iterator[list[Edit]]:
    want = [item for item in values.items or () if item.amount]
    paired = pairs(want, reading.items)
    extra = [item for n, item in enumerate(reading.items) if n not in {g for _, g in paired}]
    yield from _no_items(sheet, extra, example)
    missed = [item.amount for n, item in enumerate(want) if n not in {w for w, _ in paired}]
    yield from _struck(sheet, missed, example)
    yield from _begins(sheet, [item.amount for item in want], example)
    yield from _shaped(sheet, want, example)


def _shaped(sheet: Sheet, want: list[Sold], example: Example) -> Iterator[list[Edit]]:
    """The shapes of the items' rows: each alone, and the commonest ones together."""
    edits = [
        Edit(
            ("row_patterns",),
            pattern,
            say("rows of items in {where}", where=example.name),
            adds=True,
        )
        for pattern in patterns(sheet, want)
    ]
    for count in range(1, min(len(edits), _MOST_SHAPES) + 1):
        yield edits[:count]
    yield from ([edit] for edit in edits[1:_MOST_SHAPES])


def _no_items(sheet: Sheet, extra: list[Item], example: Example) -> Iterator[list[Edit]]:
    """Other names for rows that were taken for items: one by one, and all at once."""
    rows = [line for item in extra for line in sheet.lines if line.text == item.raw_text]
    whole: list[Edit] = []
    for line in rows:
        phrase = phrase_of(sheet, line)
        if phrase is None:
            continue
        why = say("{text!r} in {where} is no item", text=line.text, where=example.name)
        whole.append(Edit(("labels", Role.IGNORE.value), phrase, why, adds=True))
        for role in _NO_ITEM:
            yield [Edit(("labels", role.value), phrase, why, adds=True)]
    if len(whole) > 1:
        yield whole


def _struck(sheet: Sheet, missed: list[Decimal], example: Example) -> Iterator[list[Edit]]:
    """Labels of the base that are words of an item here."""
    for line in sheet.lines:
        if not any(abs(a.value) in map(abs, missed) for a in line.money):
            continue
        for label in line.labels:
            if label.role in _SUMS:
                why = say("{text!r} in {where} is an item", text=line.text, where=example.name)
                struck = f"{STRIKE}{label.phrase}"
                yield [Edit(("labels", label.role.value), struck, why, adds=True)]


def _begins(sheet: Sheet, amounts: list[Decimal], example: Example) -> Iterator[list[Edit]]:
    """The row of words just above the first item opens the list."""
    first = next((x for x in sheet.lines if any(a.value in amounts for a in x.money)), None)
    if first is None:
        return
    for line in reversed(sheet.lines[max(0, first.index - 3) : first.index]):
        phrase = phrase_of(sheet, line)
        if phrase and not _has_digits(line):
            why = say("the row over {text!r} in {where}", text=first.text, where=example.name)
            yield [Edit(("labels", Role.ITEMS_START.value), phrase, why, adds=True)]


def _has_digits(line: Line) -> bool:
    return any(c.isdigit() for c in line.text)
