"""Which line items a rule means: product numbers, retailers' codes, printed words."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from stdnum import ean

from preuve.loyalty.rules.facts_of import gtin_of
from preuve.loyalty.rules.written import Key, Model, RetailerKey, Sought, Text
from preuve.messages import say


def _written_out(value: object) -> object:
    """YAML takes digits without quotes for a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _right_gtin(text: str) -> str:
    known = gtin_of(text)
    if known:
        return known
    if not text.isdecimal() or len(text) not in (8, 12, 13, 14):
        raise ValueError(
            say(
                '"{text}" is no GTIN: it has 8, 12, 13 or 14 digits; '
                "a zero in front needs quotes, as '0012345678905'",
                text=text,
            )
        )
    right = ean.calc_check_digit(text[:-1])
    raise ValueError(
        say(
            "{text} ends with the wrong check digit: {right} would be right", text=text, right=right
        )
    )


_Digits = WithJsonSchema({"type": ["string", "integer"]})
Gtin = Annotated[str, BeforeValidator(_written_out), AfterValidator(_right_gtin), _Digits]
Code = Annotated[Text, BeforeValidator(_written_out), _Digits]


class Products(Model):
    """A line item is meant where one of these says so. `never` speaks against words alone."""

    gtins: tuple[Gtin, ...] = ()
    codes: dict[RetailerKey, tuple[Code, ...]] = Field(default_factory=dict)
    """Product codes as each retailer prints them: the same code is another product elsewhere."""
    words: tuple[Sought, ...] = ()
    """One phrase each; all its words must be printed, in whatever order, abbreviated or with a
    letter misread (`matching.py`)."""
    never: tuple[Sought, ...] = ()
    """Phrases that tell that it is something else."""

    @property
    def says_nothing(self) -> bool:
        return not (self.gtins or self.codes or self.words)


class ProductList(Products):
    """A brand or a category, named once in a program's `products` and used by many rules."""

    name: Text
    """What members are told, as `Lindt`."""
    includes: tuple[Key, ...] = ()
    """Other lists of the program whose products belong to this one too."""


class ItemCondition(Products):
    """Which items count: products with an amount above zero that a list or the rule names.

    With nothing written (`items: {}`) it is every product.
    """

    lists: tuple[Key, ...] = ()
    """Lists of the program's `products`; any of them."""
    min_pieces: int = Field(default=1, ge=1, le=1_000)
    """On the whole receipt."""
