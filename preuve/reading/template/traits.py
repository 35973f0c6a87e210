"""What a paper prints that may tell whose it is: its identifiers, its head and its foot.

A trait has the text as it is printed and a form in which two prints of it are alike. Amounts,
dates and what was bought are no traits; whether a trait is rare enough to say anything is for
those who compare papers to find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from preuve.reading.extract.identifiers import REGISTERED, identifiers
from preuve.reading.page import Page, Pages, Row
from preuve.reading.result import Reading
from preuve.reading.template.fold import joined, number_shape, shape, words

TraitKind = Literal[
    "retailer", "number", "phone", "domain", "name", "word", "head", "foot", "label"
]
"""`retailer` is the name that was read, `number` one of a public register, `name` the first row
with letters, `head` one below it, `word` a longer word of either, `label` the words before an
amount."""

HEAD_ROWS = 12

_AMOUNT = re.compile(r"(?<![\d.,])\d{1,6}(?:[ .,']\d{3})*[.,]\d{2}(?![\d%])")
_LETTERS = re.compile(r"[^\W\d_]")
_SHORTEST_ROW = 4
_SHORTEST_WORD = 5
_FEWEST_DIGITS = 3
"""Different digits that a number must have: 000 000 000 is a blank, not a number."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One printed thing: the text that says it, and the form in which it is compared."""

    kind: TraitKind
    form: str
    text: str


def traits(pages: Pages, reading: Reading | None = None) -> tuple[Trait, ...]:
    """Every trait of a document, once each.

    The reading tells which rows are items, and which name the paper was taken to have.
    """
    sold = {item.raw_text for item in reading.items} if reading else set()
    found: list[Trait] = []
    if reading and reading.retailer:
        found += _whole_row("retailer", reading.retailer.value.name)
    found += _numbers(pages)
    for page in pages:
        found += _of_page(page, sold)
    return tuple({(trait.kind, trait.form): trait for trait in reversed(found)}.values())[::-1]


def _numbers(pages: Pages) -> Iterator[Trait]:
    for printed in identifiers(pages):
        number, kind = printed.number, printed.kind
        if kind == "domain":
            yield Trait("domain", shape(number), number)
        elif len(set(filter(str.isdigit, number))) >= _FEWEST_DIGITS:
            register = kind in REGISTERED
            yield Trait("number" if register else "phone", number_shape(number), number)


def _of_page(page: Page, sold: set[str]) -> Iterator[Trait]:
    priced = [n for n, row in enumerate(page.rows) if _AMOUNT.search(row.text)]
    head = min(priced[0] if priced else len(page.rows), HEAD_ROWS) if page.number == 1 else 0
    foot = priced[-1] if priced else len(page.rows)
    top = True
    for number, row in enumerate(page.rows):
        if row.text in sold:
            continue
        if number < head:
            yield from _of_head(row, top)
            top = top and not _LETTERS.search(row.text)
        elif number > foot:
            yield from _whole_row("foot", row.text)
        elif number in priced:
            yield from _whole_row("label", _AMOUNT.split(row.text)[0])


def _of_head(row: Row, top: bool) -> Iterator[Trait]:
    if "@" in row.text or "www" in row.text.lower():
        return
    yield from _whole_row("name" if top else "head", row.text)
    for word in words(row.text):
        if len(word) >= _SHORTEST_WORD and not any(c.isdigit() for c in word):
            yield Trait("word", shape(word), word)


def _whole_row(kind: TraitKind, text: str) -> Iterator[Trait]:
    """The row's words without numbers, where they are enough to mean something."""
    kept = [word for word in words(text) if not any(c.isdigit() for c in word)]
    form = joined([shape(word) for word in kept])
    if len(form) >= _SHORTEST_ROW:
        yield Trait(kind, form, text.strip())
