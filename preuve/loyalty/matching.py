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
from preuve.loyalty.facts import LineFacts
from preuve.loyalty.products import ProductList, Products

REMEMBERED = 100_000
"""Descriptions and words: the same few thousand are printed again and again."""
GLUED = 6
_CONFUSED = str.maketrans("015828", "oisbzb")
_WORD = re.compile(r"[^\W_]+\.?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words to be found, as they are compared, and as they were written."""

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
        self._named = named
        self._words = {name: _phrases(one.words) for name, one in named.items()}
        self._never = {name: _phrases(one.never) for name, one in named.items()}
        groups = (*self._words.values(), *self._never.values())
        self._vocabulary = sorted({w for group in groups for p in group for w in p.words})
        self._above = _above(named)
        self.why = lru_cache(REMEMBERED)(self._why)
        """Name of each list that a description, GTIN, code and retailer belong to: because."""
        self._alike = lru_cache(REMEMBERED)(self._like)

    def lists_of(self, line: LineFacts, retailer: str | None) -> Mapping[str, str]:
        """The lists that a line belongs to, each with the reason: `words "lindt" (L1NDT)`."""
        return self.why(line.description, line.gtin, line.product_code, retailer)

    def _why(
        self, description: str, gtin: str | None, code: str | None, retailer: str | None
    ) -> dict[str, str]:
        printed = {word: self._alike(word) for word in _WORD.findall(bare(description))}
        whole = squeeze(description)
        found = {}
        for name, products in self._named.items():
            because = _by_number(products, gtin, code, retailer)
            if because is None:
                because = _by_words(self._words[name], printed, whole)
                if because and _by_words(self._never[name], printed, whole):
                    because = None
            if because:
                found[name] = because
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


def _phrases(texts: tuple[str, ...]) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            text, tuple(_undone(w.rstrip(".")) for w in _WORD.findall(bare(text))), squeeze(text)
        )
        for text in texts
    )


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


def _by_number(
    products: Products, gtin: str | None, code: str | None, retailer: str | None
) -> str | None:
    if gtin is not None and gtin in products.gtins:
        return f"GTIN {gtin}"
    if code is not None and retailer is not None and code in products.codes.get(retailer, ()):
        return f"product code {code}"
    return None


def _by_words(
    phrases: tuple[Phrase, ...], printed: Mapping[str, tuple[_Likeness, ...]], whole: str
) -> str | None:
    for phrase in phrases:
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
