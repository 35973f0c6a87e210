"""Which templates could a page belong to? Asked of an index, so that thousands cost little.

A page's runs of words are looked up in hash tables; no template is tried one by one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias

from preuve.reading.page import Code
from preuve.reading.template.codes import described
from preuve.reading.template.fold import alike, joined, number_shape, shape, words
from preuve.reading.template.model import Template
from preuve.reading.template.near import NearNames, allowed_errors
from preuve.reading.template.pattern_set import PatternSet

Kind: TypeAlias = Literal["siren", "vat", "domain", "name", "legal", "word", "pattern", "code"]

_THIN = re.compile("ll+")

MAX_RUN = 7
"""Words in the longest name that is looked for."""

OPENING, LONG_OPENING = 3, 6
"""Letters by which it is told that a run of words is no phrase's beginning, nor a number's."""


class Clue(NamedTuple):
    """One thing that a template is known by; `form` is what is looked up."""

    template: str
    kind: Kind
    phrase: str
    form: str


class Near(NamedTuple):
    """A clue whose phrase a run of words resembles; `errors` letters differ."""

    clue: Clue
    errors: int
    accepted: bool


class Known(NamedTuple):
    """What the index takes of one template: its clues, and what speaks against its names."""

    template: str
    clues: tuple[Clue, ...]
    negatives: tuple[str, ...]


def known_by(template: Template) -> Known:
    """What a template is known by, its phrases brought to the form in which they are sought."""
    return Known(template.template, tuple(_clues(template)), template.recognize.not_words)


@dataclass(frozen=True)
class Index:
    """The clues of all templates, by what is printed. Built once, read by any number."""

    known: Mapping[str, Known]
    phrases: Mapping[str, list[Clue]]
    numbers: Mapping[str, list[Clue]]
    number_lengths: tuple[int, ...]
    number_openings: frozenset[str]
    domains: Mapping[str, list[Clue]]
    names: NearNames[Clue]
    patterns: PatternSet[Clue]
    codes: PatternSet[Clue]
    openings: frozenset[str]
    """The first letters of every phrase."""
    longest: int
    """Letters of the longest print that may be a phrase, whole or damaged."""
    everyday: frozenset[str]
    """Words and labels of the base templates: printed, they are no damaged name."""

    @classmethod
    def build(cls, known: Iterable[Known], bases: Iterable[Template]) -> Index:
        by_key: dict[str, Known] = {}
        phrases: dict[str, list[Clue]] = {}
        numbers: dict[str, list[Clue]] = {}
        domains: dict[str, list[Clue]] = {}
        names: NearNames[Clue] = NearNames()
        patterns: list[Clue] = []
        codes: list[Clue] = []
        everyday = frozenset(_everyday(bases))
        tables = defaultdict(lambda: phrases, siren=numbers, vat=numbers, domain=domains)
        for one in known:
            by_key[one.template] = one
            for clue in one.clues:
                if clue.kind == "pattern":
                    patterns.append(clue)
                elif clue.kind == "code":
                    codes.append(clue)
                elif clue.form:
                    tables[clue.kind].setdefault(clue.form, []).append(clue)
                    if clue.kind in ("name", "legal") and _is_telling(clue.phrase, everyday):
                        names.add(clue.form, clue)
        return cls(
            by_key,
            phrases,
            numbers,
            tuple(sorted({len(form) for form in numbers})),
            frozenset(form[:OPENING] for form in numbers),
            domains,
            names,
            PatternSet((clue.form, clue) for clue in patterns),
            PatternSet((clue.form, clue) for clue in codes),
            frozenset(form[:size] for form in phrases for size in (OPENING, LONG_OPENING)),
            max(map(_most_letters, phrases), default=0),
            everyday,
        )

    def is_other(self, form: str) -> bool:
        """Whether no phrase begins as `form` does, whatever letters follow."""
        # The last letter may yet become half of another: r before n.
        if len(form) > LONG_OPENING:
            return form[:LONG_OPENING] not in self.openings
        return len(form) > OPENING and form[:OPENING] not in self.openings

    def may_be_short(self, letters: str, at: int) -> bool:
        """Whether a phrase of one or two letters may stand at this letter."""
        return letters[at : at + 2] in self.openings or letters[at] in self.openings

    def similar(self, form: str) -> list[Near]:
        """Names that `form` may be a damaged print of, and those that it only resembles."""
        near = self.names.near(form)
        if not near or form in self.everyday:
            return []
        return [
            Near(clue, errors, accepted)
            for clue, size, errors, accepted in near
            if accepted or 4 * errors <= size
        ]

    def matching_codes(self, code: Code) -> Iterator[Clue]:
        """Clues whose pattern the code's text has, and whose format is the code's, or any."""
        for clue in self.codes.found_in(code.text):
            if clue.phrase.removesuffix(clue.form).strip() in ("", code.format):
                yield clue

    def negatives(self, key: str) -> Iterator[tuple[str, list[str]]]:
        """The phrases that unmake this template's names, each with its word shapes."""
        for phrase in self.known[key].negatives:
            if shapes := _shapes(phrase):
                yield phrase, shapes


def _clues(template: Template) -> Iterator[Clue]:
    key, recognize = template.template, template.recognize
    for phrase in recognize.names:
        form = joined(_shapes(phrase))
        yield Clue(key, "name", phrase, form)
        # A logo loses thin strokes side by side: LiDL is read as LDL. Longer names are found
        # with a letter lost anyway.
        thin = _THIN.sub("l", form)
        if thin != form and len(thin) >= 3 and not allowed_errors(len(form)):
            yield Clue(key, "name", phrase, thin)
    for phrase in recognize.legal:
        yield Clue(key, "legal", phrase, joined(_shapes(phrase)))
    for phrase in recognize.words:
        yield Clue(key, "word", phrase, joined(_shapes(phrase)))
    for siren in recognize.siren:
        yield Clue(key, "siren", siren.number, number_shape(siren.number))
    for vat in recognize.vat:
        yield Clue(key, "vat", vat.number, number_shape(vat.number))
    for phrase in recognize.domains:
        yield Clue(key, "domain", phrase, domain_form(phrase))
    for phrase in recognize.patterns:
        yield Clue(key, "pattern", phrase, phrase)
    for code in recognize.codes:
        yield Clue(key, "code", described(code), code.pattern or "")


def _most_letters(form: str) -> int:
    """As printed, m may stand as rn and w as vv, and three letters too many are still told."""
    return len(form) + form.count("m") + form.count("w") + 3


def _is_telling(phrase: str, everyday: frozenset[str]) -> bool:
    """Whether so much of the name is its own that a letter may be damaged: of AA Pharmacy only
    two are, and AM Pharmacy is another shop."""
    own = (alike(word) for word in _shapes(phrase))
    return allowed_errors(sum(len(word) for word in own if word not in everyday)) > 0


def _everyday(bases: Iterable[Template]) -> Iterator[str]:
    for base in bases:
        for phrases in (base.vocabulary, *base.labels.values()):
            yield from (joined(_shapes(phrase)) for phrase in phrases)


def domain_form(domain: str) -> str:
    return shape(domain.lower().removeprefix("www."))


@lru_cache(maxsize=4096)
def _shapes(phrase: str) -> list[str]:
    return [shape(word) for word in words(phrase)]
