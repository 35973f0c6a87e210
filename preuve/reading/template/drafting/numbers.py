"""How a paper writes its amounts, where the base reads them otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from preuve.messages import say
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example

_MARKS = ".,' "


def learn_numbers(bench: Bench, current: Tried) -> Tried:
    """Decimals and marks as the confirmed total is printed, where that reads more of it."""
    return bench.best(current, list(_options(bench)))


def _options(bench: Bench) -> Iterator[list[Edit]]:
    seen: set[tuple[str, str, int]] = set()
    for example, values in zip(bench.examples, bench.values, strict=True):
        if values.total is None:
            continue
        for text, written in _prints(example, values.total):
            if written not in seen:
                seen.add(written)
                yield _numbers(written, say("{text!r} in {where}", text=text, where=example.name))


def _prints(example: Example, total: Decimal) -> Iterator[tuple[str, tuple[str, str, int]]]:
    """Where the total's digits stand: the text; its decimal mark, group mark and decimals."""
    whole, cents = divmod(round(total * 100), 100)
    digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", rf"([{_MARKS}]?)", str(whole))
    pattern = re.compile(rf"(?<!\d){digits}(?:([{_MARKS}]){cents:02})?(?!\d)")
    for page in example.pages:
        for row in page.rows:
            for found in pattern.finditer(row.text):
                *groups, decimal = found.groups()
                group = groups[0] if groups else ""
                if decimal or not cents:
                    yield found.group(), (decimal or "", group, 2 if decimal else 0)


def _numbers(written: tuple[str, str, int], why: str) -> list[Edit]:
    decimal, group, decimals = written
    edits = [] if decimals == 2 else [Edit(("numbers", "decimals"), decimals, why)]
    if decimal in ("'", ".", ","):
        edits.append(Edit(("numbers", "decimal"), [decimal], why))
    if group:
        edits.append(Edit(("numbers", "group"), [group], why))
    return edits
