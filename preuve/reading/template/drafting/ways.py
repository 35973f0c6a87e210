"""The ways to say where a value stands: the phrase beside it, its side, its part of the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from preuve.messages import say
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import fold
from preuve.reading.page import Box, Pages
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.wording import Side, Spot, beside, phrase_of
from preuve.reading.template.inherit import STRIKE
from preuve.reading.template.model import Role, Template

_ROLES = {"total": Role.TOTAL, "purchased_on": Role.DATE, "receipt_number": Role.RECEIPT_NUMBER}
_ZONES = {"total": "total", "purchased_on": "date"}
_OPPOSITE: Mapping[Side, str] = {
    "left": "right", "right": "left", "above": "below", "below": "above",
}  # fmt: skip
_MARGIN = 0.6
"""How far a zone reaches beyond the words, in heights of their row."""

_MOST_LABELS = 3
DOC = say("the document")


@dataclass(frozen=True)
class Ways:
    """Those that a template which extends `parent` can take on a document."""

    pages: Pages
    sheet: Sheet
    parent: Template

    def to(self, field: str, spot: Spot) -> Iterator[Sequence[Edit]]:
        """Ways to find a value: by each phrase beside it, on its side, in its part of the page."""
        words = list(islice(beside(self.sheet, spot), _MOST_LABELS))
        own = field.partition(".")[2]
        route = ("fields", own, "labels") if own else ("labels", _ROLES[field].value)
        sided = ("fields", own, "direction") if own else ("directions", _ROLES[field].value)
        why = say("beside {text} in {where}", text=" ".join(spot.text.split()), where=DOC)
        for one in words:
            label = Edit(route, one.phrase, why, adds=True)
            struck = () if own else tuple(self._struck(_ROLES[field], one.phrase))
            yield [label]
            if struck:
                yield [label, *struck]
            yield [label, *struck, Edit(sided, _OPPOSITE[one.side], "")]
        zone = ("fields", own, "zone") if own else ("zones", _ZONES.get(field, ""))
        if zone[-1]:
            for area in self.zones([spot.line], spot):
                yield [Edit(zone, area, "")]
                if words and not own:
                    yield [Edit(zone, area, ""), Edit(route, words[0].phrase, "", adds=True)]

    def _struck(self, role: Role, phrase: str) -> Iterator[Edit]:
        """The phrase taken from the other roles that it has in what is inherited."""
        wanted = "".join(fold(phrase))
        for other, phrases in self.parent.labels.items():
            for known in phrases:
                if other is not role and "".join(fold(known)) == wanted:
                    why = say("is {role} here", role=role.value)
                    yield Edit(("labels", other.value), f"{STRIKE}{known}", why, adds=True)

    def zones(self, rows: Sequence[Line], spot: Spot | None = None) -> Iterator[dict[str, Any]]:
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
