"""Words that somebody clicked on a document: what makes the reader find the value there.

The likeliest way first: the label beside them, then the side on which they stand, then the part
of the page. The first one with which the reader reads these very words is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, Literal, TypeAlias

from preuve.reading.extract.identifiers import identifiers
from preuve.reading.extract.sheet import Line
from preuve.reading.extract.text import compact, fold, letters_in
from preuve.reading.page import Box, Pages
from preuve.reading.result import Context, Place, Reading, Value
from preuve.reading.template.drafting.days import day_in_words, learn_dates, spots_of
from preuve.reading.template.drafting.shapes import patterns
from preuve.reading.template.drafting.sketch import Edit, Sketch
from preuve.reading.template.drafting.trial import Bench, Tried, seen_as
from preuve.reading.template.drafting.values import Example, Sold, Values
from preuve.reading.template.drafting.wording import Side, Spot, beside, phrase_of
from preuve.reading.template.fields import FieldType
from preuve.reading.template.inherit import STRIKE
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Role, Template

Unclear: TypeAlias = Literal["no_words", "no_amount", "no_date", "no_rows"]
"""Why nothing can be learned: what the clicked words do not hold."""

HEADER: tuple[str, ...] = ("total", "purchased_on", "receipt_number")
"""Values of every purchase that may be pointed at, besides the retailer and the items."""

_ROLES = {"total": Role.TOTAL, "purchased_on": Role.DATE, "receipt_number": Role.RECEIPT_NUMBER}
_ZONES = {"total": "total", "purchased_on": "date"}
_OPPOSITE: Mapping[Side, str] = {
    "left": "right", "right": "left", "above": "below", "below": "above",
}  # fmt: skip
_MARGIN = 0.6
"""How far a zone reaches beyond the words, in heights of their row."""

_SURE = 0.9
"""The confidence from which nothing more is learned of a value that is read."""

_MOST_LABELS = 3
_FEWEST_LETTERS = 3
_DOC = "the document"


@dataclass(frozen=True)
class Pointed:
    """What the words say, what to change in the template, and whether they are read then."""

    value: str
    edits: tuple[Edit, ...]
    read: bool


def point(
    pages: Pages,
    data: Mapping[str, Any],
    parent: Template,
    templates: Templates,
    field: str,
    places: Sequence[Place],
    context: Context,
) -> Pointed | Unclear:
    """Learns that the words at `places` are the value of `field`.

    `data` is the template's own, which extends `parent`. `field` is `retailer`, `recognize`,
    `items`, one of `HEADER`, or `fields.<name>` for one that `data` has.
    """
    pointing = _Pointing(pages, Sketch(data), parent, templates, places, context)
    if not pointing.spots:
        return "no_words"
    if field == "retailer":
        return pointing.retailer()
    if field == "recognize":
        return pointing.clue()
    if field == "items":
        return pointing.items()
    if field == "total":
        return pointing.total()
    if field == "purchased_on":
        return pointing.day()
    return pointing.text(field)


def type_of_words(pages: Pages, parent: Template, places: Sequence[Place]) -> FieldType:
    """The type of a field that holds the words at these places."""
    sheet = seen_as(pages, parent)
    text = _one_line(" ".join(s.text for line in sheet.lines for s in _inside(line, places)))
    dates = sheet.lexicon.dates.find(text)
    if dates and len(dates[0].text.strip()) >= len(text.strip()) - 2:
        return "date"
    amounts = sheet.lexicon.amounts.find(text)
    if len(amounts) == 1 and amounts[0].plain and not re.search(r"[^\W\d_]{4,}", text):
        return "amount"
    if " " not in text.strip() and any(c.isdigit() for c in text):
        return "code"
    return "text"


class _Pointing:
    def __init__(
        self,
        pages: Pages,
        sketch: Sketch,
        parent: Template,
        templates: Templates,
        places: Sequence[Place],
        context: Context,
    ) -> None:
        self.pages, self.sketch, self.places = pages, sketch, places
        self.parent, self.templates, self.context = parent, templates, context
        self.bench = self._bench(Values())
        self.sheet = self.bench.sheets(sketch)[0]
        self.spots = [spot for line in self.sheet.lines for spot in _inside(line, places)]

    def retailer(self) -> Pointed:
        """The words are the name over the door."""
        name = _one_line(" ".join(spot.text for spot in self.spots))[:200]
        why = f"row {self.spots[0].line.index + 1} of {_DOC}"
        return Pointed(name, (Edit(("recognize", "names"), name, why, adds=True),), True)

    def clue(self) -> Pointed:
        """The words are printed by this retailer alone: a number of a register, a domain, or
        words as they stand."""
        text = _one_line(" ".join(spot.text for spot in self.spots))[:200]
        printed = re.sub(r"\W", "", text).casefold()
        for found in identifiers(self.pages):
            number = re.sub(r"\W", "", found.number).casefold()
            if number not in printed or not self._touches(found.place):
                continue
            if found.kind in ("vat", "siren"):
                entry = {"number": found.number, "source": f"printed on {_DOC}"}
                return Pointed(
                    found.number, (Edit(("recognize", found.kind), entry, "", True),), True
                )
            if found.kind == "domain":
                edit = Edit(("recognize", "domains"), found.number, f"printed on {_DOC}", True)
                return Pointed(found.number, (edit,), True)
        why = f"row {self.spots[0].line.index + 1} of {_DOC}"
        return Pointed(text, (Edit(("recognize", "words"), text, why, adds=True),), True)

    def total(self) -> Pointed | Unclear:
        sums = [
            (amount.value, replace(spot, start=amount.start, stop=amount.stop))
            for spot in self.spots
            for amount in spot.line.amounts
            if spot.start < amount.stop and amount.start < spot.stop and not amount.percent
        ]
        if not sums:
            return self._only_a_label(Role.TOTAL) or "no_amount"
        value, spot = sums[-1]
        self.bench = self._bench(Values(total=value))

        def read(tried: Tried) -> Value[Any] | None:
            total = tried.read[0][0].total
            return total if total and total.value == value and self._touches(total.place) else None

        return self._learned(str(value), self._labelled("total", spot), read)

    def day(self) -> Pointed | Unclear:
        day = self._day()
        if day is None:
            return self._only_a_label(Role.DATE) or "no_date"
        self.bench = self._bench(Values(purchased_on=day))

        def read(tried: Tried) -> Value[Any] | None:
            found = tried.read[0][0].purchased_on
            return found if found and found.value == day and self._touches(found.place) else None

        printed = [spot for spot in spots_of(self.sheet, day) if self._has(spot)]
        if printed:
            return self._learned(day.isoformat(), self._labelled("purchased_on", printed[0]), read)
        current = self.bench.tried(self.sketch)
        better = learn_dates(self.bench, current)
        return Pointed(
            day.isoformat(), _added(self.sketch, better.sketch), read(better) is not None
        )

    def text(self, field: str) -> Pointed:
        """The words are a text: a field of the template's own, or the receipt's number."""
        first = self.spots[0]
        value = _one_line(" ".join(spot.text for spot in self.spots))

        def read(tried: Tried) -> Value[Any] | None:
            found = _text_value(tried.read[0][0], field)
            return found if found and compact(found.raw_text) == compact(value) else None

        return self._learned(value, self._labelled(field, first), read)

    def items(self) -> Pointed | Unclear:
        """The rows hold the items, and no others do."""
        rows = [spot.line for spot in self.spots]
        sold = [
            Sold(line.money[-1].value, line.before_amounts.strip() or None)
            for line in dict.fromkeys(rows)
            if line.money
        ]
        if not sold:
            return "no_rows"
        self.bench = self._bench(Values(items=tuple(sold)))
        start = self.bench.tried(self.sketch)
        if start.outcomes[0][-1].right:
            return Pointed(f"{len(sold)}", (), True)
        zones = [[Edit(("zones", "items"), zone, "")] for zone in self._zones(rows)]
        shapes = [
            [Edit(("row_patterns",), one, f"rows of items in {_DOC}", adds=True)]
            for one in patterns(self.sheet, sold)[:3]
        ]
        best = self.bench.best(start, [*zones, *shapes])
        if not best.outcomes[0][-1].right:
            best = self.bench.best(best, [[*zone, *shape] for zone in zones for shape in shapes])
        edits = _added(self.sketch, best.sketch)
        return Pointed(f"{len(sold)}", edits, best.outcomes[0][-1].right)

    def _bench(self, values: Values) -> Bench:
        example = Example(_DOC, self.pages, values)
        return Bench([example], self.parent, self.templates, self.context)

    def _touches(self, place: Place | None) -> bool:
        return place is not None and any(
            place.page == one.page and _overlap(place.box, one.box) for one in self.places
        )

    def _has(self, spot: Spot) -> bool:
        return self._touches(spot.line.place(spot.start, spot.stop))

    def _day(self) -> date | None:
        """The day that the words say, in a language that the template does not know yet, too."""
        for spot in self.spots:
            for printed in self.sheet.lexicon.dates.find(spot.line.text):
                if printed.start < spot.stop and spot.start < printed.stop:
                    return printed.value
        text = _one_line(" ".join(spot.text for spot in self.spots))
        if day := day_in_words(text):
            return day
        return next(filter(None, map(day_in_words, _around(self.spots[0]))), None)

    def _only_a_label(self, role: Role) -> Pointed | None:
        """Words without a value: they are what stands beside it."""
        text = compact_phrase(" ".join(spot.text for spot in self.spots))
        if letters_in(text) < _FEWEST_LETTERS or any(c.isdigit() for c in text):
            return None
        edits = (Edit(("labels", role.value), text, f"clicked in {_DOC}", adds=True),)
        reading = self.bench.tried(self.sketch.with_edits(edits)).read[0][0]
        value = reading.total if role is Role.TOTAL else reading.purchased_on
        return Pointed(str(value.value) if value else text, edits, value is not None)

    def _learned(
        self,
        value: str,
        options: Iterable[Sequence[Edit]],
        read: Callable[[Tried], Value[Any] | None],
    ) -> Pointed:
        """The first option with which the value is read; none where it is read surely anyway."""
        found = read(self.bench.tried(self.sketch))
        if found is not None and found.confidence >= _SURE:
            return Pointed(value, (), True)
        for edits in options:
            better = read(self.bench.tried(self.sketch.with_edits(edits)))
            if better is not None and (found is None or better.confidence > found.confidence):
                return Pointed(value, tuple(edits), True)
        return Pointed(value, (), found is not None)

    def _labelled(self, field: str, spot: Spot) -> Iterator[Sequence[Edit]]:
        """Ways to find a value: by each phrase beside it, on its side, in its part of the page."""
        words = list(islice(beside(self.sheet, spot), _MOST_LABELS))
        own = field.partition(".")[2]
        route = ("fields", own, "labels") if own else ("labels", _ROLES[field].value)
        sided = ("fields", own, "direction") if own else ("directions", _ROLES[field].value)
        for one in words:
            why = f"beside {_one_line(spot.text)} in {_DOC}"
            label = Edit(route, one.phrase, why, adds=True)
            struck = () if own else tuple(self._struck(_ROLES[field], one.phrase))
            yield [label]
            if struck:
                yield [label, *struck]
            yield [label, *struck, Edit(sided, _OPPOSITE[one.side], "")]
        zone = ("fields", own, "zone") if own else ("zones", _ZONES.get(field, ""))
        if zone[-1]:
            for area in self._zones([spot.line], spot):
                yield [Edit(zone, area, "")]
                if words and not own:
                    yield [Edit(zone, area, ""), Edit(route, words[0].phrase, "", adds=True)]

    def _struck(self, role: Role, phrase: str) -> Iterator[Edit]:
        """The phrase taken from the other roles that it has in what is inherited."""
        wanted = "".join(fold(phrase))
        for other, phrases in self.parent.labels.items():
            for known in phrases:
                if other is not role and "".join(fold(known)) == wanted:
                    why = f"is {role.value} here"
                    yield Edit(("labels", other.value), f"{STRIKE}{known}", why, adds=True)

    def _zones(self, rows: Sequence[Line], spot: Spot | None = None) -> Iterator[dict[str, Any]]:
        """The part of the page with these rows: between what is printed, or in shares of it."""
        first, last = min(x.index for x in rows), max(x.index for x in rows)
        over = self.sheet.lines[first - 1] if first else None
        under = self.sheet.lines[last + 1] if last + 1 < len(self.sheet.lines) else None
        above, below = (self._heading(line) for line in (over, under))
        if above and below:
            yield {"below": [above], "above": [below]}
        if above:
            yield {"below": [above]}
        if below and not spot:
            yield {"above": [below]}
        page = next(one for one in self.pages if one.number == rows[0].page)
        box = spot.line.box(spot.start, spot.stop) if spot else Box.around(x.row.box for x in rows)
        around = _MARGIN * (spot.line.row.box.height if spot else rows[0].row.box.height)
        shares = {
            "top": (box.top - around) / page.height,
            "bottom": (box.bottom + around) / page.height,
        }
        if spot:
            shares["left"] = (box.left - around) / page.width
            shares["right"] = (box.right + around) / page.width
        yield {side: f"{min(1.0, max(0.0, share)):.2f}" for side, share in shares.items()}

    def _heading(self, line: Line | None) -> str | None:
        """The words that a row begins with; None where it begins with a number."""
        return phrase_of(self.sheet, line) if line and line.text[:1].isalpha() else None


def compact_phrase(text: str) -> str:
    """A phrase as templates hold it: small letters, without what stands around the words."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", _one_line(text)).lower()[:200]


def _inside(line: Line, places: Sequence[Place]) -> Iterator[Spot]:
    """The run of a row's words whose middles lie in one of the places."""
    at, taken = 0, []
    for word in line.row.words:
        x, y = word.box.center
        if any(
            one.page == line.page
            and one.box.left <= x <= one.box.right
            and one.box.top <= y <= one.box.bottom
            for one in places
        ):
            taken.append((at, at + len(word.text)))
        at += len(word.text) + 1
    if taken:
        yield Spot(line, taken[0][0], taken[-1][1])


def _around(spot: Spot) -> Iterator[str]:
    """The spot with its neighbours in the row, the fewest first: one word of a date is clicked."""
    words = [found.span() for found in re.finditer(r"\S+", spot.line.text)]
    inside = [n for n, (start, stop) in enumerate(words) if start < spot.stop and spot.start < stop]
    for more in (1, 2):
        for before in range(more + 1):
            run = words[max(0, inside[0] - before) : inside[-1] + 1 + more - before]
            yield spot.line.text[run[0][0] : run[-1][1]]


def _overlap(one: Box, other: Box) -> bool:
    return min(one.right, other.right) > max(one.left, other.left) and min(
        one.bottom, other.bottom
    ) > max(one.top, other.top)


def _text_value(reading: Reading, field: str) -> Value[str] | None:
    if field == "receipt_number":
        return reading.receipt_number
    name = field.removeprefix("fields.")
    return next((own.value for own in reading.fields if own.name == name), None)


def _added(before: Sketch, after: Sketch) -> tuple[Edit, ...]:
    """What the one has and the other has not, as edits."""
    return tuple(_differing((), before.data, after.data, after.why))


def _differing(
    route: tuple[str, ...], old: Any, new: Any, why: Mapping[tuple[str, ...], str]
) -> Iterator[Edit]:
    for key, value in new.items():
        at, was = (*route, key), old.get(key)
        if isinstance(value, dict) and isinstance(was, dict | None):
            yield from _differing(at, was or {}, value, why)
        elif isinstance(value, list) and value != was:
            known = was if isinstance(was, list) else []
            for entry in value:
                if entry not in known:
                    yield Edit(at, entry, why.get((*at, str(entry)), ""), adds=True)
        elif value != was:
            yield Edit(at, value, why.get(at, ""))


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
