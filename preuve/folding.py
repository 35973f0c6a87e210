"""Text as it is compared: printed words differ in accents, case and spaces and mean the same."""

from __future__ import annotations

from itertools import filterfalse
from unicodedata import combining, normalize

_SPELLED = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe"}
"""Small letters that no normal form takes apart."""


def letter_table(letters: str, others: str) -> dict[int, int]:
    """As `str.maketrans`, with the rest of ASCII in it, too: `str.translate` raises and catches an
    exception for each letter that a table lacks."""
    return {code: code for code in range(128)} | str.maketrans(letters, others)


def bare(text: str) -> str:
    """`text` in small letters without accents: `Œufs FRAÎS` is `oeufs frais`."""
    small = text.casefold()
    if small.isascii():
        return small
    for letter, spelled in _SPELLED.items():
        small = small.replace(letter, spelled)
    apart = normalize("NFKD", small)
    return "".join(filterfalse(combining, apart)).casefold()


def squeeze(text: str) -> str:
    """`text` bare, and only its letters and digits: engines lose spaces and invent dots."""
    return "".join(filter(str.isalnum, bare(text)))
