"""Text as it is compared: printed words differ in accents, case and spaces and mean the same."""

from __future__ import annotations

import unicodedata

_SPELLED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe"})


def bare(text: str) -> str:
    """`text` in small letters without accents: `Œufs FRAÎS` is `oeufs frais`."""
    small = text.casefold()
    if small.isascii():
        return small
    apart = unicodedata.normalize("NFKD", small.translate(_SPELLED))
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def squeeze(text: str) -> str:
    """`text` bare, and only its letters and digits: engines lose spaces and invent dots."""
    return "".join(c for c in bare(text) if c.isalnum())
