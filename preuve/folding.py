"""Text as it is compared: printed words differ in accents, case and spaces and mean the same."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """`text` without accents, in small letters, with single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def squeeze(text: str) -> str:
    """`text` folded down to its letters and digits: engines lose spaces and invent dots."""
    return "".join(c for c in fold(text) if c.isalnum())
