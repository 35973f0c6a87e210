"""What to know the retailer by: what its papers print and no other retailer's do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from preuve.folding import squeeze
from preuve.messages import say
from preuve.reading.extract.identifiers import Identifier, identifiers
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.page import Pages
from preuve.reading.template.drafting.sketch import Edit, Sketch
from preuve.reading.template.drafting.trial import Bench, bare
from preuve.reading.template.fold import joined, number_shape, shape, words
from preuve.reading.template.index import domain_form
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Match, match
from preuve.reading.template.model import Role
from preuve.reading.template.traits import Trait, traits

HEAD_ROWS = 14
ALIKE = 82.0
"""How alike, in percent, a printed row and the confirmed name must be to be one."""

SAFE = 0.7
"""The score from which a paper would still be known with one clue less; below, more are added."""

_LONG_WORD = 7
_MOST_PATTERNS = 2
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """Evidence that was left out, and why."""

    text: str
    why: str


@dataclass(frozen=True)
class Evidence:
    """The edits below `recognize`, what was left out, and how well each example is then known."""

    edits: tuple[Edit, ...]
    refused: tuple[Refused, ...]
    scores: tuple[float, ...]


def gather(
    bench: Bench, sketch: Sketch, name: str, templates: Templates, others: Sequence[Pages]
) -> Evidence:
    """Names first, then numbers of registers and domains; more only where that is not enough."""
    foreign = _Foreign(templates, others, sketch.data.get("template", ""))
    refused: list[Refused] = []
    edits: list[Edit] = []

    def take(options: Iterator[Edit], most: int = 9) -> None:
        for edit in options:
            claimed = foreign.claims(edit)
            if claimed:
                refused.append(Refused(_text(edit), claimed))
            elif most > 0:
                edits.append(edit)
                most -= 1

    sheets = bench.sheets(sketch)
    take(_names(bench, sheets, name, foreign))
    take(_registered(bench))
    take(_companies(bench, sheets, name), 1)
    scores = _scores(bench, sketch.with_edits(edits))
    if min(scores) < SAFE:
        take(_patterns(bench), _MOST_PATTERNS)
        take(_phrases(bench, foreign), _MOST_WORDS)
        scores = _scores(bench, sketch.with_edits(edits))
    return Evidence(tuple(edits), tuple(refused), scores)


def _scores(bench: Bench, sketch: Sketch) -> tuple[float, ...]:
    """How well the sketch knows each example, alone among the base templates: 0 to 1."""
    template = sketch.template(bench.base)
    alone = bare(bench.templates, template)
    found = (match(example.pages, alone, template.country) for example in bench.examples)
    return tuple(f.score if isinstance(f, Match) else 0.0 for f in found)


class _Foreign:
    """What other retailers claim, and what any receipt prints."""

    def __init__(self, templates: Templates, others: Sequence[Pages], own: str) -> None:
        self._index = templates.index
        self._own = own
        self._printed = {identifier for pages in others for identifier in identifiers(pages)}
        self._traits = {(t.kind, t.form) for pages in others for t in traits(pages)}
        self._ordinary = {
            shape(word)
            for base in templates.bases.values()
            for group in (base.vocabulary, *base.labels.values())
            for phrase in group
            for word in words(phrase)
        }

    def claims(self, edit: Edit) -> str | None:
        """Who else has this evidence; None where nobody does."""
        kind, text = edit.route[-1], _text(edit)
        if kind == "domains":
            found = self._index.domains.get(domain_form(text), [])
        elif kind in ("vat", "siren"):
            found = self._index.numbers.get(number_shape(text), [])
        else:
            found = self._index.phrases.get(_form(text), [])
        claimants = sorted({clue.template for clue in found} - {self._own})
        return f"{', '.join(claimants)} is known by it" if claimants else None

    def prints(self, identifier: Identifier) -> bool:
        return identifier in self._printed

    def shows(self, trait: Trait) -> bool:
        return any((kind, trait.form) in self._traits for kind in ("name", "head", "foot", "word"))

    def ordinary(self, text: str) -> bool:
        """Whether every word of the text stands on receipts of any shop."""
        return all(shape(word) in self._ordinary for word in words(text) if not word.isdigit())


def _names(bench: Bench, sheets: Sequence[Sheet], name: str, foreign: _Foreign) -> Iterator[Edit]:
    """The confirmed name and, where it is printed otherwise, its prints in the heads."""
    printed: dict[str, str] = {}
    for example, sheet in zip(bench.examples, sheets, strict=True):
        found = printed_name(sheet, name)
        if found:
            text, row = found
            printed.setdefault(
                _form(text), f"{text}\0{say('row {row:d} of {where}', row=row, where=example.name)}"
            )
    own = printed.pop(_form(name), "")
    if not foreign.ordinary(name):
        why = own.rpartition("\0")[2] or say("the confirmed name; not printed so on the examples")
        yield Edit(("recognize", "names"), name, why, adds=True)
    for text in printed.values():
        phrase, _, why = text.partition("\0")
        if not foreign.ordinary(phrase):
            yield Edit(("recognize", "names"), phrase, why, adds=True)
    if not own:
        yield from _name_parts(bench, sheets, name, foreign)


def _name_parts(
    bench: Bench, sheets: Sequence[Sheet], name: str, foreign: _Foreign
) -> Iterator[Edit]:
    """A long word of the name that is alone in a row of every head, as under a logo."""
    for word in name.split():
        form = _form(word)
        if len(form) < _LONG_WORD or foreign.ordinary(word):
            continue
        heads = [sheet.lines[:HEAD_ROWS] for sheet in sheets]
        if all(any(_form(_without_numbers(x.text)) == form for x in head) for head in heads):
            why = say("a row of {where}", where=bench.examples[0].name)
            yield Edit(("recognize", "names"), word, why, adds=True)


def printed_name(sheet: Sheet, name: str) -> tuple[str, int] | None:
    """How the head prints a name, in one row or two, and the row's number from 1."""
    wanted = squeeze(name)
    best: tuple[float, str, int] | None = None
    head = sheet.lines[:HEAD_ROWS]
    for line, below in zip(head, [*head[1:], None], strict=True):
        texts = [line.text] if below is None else [line.text, f"{line.text} {below.text}"]
        for text in texts:
            likeness = fuzz.ratio(wanted, squeeze(_without_numbers(text)))
            if likeness >= ALIKE and (best is None or likeness > best[0]):
                best = likeness, _without_numbers(text), line.index + 1
    if best is None:
        return None
    return best[1], best[2]


def _without_numbers(text: str) -> str:
    """A name without the register number or branch that stands behind it."""
    kept = re.sub(r"[(\[][^)\]]*\d[^)\]]*[)\]]?|\S*\d{4,}\S*", " ", text)
    return re.sub(r"\s+", " ", kept).strip(" *-–_.,:;=|~#'\"()[]<>·•")


def _registered(bench: Bench) -> Iterator[Edit]:
    """Numbers of registers and domains that every example prints."""
    for identifier, where in _common(bench):
        source = say("printed on {where}", where=where)
        if identifier.kind in ("vat", "siren"):
            entry = {"number": identifier.number, "source": source}
            yield Edit(("recognize", identifier.kind), entry, source, adds=True)
        elif identifier.kind == "domain":
            yield Edit(("recognize", "domains"), identifier.number, source, adds=True)


def _companies(bench: Bench, sheets: Sequence[Sheet], name: str) -> Iterator[Edit]:
    """Rows of every head that name a company by its legal form, and are not the name."""
    rows: Counter[str] = Counter()
    printed: dict[str, str] = {}
    for example, sheet in zip(bench.examples, sheets, strict=True):
        for form, line in {
            _form(_without_numbers(x.text)): x for x in _company_rows(sheet)
        }.items():
            rows[form] += 1
            printed.setdefault(form, f"{_without_numbers(line.text)}\0{example.name}")
    own = {_form(found[0]) for sheet in sheets if (found := printed_name(sheet, name))}
    for form, count in rows.items():
        text, _, where = printed[form].partition("\0")
        other = form not in own and _form(name) not in form
        if count == len(sheets) and len(form) >= 8 and other:
            yield Edit(
                ("recognize", "legal"), text, say("a row of {where}", where=where), adds=True
            )


def _company_rows(sheet: Sheet) -> Iterator[Line]:
    for line in sheet.lines[:HEAD_ROWS]:
        if Role.COMPANY in line.roles and not line.money and len(line.words) > 1:
            yield line


def _patterns(bench: Bench) -> Iterator[Edit]:
    """Company and telephone numbers that every example prints, spaces and dashes aside."""
    for identifier, where in sorted(_common(bench), key=lambda found: found[0].kind):
        if identifier.kind in ("company", "phone"):
            spaced = r"[ .()/-]*".join(re.escape(c) for c in identifier.number if c.isalnum())
            why = say("{what} number on {where}", what=identifier.kind, where=where)
            yield Edit(("recognize", "patterns"), spaced, why, adds=True)


def _phrases(bench: Bench, foreign: _Foreign) -> Iterator[Edit]:
    """Rows of head and foot that every example prints, and no receipt of any other shop."""
    found = [{(t.kind, t.form): t for t in traits(e.pages)} for e in bench.examples]
    common = set.intersection(*({*each} for each in found))
    for key, trait in found[0].items():
        plain = not any(c.isdigit() for c in trait.text) and 8 <= len(trait.form) <= 60
        row = trait.kind in ("name", "head", "foot") and key in common
        if plain and row and not foreign.ordinary(trait.text) and not foreign.shows(trait):
            where = say("every example") if len(found) > 1 else bench.examples[0].name
            yield Edit(
                ("recognize", "words"), trait.text, say("a row of {where}", where=where), adds=True
            )


def _common(bench: Bench) -> Iterator[tuple[Identifier, str]]:
    printed = [identifiers(example.pages) for example in bench.examples]
    where = say("every example") if len(printed) > 1 else bench.examples[0].name
    for identifier in printed[0]:
        if all(identifier in each for each in printed):
            yield identifier, where


def _form(text: str) -> str:
    return joined([shape(word) for word in words(text)])


def _text(edit: Edit) -> str:
    return str(edit.value["number"] if isinstance(edit.value, dict) else edit.value)
