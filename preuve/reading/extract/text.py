"""Text as it is compared: without case, accents or marks, and forgiving of what OCR confuses."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_DIGIT_AS_LETTER = str.maketrans("015", "ols")


@lru_cache(maxsize=65536)
def fold(text: str) -> tuple[str, ...]:
    """The words of a text, case and accents folded; digits inside words become letters.

    >>> fold("Te1. Sous-TOTAL dû")
    ('tel', 'sous', 'total', 'du')
    """
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ß", "ss")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = plain.replace("ł", "l").replace("œ", "oe").replace("æ", "ae").replace("'", " ")
    return tuple(_letters(word) for word in _WORD.findall(plain))


def compact(text: str) -> str:
    """The folded words joined: what is left when OCR loses every space."""
    return "".join(fold(text))


def _letters(word: str) -> str:
    letters = sum(c.isalpha() for c in word)
    if letters and letters * 2 > len(word):
        return word.translate(_DIGIT_AS_LETTER)
    return word


def letters_in(text: str) -> int:
    return sum(c.isalpha() for c in text)
