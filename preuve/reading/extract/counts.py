"""Numbers that identify or count: the receipt's number, how many articles it says it has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from preuve.messages import say
from preuve.reading.extract.beside import Span
from preuve.reading.extract.labels import Label, beside_label
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.result import Value
from preuve.reading.template.model import Role

_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/\-.]*\d[A-Z0-9/\-.]*", re.I)
_CALLED = re.compile(r"[^\W\d_]+(?:\W+[^\W\d_]+)*\W*(?=\d)")
_COUNT = re.compile(r"(?<![\d.,])(\d{1,3})(?![\d.,:/])")

_SUMS = frozenset({Role.TOTAL, Role.SUBTOTAL, Role.WEAK_TOTAL})
_MOST = 1000
_ALONE = 3
"""Words of a row that says no more than how many there are: `5 article(s)`."""


def read_receipt_number(sheet: Sheet) -> Value[str] | None:
    """The first number of three digits or more beside a label for one; else the code's."""
    for label, span in _beside_numbers(sheet):
        found = _NUMBER.search(span.line.text, span.start, span.stop)
        if not found or sum(c.isdigit() for c in found.group()) < 3:
            continue
        if sheet.lexicon.dates.find(found.group()):
            continue
        rule = beside_label(sheet.lexicon.template, label)
        place = span.line.place(found.start(), found.end())
        return Value(found.group().strip("-./"), 0.8, rule, found.group(), place)
    code = sheet.code
    return code.value(code.receipt_number) if code and code.receipt_number else None


def _beside_numbers(sheet: Sheet) -> Iterator[tuple[Label, Span]]:
    """The words where a receipt's number may stand: right of its label, or as the template says."""
    if Role.RECEIPT_NUMBER in sheet.lexicon.template.directions:
        for pointer in sheet.pointers:
            if pointer.label.role is Role.RECEIPT_NUMBER:
                yield from ((pointer.label, span) for span in pointer.spans)
        return
    for line in sheet.lines:
        for label in line.labels:
            if label.role is Role.RECEIPT_NUMBER:
                yield label, Span(line, _behind(line, label), len(line.text))


def _behind(line: Line, label: Label) -> int:
    """Where a row goes on behind a label: within its last word, as in "Facture:2609"."""
    start, stop = line.spans[label.stop - 1]
    called = _CALLED.match(line.text, start, stop)
    return called.end() if called else stop


def read_item_count(sheet: Sheet) -> Value[int] | None:
    """The printed number of articles, on the label's row or alone on the next one."""
    for line in sheet.lines:
        for label in line.labels:
            if label.role is not Role.ITEM_COUNT or line.share_labelled(label) < 0.5:
                continue
            for where, start in _after(sheet, line, line.spans[label.stop - 1][1]):
                found = _COUNT.search(where.text, start)
                if found and int(found[1]) > 0:
                    rule = beside_label(sheet.lexicon.template, label)
                    return Value(int(found[1]), 0.8, rule, where.text, where.place(*found.span(1)))
    return _counted_units(sheet)


def _counted_units(sheet: Sheet) -> Value[int] | None:
    """The number before what is counted, in a row of its own or in a sum's: "20 ARTICLES",
    "TOTAL (22 articles)   73,02"."""
    units = sheet.lexicon.counted_units
    for line in sheet.lines:
        for at, word in enumerate(line.words[1:], 1):
            number = line.words[at - 1]
            if word not in units or not number.isdecimal() or not 0 < int(number) < _MOST:
                continue
            alone = at == 1 and len(line.words) <= _ALONE and not line.money
            if alone or (line.money and not line.roles.isdisjoint(_SUMS)):
                template = sheet.lexicon.template.template
                rule = say('{template}: a number before "{word}"', template=template, word=word)
                return Value(int(number), 0.8, rule, line.text, line.place(*line.spans[at - 1]))
    return None


def _after(sheet: Sheet, line: Line, at: int) -> list[tuple[Line, int]]:
    places = [(line, at)]
    if line.index + 1 < len(sheet.lines):
        follower = sheet.lines[line.index + 1]
        if not follower.labels and len(follower.words) == 1:
            places.append((follower, 0))
    return places
