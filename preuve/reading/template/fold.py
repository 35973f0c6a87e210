"""Printed text brought to a form in which what looks alike is alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TypeVar

from preuve.folding import bare, letter_table

T = TypeVar("T")

_WORD = re.compile(r"[a-z0-9]+")
_ALIKE = letter_table("01i|58", "olllsb")
_DIGITS = letter_table("OQDILSBZG", "000115826")


def words(text: str) -> list[str]:
    """Lower-case words of letters and digits, accents dropped: `L'Été-77` gives l, ete, 77."""
    return _WORD.findall(bare(text.replace("|", "l")))


@cache
def folded(phrases: tuple[str, ...]) -> frozenset[str]:
    """All words of the phrases."""
    return frozenset(word for phrase in phrases for word in words(phrase))


def known_by(vocabularies: Iterable[tuple[T, Iterable[str]]]) -> dict[str, tuple[T, ...]]:
    """Whose vocabulary has a word, in the order given."""
    known: dict[str, tuple[T, ...]] = {}
    for one, vocabulary in vocabularies:
        for word in vocabulary:
            known[word] = (*known.get(word, ()), one)
    return known


@lru_cache(maxsize=32768)
def words_and_shapes(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words and, one for one, their shapes: of a printed word mostly one, and as it was."""
    found = words(text)
    return tuple(found), tuple(shape(" ".join(found)).split())


def shape(word: str) -> str:
    """The word's outline to an OCR engine: `LiDL`, `lidl` and `L1DL` have one shape."""
    return word.translate(_ALIKE)


def joined(shapes: list[str]) -> str:
    """Shapes run together, with the letter pairs that are read as one letter."""
    return alike("".join(shapes))


def alike(letters: str) -> str:
    """Shapes already run together, with the letter pairs that are read as one letter."""
    return letters.replace("rn", "m").replace("vv", "w")


def number_shape(text: str) -> str:
    """Letters and digits only, capital, with letters that are read for digits as digits."""
    return as_digits("".join(letter for letter in text if letter.isalnum() and letter.isascii()))


def as_digits(letters: str) -> str:
    """Capitals, with those that are read for digits as digits."""
    return letters.upper().translate(_DIGITS)
