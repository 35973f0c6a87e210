"""What a mistaken word was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process

from preuve.messages import say


def nearest(word: str, valid: Iterable[str]) -> str:
    """`; did you mean "total"?`, or nothing where no valid word resembles this one."""
    found = process.extractOne(word, list(valid), score_cutoff=60)
    return say('; did you mean "{word}"?', word=found[0]) if found else ""
