"""Which templates a change reaches, and how the documents are found that it could change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from preuve.catalog.preview import Change
from preuve.reading.page import Pages
from preuve.reading.result import Context
from preuve.reading.template.index import Clue, Index
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Ambiguous, Match, NoMatch, match
from preuve.reading.template.model import Recognize, Template
from preuve.reading.template.signature import (
    Sought,
    sought_code,
    sought_name,
    sought_number,
    sought_text,
    sought_word,
)

ANYWHERE = Sought((), 0)
"""A clue that no signature shows: every document may have it."""

_SHORTEST = 3


@dataclass(frozen=True)
class Reach:
    """The programs that see the same templates, these as they are and as they would be.

    keys: the changed templates and all that extend them
    read_otherwise: those of them whose documents would be read in another way
    clues: what was or would be known by, and is no longer or not yet
    everything: a language's base changed, by which every document is judged
    """

    program_ids: tuple[str, ...]
    old: Templates
    new: Templates
    keys: frozenset[str]
    read_otherwise: frozenset[str]
    clues: tuple[Clue, ...]
    everything: bool

    @classmethod
    def of(
        cls, program_ids: tuple[str, ...], old: Templates, new: Templates, changes: Iterable[Change]
    ) -> Reach:
        changed = {change.key for change in changes}
        keys = frozenset({*_heirs(changed, old), *_heirs(changed, new)})
        return cls(
            program_ids,
            old,
            new,
            keys,
            frozenset(key for key in keys if _content(old, key) != _content(new, key)),
            tuple(clue for key in keys for clue in _clues(old, key) ^ _clues(new, key)),
            any(key in old.bases or key in new.bases for key in changed),
        )

    def new_evidence(self) -> tuple[list[Sought], list[Sought]]:
        """Of the clues by which documents could change hands: printed whole, and damaged."""
        found = [each for clue in self.clues for each in sought(clue)]
        return [one for one in found if not one.pieces], [one for one in found if one.pieces]

    def all_evidence(self) -> list[Sought]:
        """Of every clue of the templates by which documents would be read otherwise."""
        clues = {
            clue
            for templates in (self.old, self.new)
            for key in self.read_otherwise
            for clue in _clues(templates, key)
        }
        return [each for clue in clues for each in sought(clue)]

    def concerns(self, pages: Pages, context: Context) -> bool:
        """Whether anything of the reached templates is printed here. Quicker than reading."""
        return self.everything or any(
            not isinstance(found := match(pages, few, context.country), NoMatch)
            or any(candidate.score > 0 for candidate in found.nearest)
            for few in self._few
        )

    def decides_alike(self, pages: Pages, context: Context) -> bool:
        """Whether the same template reads it as surely as before, and in the same way."""
        if self.everything:
            return False
        old, new = (match(pages, each, context.country) for each in (self.old, self.new))
        key = old.template.template if isinstance(old, Match) else None
        return _outcome(old) == _outcome(new) and key not in self.read_otherwise

    @cached_property
    def _few(self) -> tuple[Templates, Templates]:
        return _only(self.old, self.keys), _only(self.new, self.keys)


def sought(clue: Clue) -> list[Sought]:
    """How a clue shows in a document's signature."""
    if clue.kind in ("name", "legal"):
        return sought_name(clue.form)
    if clue.kind == "word":
        return sought_word(clue.phrase)
    if clue.kind in ("siren", "vat"):
        return sought_number(clue.form)
    if clue.kind == "domain":
        return sought_text(clue.form)
    if clue.kind == "code":
        return sought_code(literal_of(clue.form))
    if clue.kind == "pattern" and len(text := literal_of(clue.phrase)) >= _SHORTEST:
        return sought_text(text)
    return [ANYWHERE]


def literal_of(pattern: str) -> str:
    """The longest text that every print of a pattern holds; empty where that is hard to tell."""
    runs, run = [""], ""
    letters = iter(pattern.removeprefix("(?i)"))
    for letter in letters:
        if letter in "|()":
            return ""
        if letter == "\\":
            escaped = next(letters, "")
            if not escaped.isalnum():
                continue  # a sign; only letters and digits are compared
            letter = "."
        if letter in "?*{":
            run = run[:-1]
        if letter.isalnum() or letter in " -'/&":
            run += letter
            continue
        runs.append(run)
        run = ""
        if letter in "[{":
            end = "]" if letter == "[" else "}"
            while next(letters, end) != end:
                pass
    return max(*runs, run, key=len)


def _outcome(found: Match | NoMatch | Ambiguous) -> tuple[object, ...]:
    """All of a match that a reading is made of."""
    if isinstance(found, Match):
        return found.template.template, found.score
    rivals = found.candidates if isinstance(found, Ambiguous) else ()
    return type(found), *(rival.template for rival in rivals)


def _heirs(keys: set[str], templates: Templates) -> Iterator[str]:
    """The keys, and every template that extends one of them."""
    for key in {*keys, *templates.parents}:
        ancestor: str | None = key
        while ancestor is not None and ancestor not in keys:
            ancestor = templates.parents.get(ancestor)
        if ancestor is not None:
            yield key


def _content(templates: Templates, key: str) -> Template | None:
    """All that decides how a document is read, once its template is known."""
    template = templates.get(key)
    if template is None:
        return None
    unmaking = Recognize.model_validate({"not": template.recognize.not_words})
    return template.model_copy(update={"version": "", "notes": "", "recognize": unmaking})


def _clues(templates: Templates, key: str) -> frozenset[Clue]:
    known = templates.index.known.get(key)
    return frozenset(known.clues) if known else frozenset()


def _only(templates: Templates, keys: frozenset[str]) -> Templates:
    known = [templates.index.known[key] for key in keys if key in templates.index.known]
    return replace(templates, index=Index.build(known, templates.bases.values()))
