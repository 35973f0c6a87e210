"""Text as it is compared: without case, accents or marks, and forgiving of what OCR confuses."""

from __future__ import annotations

import re
from functools import lru_cache

from preuve.folding import bare
from preuve.reading.page import Pages

_WORD = re.compile(r"[^\W_]+")
CURRENCY_LETTERS = 3
"""Letters that an amount has of its own."""

_DIGIT_AS_LETTER = str.maketrans("015", "ols")
_ARTICLE = re.compile(r"(?<!\w)I'([aeiouyhàâéèêëîïôœAEIOUYHÀÂÉÈÊËÎÏÔŒ]\w*)")
_ZERO_IN_WORD = re.compile(
    r"(?<!\w)(?<!\d[.,])(?=\w*0)(?!\w*00)(?=0[^\W\d_]{3}|[^\W\d_]0?[^\W\d_])"
    r"(?:[^\W\d_]|0){3,}(?![\w%])"
)
"""Letters and single zeros: neither a number with its unit nor a code."""


@lru_cache(maxsize=65536)
def fold(text: str) -> tuple[str, ...]:
    """The words of a text, case and accents folded; digits inside words become letters.

    >>> fold("Te1. Sous-TOTAL dû")
    ('tel', 'sous', 'total', 'du')
    """
    return tuple(map(_letters, _WORD.findall(bare(text).replace("'", " "))))


def compact(text: str) -> str:
    """The folded words joined: what is left when OCR loses every space."""
    return "".join(fold(text))


def words_on(pages: Pages) -> list[str]:
    """The folded words of all pages, in reading order."""
    rows = (row for page in pages for row in page.rows)
    return [part for row in rows for word in row.words for part in fold(word.text)]


def _letters(word: str) -> str:
    if word.isalpha() or letters_in(word) * 2 <= len(word):
        return word
    return word.translate(_DIGIT_AS_LETTER)


@lru_cache(maxsize=16384)
def letters_in(text: str) -> int:
    """How many letters a text has."""
    return len(text) if text.isalpha() else sum(map(str.isalpha, text))


def spelled(text: str) -> str:
    """The text with the letter where the engine read a zero among letters, or a capital I for the
    article before a vowel.

    >>> spelled("BI0 0euf 50CL")
    'BIO Oeuf 50CL'
    >>> spelled("Viandes de I'Aubrac")
    "Viandes de l'Aubrac"
    """
    if "I'" in text:
        text = _ARTICLE.sub(_article, text)
    return _ZERO_IN_WORD.sub(_with_letters, text) if "0" in text else text


def _article(found: re.Match[str]) -> str:
    """As a capital where it begins the text, or the word behind it is in capitals."""
    capital = not found.start() or found[1].isupper()
    return f"{'L' if capital else 'l'}'{found[1]}"


def _with_letters(found: re.Match[str]) -> str:
    word = found[0]
    if word.upper() == word:
        return word.replace("0", "O")
    return word[0].replace("0", "O") + word[1:].replace("0", "o")


def digits_in(text: str) -> str:
    """The digits of a text run together."""
    return "".join(filter(str.isdigit, text))


def without_edges(text: str) -> str:
    """The text without the signs that tills print around what is sold.

    >>> without_edges("** Tarte 6 pers. -")
    'Tarte 6 pers.'
    """
    found = text.strip(" *-|:")
    abbreviated = found[-2:-1].isalpha() and found.endswith(".")
    return found.strip(" *-.|:") + "." * abbreviated
