"""Where the names of the items stand: beside their amounts, above, below, or over several rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from preuve.reading.extract.block import GROUP_SUMS
from preuve.reading.extract.figures import SUMS, main_role
from preuve.reading.extract.parts import Part
from preuve.reading.extract.sheet import SPEAKS_OF_MONEY, Line, Sheet
from preuve.reading.extract.text import compact
from preuve.reading.lazy import cached_property
from preuve.reading.template.model import Role

LEADING_CODE = re.compile(r"^[#*]?\s*(\d{4,14}(?:-\d{2})?)\s+(?=(?:\d{1,3}\s+)?\S*[^\W\d])")
LEADING_COUNT = re.compile(
    r"^[*\s-]*(\d{1,3}(?:[.,]\d{2,3})?)\s*"
    r"(?:[xX×*]\s*|(?:(?<=[.,]\d{3})|(?<=[.,]\d{3}\s))(?i:kg|l)\s+|\s+)(?=\D*[^\W\d]{2})"
)
LONG_CODE = re.compile(r"^(?:\w\s)?\d{8,14}\b")
_CODED = re.compile(r"\d{6,14}\s+(?=\S*[^\W\d])")
"""An article's number, longer than a post code, and what it is called."""

_COLUMN = 40.0
"""Pixels left of the end of the amounts' column that still belong to it."""

_MOSTLY_FULL = 0.6
"""A row of words below this share of the widest one is a heading rather than a broken name."""

_FEW_WORDS = 3
"""So many words in small letters go on with a name even where they would have fitted."""

_SECTION = 0.9
"""The share of a row's letters from which a kind of shop is all that it says."""

_ALIGNED, _ALL_ALIGNED = 1.0, 0.55
"""How far the rest of a name may begin from it, in heights of a row, where it is one row, and where
it is several: notes are set further in, as is what a menu is of."""

LETTERS = 3
"""A row of fewer different signs is a rule, or the marks of a torn edge."""

_UNIT = 3
"""A count with no more letters behind it has a unit there, not a name."""

_LEADING = 1.5
"""Rows of one name stand no more pitches of the paper's rows below each other."""

_GAP = 1.5
"""So wide, in heights of a row, is the gap between a name and what stands in the next column."""

_SAYS = re.compile(r":(?:\s|\d+$)")
"""A row that says something of an item: `Taille : M`, `Quantité :2`."""

_SIZE = re.compile(r"[xX]?\d[\d.,]*[^\W\dxX]{1,2}")
_NUMBER = re.compile(r"\d{3,}")

_OPENING = re.compile(f"{LEADING_CODE.pattern}|{LEADING_COUNT.pattern}")
"""What opens an item's first row: its code or its count."""


def whole_names(sheet: Sheet, parts: Sequence[Part]) -> list[Part]:
    """The parts, each name that is broken over several rows put together beside its amount.

    On one paper names go on below their amounts or begin above them, not both: the rows that only
    one of the two explains decide.
    """
    names = _Names(sheet, parts)
    if notes := names.notes():
        return [part for at, part in enumerate(parts) if at not in notes]
    below = {run: span for run in names.runs if (span := names.going_on_below(run))}
    above = {run: span for run in names.runs if (span := names.begun_above(run))}
    only_below, only_above = below.keys() - above.keys(), above.keys() - below.keys()
    if len(only_below) > len(only_above):
        return names.joined(below.values())
    if len(only_above) > len(only_below):
        return names.joined(above.values())
    return names.joined({**above, **below, **({} if names.end_in_words else above)}.values())


class _Names:
    """The rows of words alone, and how they may belong to the rows with amounts around them."""

    def __init__(self, sheet: Sheet, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._lines = sheet.lines
        self._reach = sheet.money_right - _COLUMN
        priced = [p.description for p in parts if p.amount and p.names and not is_sum(p)]
        self._in_titles = _is_in_titles(priced)
        self.runs = tuple(self._runs())
        self._widest = max(map(len, priced), default=0)

    @cached_property
    def _groups(self) -> list[str]:
        """The rows of sums that some of the articles may make, compact."""
        return [compact(x.text) for x in self._lines if x.money and x.roles & GROUP_SUMS]

    @cached_property
    def _pitch(self) -> float:
        """How far the paper's rows stand below each other, in pixels."""
        pitches = [_middle(low) - _middle(high) for high, low in pairwise(self._lines)]
        return median(pitches) if pitches else 0.0

    def _runs(self) -> Iterator[range]:
        """The longest runs of rows that are words alone."""
        words = [self._is_words(part) for part in self._parts]
        start = 0
        for are_words, some in groupby(words):
            stop = start + len(list(some))
            if are_words:
                yield range(start, stop)
            start = stop

    def _is_words(self, part: Part) -> bool:
        """Whether a row may be a part of a name: words, and nothing that is lost beside them."""
        line, text = part.line, part.description
        if part.amount or part.count or part.quantity or not text[:1].isalnum():
            return False
        if _SAYS.search(text) or len(set(text)) < LETTERS:
            return False
        labels = (x for x in line.labels if x.role is not Role.TRADE)
        if any(x.start == 0 or x.role in SPEAKS_OF_MONEY for x in labels):
            return False
        if any(a.plain or a.signed for a in line.amounts) or len(_NUMBER.findall(text)) > 2:
            return False
        *_, last = line.row.words
        gap = last.box.left - max((w.box.right for w in line.row.words[:-1]), default=0.0)
        return last.box.right <= self._reach or gap < _GAP * last.box.height

    def going_on_below(self, run: range) -> range | None:
        """The rows of an item whose name goes on in the whole run below its amount."""
        above, stop = run.start - 1, run.stop - self._names_a_bare_amount(run)
        if run.start < stop < run.stop and is_code(self._parts[stop]):
            stop -= 1
        if above < 0 or stop <= run.start or not self._may_own(above) or self._cuts(above):
            return None
        rows = range(above, stop)
        if _OPENING.match(self._text(run.start)):
            return None
        most = _ALIGNED if stop - run.start == 1 else _ALL_ALIGNED
        aligned = _aside(self._parts[above], self._parts[run.start]) <= most
        return rows if aligned and all(map(self._goes_on, rows[:-1])) else None

    def begun_above(self, run: range) -> range | None:
        """The rows of an item whose name begins in the last rows of the run."""
        owner = run.stop
        amount = self._parts[owner].amount if owner < len(self._parts) else None
        if amount is None:
            return None
        alone = self._names_a_bare_amount(run)
        if not alone and (self._cuts(owner) or not self._may_own(owner)):
            return None
        last = owner - 1 if alone else owner
        priced = any(part.amount for part in self._parts[: run.start])
        if not priced and not self._is_below_head(run):
            named = last > run.start and self._is_first_name(last - 1)
            return range(last - 1, last + 1) if named else None
        first = last
        while first > run.start and self._leads(first - 1):
            first -= 1
        return range(first, last + 1) if first < last else None

    def notes(self) -> frozenset[int]:
        """The rows that say something of the item above them, `avec Julie`: each item up to the
        last one has one in small letters, and not each would have been too long for its row."""
        last = self.runs[-1].start if self.runs else 0
        products = [at for at, part in enumerate(self._parts[:last]) if self._is_product(part)]
        below = {run.start for run in self.runs if len(run) == 1}
        alone = len(products) > 1 and all(at + 1 in below for at in products)
        if not alone or not all(self._text(at + 1)[:1].islower() for at in products):
            return frozenset()
        fits = any(map(self._fits, products))
        return frozenset(at + 1 for at in products) if fits else frozenset()

    def _is_product(self, part: Part) -> bool:
        return bool(part.amount and part.amount.value > 0 and not is_sum(part))

    def _fits(self, at: int) -> bool:
        """Whether the first word of the row below would have fitted behind a row."""
        first = self._text(at + 1).split(" ")[0]
        return len(self._text(at)) + 1 + len(first) <= self._widest

    def _names_a_bare_amount(self, run: range) -> bool:
        """Whether the row below the run has an amount and no words of its own."""
        below = self._parts[run.stop] if run.stop < len(self._parts) else None
        return below is not None and is_bare(below)

    @property
    def end_in_words(self) -> bool:
        """Whether there are words left below the last amount."""
        return bool(self.runs) and self.runs[-1].stop == len(self._parts)

    def joined(self, spans: Iterable[range]) -> list[Part]:
        """The parts with those of each span as one: the one that has the amount, or the last."""
        kept = list(self._parts)
        for span in sorted(spans, key=lambda span: span.start, reverse=True):
            rows = self._parts[span.start : span.stop]
            owner = next((part for part in rows if part.amount), rows[-1])
            whole = " ".join(part.description for part in rows)
            kept[span.start : span.stop] = [replace(owner, description=whole)]
        return kept

    def _text(self, at: int) -> str:
        return self._parts[at].description

    def _may_own(self, at: int) -> bool:
        part = self._parts[at]
        named = part.names or _is_size(part)
        return bool(part.amount and named and not part.whole and not is_sum(part))

    def _cuts(self, at: int) -> bool:
        """Whether a row takes something off: its name is not broken over rows."""
        part = self._parts[at]
        return bool(part.amount and part.amount.value < 0) or Role.DISCOUNT in part.line.roles

    def _leads(self, at: int) -> bool:
        """Whether a row of words is the beginning of the name in the row below it."""
        text, below = self._text(at), self._text(at + 1)
        if LONG_CODE.match(text):
            return not LONG_CODE.match(below)
        if self._is_section(at):
            return False
        if _OPENING.match(below) or LONG_CODE.match(below):
            return False
        full = len(text) > _MOSTLY_FULL * self._widest or below[:1].islower()
        return full and self._goes_on(at)

    def _is_section(self, at: int) -> bool:
        """Whether a row names a section of the shop, "FROMAGERIE", or one that a sum below is of:
        "Sous-total Fruits & Légumes"."""
        if main_role(self._parts[at].line, _SECTION) is Role.TRADE:
            return True
        name = compact(self._text(at))
        return any(name in group for group in self._groups)

    def _is_first_name(self, at: int) -> bool:
        """Whether a row above all amounts is a name rather than the end of the head: it begins
        where the next row does, which is half as long."""
        text, below = self._parts[at], self._parts[at + 1]
        if _middle(below.line) - _middle(text.line) > _LEADING * self._pitch:
            return False
        opening = LEADING_COUNT.match(below.description)
        counted = opening and len(below.description) > opening.end() + _UNIT
        if text.amount or counted or not self._is_words(text):
            return False
        of_head = any(x.role is Role.NOT_RETAILER for x in text.line.labels)
        if LONG_CODE.match(text.description) or (_CODED.match(text.description) and not of_head):
            return True
        shorter = 2 * len(below.description) <= len(text.description) + 1
        alike = text.description.isupper() == below.description.isupper()
        return not of_head and shorter and alike and 2 * _aside(text, below) < 1.0

    def _is_below_head(self, run: range) -> bool:
        """Whether the head ends just above the run: by titles of columns, or because its rows are
        centred and those of the items are not."""
        first, below = self._parts[run.start], self._parts[run.stop]
        if not first.line.index:
            return False
        head = self._lines[first.line.index - 1]
        if Role.ITEMS_START in head.roles:
            return True
        left, height = first.line.row.box.left, first.line.row.box.height
        if abs(below.line.row.box.left - left) > height / 2:
            return False
        return abs(head.row.box.left - left) > height

    def _goes_on(self, at: int) -> bool:
        """Whether a row goes on in the one below it: what comes next would not have fitted, and
        is written alike."""
        above, below = self._parts[at], self._parts[at + 1]
        if below.line.index != above.line.index + 1:
            return False
        text, rest = above.description, below.description
        opening = _OPENING.match(text)
        text = text[opening.end() :] if opening else text
        in_small = rest[:1].islower() and not text.isupper()
        if in_small and len(rest.split()) <= _FEW_WORDS:
            return True
        alike = in_small or rest[:1].isdigit()
        alike = alike or (text.isupper() and rest.isupper())
        alike = alike or (self._in_titles and not rest.isupper())
        return alike and not self._fits(at)


def _middle(line: Line) -> float:
    """How far down its page a row stands, in pixels."""
    return line.row.box.center[1]


def is_bare(part: Part) -> bool:
    """Whether the row has an amount and no name."""
    return part.amount is not None and not part.names and not _is_size(part)


def is_code(part: Part) -> bool:
    """Whether the row has nothing but an article's number."""
    return bool(LONG_CODE.fullmatch(part.description))


def is_sum(part: Part) -> bool:
    return main_role(part.line, 0.5) in SUMS


def _is_size(part: Part) -> bool:
    """Whether the row has no word but a size, the last word of many names: "10L"."""
    return bool(_SIZE.fullmatch(part.description))


def _is_in_titles(names: Iterable[str]) -> bool:
    """Whether every word of the names begins with a capital: "Nasi Goreng"."""
    later = [word for name in names for word in name.split()[1:] if word[:1].isalpha()]
    capitals = sum(word[0].isupper() and not word.isupper() for word in later)
    return capitals > _MOSTLY_FULL * len(later) > 0


def _aside(above: Part, below: Part) -> float:
    """How far right of the upper name the lower row begins, in heights of a row."""
    line = above.line
    prefix = _OPENING.match(above.description)
    at = max(0, line.text.find(above.description)) + (prefix.end() if prefix else 0)
    left, height = below.line.row.box.left, line.row.box.height
    return min(abs(left - line.row.box.left), abs(left - line.box(at, at + 1).left)) / height
