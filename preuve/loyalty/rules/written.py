"""The words that programs are written in: keys, texts, points, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from preuve.folding import squeeze


class Model(BaseModel):
    # What stands below a key here is what editors show for it.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def has_letters(text: str) -> str:
    if not squeeze(text):
        raise ValueError(f"{text!r} has no letter or digit to look for")
    return text


def _gives_something(count: int) -> int:
    if count < 1:
        raise ValueError(f"{count} would give nothing: write 1 or more, or delete it")
    return count


Key = Annotated[str, Field(pattern=r"^[a-z0-9]+([._-][a-z0-9]+)*$", max_length=80)]
RetailerKey = Annotated[str, Field(pattern=r"^[a-z]{2,5}(\.[a-z0-9_]+)+$", max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Sought = Annotated[Text, AfterValidator(has_letters)]
"""Printed words to look for."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Count = Annotated[int, Field(le=1_000_000), AfterValidator(_gives_something)]
Points = Annotated[int, Field(le=1_000_000), AfterValidator(_gives_something)]


def nearest(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: `; did you mean total?`, or nothing alike."""
    found = extractOne(name, list(known), scorer=ratio, score_cutoff=60)
    return f"; did you mean {found[0]}?" if found else ""
