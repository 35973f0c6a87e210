"""From words that an operator clicks, or types, to the value that they say.

Reading's own extractors are asked, in the language of the document: what a person points at is
understood as the paper would have been, and keeps its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from preuve.intake.amendment import Pointed
from preuve.reading.extract.beside import Span
from preuve.reading.extract.dates import find_times
from preuve.reading.extract.lexicon import Lexicon, lexicon_of
from preuve.reading.extract.lines import lay_out
from preuve.reading.extract.printed import printed_values
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.page import Box, Page, Pages, Row, Word
from preuve.reading.result import Place
from preuve.reading.template.fields import OwnField
from preuve.reading.template.model import Template

_NUMBER = re.compile(r"(?=\S*\d)\S+(?:\s(?=\S*\d)\S+)*")
_PLAIN = re.compile(r"[-+]?\d+(?:[.,]\d{1,2})?")
_LETTERS = re.compile(r"[^\W\d_]")
_SUMS = ("total", "amount", "quantity")
_CURRENCY = re.compile(r"(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])")
_EDGES = " :;.,-–—=#*|\"'"


@dataclass(frozen=True, slots=True)
class WordAt:
    """One stored word: its page (from 1), its row and its place in the row (from 0)."""

    page: int
    row: int
    word: int


@dataclass(frozen=True, slots=True)
class Paper:
    """What a word's meaning depends on: the template that reads it, the country, the day.

    `date_order` (as `dmy`) overrides the country's.
    """

    template: Template
    country: str | None = None
    received_on: date | None = None
    date_order: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What the words say, as text that an amendment takes: `12.50`, `2026-03-14`, `18:42`.

    `others` are further values that they may be meant to say, the likeliest first.
    """

    value: str
    pointed: Pointed | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SaysNothing:
    """These words hold no such value."""

    text: str


@dataclass(frozen=True, slots=True)
class _Found:
    value: str
    start: int
    stop: int


_Finder = Callable[[Paper, Line, Span], Iterator[_Found]]


def clicked(pages: Pages, at: Sequence[WordAt], field: str, paper: Paper) -> Said | SaysNothing:
    """The value that the words at `at` say of `field`; words that are not there are passed over.

    `field` is `retailer`, `purchased_on`, `purchased_at`, `total`, `currency`,
    `receipt_number`, `description`, `amount`, `quantity` or `fields.<name>`. A word that says
    nothing by itself is understood with those beside it, of which it is a part.
    """
    lexicon = lexicon_of(paper.template)
    spans = list(_spans(pages, at, lexicon))
    text = " ".join(span.text for span in spans)
    if not spans:
        return SaysNothing("")
    if field in ("retailer", "description"):
        place = Place(spans[0].line.page, Box.around(_boxes(spans)))
        named = text.strip(_EDGES)
        return Said(named, Pointed(text=text, place=place)) if named else SaysNothing(text)
    found = [(span, one) for span in spans for one in _found(field, paper, span)]
    if not found:
        return SaysNothing(text)
    span, best = found[0]
    others = tuple(dict.fromkeys(one.value for _, one in found if one.value != best.value))
    raw = span.line.text[best.start : best.stop].strip()
    place = span.line.place(best.start, best.stop)
    return Said(best.value, Pointed(text=raw, place=place), others)


def typed(text: str, field: str, paper: Paper) -> Said | SaysNothing:
    """The value that an operator's own words say of `field`, as if they were printed.

    A date is taken as Europeans write it, or as ISO does, whatever the paper's country.
    """
    if field in _SUMS:
        if _PLAIN.fullmatch(text.strip()):
            return Said(text.strip().replace(",", "."), None)
        if _LETTERS.search(_CURRENCY.sub("", text)):
            # A paper prints "12x" for a quantity; who types it has slipped.
            return SaysNothing(text)
    words = tuple(
        Word(part, Box(float(at), 0.0, at + 0.9, 1.0), 1.0, "typed")
        for at, part in enumerate(text.split())
    )
    page = Page(1, len(words) or 1, 1, (Row(words),), "text_layer", len(words) or 1, 1)
    paper = replace(paper, date_order="dmy")
    said = clicked((page,), [WordAt(1, 0, n) for n in range(len(words))], field, paper)
    return replace(said, pointed=None) if isinstance(said, Said) else said


def _spans(pages: Pages, at: Sequence[WordAt], lexicon: Lexicon) -> Iterator[Span]:
    """The clicked words row by row, in reading order; what lies between two of a row counts."""
    by_row: dict[tuple[int, int], set[int]] = {}
    for one in sorted(at, key=lambda one: (one.page, one.row)):
        by_row.setdefault((one.page, one.row), set()).add(one.word)
    numbered = {page.number: page for page in pages}
    for (number, index), chosen in by_row.items():
        page = numbered.get(number)
        if page is None or not 0 <= index < len(page.rows):
            continue
        row = page.rows[index]
        boxes = [word.box for n, word in enumerate(row.words) if n in chosen]
        for line in lay_out((replace(page, rows=(row,)),), lexicon).lines:
            if span := _span(line, boxes):
                yield span


def _span(line: Line, boxes: Sequence[Box]) -> Span | None:
    """The characters of a line that stand in these boxes: it may part words that ran together."""
    inside, at = [], 0
    for word in line.row.words:
        middle = word.box.center[0]
        if any(box.left <= middle <= box.right for box in boxes):
            inside.append((at, at + len(word.text)))
        at += len(word.text) + 1
    return Span(line, inside[0][0], inside[-1][1]) if inside else None


def _boxes(spans: Sequence[Span]) -> Iterator[Box]:
    return (span.box for span in spans)


def _found(field: str, paper: Paper, span: Span) -> list[_Found]:
    """What the words say by themselves; else what they are a part of on their row."""
    name = "fields" if field.startswith("fields.") else field
    finder = _FINDERS[name]
    if name == "fields":
        finder = _own(paper.template.fields[field.removeprefix("fields.")])
    whole = Span(span.line, 0, len(span.line.text))
    around = [one for one in finder(paper, span.line, whole) if _touch(one, span)]
    alone = list(finder(paper, span.line, span))
    if field not in _SUMS:
        return alone or around
    # "12," of "12, 50" says 12 by itself: the longer one is meant.
    longer = [one for one in around if any(_within(part, one) for part in alone)]
    return list(dict.fromkeys([*longer, *alone])) or around


def _touch(found: _Found, span: Span) -> bool:
    return found.start < span.stop and span.start < found.stop


def _within(part: _Found, whole: _Found) -> bool:
    longer = whole.stop - whole.start > part.stop - part.start
    return longer and whole.start <= part.start and part.stop <= whole.stop


def _dates(paper: Paper, _: Line, span: Span) -> Iterator[_Found]:
    known = paper.template.countries.get(paper.country or "")
    order = paper.date_order or (known.date_order if known else None)
    latest = paper.received_on + timedelta(days=1) if paper.received_on else date.max
    for found in lexicon_of(paper.template).dates.find(span.text, order):
        options = sorted((found.value, *found.others), key=lambda day: day > latest)
        for day in options:
            yield _Found(day.isoformat(), span.start + found.start, span.start + found.stop)


def _times(_paper: Paper, _line: Line, span: Span) -> Iterator[_Found]:
    for found in find_times(span.text):
        said = found.value.isoformat("seconds" if found.value.second else "minutes")
        yield _Found(said, span.start + found.start, span.start + found.stop)


def _amounts(paper: Paper, _: Line, span: Span) -> Iterator[_Found]:
    """Sums of money first, from the right: a row ends in its amount."""
    reader = lexicon_of(paper.template).amounts
    found = reader.find(span.text) or reader.find_damaged(span.text)
    for amount in sorted(found, key=lambda a: (not a.plain, a.percent or a.measured, -a.start)):
        start, stop = span.start + amount.start, span.start + amount.stop
        yield _Found(format(amount.value, "f"), start, stop)


def _currencies(paper: Paper, _: Line, span: Span) -> Iterator[_Found]:
    for code, signs in lexicon_of(paper.template).currency_signs.items():
        for sign in signs:
            if found := sign.search(span.text):
                yield _Found(code, span.start + found.start(), span.start + found.end())
    for iso in _CURRENCY.finditer(span.text):
        yield _Found(iso.group(), span.start + iso.start(), span.start + iso.end())


def _numbers(_paper: Paper, _line: Line, span: Span) -> Iterator[_Found]:
    """Numbers of a receipt: the one with most digits first."""
    found = [one for one in _NUMBER.finditer(span.text) if any(c.isdigit() for c in one.group())]
    for one in sorted(found, key=lambda one: -sum(c.isdigit() for c in one.group())):
        yield _Found(
            one.group().strip(_EDGES + "/"), span.start + one.start(), span.start + one.end()
        )


def _own(spec: OwnField) -> _Finder:
    def find(paper: Paper, line: Line, span: Span) -> Iterator[_Found]:
        sheet = Sheet((line,), lexicon_of(paper.template), ())
        for one in sorted(printed_values(sheet, spec, span), key=lambda one: -one.fit):
            yield _Found(one.text, span.start + one.start, span.start + one.stop)

    return find


_FINDERS: dict[str, _Finder] = {
    "purchased_on": _dates,
    "purchased_at": _times,
    "total": _amounts,
    "amount": _amounts,
    "quantity": _amounts,
    "currency": _currencies,
    "receipt_number": _numbers,
    "fields": _own(OwnField()),
}
