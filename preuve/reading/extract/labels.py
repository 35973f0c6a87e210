"""Find a template's labels in a row, spaces lost and single letters misread included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.text import compact, fold
from preuve.reading.template.model import Role

_LONGEST = 6
_FORGIVING = 5
"""From this many letters on, one wrong letter still makes a match."""

_COMMON = frozenset({Role.NOT_RETAILER, Role.WEAK_TOTAL, Role.TRADE, Role.COMPANY, Role.IGNORE})
"""Roles whose labels are everyday words: a shorter one is found only as it is written."""

_FORGIVING_COMMON = 7

_LOOK_ALIKE = tuple(
    map(frozenset, ("iljtf", "oceadgq", "uvwnmh", "sbgz", "rnp", "hbk", "vy", "fpe"))
)
"""Letters that engines take for each other."""

_NONE: Mapping[str, list[str]] = {}
_NO_LABELS: Sequence[tuple[Role, str]] = ()


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


class LabelIndex:
    """All labels of one template, ready to be looked up.

    A phrase is found by its letters alone, so that "NETAPAYER" is "net à payer"; a phrase of
    five letters or more is also found with one letter lost, added or changed: one of its halves
    is then whole.
    """

    def __init__(self, labels: Iterable[tuple[Role, str]]) -> None:
        self._exact: dict[str, list[tuple[Role, str]]] = {}
        # In the type of some tills a V is read as a U.
        self._misprints: dict[str, list[tuple[Role, str]]] = {}
        # By the length of the phrase: those that begin, and those that end, with a half.
        self._begin: dict[int, dict[str, list[str]]] = {}
        self._end: dict[int, dict[str, list[str]]] = {}
        for role, phrase in labels:
            key = "".join(fold(phrase))
            if not key:
                continue
            known = self._exact.setdefault(key, [])
            if all(role is not other for other, _ in known):
                known.append((role, phrase))
            if len(key) < _FORGIVING and "v" in key:
                self._misprints.setdefault(key.replace("v", "u"), known)
            if len(known) == 1 and len(key) >= _FORGIVING and key.isalpha():
                size, middle = len(key), len(key) // 2
                self._begin.setdefault(size, {}).setdefault(key[:middle], []).append(key)
                self._end.setdefault(size, {}).setdefault(key[middle:], []).append(key)
        self._longest = max(map(len, self._exact), default=0) + 1
        # Half of the words on a receipt are numbers, and few labels begin with one.
        self._numbered = frozenset(
            key[:size] for key in self._exact if key[0].isdigit() for size in range(1, len(key) + 1)
        )

    def find(self, words: tuple[str, ...]) -> tuple[Label, ...]:
        """The labels in a row's folded words: longest first taken, none overlapping."""
        found = sorted(self._candidates(words), key=lambda label: _rank(label, words))
        taken: list[Label] = []
        for label in found:
            clash = [o for o in taken if label.start < o.stop and o.start < label.stop]
            if all(o.start == label.start and o.stop == label.stop for o in clash):
                taken.append(label)
        return tuple(sorted(taken, key=lambda label: label.start))

    def _candidates(self, words: tuple[str, ...]) -> Iterator[Label]:
        for start, first in enumerate(words):
            if first[0].isdigit() and first not in self._numbered:
                continue
            joined = ""
            for stop in range(start + 1, min(len(words), start + _LONGEST) + 1):
                joined += words[stop - 1]
                if len(joined) > self._longest:
                    break
                exact = self._exact.get(joined)
                misprint = None if exact else self._misprints.get(joined)
                if exact or misprint:
                    for role, phrase in exact or misprint or ():
                        yield Label(role, phrase, start, stop, exact=exact is not None)
                elif len(joined) >= _FORGIVING and joined.isalpha():
                    for role, phrase in self._forgiven(joined):
                        yield Label(role, phrase, start, stop, exact=False)

    def _forgiven(self, text: str) -> Sequence[tuple[Role, str]]:
        keys: dict[str, None] = {}
        for size in range(len(text) - 1, len(text) + 2):
            middle = size // 2
            if begun := self._begin.get(size, _NONE).get(text[:middle]):
                keys.update(dict.fromkeys(begun))
            if ended := self._end.get(size, _NONE).get(text[middle - size :]):
                keys.update(dict.fromkeys(ended))
        if not keys:
            return _NO_LABELS
        return [
            (role, phrase)
            for key in keys
            if _one_misread(key, text)
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


def _rank(label: Label, words: tuple[str, ...]) -> tuple[int, bool, int]:
    """The longest first; a misread one counts no letter that its phrase does not have."""
    letters = sum(len(word) for word in words[label.start : label.stop])
    return -min(letters, len(compact(label.phrase))), not label.exact, label.start
