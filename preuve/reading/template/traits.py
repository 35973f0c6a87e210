"""What a paper prints that may tell whose it is: numbers, addresses on the web, head and foot.

A trait has the text as it is printed and a form in which two prints of it are alike. Amounts,
dates and what was bought are no traits; whether a trait is rare enough to say anything is for
those who compare papers to find out (`cluster`, `evidence`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from preuve.reading.page import Page, Pages, Row
from preuve.reading.result import Reading
from preuve.reading.template.fold import joined, number_shape, shape, words

TraitKind = Literal[
    "retailer", "number", "phone", "domain", "name", "word", "head", "foot", "label"
]
"""`retailer` is the name that was read, `name` the first row with letters, `head` one below it,
`word` a longer word of either, `label` the words before an amount."""

HEAD_ROWS = 12

_AMOUNT = re.compile(r"(?<![\d.,])\d{1,6}(?:[ .,']\d{3})*[.,]\d{2}(?![\d%])")
_DATE = re.compile(r"(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)")
_DIGITS = re.compile(r"(?<![\w])(?:\+|[A-Z]{2,3}[- ]?)?\d(?:[ .()/-]{0,2}\d){6,16}(?!\w)")
_PHONE_WORD = re.compile(r"(?i)\b(?:t[eé]l|fon|phone|fax|mobil|hotline|call|whatsapp)|☎")
_DOMAIN = re.compile(
    r"(?i)(?<![\w.])(?P<sure>www\s?\.\s?|https?://(?:www\.)?|\S+@)?"
    r"(?P<domain>(?:[a-z0-9][a-z0-9-]*\.)+(?:[a-z]{2}|com|net|org|info|shop|store|biz))(?![a-z.])"
)
_EVERYBODYS = re.compile(
    r"^(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|facebook|instagram|twitter|"
    r"whatsapp|google|youtube|tiktok|tripadvisor)\."
)
_LETTERS = re.compile(r"[^\W\d_]")

_SHORTEST_ROW = 4
_SHORTEST_WORD = 5
_FEWEST_DIGITS = 3
"""Different digits that a number must have: 000 000 000 is a blank, not a number."""


@dataclass(frozen=True, slots=True)
class Trait:
    """One printed thing; `row` counts the document's rows from 0, over all pages."""

    kind: TraitKind
    form: str
    text: str
    row: int


def traits(pages: Pages, reading: Reading | None = None) -> tuple[Trait, ...]:
    """Every trait of a document in reading order.

    The reading tells which rows are items, and which name the paper was taken to have.
    """
    sold = {item.raw_text for item in reading.items} if reading else set()
    found: list[Trait] = []
    if reading and reading.retailer:
        found += _whole_row("retailer", reading.retailer.value.name, 0)
    at = 0
    for page in pages:
        found += _of_page(page, at, sold)
        at += len(page.rows)
    first = {(trait.kind, trait.form): trait for trait in reversed(found)}
    return tuple(sorted(first.values(), key=lambda trait: trait.row))


def web_addresses(text: str) -> Iterator[str]:
    """The shops' domains in a row, without `www.`: `shop.fr` of `www.shop.fr` or of `a@shop.fr`."""
    for found in _DOMAIN.finditer(re.sub(r"\s*\.\s*(?=[a-z])", ".", text)):
        domain = found["domain"].lower()
        longest = max(len(label) for label in domain.split(".")[:-1])
        if longest >= (3 if found["sure"] else 4) and not _EVERYBODYS.match(domain):
            yield domain


def long_numbers(text: str) -> Iterator[str]:
    """Numbers of seven digits or more as they are printed, dates and amounts left out."""
    for found in _DIGITS.finditer(_AMOUNT.sub(" ", _DATE.sub(" ", text))):
        number = found.group().strip()
        if len(set(number) & set("0123456789")) >= _FEWEST_DIGITS:
            yield number


def _of_page(page: Page, first: int, sold: set[str]) -> Iterator[Trait]:
    priced = [n for n, row in enumerate(page.rows) if _AMOUNT.search(row.text)]
    head = min(priced[0] if priced else len(page.rows), HEAD_ROWS) if first == 0 else 0
    foot = priced[-1] if priced else len(page.rows)
    lettered = 0
    for number, row in enumerate(page.rows):
        if row.text in sold:
            continue
        at = first + number
        lettered += bool(_LETTERS.search(row.text))
        if number < head:
            yield from _of_head(row, at, lettered == 1)
        elif number > foot:
            yield from _whole_row("foot", row.text, at)
        elif number in priced:
            yield from _whole_row("label", _AMOUNT.split(row.text)[0], at)
        if number < head or number > foot or number not in priced:
            yield from _addresses(row, at)


def _of_head(row: Row, at: int, top: bool) -> Iterator[Trait]:
    if _DOMAIN.search(row.text):
        return
    yield from _whole_row("name" if top else "head", row.text, at)
    for word in words(row.text):
        if len(word) >= _SHORTEST_WORD and not any(c.isdigit() for c in word):
            yield Trait("word", shape(word), word, at)


def _whole_row(kind: TraitKind, text: str, at: int) -> Iterator[Trait]:
    """The row's words without numbers, where they are enough to mean something."""
    kept = [word for word in words(text) if not any(c.isdigit() for c in word)]
    form = joined([shape(word) for word in kept])
    if len(form) >= _SHORTEST_ROW:
        yield Trait(kind, form, text.strip(), at)


def _addresses(row: Row, at: int) -> Iterator[Trait]:
    for domain in web_addresses(row.text):
        yield Trait("domain", shape(domain), domain, at)
    spoken = _PHONE_WORD.search(row.text) is not None
    for number in long_numbers(row.text):
        kind: TraitKind = "phone" if spoken or number.startswith(("+", "0")) else "number"
        yield Trait(kind, number_shape(number), number, at)
