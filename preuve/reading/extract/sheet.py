"""The whole paper as lines of text with amounts and labels: what every extractor works on."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from preuve.reading.extract.amounts import Amount
from preuve.reading.extract.codes import CodeFacts, digits_of_dates, read_facts
from preuve.reading.extract.directions import Pointer, pointers
from preuve.reading.extract.labels import Label, covered
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.text import letters_in
from preuve.reading.extract.zones import Region
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.page import Box, Pages, Row
from preuve.reading.result import Place
from preuve.reading.template.model import Role, ZoneName

SPEAKS_OF_MONEY = frozenset(Role) - {
    Role.DATE,
    Role.ORDER_DATE,
    Role.OTHER_DATE,
    Role.RECEIPT_NUMBER,
    Role.ITEMS_START,
    Role.ITEMS_END,
    Role.NO_PURCHASE,
    Role.UNPAID,
    Role.NOT_RETAILER,
    Role.ADDRESSEE,
    Role.SELLER,
    Role.COMPANY,
    Role.TRADE,
    Role.TAX_TABLE,
    Role.FUEL,
}


_NO_ROLES: frozenset[Role] = frozenset()

_BEHIND_GROUP = re.compile(r"(?<=\d )\d{3}[.,]\d{2}")

_SPLIT = 0.3
"""How sure it is that a group before a space belongs to what is described."""

_LETTER = 36.0
_LETTER_POINTS = 400.0
"""A letter is this many usual rows wide, and this many points."""

_NARROWEST = 0.5
_MORE_THAN_USUAL = 1.7
"""A gap between columns, in row heights and in usual gaps between words."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Line(Keeping):
    """One printed row. `index` counts over all pages; `words` are the folded words.

    `money` are the amounts that can be sums of money: plain, no percentage, no weight. It, the
    text and the roles of the labels are asked for so often that every line has them.
    """

    index: int
    page: int
    row: Row
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    labels: tuple[Label, ...]
    amounts: tuple[Amount, ...]
    text: str = field(init=False, compare=False, repr=False)
    roles: frozenset[Role] = field(init=False, compare=False, repr=False)
    money: tuple[Amount, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # Frozen it is for the type checker alone, which has to let this pass.
        labels, amounts = self.labels, self.amounts
        self.text = self.row.text  # type: ignore[misc]
        self.roles = frozenset([x.role for x in labels]) if labels else _NO_ROLES  # type: ignore[misc]
        money = [a for a in amounts if a.plain and not (a.percent or a.measured)] if amounts else ()
        self.money = tuple(money)  # type: ignore[misc]

    def begins(self, *roles: Role) -> bool:
        """Whether the row begins with a label of one of these roles."""
        return any(label.start == 0 and label.role in roles for label in self.labels)

    @cached_property
    def money_ends(self) -> tuple[float, ...]:
        """Where each of them ends on the right, in pixels."""
        return tuple(self.box(a.start, a.stop).right for a in self.money)

    @cached_property
    def before_amounts(self) -> str:
        """The text left of the first sum of money."""
        return self.text[: self.money[0].start] if self.money else self.text

    def box(self, start: int = 0, stop: int | None = None) -> Box:
        """The box of the characters `start` to `stop` of the text; of the whole line otherwise."""
        if stop is None and start == 0:
            return self.row.box
        stop = len(self.text) if stop is None else stop
        left = top = math.inf
        right = bottom = -math.inf
        end = -1
        for word in self.row.words:
            at, end = end + 1, end + 1 + len(word.text)
            if end <= start:
                continue
            if at >= stop:
                break
            box = word.box
            width = (box.right - box.left) / (len(word.text) or 1)
            if at <= start < stop <= end:  # as most amounts
                first = box.left + (start - at) * width
                return Box(first, box.top, box.left + (stop - at) * width, box.bottom)
            low, high = max(at, start), min(end, stop)
            if low < high:
                left = min(left, box.left + (low - at) * width)
                right = max(right, box.left + (high - at) * width)
                top, bottom = min(top, box.top), max(bottom, box.bottom)
        return self.row.box if right < left else Box(left, top, right, bottom)

    def place(self, start: int = 0, stop: int | None = None) -> Place:
        return Place(self.page, self.box(start, stop))

    def confidence(self, start: int = 0, stop: int | None = None) -> float:
        """The lowest confidence of the words that these characters touch."""
        stop = len(self.text) if stop is None else stop
        at, lowest = 0, 1.0
        for word in self.row.words:
            left, right = at, at + len(word.text)
            at = right + 1
            if left < stop and start < right:
                lowest = min(lowest, word.confidence)
        return lowest

    def read_otherwise(self, start: int, stop: int) -> Iterator[tuple[str, int, float]]:
        """The text with each other reading of a word that these characters touch in its place, by
        how much that makes it longer, and how sure the engine was of it."""
        begin = 0
        for word in self.row.words:
            end = begin + len(word.text)
            if begin < stop and start < end:
                for other in word.alternatives:
                    text = self.text[:begin] + other.text + self.text[end:]
                    yield text, len(other.text) - len(word.text), other.confidence
            begin = end + 1

    def label_of(self, amount: Amount) -> tuple[Label, ...]:
        """The labels that an amount answers to: those nearest on its left, else on its right."""
        labels = self._of_money
        if not labels:
            return ()
        left = [x for x in labels if self.spans[x.start][0] < amount.start]
        # "TOTAL (7 ARTICLES) 31,40": the number of articles stands before their word.
        left = [x for x in left if x.role is not Role.ITEM_COUNT] or left
        if left:
            last = max(x.stop for x in left)
            return tuple(x for x in left if x.stop == last)
        right = [x for x in labels if self.spans[x.start][0] >= amount.stop - 1]
        first = min((x.start for x in right), default=0)
        return tuple(x for x in right if x.start == first)

    @cached_property
    def _of_money(self) -> tuple[Label, ...]:
        """Its labels that an amount may answer to."""
        return tuple([x for x in self.labels if x.role in SPEAKS_OF_MONEY])

    def share_labelled(self, label: Label) -> float:
        """How much of the row's words, numbers left out, the label makes up: 0 to 1.

        The number of articles beside a total takes nothing from it.
        """
        letters = self._letters
        whole = sum(letters) if label.role is Role.ITEM_COUNT else self._not_counting
        return min(1.0, sum(letters[label.start : label.stop]) / (whole or 1))

    def share_covered(self, labels: Iterable[Label]) -> float:
        """How much of the row's words, numbers left out, the labels together make up: 0 to 1."""
        return sum(self._letters[word] for word in covered(labels)) / (sum(self._letters) or 1)

    @cached_property
    def _not_counting(self) -> int:
        """The letters of its words, without those that say that a number is one of articles."""
        letters = self._letters
        if Role.ITEM_COUNT not in self.roles:
            return sum(letters)
        counted = covered(x for x in self.labels if x.role is Role.ITEM_COUNT)
        return sum(letters) - sum(letters[word] for word in counted)

    @cached_property
    def main_label(self) -> tuple[Label, float] | None:
        """The longest label, and how much of the row's words it makes up."""
        if not self.labels:
            return None
        longest = max(self.labels, key=lambda label: label.length)
        return longest, self.share_labelled(longest)

    @cached_property
    def _letters(self) -> tuple[int, ...]:
        """How many each word has; the currency of an amount has none."""
        letters = list(map(letters_in, self.words))
        for amount in self.amounts:
            for word, (start, stop) in enumerate(self.spans):
                if amount.start <= start and stop <= amount.stop:
                    letters[word] = 0
        return tuple(letters)


@dataclass(frozen=True, slots=True)
class Sheet(Keeping):
    """All lines of a document in reading order, with the lexicon they were read by."""

    lines: tuple[Line, ...]
    lexicon: Lexicon
    pages: Pages

    @cached_property
    def median_height(self) -> float:
        heights = sorted(line.row.box.height for line in self.lines)
        return heights[len(heights) // 2] if heights else 1.0

    @cached_property
    def code(self) -> CodeFacts | None:
        """What a QR code of a public form says of the purchase."""
        return read_facts(self.pages)

    @cached_property
    def code_digits(self) -> tuple[str, ...]:
        return digits_of_dates(self.pages)

    def lines_in(self, name: ZoneName) -> tuple[Line, ...]:
        """The rows in the part of their page that the template gives to a field."""
        region = self._regions.get(name)
        return tuple(filter(region.holds, self.lines)) if region else self.lines

    def in_zone(self, name: ZoneName, line: Line) -> bool:
        """Whether the row lies in the part of its page that the template gives to a field."""
        region = self._regions.get(name)
        return region is None or region.holds(line)

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        """The labels whose value's side the template says."""
        directions = self.lexicon.template.directions
        return tuple(pointers(self.lines, directions)) if directions else ()

    @cached_property
    def _regions(self) -> dict[ZoneName, Region]:
        zones = self.lexicon.template.zones.items()
        return {name: Region(self.lines, self.pages, zone) for name, zone in zones}

    def other_values(self, line: Line, amount: Amount) -> dict[Decimal, float]:
        """The other values of an amount, by the engine's other readings of its words, and how
        sure it was of each.

        A group before a space may be the end of what is described: "CUIR 42 103,50".
        """
        found: dict[Decimal, float] = {}
        for behind in _BEHIND_GROUP.findall(amount.text):
            if value := self.lexicon.amounts.value(behind)[0]:
                found[value] = _SPLIT
        for text, shift, sure in line.read_otherwise(amount.start, amount.stop):
            for again in self.lexicon.amounts.find(text):
                near = again.start >= amount.start - 1 and again.stop <= amount.stop + shift + 1
                if again.plain and near and again.value not in (amount.value, *found):
                    found[again.value] = sure
        return found

    @cached_property
    def width(self) -> float:
        """Of the widest page, in pixels."""
        return max((page.width for page in self.pages), default=0.0)

    @cached_property
    def printed_width(self) -> float:
        """Of the part of the page that is printed on, where its words came with the file: a till's
        rows may stand on a page as wide as a letter."""
        if not self.pages or self.pages[0].source != "text_layer" or not self.lines:
            return self.width
        paper = Box.around(line.row.box for line in self.lines)
        return min(self.width, paper.width)

    @cached_property
    def is_letter(self) -> bool:
        """Whether its words came with a file, on a page as wide as a letter: what tills print is
        narrower."""
        printed = bool(self.pages) and self.pages[0].source == "text_layer"
        return printed and self.width >= max(_LETTER * self.median_height, _LETTER_POINTS)

    @cached_property
    def column_gap(self) -> float:
        """Words of a letter further apart than this, in row heights, may stand in two columns."""
        gaps = sorted(
            (right.box.left - left.box.right) / max(1.0, left.box.height)
            for line in self.lines
            for left, right in pairwise(line.row.words)
            if right.box.left - left.box.right < left.box.height
        )
        return max(_NARROWEST, _MORE_THAN_USUAL * gaps[len(gaps) // 2]) if gaps else _NARROWEST

    @cached_property
    def money_right(self) -> float:
        """Where the main column of amounts ends on the right, in pixels."""
        ends = sorted(line.money_ends[-1] for line in self.lines if line.money)
        return ends[len(ends) * 3 // 4] if ends else 0.0
