"""Find a template's labels in a row, spaces lost and single letters misread included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter

from rapidfuzz.distance import Levenshtein

from preuve.messages import Message, say
from preuve.reading.extract.text import fold
from preuve.reading.made import quickly_made
from preuve.reading.template.model import Role, Template

_LONGEST = 6
_FORGIVING = 5
"""From this many letters on, one wrong letter still makes a match."""

_COMMON = frozenset({Role.NOT_RETAILER, Role.WEAK_TOTAL, Role.TRADE, Role.COMPANY, Role.IGNORE})
"""Roles whose labels are everyday words: a shorter one is found only as it is written."""

_FORGIVING_COMMON = 7

_TAXED = frozenset({Role.TOTAL, Role.NET_TOTAL})

_LOOK_ALIKE = tuple(
    map(frozenset, ("iljtf", "oceadgq", "uvwnmh", "sbgz", "rnp", "hbk", "vy", "fpe"))
)
"""Letters that engines take for each other."""

_Rank = tuple[int, bool, int]
"""The longest first; a misread one counts no letter that its phrase does not have."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a row: words `start` to `stop` of the row's folded words."""

    role: Role
    phrase: str
    start: int
    stop: int
    exact: bool

    @property
    def length(self) -> int:
        return self.stop - self.start


def covered(labels: Iterable[Label]) -> set[int]:
    """Which words of their row the labels are made of."""
    return {word for label in labels for word in range(label.start, label.stop)}


def trade_words(labels: Iterable[Label]) -> set[int]:
    """Which words of their row say a kind of shop."""
    return covered(label for label in labels if label.role is Role.TRADE)


def beside_label(template: Template, label: Label) -> Message:
    """The rule of a value that stands beside the label."""
    return say(
        '{template}: labels.{role} "{phrase}"',
        template=template.template,
        role=label.role,
        phrase=label.phrase,
    )


class LabelIndex:
    """All labels of one template, ready to be looked up.

    A phrase is found by its letters alone, so that "NETAPAYER" is "net à payer"; a phrase of
    five letters or more is also found with one letter lost, added or changed: one of its halves
    is then whole.
    """

    def __init__(self, labels: Iterable[tuple[Role, str]]) -> None:
        self._exact: dict[str, list[tuple[Role, str]]] = {}
        # In the type of some tills a V is read as a U; but "au" is no "av." of a street.
        self._misprints: dict[str, list[tuple[Role, str]]] = {}
        begin: dict[str, list[str]] = {}
        end: dict[str, list[str]] = {}
        for role, phrase in labels:
            key = "".join(fold(phrase))
            if not key:
                continue
            known = self._exact.setdefault(key, [])
            if all(role is not other for other, _ in known):
                known.append((role, phrase))
            if 2 < len(key) < _FORGIVING and "v" in key:
                self._misprints.setdefault(key.replace("v", "u"), known)
            if len(known) == 1 and len(key) >= _FORGIVING and key.isalpha():
                middle = len(key) // 2
                begin.setdefault(key[:middle], []).append(key)
                end.setdefault(key[middle:], []).append(key)
        # The phrases that may have a letter misread, by their first and by their second half.
        # Tuples, because Python looks through thousands of lists whenever it seeks what to free.
        self._begin = {half: tuple(keys) for half, keys in begin.items()}
        self._end = {half: tuple(keys) for half, keys in end.items()}
        self._longest = max(map(len, self._exact), default=0) + 1
        self._including = dict(self._words_for_taxes())
        self._openings = frozenset(
            key[:size]
            for key in (*self._exact, *self._misprints)
            for size in range(1, len(key) + 1)
        )

    def find(self, words: tuple[str, ...], *, forgiving: bool = True) -> tuple[Label, ...]:
        """The labels in a row's folded words: longest first taken, none overlapping.

        `forgiving` says that a letter of them may be misread.
        """
        if not forgiving and self._openings.isdisjoint(words):
            return ()
        found = list(self._candidates(words, forgiving))
        if len(found) < 2:
            return tuple(label for _, label in found)
        taken: list[Label] = []
        for _, label in sorted(found, key=itemgetter(0)):
            clash = [o for o in taken if label.start < o.stop and o.start < label.stop]
            if all(o.start == label.start and o.stop == label.stop for o in clash):
                taken.append(label)
        return self._with_taxes(words, sorted(taken, key=attrgetter("start")))

    def _words_for_taxes(self) -> Iterator[tuple[str, Role]]:
        """What totals say before a tax that is in them or is not, as the phrases have it: from
        "total incl of gst" the "incl of"."""
        for known in self._exact.values():
            for role, phrase in known:
                words = fold(phrase) if role in _TAXED else ()
                first, calls = range(1, len(words)), self._calls
                start = next((n for n in first if calls(words[:n], Role.TOTAL)), 0)
                last = range(len(words) - 1, start, -1)
                stop = next((n for n in last if calls(words[n:], Role.TAX)), 0)
                if start and stop:
                    yield "".join(words[start:stop]), role

    def _calls(self, words: Sequence[str], role: Role) -> bool:
        """Whether the words are a phrase of this role."""
        return any(known is role for known, _ in self._exact.get("".join(words), ()))

    def _with_taxes(self, words: tuple[str, ...], labels: list[Label]) -> tuple[Label, ...]:
        """A total and the tax that it says is in it as one label: the sum is not the tax's."""
        total = next((x for x in labels if x.role is Role.TOTAL), None)
        tax = next((x for x in labels if total and x.role is Role.TAX), None)
        if not total or not tax or tax.start < total.stop:
            return tuple(labels)
        stop = tax.start
        while words[stop - 1].isdigit():
            stop -= 1  # its rate
        # A tax's own label may begin with that word: "Eindtotaal", "incl. btw".
        stops = (stop, *range(tax.start + 1, tax.stop))
        tails = ("".join(words[at:to]) for to in stops for at in range(total.start + 1, to))
        role = next((self._including[x] for x in tails if x in self._including), None)
        if role is None or any(map(str.isdigit, words[total.stop : stop])):
            return tuple(labels)
        whole = Label(role, total.phrase, total.start, tax.stop, total.exact and tax.exact)
        others = [x for x in labels if x.stop <= whole.start or x.start >= whole.stop]
        return tuple(sorted([*others, whole], key=attrgetter("start")))

    def _candidates(self, words: tuple[str, ...], forgiving: bool) -> Iterator[tuple[_Rank, Label]]:
        exact, misprints, openings = self._exact, self._misprints, self._openings
        for start, first in enumerate(words):
            # Half of the words on a receipt are numbers, and few labels have one.
            if first not in openings and not (forgiving and first.isalpha()):
                continue
            joined = ""
            for stop, word in enumerate(words[start : start + _LONGEST], start + 1):
                joined += word
                letters = len(joined)
                begins = joined in openings
                if begins and (found := exact.get(joined) or misprints.get(joined)):
                    whole = joined in exact
                    rank = -letters, not whole, start
                    for role, phrase in found:
                        yield rank, Label(role, phrase, start, stop, whole)
                elif forgiving and letters <= self._longest and joined.isalpha():
                    if letters >= _FORGIVING:
                        for key, role, phrase in self._forgiven(joined):
                            rank = -min(letters, len(key)), True, start
                            yield rank, Label(role, phrase, start, stop, exact=False)
                elif not begins:
                    break

    def _forgiven(self, text: str) -> Sequence[tuple[str, Role, str]]:
        """The labels, each with its key, of which the text is a print with one letter misread.

        They have as many letters or one more or less, and so have their halves.
        """
        size = len(text)
        half = size // 2
        begin, end = self._begin.get, self._end.get
        halved = (
            *begin(text[: (size - 1) // 2], ()),
            *begin(text[: (size + 1) // 2], ()),
            *end(text[-half:], ()),
            *end(text[-half - 1 :], ()),
        )
        if not halved:
            return ()
        near = [k for k in halved if -2 < len(k) - size < 2 and _one_misread(k, text)]
        if not near:
            return ()
        return [
            (key, role, phrase)
            for key in dict.fromkeys(sorted(near, key=len))
            for role, phrase in self._exact[key]
            if role not in _COMMON or len(key) >= _FORGIVING_COMMON
        ]


def _one_misread(key: str, text: str) -> bool:
    """Whether one letter was lost, added, or changed for one that looks like it."""
    if Levenshtein.distance(key, text, score_cutoff=1) > 1:
        return False
    if len(key) != len(text):
        return True
    changed = next(((a, b) for a, b in zip(key, text, strict=True) if a != b), None)
    return changed is None or any(set(changed) <= group for group in _LOOK_ALIKE)
