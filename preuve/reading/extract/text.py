"""Text as it is compared: without case, accents or marks, and forgiving of what OCR confuses."""

from __future__ import annotations

import re
from functools import lru_cache

from preuve.folding import bare

_WORD = re.compile(r"[^\W_]+")
_DIGIT_AS_LETTER = str.maketrans("015", "ols")


@lru_cache(maxsize=65536)
def fold(text: str) -> tuple[str, ...]:
    """The words of a text, case and accents folded; digits inside words become letters.

    >>> fold("Te1. Sous-TOTAL dû")
    ('tel', 'sous', 'total', 'du')
    """
    return tuple(_letters(word) for word in _WORD.findall(bare(text).replace("'", " ")))


def compact(text: str) -> str:
    """The folded words joined: what is left when OCR loses every space."""
    return "".join(fold(text))


def _letters(word: str) -> str:
    letters = sum(c.isalpha() for c in word)
    if letters and letters * 2 > len(word):
        return word.translate(_DIGIT_AS_LETTER)
    return word


def letters_in(text: str) -> int:
    return sum(map(str.isalpha, text))
