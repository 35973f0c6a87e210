"""Which products a printed line is: by number, by the retailer's code, or by near words.

Tills abbreviate and engines misread, so words are compared letter by letter: case, accents and
punctuation make no difference, nor do letters and digits that engines confuse (`L1NDT`); a word
of five letters may have one wrong, of eight two, never the first. An abbreviation is the beginning
of a word: four letters and half the word (`CHOCO`), or three with a dot (`CHOC.`) beside another
word of the phrase that is printed in full. A phrase of six letters also matches where the till
left out the spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from preuve.folding import bare, squeeze
from preuve.loyalty.rules.facts import LineFacts
from preuve.loyalty.rules.products import ProductList, Products

REMEMBERED = 100_000
"""Descriptions and words: the same few thousand are printed again and again."""
GLUED = 6
_CONFUSED = str.maketrans("015828", "oisbzb")
_WORD = re.compile(r"[^\W_]+\.?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of a list, as they are written and as they are compared; `against` are `never`."""

    list: str
    against: bool
    written: str
    words: tuple[str, ...]
    squeezed: str


@dataclass(frozen=True, slots=True)
class _Likeness:
    """A word of a phrase that a printed one stands for; `sure` where no dot had to say so."""

    word: str
    sure: bool


class Matcher:
    """The product lists of a program, and those written into its rules, by name."""

    def __init__(self, named: Mapping[str, Products]) -> None:
        self._gtins: dict[str, list[str]] = {}
        self._codes: dict[tuple[str, str], list[str]] = {}
        for name, one in named.items():
            for gtin in one.gtins:
                self._gtins.setdefault(gtin, []).append(name)
            for retailer, codes in one.codes.items():
                for code in codes:
                    self._codes.setdefault((retailer, code), []).append(name)
        phrases = [
            Phrase(name, against, text, _words_of(text), squeeze(text))
            for name, one in named.items()
            for against, texts in ((False, one.words), (True, one.never))
            for text in texts
        ]
        self._glued = [one for one in phrases if len(one.squeezed) >= GLUED]
        self._with: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            self._with.setdefault(phrase.words[0], []).append(phrase)
        self._vocabulary = sorted({word for phrase in phrases for word in phrase.words})
        self._above = _above(named)
        self._by_words = lru_cache(REMEMBERED)(self._read)
        self._alike = lru_cache(REMEMBERED)(self._like)

    def lists_of(self, line: LineFacts, retailer: str | None) -> Mapping[str, str]:
        """The lists that a line belongs to, each with the reason: `words "lindt" (L1NDT)`."""
        by_words = self._by_words(line.description)
        if not self._gtins and not self._codes:
            return by_words
        gtins = self._gtins.get(line.gtin or "", ())
        codes = self._codes.get((retailer or "", line.product_code or ""), ())
        if not gtins and not codes:
            return by_words
        sure = dict.fromkeys(codes, f"product code {line.product_code}")
        sure |= dict.fromkeys(gtins, f"GTIN {line.gtin}")
        return {**by_words, **self._with_those_above(sure)}

    def _read(self, description: str) -> Mapping[str, str]:
        """The lists that a printed description belongs to, and why."""
        printed = {word: self._alike(word) for word in _WORD.findall(bare(description))}
        whole = squeeze(description)
        likely = [one for one in self._glued if one.squeezed in whole]
        met = {like.word for likes in printed.values() for like in likes}
        likely.extend(phrase for word in met for phrase in self._with.get(word, ()))
        found: dict[str, str] = {}
        never: set[str] = set()
        for phrase in likely:
            because = _because(phrase, printed, whole)
            if because and phrase.against:
                never.add(phrase.list)
            elif because and found.get(phrase.list, because) >= because:
                # Several phrases may be there: the same one is told whatever the order of a set.
                found[phrase.list] = because
        return self._with_those_above({n: why for n, why in found.items() if n not in never})

    def _with_those_above(self, found: dict[str, str]) -> dict[str, str]:
        for name in tuple(found):
            for above in self._above.get(name, ()):
                found.setdefault(above, f"{found[name]}, of {name}")
        return found

    def _like(self, printed: str) -> tuple[_Likeness, ...]:
        """The words of all phrases that one printed word may stand for."""
        dotted, word = printed.endswith("."), _undone(printed.rstrip("."))
        begun = _undone(re.split(r"\d", printed)[0].rstrip("."))
        found: dict[str, bool] = {}
        for form in {word, begun}:
            found |= dict.fromkeys(self._near(form), True)
        for longer in self._beginning(word):
            sure = len(word) >= 4 and 2 * len(word) >= len(longer)
            if sure or dotted or len(word) >= 4:
                found.setdefault(longer, sure)
        return tuple(_Likeness(word, sure) for word, sure in found.items())

    def _near(self, word: str) -> list[str]:
        if not word:
            return []
        alike = extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=2, limit=None)
        return [
            other
            for other, distance, _ in alike
            if distance == 0 or (other[0] == word[0] and distance <= _allowed(other))
        ]

    def _beginning(self, word: str) -> list[str]:
        if len(word) < 3:
            return []
        at = bisect_left(self._vocabulary, word)
        found = []
        while at < len(self._vocabulary) and self._vocabulary[at].startswith(word):
            if self._vocabulary[at] != word:
                found.append(self._vocabulary[at])
            at += 1
        return found


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(_undone(word.rstrip(".")) for word in _WORD.findall(bare(text)))


def _undone(word: str) -> str:
    """A word with what engines confuse made one; a number alone stays what it is."""
    if word.isdecimal():
        return word
    return word.translate(_CONFUSED).replace("l", "i").replace("rn", "m").replace("vv", "w")


def _allowed(word: str) -> int:
    """How many letters may be wrong."""
    if any(c.isdecimal() for c in word) or len(word) < 5:
        return 0
    return 1 if len(word) < 8 else 2


def _because(
    phrase: Phrase, printed: Mapping[str, tuple[_Likeness, ...]], whole: str
) -> str | None:
    if len(phrase.squeezed) >= GLUED and phrase.squeezed in whole:
        return f'words "{phrase.written}"'
    found = [_stands_for(word, printed) for word in phrase.words]
    if all(found) and any(one and one[1] for one in found):
        read = " ".join(one[0] for one in found if one).upper()
        return f'words "{phrase.written}" ({read})'
    return None


def _stands_for(word: str, printed: Mapping[str, tuple[_Likeness, ...]]) -> tuple[str, bool] | None:
    """The printed word that stands for one of a phrase, the surest first."""
    found = [
        (text, like.sure) for text, likes in printed.items() for like in likes if like.word == word
    ]
    return max(found, key=lambda one: one[1]) if found else None


def _above(named: Mapping[str, Products]) -> dict[str, tuple[str, ...]]:
    """For each list those that include it, however far up; a circle ends where it began."""
    parents: dict[str, list[str]] = {}
    for name, products in named.items():
        for child in products.includes if isinstance(products, ProductList) else ():
            parents.setdefault(child, []).append(name)
    above = {}
    for name in named:
        met: dict[str, None] = {}
        waiting = list(parents.get(name, ()))
        while waiting:
            parent = waiting.pop()
            if parent not in met:
                met[parent] = None
                waiting.extend(parents.get(parent, ()))
        above[name] = tuple(met)
    return above
