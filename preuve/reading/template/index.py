"""Which templates could a page belong to? Asked of an index, so that thousands cost little.

A page's runs of words are looked up in hash tables; no template is tried one by one. Damaged
names are found by their intact pieces: a name with k errors has k + 1 pieces, one of them whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import re2
from rapidfuzz.distance import Levenshtein

from preuve.reading.template.fold import joined, number_shape, shape, words
from preuve.reading.template.model import Recognize, Template
from preuve.reading.template.validate import compile_pattern

Kind = Literal["siren", "vat", "domain", "name", "legal", "word", "pattern"]

MAX_RUN = 7
"""Words in the longest name that is looked for."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that a template is known by; `form` is what is looked up."""

    template: Template
    kind: Kind
    phrase: str
    form: str


@dataclass(frozen=True, slots=True)
class Near:
    """A clue whose phrase a run of words resembles; `errors` letters differ."""

    clue: Clue
    errors: int
    accepted: bool


def allowed_errors(length: int) -> int:
    """Letters of a name that OCR may have damaged: none below six, two from twelve on."""
    return 0 if length < 6 else 1 if length < 12 else 2


@dataclass(frozen=True)
class Index:
    """The clues of all templates, by what is printed. Built once, read by any number."""

    phrases: Mapping[str, list[Clue]]
    numbers: Mapping[str, list[Clue]]
    number_lengths: tuple[int, ...]
    domains: Mapping[str, list[Clue]]
    pieces: Mapping[tuple[int, int, str], list[Clue]]
    negatives: Mapping[str, tuple[list[str], ...]]
    patterns: Any
    pattern_clues: tuple[Clue, ...]
    everyday: frozenset[str]
    """Words and labels of the base templates: printed, they are no damaged name."""

    @classmethod
    def build(cls, templates: Iterable[Template], bases: Iterable[Template]) -> Index:
        phrases: dict[str, list[Clue]] = defaultdict(list)
        numbers: dict[str, list[Clue]] = defaultdict(list)
        domains: dict[str, list[Clue]] = defaultdict(list)
        pieces: dict[tuple[int, int, str], list[Clue]] = defaultdict(list)
        negatives: dict[str, tuple[list[str], ...]] = {}
        pattern_clues: list[Clue] = []
        for template in templates:
            recognize = template.recognize
            if recognize.not_words:
                negatives[template.template] = tuple(
                    filter(None, map(_shapes, recognize.not_words))
                )
            for clue in _clues(template, recognize):
                if clue.kind in ("siren", "vat"):
                    numbers[clue.form].append(clue)
                elif clue.kind == "domain":
                    domains[clue.form].append(clue)
                elif clue.kind == "pattern":
                    pattern_clues.append(clue)
                elif clue.form:
                    phrases[clue.form].append(clue)
                    if clue.kind != "word":
                        for piece in _pieces(clue.form):
                            pieces[piece].append(clue)
        lengths = tuple(sorted({len(form) for form in numbers}))
        patterns = _pattern_set(pattern_clues)
        return cls(
            dict(phrases),
            dict(numbers),
            lengths,
            dict(domains),
            dict(pieces),
            negatives,
            patterns,
            tuple(pattern_clues),
            frozenset(_everyday(bases)),
        )

    def similar(self, form: str) -> list[Near]:
        """Names that `form` may be a damaged print of, and those that it only resembles."""
        if form in self.everyday:
            return []
        found: dict[int, Near] = {}
        for size, number, first, last in _places(len(form)):
            for clue in self.pieces.get((size, number, form[first:last]), ()):
                if id(clue) not in found:
                    allowed = allowed_errors(size)
                    errors = Levenshtein.distance(form, clue.form, score_cutoff=allowed + 1)
                    found[id(clue)] = Near(clue, errors, errors <= allowed)
        return [
            near
            for near in found.values()
            if near.accepted or 4 * near.errors <= len(near.clue.form)
        ]

    def matching_patterns(self, text: str) -> list[Clue]:
        if not self.pattern_clues:
            return []
        return [self.pattern_clues[number] for number in self.patterns.Match(text) or ()]


def _clues(template: Template, recognize: Recognize) -> Iterator[Clue]:
    for phrase in recognize.names:
        yield Clue(template, "name", phrase, joined(_shapes(phrase)))
    for phrase in recognize.legal:
        yield Clue(template, "legal", phrase, joined(_shapes(phrase)))
    for phrase in recognize.words:
        yield Clue(template, "word", phrase, joined(_shapes(phrase)))
    for siren in recognize.siren:
        yield Clue(template, "siren", siren.number, number_shape(siren.number))
    for vat in recognize.vat:
        yield Clue(template, "vat", vat.number, number_shape(vat.number))
    for phrase in recognize.domains:
        yield Clue(template, "domain", phrase, domain_form(phrase))
    for phrase in recognize.patterns:
        yield Clue(template, "pattern", phrase, phrase)


def _everyday(bases: Iterable[Template]) -> Iterator[str]:
    for base in bases:
        for phrases in (base.vocabulary, *base.labels.values()):
            yield from (joined(_shapes(phrase)) for phrase in phrases)


def domain_form(domain: str) -> str:
    return shape(domain.lower().removeprefix("www."))


def _shapes(phrase: str) -> list[str]:
    return [shape(word) for word in words(phrase)]


def _cuts(length: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the pieces that a name of this length is cut into."""
    parts = allowed_errors(length) + 1
    for number in range(parts):
        yield number, length * number // parts, length * (number + 1) // parts


def _pieces(form: str) -> Iterator[tuple[int, int, str]]:
    if allowed_errors(len(form)):
        for number, start, end in _cuts(len(form)):
            yield len(form), number, form[start:end]


@cache
def _places(length: int) -> tuple[tuple[int, int, int, int], ...]:
    """Where the pieces of a name may lie in a print of this length: size, number, start, end.

    The first piece, where intact, lies at the beginning, the last one at the end, one between
    them up to a letter beside its place.
    """
    found = []
    for size in range(max(length - 2, 1), length + 3):
        errors = allowed_errors(size)
        if abs(size - length) > errors + 1 or not errors:
            continue
        for number, start, end in _cuts(size):
            shifts = [0] if number == 0 else [length - size] if number == errors else [-1, 0, 1]
            found += [(size, number, start + shift, end + shift) for shift in shifts]
    return tuple(found)


def _pattern_set(clues: list[Clue]) -> Any:
    if not clues:
        return None
    patterns = re2.Set.SearchSet()
    for clue in clues:
        compile_pattern(clue.phrase)
        patterns.Add(clue.phrase)
    patterns.Compile()
    return patterns
