"""Words that somebody clicked on a document: what makes the reader find the value there.

The likeliest way first: the label beside them, then the side on which they stand, then the part
of the page. The first one with which the reader reads these very words is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias

from preuve.messages import say
from preuve.reading.extract.identifiers import identifiers
from preuve.reading.extract.text import compact, letters_in
from preuve.reading.page import Box, Pages
from preuve.reading.result import Context, Place, Reading, Value
from preuve.reading.template.drafting.days import day_in_words, learn_dates, spots_of
from preuve.reading.template.drafting.shapes import patterns
from preuve.reading.template.drafting.sketch import Edit, Sketch, added
from preuve.reading.template.drafting.trial import Bench, Tried, bare, seen_as
from preuve.reading.template.drafting.values import Example, Sold, Values
from preuve.reading.template.drafting.ways import DOC, Ways
from preuve.reading.template.drafting.wording import Spot, neighborhoods, spots_inside
from preuve.reading.template.fields import FieldType
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Match, match
from preuve.reading.template.model import Role, Template

Unclear: TypeAlias = Literal["no_words", "no_amount", "no_date", "no_rows"]
"""Why nothing can be learned: what the clicked words do not hold."""

HEADER: tuple[str, ...] = ("total", "purchased_on", "receipt_number")
"""Values of every purchase that may be pointed at, besides the retailer and the items."""

_SURE = 0.9
"""The confidence from which nothing more is learned of a value that is read."""

_FEWEST_LETTERS = 3


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
    text = _one_line(" ".join(s.text for line in sheet.lines for s in spots_inside(line, places)))
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
        self.ways = Ways(pages, self.sheet, parent)
        self.spots = [spot for line in self.sheet.lines for spot in spots_inside(line, places)]

    def retailer(self) -> Pointed:
        """The words are the name over the door: all of them, else those of one row.

        A frame on slanted paper takes words of the next row, too.
        """
        rows = [_one_line(spot.text)[:200] for spot in self.spots]
        whole = _one_line(" ".join(rows))[:200]
        why = say("row {row:d} of {where}", row=self.spots[0].line.index + 1, where=DOC)
        for name in dict.fromkeys((whole, *sorted(rows, key=letters_in, reverse=True))):
            edits = (Edit(("recognize", "names"), name, why, adds=True),)
            if self._known_by(edits):
                return Pointed(name, edits, True)
        return Pointed(whole, (Edit(("recognize", "names"), whole, why, adds=True),), False)

    def _known_by(self, edits: Sequence[Edit]) -> bool:
        """Whether the template is known on the document with these edits."""
        template = self.sketch.with_edits(edits).template(self.parent)
        return isinstance(match(self.pages, bare(self.templates, template)), Match)

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
                entry = {"number": found.number, "source": say("printed on {where}", where=DOC)}
                return Pointed(
                    found.number, (Edit(("recognize", found.kind), entry, "", True),), True
                )
            if found.kind == "domain":
                edit = Edit(
                    ("recognize", "domains"),
                    found.number,
                    say("printed on {where}", where=DOC),
                    True,
                )
                return Pointed(found.number, (edit,), True)
        why = say("row {row:d} of {where}", row=self.spots[0].line.index + 1, where=DOC)
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

        return self._learned(str(value), self.ways.to("total", spot), read)

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
            return self._learned(day.isoformat(), self.ways.to("purchased_on", printed[0]), read)
        current = self.bench.tried(self.sketch)
        better = learn_dates(self.bench, current)
        return Pointed(day.isoformat(), added(self.sketch, better.sketch), read(better) is not None)

    def text(self, field: str) -> Pointed:
        """The words are a text: a field of the template's own, or the receipt's number."""
        first = self.spots[0]
        value = _one_line(" ".join(spot.text for spot in self.spots))

        def read(tried: Tried) -> Value[Any] | None:
            found = _text_value(tried.read[0][0], field)
            return found if found and compact(found.raw_text) == compact(value) else None

        return self._learned(value, self.ways.to(field, first), read)

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
        zones = [[Edit(("zones", "items"), zone, "")] for zone in self.ways.zones(rows)]
        shapes = [
            [Edit(("row_patterns",), one, say("rows of items in {where}", where=DOC), adds=True)]
            for one in patterns(self.sheet, sold)[:3]
        ]
        best = self.bench.best(start, [*zones, *shapes])
        if not best.outcomes[0][-1].right:
            best = self.bench.best(best, [[*zone, *shape] for zone in zones for shape in shapes])
        edits = added(self.sketch, best.sketch)
        return Pointed(f"{len(sold)}", edits, best.outcomes[0][-1].right)

    def _bench(self, values: Values) -> Bench:
        example = Example(DOC, self.pages, values)
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
        return next(filter(None, map(day_in_words, neighborhoods(self.spots[0]))), None)

    def _only_a_label(self, role: Role) -> Pointed | None:
        """Words without a value: they are what stands beside it."""
        text = _phrase(" ".join(spot.text for spot in self.spots))
        if letters_in(text) < _FEWEST_LETTERS or any(c.isdigit() for c in text):
            return None
        edits = (
            Edit(("labels", role.value), text, say("clicked in {where}", where=DOC), adds=True),
        )
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


def _phrase(text: str) -> str:
    """A phrase as templates hold it: small letters, without what stands around the words."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", _one_line(text)).lower()[:200]


def _overlap(one: Box, other: Box) -> bool:
    return min(one.right, other.right) > max(one.left, other.left) and min(
        one.bottom, other.bottom
    ) > max(one.top, other.top)


def _text_value(reading: Reading, field: str) -> Value[str] | None:
    if field == "receipt_number":
        return reading.receipt_number
    name = field.removeprefix("fields.")
    return next((own.value for own in reading.fields if own.name == name), None)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
