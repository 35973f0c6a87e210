"""The words that programs are written in: keys, texts, points, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from preuve.folding import squeeze
from preuve.messages import Message, say


class Model(BaseModel):
    # What stands below a key here is what editors show for it.
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def has_letters(text: str) -> str:
    if not squeeze(text):
        raise ValueError(say('"{text}" has no letter or digit to look for', text=text))
    return text


def _gives_something(count: int) -> int:
    if count < 1:
        raise ValueError(
            say("{count} would give nothing: write 1 or more, or delete it", count=count)
        )
    return count


FORMS: Mapping[str, Message] = {
    (KEY := r"^[a-z0-9]+([._-][a-z0-9]+)*$"): say("club-2026: small letters, digits, and - . _"),
    (RETAILER := r"^[a-z]{2,5}(\.[a-z0-9_]+)+$"): say(
        "fr.carrefour: lower case, a dot, then letters, digits and _"
    ),
    (COUNTRY := r"^[A-Z]{2}$"): say("FR: two capitals (ISO 3166-1)"),
    (CURRENCY := r"^[A-Z]{3}$"): say("EUR: three capitals (ISO 4217)"),
    (FIELD := r"^[a-z][a-z0-9_]{0,39}$"): say(
        "serial_number: small letters, digits and _, a letter first"
    ),
    (HOURS := r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"): say("08:30-12:00"),
}
"""Patterns of what is written, with what people are told of each."""

Key = Annotated[str, Field(pattern=KEY, max_length=80)]
RetailerKey = Annotated[str, Field(pattern=RETAILER, max_length=80)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Sought = Annotated[Text, AfterValidator(has_letters)]
"""Printed words to look for."""
Country = Annotated[str, Field(pattern=COUNTRY)]
Currency = Annotated[str, Field(pattern=CURRENCY)]
Count = Annotated[int, Field(le=1_000_000), AfterValidator(_gives_something)]
Points = Annotated[int, Field(le=1_000_000), AfterValidator(_gives_something)]


def nearest(name: str, known: Iterable[str]) -> str:
    """What to write instead of an unknown name: `; did you mean total?`, or nothing alike."""
    found = extractOne(name, list(known), scorer=ratio, score_cutoff=60)
    return say('; did you mean "{word}"?', word=found[0]) if found else ""
