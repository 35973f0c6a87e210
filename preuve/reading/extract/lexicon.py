"""A template made ready for reading: its labels indexed, its patterns compiled."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import re2

from preuve.reading.extract.amounts import AmountReader
from preuve.reading.extract.dates import DateReader
from preuve.reading.extract.labels import LabelIndex
from preuve.reading.extract.text import fold
from preuve.reading.template.layouts import laid_over
from preuve.reading.template.model import Role, Template
from preuve.reading.template.pattern_set import PatternSet
from preuve.reading.template.row_pattern import WholeRow, compile_row_pattern

P = TypeVar("P")
T = TypeVar("T")


class Lexicon:
    """What one template knows of its words. Built once a template, shared by all documents.

    Each part is made when it is first asked for: of most bases only the vocabulary ever is.
    """

    def __init__(self, template: Template) -> None:
        self.template = template

    @cached_property
    def amounts(self) -> AmountReader:
        currencies = self.template.currencies.values()
        return _amounts(
            self.template.numbers, tuple(sign for signs in currencies for sign in signs)
        )

    @cached_property
    def dates(self) -> DateReader:
        return _shared(self.template.dates, DateReader)

    @cached_property
    def labels(self) -> LabelIndex:
        labels = self.template.labels
        of_fields = [(Role.OTHER_DATE, phrase) for phrase in _dates_of_fields(self.template)]
        if of_fields:
            return LabelIndex([*_phrases(labels), *of_fields])
        return _shared(labels, lambda part: LabelIndex(_phrases(part)))

    @cached_property
    def layouts(self) -> dict[str, Lexicon]:
        """The lexicon of each of the template's layouts, by the layout's name."""
        layouts = self.template.layouts.items()
        return {name: Lexicon(laid_over(self.template, one)) for name, one in layouts}

    @cached_property
    def row_patterns(self) -> tuple[re.Pattern[str], ...]:
        """The readable row patterns with a price, as expressions with named groups."""
        return tuple(p for p in self._expressions if "unit_price" in p.groupindex)

    @cached_property
    def price_patterns(self) -> tuple[re.Pattern[str], ...]:
        """Those of them that a price alone fills, without how many."""
        return tuple(p for p in self.row_patterns if "quantity" not in p.groupindex)

    @cached_property
    def number_rows(self) -> tuple[re.Pattern[str], ...]:
        """The row patterns that only tell how many there are."""
        return tuple(p for p in self._expressions if "unit_price" not in p.groupindex)

    @cached_property
    def whole_rows(self) -> tuple[WholeRow, ...]:
        """The row patterns that take whole rows apart."""
        return tuple(p for p in self._row_patterns if isinstance(p, WholeRow))

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        return tuple(p for p in self._row_patterns if not isinstance(p, WholeRow))

    @cached_property
    def _row_patterns(self) -> tuple[re.Pattern[str] | WholeRow, ...]:
        return tuple(compile_row_pattern(p) for p in self.template.row_patterns)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of two letters or more that this template expects on the paper."""
        template = self.template
        labels = (known for role, known in template.labels.items() if role is not Role.NOT_RETAILER)
        countries = (country.words for country in template.countries.values())
        return frozenset().union(*map(_words_of, (template.vocabulary, *labels, *countries)))

    @cached_property
    def card_names(self) -> frozenset[str]:
        """The words by which payment cards alone are called: they are as good for shops, `American
        Express` for `Pizza Express`."""
        labels = self.template.labels
        cards = _words_of(labels.get(Role.CARD, ()))
        others = [_words_of(known) for role, known in labels.items() if role is not Role.CARD]
        return frozenset(word for word in cards if not any(word in known for known in others))

    @cached_property
    def tax_rates(self) -> frozenset[Decimal]:
        """Of all its countries, in percent."""
        countries = self.template.countries.values()
        return frozenset(Decimal(str(rate)) for one in countries for rate in one.tax_rates)

    @cached_property
    def joining(self) -> frozenset[str]:
        """The folded words that a name over two rows may break behind."""
        return frozenset("".join(fold(word)) for word in self.template.joining)

    @cached_property
    def counted_units(self) -> frozenset[str]:
        """What numbers of articles count: the last words of their labels, "articles", "lignes"."""
        phrases = self.template.labels.get(Role.ITEM_COUNT, ())
        long = ([word for word in fold(phrase) if len(word) > 2] for phrase in phrases)
        return frozenset(words[-1] for words in long if words)

    @cached_property
    def nameless(self) -> tuple[str, ...]:
        """The folded words that name no shop, long enough to end another: `strasse`, `gasse`."""
        labels = self.template.labels.get(Role.NOT_RETAILER, ())
        words = {"".join(fold(phrase)) for phrase in labels if len(fold(phrase)) == 1}
        return tuple(sorted(word for word in words if len(word) > 2 and word.isalpha()))

    @cached_property
    def towns(self) -> frozenset[str]:
        """The large towns of its countries, each all compact."""
        countries = self.template.countries.values()
        return frozenset("".join(fold(town)) for one in countries for town in one.towns)

    @cached_property
    def country_words(self) -> PatternSet[str]:
        """The ISO codes of the countries by their folded words, a space around each."""
        return PatternSet(
            (re2.escape(f" {' '.join(fold(word))} "), code)
            for code, country in self.template.countries.items()
            for word in country.words
        )

    @cached_property
    def country_patterns(self) -> PatternSet[str]:
        """The ISO codes of the countries by their patterns."""
        return PatternSet(
            (pattern, code)
            for code, country in self.template.countries.items()
            for pattern in country.patterns
        )

    @cached_property
    def signs(self) -> PatternSet[str]:
        """The codes of currencies by their printed signs, as they stand beside a number."""
        return PatternSet(
            (_sign_pattern(sign), code)
            for code, signs in self.template.currencies.items()
            for sign in signs
        )

    @cached_property
    def currency_signs(self) -> dict[str, tuple[Any, ...]]:
        """The printed signs of each currency, each one compiled: where on a text it stands."""
        return {
            code: tuple(re2.compile(_sign_pattern(sign)) for sign in signs)
            for code, signs in self.template.currencies.items()
        }


_SHARED: WeakValueDictionary[int, Any] = WeakValueDictionary()


def _shared(part: P, make: Callable[[P], T]) -> T:
    """What is made of a part of a template, once for all that inherited the part as it is.

    It lives as long as a lexicon that has it, and that one keeps the part: while it is known by
    the part's id, no other part can have that.
    """
    known: T | None = _SHARED.get(id(part))
    if known is None:
        known = _SHARED[id(part)] = make(part)
    return known


_amounts = lru_cache(maxsize=64)(AmountReader)


@lru_cache(maxsize=1024)
def _words_of(phrases: tuple[str, ...]) -> frozenset[str]:
    """The folded words of the phrases, and each phrase as one. Most templates inherit them all."""
    folded = map(fold, phrases)
    words = (word for parts in folded for word in (*parts, "".join(parts)))
    return frozenset(word for word in words if len(word) > 1 and not word.isdigit())


def _phrases(labels: Mapping[Role, Sequence[str]]) -> Iterator[tuple[Role, str]]:
    for role, known in labels.items():
        yield from ((role, phrase) for phrase in known)


def _dates_of_fields(template: Template) -> Iterator[str]:
    """Labels of fields that are dates: what they say is not the day of the purchase."""
    for spec in template.fields.values():
        if spec.type == "date":
            yield from spec.labels


def _sign_pattern(sign: str) -> str:
    escaped: str = re2.escape(sign)
    if not sign[0].isalpha():
        return escaped
    return rf"(?m)(?:^|[^A-Za-z]){escaped}(?:$|[^A-Za-z])"


_LEXICONS: dict[int, Lexicon] = {}
_MOST_LEXICONS = 256


def lexicon_of(template: Template) -> Lexicon:
    """The template's lexicon, built at its first use and kept; safe to call from threads."""
    known = _LEXICONS.get(id(template))
    if known is not None and known.template is template:
        return known
    if len(_LEXICONS) >= _MOST_LEXICONS:
        _LEXICONS.clear()
    return _LEXICONS.setdefault(id(template), Lexicon(template))
