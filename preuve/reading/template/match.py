"""Whose document is this? A template with its evidence, or why there is none.

Numbers of registers say most, then names near the top or in big letters, then domains; a name
further down says little, because any shop sells other people's brands. Two good matches of
different retailers are Ambiguous, never the first. Nothing here knows a language's words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from preuve.messages import listed, say
from preuve.reading.page import Pages
from preuve.reading.result import Place
from preuve.reading.template.clues import Dropped, find_hits
from preuve.reading.template.fold import words
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Template
from preuve.reading.template.paper import Paper
from preuve.reading.template.printed import Hit

GOOD = 0.6
"""The score from which a template is taken."""

CLEAR = 0.15
"""How far a good match must be ahead of the next good one."""

FOREIGN = 0.7
"""What is left of a score where the paper is in a language that the country does not speak."""

CLOSE = 2
"""Countries fit a paper equally well up to this difference: less than one sign of a country."""

CAPS = {"word": 0.3, "pattern": 0.5, "aside": 0.3}
"""The most that weak evidence of one kind can add up to."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A template, by its key, that something on the page speaks for; `score` is 0 to 1."""

    template: str
    score: float
    evidence: tuple[str, ...]

    def __str__(self) -> str:
        told = listed(self.evidence, "; ") if self.evidence else say("nothing")
        return say(
            "{template} {score:.2f}: {told}", template=self.template, score=self.score, told=told
        )


@dataclass(frozen=True, slots=True)
class Match:
    """The one template that fits. `place` is where its best evidence is printed.

    `nearest` has up to three others, best first.
    """

    template: Template
    score: float
    evidence: tuple[str, ...]
    place: Place
    nearest: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class NoMatch:
    """No template has enough evidence; the three nearest, and what each one has."""

    nearest: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several retailers fit about equally well: a person decides."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Case:
    """The hits that speak for one template, by its key; `score` is 0 to 1."""

    template: str
    hits: tuple[Hit, ...]
    score: float
    foreign: str | None = None
    """The base template of the paper's language, or its country, where the template has another."""

    def without(self, other: Case) -> float:
        """The score of what this case has and the other has not."""
        shared = {(hit.clue.kind, hit.cover) for hit in other.hits}
        return _score(hit for hit in self.hits if (hit.clue.kind, hit.cover) not in shared)

    def candidate(self) -> Candidate:
        told: dict[str, None] = dict.fromkeys(
            str(hit) for hit in sorted(self.hits, key=lambda hit: -hit.weight)
        )
        if self.foreign:
            against = say("against it: the paper reads like {template}", template=self.foreign)
            told[against] = None
        return Candidate(self.template, round(self.score, 3), tuple(told))


def match(
    pages: Pages, templates: Templates, country: str | None = None
) -> Match | NoMatch | Ambiguous:
    """The template of the document on `pages`.

    `country` (ISO 3166-1) decides between a banner's templates in several countries where the
    paper does not.
    """
    weighed = weigh(pages, templates, country)
    cases, rivals = weighed.cases, weighed.rivals
    if not rivals:
        return NoMatch(tuple(case.candidate() for case in cases[:3]))
    if len(rivals) > 1:
        return Ambiguous(tuple(case.candidate() for case in rivals))
    chosen = rivals[0]
    others = (case for case in cases if case is not chosen and case.score)
    nearest = tuple(case.candidate() for case in islice(others, 3))
    told = chosen.candidate()
    template = templates.retailers[chosen.template]
    return Match(template, told.score, told.evidence, _place(chosen, pages), nearest)


@dataclass(frozen=True)
class Weighed:
    """All cases, best first; of them the good ones that none beats; why good ones were beaten, by
    template key; and what is printed of clues and does not count."""

    cases: list[Case]
    rivals: list[Case]
    beaten: dict[str, str]
    dropped: list[Dropped]


def weigh(pages: Pages, templates: Templates, country: str | None = None) -> Weighed:
    """What speaks for which template: `match` with its reasons."""
    paper = Paper(pages, templates)
    dropped: list[Dropped] = []
    cases = _cases(find_hits(pages, templates.index, dropped), paper)
    good = [case for case in cases if case.score >= GOOD]
    beaten: dict[str, str] = {}
    whole = []
    for case in good:
        longer = next((other for other in good if _is_part_of(case, other)), None)
        if longer is None:
            whole.append(case)
        else:
            beaten[case.template] = say(
                "its name is part of that of {template}", template=longer.template
            )
    if not whole:
        return Weighed(cases, [], beaten, dropped)
    best, *others = whole
    rivals = [best]
    for other in others:
        if _contests(other, best):
            rivals.append(other)
        else:
            beaten[other.template] = say(
                "{template} is clearly ahead with {score:.2f}",
                template=best.template,
                score=best.score,
            )
    here = _of_this_place(rivals, paper, country) if len(rivals) > 1 else rivals
    for other in rivals:
        if other not in here:
            beaten[other.template] = say(
                "the paper fits the country of {template} better", template=here[0].template
            )
    return Weighed(cases, here, beaten, dropped)


def _cases(hits: Iterable[Hit], paper: Paper) -> list[Case]:
    by_template: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_template[hit.clue.template].append(hit)
    cases = []
    for template, found in by_template.items():
        score = _score(found)
        foreign = _foreign(template, found, paper) if score >= GOOD else None
        score *= FOREIGN if foreign else 1.0
        cases.append(Case(template, tuple(found), score, foreign))
    return sorted(cases, key=lambda case: (-case.score, case.template))


def _foreign(template: str, hits: Iterable[Hit], paper: Paper) -> str | None:
    """What the paper is rather than one of the template's country. A banner in the first row may
    sell abroad; below it, it is also what a shop's keeper is called."""
    language = paper.foreign_to(template)
    if language or any(hit.row[1] == 0 or hit.group != "name" for hit in hits):
        return language
    return paper.at_home_elsewhere(template)


def _score(hits: Iterable[Hit]) -> float:
    """One minus the chance that every piece of evidence misleads, weak kinds capped."""
    best: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        place = (hit.group, hit.clue.form)
        if place not in best or best[place].weight < hit.weight:
            best[place] = hit
    doubt: dict[str, float] = defaultdict(lambda: 1.0)
    for hit in best.values():
        doubt[hit.group] *= 1 - hit.weight
    remaining = 1.0
    for group, left in doubt.items():
        remaining *= max(left, 1 - CAPS.get(group, 1.0))
    return 1 - remaining


def _contests(other: Case, best: Case) -> bool:
    """Is `other` a second good match?"""
    if best.without(other) == 0:
        return True
    return other.score > best.score - CLEAR and other.without(best) >= GOOD


def _is_part_of(case: Case, other: Case) -> bool:
    """`Carrefour` in `Carrefour Market`: the longer name wins, unless a number says otherwise."""
    if case is other or any(hit.clue.kind in ("siren", "vat") for hit in case.hits):
        return False
    longer = {tuple(words(hit.clue.phrase)) for hit in other.hits if hit.group == "name"}
    own = {tuple(words(hit.clue.phrase)) for hit in case.hits if hit.clue.kind == "name"}
    return bool(own) and all(any(_inside(name, long) for long in longer) for name in own)


def _inside(name: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    size = len(name)
    return size < len(longer) and any(
        longer[start : start + size] == name for start in range(len(longer) - size + 1)
    )


def _place(case: Case, pages: Pages) -> Place:
    """The box of the row with the best evidence, a name before a number."""
    best = max(case.hits, key=lambda hit: (hit.group == "name", hit.weight))
    page, row = best.row
    return Place(pages[page].number, pages[page].rows[row].box)


def _of_this_place(rivals: list[Case], paper: Paper, country: str | None) -> list[Case]:
    """Of rivals with the very same evidence, those whose country fits the paper best.

    That is one banner in several countries. Where several fit, it is the template of `country`,
    else the one of no country, else that of the country that is taken for a language's own where
    nothing on a paper tells it.
    """
    first, *others = rivals
    if any(first.without(other) or other.without(first) for other in others):
        return rivals
    fits = [(paper.fit(case.template), case) for case in rivals]
    best = max(fit for fit, _ in fits)
    fitting = [case for fit, case in fits if fit + CLOSE >= best]
    for place in (country, None):
        if there := [case for case in fitting if paper.country(case.template) == place]:
            return there
    usual = [case for case in fitting if paper.in_first_country(case.template)]
    return usual if len(usual) == 1 else fitting
