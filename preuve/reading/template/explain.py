"""Why a template was taken for a document, or not: each clue found, dropped, damaged or missed.

A pure function of pages and templates, for the command, the console and the API alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from preuve.messages import listed, say
from preuve.reading.page import Pages
from preuve.reading.result import Place
from preuve.reading.template.explain_keys import KeyUse, explain_keys
from preuve.reading.template.fold import alike, number_shape, shape, words
from preuve.reading.template.index import MAX_RUN, Clue, Index
from preuve.reading.template.load import Templates
from preuve.reading.template.match import FOREIGN, GOOD, Case, Weighed, weigh
from preuve.reading.template.printed import HEAD, Hit

Status = Literal["found", "dropped", "near", "missed"]
Outcome = Literal["taken", "ambiguous", "beaten", "too_little"]

_NEAR = 0.34
"""The share of a phrase's letters that may differ where its likeliest print is still told."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One clue of the template, at one place where it is printed, or missed.

    `weight` is what it says there, 0 to 1; one `dropped` says nothing, for the reason in `why`.
    `damage` names the letters that differ. `near` is what looks most like a clue and does not
    count as one. `row` counts from 1 on its page.
    """

    kind: str
    phrase: str
    status: Status
    weight: float = 0.0
    place: Place | None = None
    row: int | None = None
    text: str = ""
    damage: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one template fared on a document. `score` and `threshold` are 0 to 1.

    `keys` tells how its keys for reading do: labels, zones, row patterns, fields of its own.
    """

    template: str
    name: str
    outcome: Outcome
    score: float
    threshold: float
    why: str
    evidence: tuple[Evidence, ...]
    keys: tuple[KeyUse, ...] = ()


def explain(
    pages: Pages, templates: Templates, key: str, country: str | None = None
) -> Explanation:
    """All that speaks for and against the template with that key. Raises KeyError."""
    return _explained(pages, templates, key, weigh(pages, templates, country))


def explain_nearest(
    pages: Pages, templates: Templates, country: str | None = None, most: int = 3
) -> tuple[Explanation, ...]:
    """The templates that something on the document speaks for, those that fit first.

    Where fewer than `most` have anything, those follow whose names look most like its head.
    """
    weighed = weigh(pages, templates, country)
    fitting = [case.template for case in weighed.rivals]
    keys = dict.fromkeys([*fitting, *(case.template for case in weighed.cases)])
    if len(keys) < most and not fitting:
        keys |= dict.fromkeys(_resembling(pages, templates.index, most))
    chosen = list(keys)[: max(most, len(fitting))]
    return tuple(_explained(pages, templates, key, weighed) for key in chosen)


def _resembling(pages: Pages, index: Index, most: int) -> list[str]:
    """The templates whose names look most like a run of words in the first rows."""
    likeness: dict[str, float] = {}
    named = ((form, clues[0].kind) for form, clues in index.phrases.items())
    names = [form for form, kind in named if kind == "name" and len(form) > 5]
    for row in pages[0].rows[:HEAD] if pages else ():
        for run in _runs(row.text):
            form = alike("".join(run))
            scorer = Levenshtein.normalized_similarity
            for name, alikeness, _ in process.extract(form, names, scorer=scorer, limit=most):
                key = index.phrases[name][0].template
                likeness[key] = max(alikeness, likeness.get(key, 0.0))
    return sorted(likeness, key=lambda key: (-likeness[key], key))[:most]


def _explained(pages: Pages, templates: Templates, key: str, weighed: Weighed) -> Explanation:
    template = templates.get(key)
    if template is None:
        raise KeyError(key)
    case = next((one for one in weighed.cases if one.template == key), None)
    outcome, why = _outcome(key, case, weighed)
    known = templates.index.known.get(key)
    clues = known.clues if known else ()
    found = _told_once([one for clue in clues for one in _of(clue, pages, weighed)])
    order = {"found": 0, "dropped": 1, "near": 2, "missed": 3}
    found.sort(key=lambda one: (order[one.status], -one.weight))
    score = round(case.score, 3) if case else 0.0
    keys = explain_keys(pages, template)
    return Explanation(key, template.name, outcome, score, GOOD, why, tuple(found), keys)


def _told_once(evidence: list[Evidence]) -> list[Evidence]:
    """A phrase that is sought in two forms is missed, once, where neither is printed."""
    printed = [one for one in evidence if one.status in ("found", "dropped")]
    told = {(one.kind, one.phrase) for one in printed}
    lacking: dict[tuple[str, str], Evidence] = {}
    for one in evidence:
        if (one.kind, one.phrase) not in told:
            lacking.setdefault((one.kind, one.phrase), one)
    return [*printed, *lacking.values()]


def _outcome(key: str, case: Case | None, weighed: Weighed) -> tuple[Outcome, str]:
    rivals = [one.template for one in weighed.rivals]
    if key in weighed.beaten:
        return "beaten", weighed.beaten[key]
    if rivals == [key]:
        return "taken", say("nothing else fits as well")
    if key in rivals:
        others = ", ".join(other for other in rivals if other != key)
        return "ambiguous", say("{names} fits about as well: a person decides", names=others)
    if case is None:
        return "too_little", say("nothing that it is known by is printed")
    lacks = say(
        "{score:.2f} is less than the {least:.2f} from which a template is taken",
        score=case.score,
        least=GOOD,
    )
    if not case.foreign:
        return "too_little", lacks
    foreign = say(
        "the paper reads like {template}, which leaves {share} of the score",
        template=case.foreign,
        share=f"{FOREIGN:.0%}",
    )
    return "too_little", listed([lacks, foreign], "; ")


def _of(clue: Clue, pages: Pages, weighed: Weighed) -> Iterator[Evidence]:
    """Each place where the clue is printed; else what looks most like it, or that it is missed."""
    hits = [hit for case in weighed.cases for hit in case.hits if hit.clue == clue]
    counted = [hit for hit in hits if hit.weight]
    for hit in counted:
        yield _printed(hit, pages, "found")
    gone = [one for one in weighed.dropped if one.hit.clue == clue]
    for one in gone:
        yield _printed(one.hit, pages, "dropped", one.why)
    if not counted and not gone:
        yield _likest(clue, pages) or Evidence(clue.kind, clue.phrase, "missed")


def _printed(hit: Hit, pages: Pages, status: Status, why: str = "") -> Evidence:
    page, row = hit.row
    printed = pages[page].rows[row]
    damage = _best_damage(hit.clue, hit.text) if hit.errors else ""
    place = Place(pages[page].number, printed.box)
    return Evidence(
        hit.clue.kind, hit.clue.phrase, status, hit.weight, place, row + 1, hit.text, damage, why
    )


def _likest(clue: Clue, pages: Pages) -> Evidence | None:
    """The row with the run of words most like the clue, where not too many letters differ."""
    if clue.kind in ("pattern", "code") or len(clue.form) < 4:
        return None
    best: tuple[int, int, int, str] | None = None
    most = int(len(clue.form) * _NEAR)
    for page_number, page in enumerate(pages):
        for row_number, row in enumerate(page.rows):
            for form in _forms(clue, row.text):
                errors = Levenshtein.distance(clue.form, form, score_cutoff=most)
                if errors <= most and (best is None or errors < best[0]):
                    best = (errors, page_number, row_number, form)
    if best is None:
        return None
    errors, page_number, row_number, form = best
    page, row = pages[page_number], pages[page_number].rows[best[2]]
    why = say(
        "{n:d} of {all:d} letters differ, more than are forgiven there",
        n=errors,
        all=len(clue.form),
    )
    return Evidence(
        clue.kind,
        clue.phrase,
        "near",
        place=Place(page.number, row.box),
        row=row_number + 1,
        text=row.text,
        damage=_damage(clue.form, form),
        why=why if errors else say("it stands there, but not where it would count"),
    )


def _forms(clue: Clue, text: str) -> Iterator[str]:
    """What of a row could be a print of the clue, in the clue's own form."""
    if clue.kind in ("siren", "vat"):
        printed, size = number_shape(text), len(clue.form)
        for start in range(max(len(printed) - size + 1, 1)):
            yield printed[start : start + size]
        return
    for run in _runs(text):
        yield ".".join(run) if clue.kind == "domain" else alike("".join(run))


def _runs(text: str) -> Iterator[list[str]]:
    """The shapes of each run of words."""
    shapes = [shape(word) for word in words(text)]
    for start in range(len(shapes)):
        for end in range(start + 1, min(start + MAX_RUN, len(shapes)) + 1):
            yield shapes[start:end]


def _best_damage(clue: Clue, text: str) -> str:
    forms = min(
        _forms(clue, text), key=lambda form: Levenshtein.distance(clue.form, form), default=""
    )
    return _damage(clue.form, forms)


def _damage(wanted: str, printed: str) -> str:
    """`e lost, l for t`: what befell the letters, in the form in which they are compared."""
    told = []
    for change in Levenshtein.editops(wanted, printed):
        if change.tag == "delete":
            told.append(f"{wanted[change.src_pos]} lost")
        elif change.tag == "insert":
            told.append(f"{printed[change.dest_pos]} added")
        else:
            told.append(f"{printed[change.dest_pos]} for {wanted[change.src_pos]}")
    return ", ".join(told)
