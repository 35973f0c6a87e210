"""Which language and which country a paper looks like, by the words that base templates list."""

from __future__ import annotations

from functools import cached_property

from preuve.reading.page import Pages
from preuve.reading.template.fold import folded, words_and_shapes
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Country
from preuve.reading.template.validate import compile_pattern

ENOUGH = 6
"""Known words from which a language is taken for the paper's."""

CLEARLY = 2
"""How many times as many words another language must have to make a paper foreign."""

ELSEWHERE = 2
"""So many more signs of one country speak against a name from another."""


class Paper:
    """The words of one document, against the vocabularies of all base templates."""

    def __init__(self, pages: Pages, templates: Templates) -> None:
        self._pages = pages
        self._bases = templates.bases
        self._retailers = templates.retailers
        self._templates = templates

    @cached_property
    def _text(self) -> str:
        return "\n".join(row.text for page in self._pages for row in page.rows)

    @cached_property
    def _printed(self) -> frozenset[str]:
        rows = (row for page in self._pages for row in page.rows)
        texts = [word.text for row in rows for word in row.words]
        return frozenset().union(*(words for words, _ in map(words_and_shapes, texts)))

    @cached_property
    def _known(self) -> dict[str, int]:
        counts = dict.fromkeys(self._bases, 0)
        for knowing in filter(None, map(self._templates.known_by.get, self._printed)):
            for key in knowing:
                counts[key] += 1
        return counts

    def country(self, key: str) -> str | None:
        """The country of the template with that key."""
        return self._retailers[key].country

    def in_first_country(self, key: str) -> bool:
        """Whether the template's country is the first that its base lists."""
        template = self._retailers[key]
        return next(iter(template.countries), None) == template.country

    def foreign_to(self, key: str) -> str | None:
        """The base of the paper's language where the template's country clearly has another.

        None for a country whose language no base speaks.
        """
        template = self._retailers[key]
        if not self._known or template.country is None:
            return None
        language, most = max(self._known.items(), key=lambda entry: entry[1])
        spoken = [
            self._known[name]
            for name, base in self._bases.items()
            if template.country in base.countries or base.language == template.language
        ]
        if not spoken:
            return None
        clearly = most >= ENOUGH and most > CLEARLY * max(spoken)
        return language if clearly else None

    def at_home_elsewhere(self, key: str) -> str | None:
        """The paper's country where it has more signs of that than of the template's, which speaks
        the same language: a Swiss chain's name on a paper with a French company's numbers."""
        country = self._retailers[key].country
        if not self._known or country is None:
            return None
        signs = self._signs(max(self._known, key=lambda base: self._known[base]))
        most = max(signs, key=lambda code: signs[code], default=country)
        return most if signs.get(country, 0) + ELSEWHERE <= signs.get(most, 0) else None

    def _signs(self, language: str) -> dict[str, int]:
        """How many words and patterns of each country of a base are printed."""
        return {
            code: len(self._printed & folded(country.words)) + self._patterns(country)
            for code, country in self._bases[language].countries.items()
        }

    def _patterns(self, country: Country) -> int:
        patterns = map(compile_pattern, country.patterns)
        return sum(pattern.search(self._text) is not None for pattern in patterns)

    def fit(self, key: str) -> int:
        """Words of the template's language on the paper, and three for each sign of its country.

        A template of no language speaks the paper's.
        """
        template = self._retailers[key]
        if template.language is None:
            return max(self._known.values(), default=0)
        score = len(self._printed & folded(template.vocabulary))
        place = template.countries.get(template.country or "")
        if place is None:
            return score
        return score + 3 * (len(self._printed & folded(place.words)) + self._patterns(place))
