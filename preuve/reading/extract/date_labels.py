"""What the words around a date call it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from preuve.messages import Message, say
from preuve.reading.extract.beside import Span
from preuve.reading.extract.cells import cells
from preuve.reading.extract.dates import PrintedDate
from preuve.reading.extract.figures import labels_over
from preuve.reading.extract.labels import Label, covered
from preuve.reading.extract.places import PHONE
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import fold, letters_in
from preuve.reading.extract.totals import Evidence
from preuve.reading.template.fields import Direction
from preuve.reading.template.model import Role

_TO = 5
"""Letters of the longest word for "to" between the two ends of a period."""

_FROM = re.compile(r"\d[/.-]\d{1,4}\s+([^\W\d]{1,5})\s*$")
"""The first day of a period, with or without its year, and the word for "to" behind it."""

_UPTO = re.compile(r"\s*([^\W\d]{1,5})\s+(?=\d)")
"""The word for "to" before the second day, on a row of its own."""

_ARTICLE = 2
"""Letters of "on" or "le", which call any date one: a title above it says more."""

_TITLE_ROWS = 2
"""A title stands over its date within so many rows."""

_NOUN = 4
"""Letters of the shortest word that tells what a day is about."""

_SHORT = 6
"""Letters of a label that is an everyday word as well."""

_TOWN = re.compile(r"[^\W\d]+(?:[ -][^\W\d]+){0,2},\s*(?:[a-z]{1,3}\s+)?")
"""With what stands between it and its day: `Isenau, den`."""

_BOUGHT_THEN = frozenset({Role.GIFT_CARD, Role.REFUND})
"""Of "Bon cadeau n° 1182 du 24/12/2025" and "Retour (ticket 77 du 13/12/25)"; a part was paid then
in "Acompte le 28/07/2026"."""

ORDERED = say("label of the order")

_LABEL_SIDE: Mapping[Direction, Message] = {
    "right": say("label, right of it"),
    "left": say("label, left of it"),
    "below": say("label, below of it"),
    "above": say("label, above of it"),
}


def labelled(sheet: Sheet, line: Line, printed: PrintedDate) -> Iterator[Evidence]:
    """What the words just before the date on its row, or alone on the row above, call it."""
    directed = sheet.lexicon.template.directions
    here = Span(line, printed.start, printed.stop)
    for pointer in sheet.pointers:
        if pointer.label.role in (Role.DATE, Role.OTHER_DATE) and pointer.nearest([here]):
            weight = 2.0 if pointer.label.role is Role.DATE else -4.0
            yield Evidence(_LABEL_SIDE[pointer.direction], weight, pointer.label.phrase)
    if _bounds_a_period(sheet, line, printed):
        yield Evidence("a period", -4.0)
        return
    if sheet.is_letter:
        before = list(_labels_on_letter(sheet, line, printed))
    else:
        before = _labels_before(sheet, line, printed)
    before = [x for x in before if x.role not in directed]
    near = sorted(before, key=lambda x: x.stop)[-2:]
    roles = {label.role for label in near}
    if any(_calls_other(line, label, printed) for label in before):
        yield Evidence("another date's label", -4.0)
    elif Role.ORDER_DATE in roles:
        yield Evidence(ORDERED, -0.5, near[-1].phrase)
    elif Role.DATE in roles:
        phrase = near[-1].phrase
        short = len(phrase) <= _ARTICLE
        if short and (_goes_on_from_above(sheet, line, near[-1]) or _goes_on(sheet, line, printed)):
            yield Evidence("another date's label", -4.0)
            return
        paid_then = Role.OTHER_TENDER in roles and len(phrase) <= _ARTICLE
        if paid_then or _BOUGHT_THEN & {label.role for label in before}:
            yield Evidence("label of something else", -1.0, phrase)
            return
        if _dates_something_else(sheet, line, near[-1], printed):
            yield Evidence("label of something else", 0.5, phrase)
            return
        yield Evidence("label", 2.6 if len(phrase) > _SHORT else 2.0, phrase)
    elif not before and line.index and not sheet.is_letter:
        above = sheet.lines[line.index - 1]
        tail = {label.role for label in above.labels if not _says_more(sheet, above, label)}
        tail -= directed.keys()
        if Role.OTHER_DATE in tail and not sheet.lexicon.dates.find(above.text):
            yield Evidence("another date's label above", -3.0)
        elif Role.DATE in tail and not above.money:
            yield Evidence("label above", 1.2)
    if sheet.is_letter and not roles and _is_behind_a_town(line, printed):
        yield Evidence("a town before it", 2.0)
    if roles & {Role.IGNORE, Role.SAVINGS}:
        yield Evidence("beside something else", -1.5)


def _labels_before(sheet: Sheet, line: Line, printed: PrintedDate) -> list[Label]:
    """The labels before a date on its row: those behind the date before it, if there are any."""
    before = [x for x in line.labels if line.spans[x.start][0] < printed.start]
    days = sheet.lexicon.dates.find(line.text) if before else ()
    last = max((day.stop for day in days if day.stop <= printed.start), default=0)
    return [x for x in before if line.spans[x.start][0] >= last] or before


def _goes_on_from_above(sheet: Sheet, line: Line, label: Label) -> bool:
    """Whether a label of another date is broken over two rows: "... avant", "le 19/03". A row that
    begins with a capital alone is another sentence: "Cde n° 254 LIVRAISON", "Le 19/03"."""
    if label.start or not line.index:
        return False
    before = sheet.lines[line.index - 1]
    if line.text[: line.spans[label.stop - 1][1]].istitle() and any(map(str.isdigit, before.text)):
        return False
    above = before.words[-_TITLE_ROWS:]
    found = sheet.lexicon.labels.find((*above, *line.words[: label.stop]), forgiving=False)
    return any(x.role is Role.OTHER_DATE and x.stop > len(above) for x in found)


def _goes_on(sheet: Sheet, line: Line, printed: PrintedDate) -> bool:
    """Whether the word for another day stands behind it: "am 24.12.2024 geschlossen"."""
    behind = (x for x in line.labels if line.spans[x.start][0] >= printed.stop)
    called = any(x.role is Role.OTHER_DATE for x in behind)
    return called and not sheet.lexicon.dates.find(line.text[printed.stop :])


def _dates_something_else(sheet: Sheet, line: Line, label: Label, printed: PrintedDate) -> bool:
    """Whether a word that no label has stands between the label and the date, or right before a
    short one: "Fecha concierto", "Montage am". It says what happens on that day."""
    between = [n for n in range(label.stop, len(line.words)) if line.spans[n][1] <= printed.start]
    before = [label.start - 1] if label.start and len(label.phrase) <= _SHORT else []
    known = covered(line.labels)
    words = {line.words[n] for n in (*between, *before) if n not in known} - sheet.lexicon.joining
    return any(word.isalpha() and len(word) >= _NOUN for word in words)


def _says_more(sheet: Sheet, line: Line, label: Label) -> bool:
    """Whether words stand behind the label on its row, but for those that only lead on, "à", or
    the number to call: "RDV au 03 52 94 51 29"."""
    behind = set(line.words[label.stop :]) - sheet.lexicon.joining
    return any(map(letters_in, behind)) or PHONE.search(line.text) is not None


def _labels_on_letter(sheet: Sheet, line: Line, printed: PrintedDate) -> Iterator[Label]:
    """The labels before a date in its own column; else in the next one on the left, where that has
    no date of its own; else in its column on the row above."""
    own, left = _columns_before(line, printed)
    found: list[Label] = []
    for start, stop in (own, left):
        found = found or [x for x in line.labels if start <= line.spans[x.start][0] < stop]
        if any(len(label.phrase) > _ARTICLE for label in found):
            yield from found
            return
        if sheet.lexicon.dates.find(line.text[start:stop]):
            break
    box = line.box(printed.start, printed.stop)
    for above in reversed(sheet.lines[max(0, line.index - _TITLE_ROWS) : line.index]):
        titles = labels_over(above, box) if above.page == line.page else ()
        if titles:
            yield from titles
            return
    yield from found


def is_in_one_column(line: Line, start: int, stop: int) -> bool:
    """Whether no wide gap lies between these characters of a letter's row."""
    at = 0
    for part in cells(line.row):
        at += len(part.text) + 1
        if start < at:
            return stop <= at
    return True


def _columns_before(line: Line, printed: PrintedDate) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where the text of the date's column before it stands, and that of the column before."""
    at, left = 0, (0, 0)
    for part in cells(line.row):
        if at <= printed.start < at + len(part.text):
            return (at, printed.start), left
        left = (at, at + len(part.text))
        at += len(part.text) + 1
    return (0, printed.start), (0, 0)


def _is_behind_a_town(line: Line, printed: PrintedDate) -> bool:
    """Whether town and day are all of their column, as where a letter begins."""
    start, stop = _columns_before(line, printed)[0]
    behind = line.text[printed.stop :].strip(" .")
    whole = not behind or not is_in_one_column(line, printed.start, printed.stop + 2)
    return whole and bool(_TOWN.fullmatch(line.text[start:stop]))


def _bounds_a_period(sheet: Sheet, line: Line, printed: PrintedDate) -> bool:
    """Whether the row goes from this date to another one, or from another to this, which may stand
    above."""
    before = line.text[: printed.start]
    if letters_in(before) <= _TO and not any(map(str.isdigit, before)) and line.index:
        before = f"{sheet.lines[line.index - 1].text} {before}"
    begun = _FROM.search(before)
    if begun and _leads_to_a_day(sheet, begun[1]):
        return True
    below = sheet.lines[line.index + 1 : line.index + 2]
    if below and not letters_in(line.text[printed.stop :]):
        upto = _UPTO.match(below[0].text)
        if upto and _leads_to_a_day(sheet, upto[1]):
            later = sheet.lexicon.dates.find(below[0].text)
            if any(x.start == upto.end() and x.value != printed.value for x in later):
                return True
    for other in sheet.lexicon.dates.find(line.text):
        if other.form not in ("same", "named"):
            continue
        first, second = sorted((other, printed), key=lambda x: x.start)
        between = line.text[first.stop : second.start].strip()
        word = between.isalpha() and len(between) <= _TO
        if first.value == second.value or first.stop > second.start or not word:
            continue
        if not sheet.is_letter or is_in_one_column(line, first.start, second.stop):
            return True
    return False


def _leads_to_a_day(sheet: Sheet, word: str) -> bool:
    """Whether a small word stands between the days of a period, and is none that dates one."""
    to = "".join(fold(word))
    dated = sheet.lexicon.template.labels.get(Role.DATE, ())
    return to in sheet.lexicon.joining and to not in dated


def _calls_other(line: Line, label: Label, printed: PrintedDate) -> bool:
    """Whether a label says that this is another date; "by" and its like only right before it."""
    if label.role is not Role.OTHER_DATE:
        return False
    if sum(map(len, line.words[label.start : label.stop])) > _SHORT:
        return True
    return letters_in(line.text[line.spans[label.stop - 1][1] : printed.start]) == 0
