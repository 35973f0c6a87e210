"""Drafts put to the test: drafted from one labelled document, tried on its retailer's others."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cli.benchmark import Labelled
from cli.confirmed import values_of
from cli.predictions import prediction
from cli.scoring import Marks, folded, mark
from preuve.reading.page import Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.reading.template.draft import Draft, draft
from preuve.reading.template.drafting.trial import bare
from preuve.reading.template.drafting.values import Example
from preuve.reading.template.load import Templates, load_templates
from preuve.reading.template.match import Match, match

FIELDS = ("retailer", "purchased_on", "total", "currency", "items")


@dataclass(frozen=True)
class Paper:
    """A labelled document and its words."""

    set: str
    file: str
    label: Mapping[str, Any]
    pages: Pages


@dataclass(frozen=True, slots=True)
class Trial:
    """One other document of a retailer, read by the bases and by a draft from `example`.

    `before` and `after` say how far each labelled field is right, 0 to 1 (less than one and
    more than none for items alone).
    """

    set: str
    retailer: str
    example: str
    file: str
    before: Mapping[str, float]
    after: Mapping[str, float]
    accepted: tuple[bool, bool]
    wrongly: tuple[bool, bool]
    recognized: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A retailer's trials; how many strangers its drafts took; seconds for each draft."""

    trials: tuple[Trial, ...]
    taken: tuple[str, ...]
    seconds: tuple[float, ...]


def groups(papers: Sequence[Paper]) -> list[list[Paper]]:
    """The documents of each retailer with two or more, by set and by the labelled name."""
    found: dict[tuple[str, str], list[Paper]] = defaultdict(list)
    for paper in papers:
        name = paper.label.get("layout") or folded(paper.label.get("retailer"))
        if name and any(page.rows for page in paper.pages):
            found[paper.set, name].append(paper)
    return [members for members in found.values() if len(members) > 1]


def try_all(papers: Sequence[Paper], folder: Path, context: Context, jobs: int) -> Iterator[Tried]:
    """Every retailer's drafts, by so many processes, in the order of `groups`."""
    members = groups(papers)
    strangers = tuple(papers)
    with ProcessPoolExecutor(
        jobs, get_context("spawn"), initializer=_begin, initargs=(strangers, folder, context)
    ) as pool:
        yield from pool.map(_try_group, members)


_SHARED: dict[str, Any] = {}


def _begin(strangers: tuple[Paper, ...], folder: Path, context: Context) -> None:
    _SHARED.update(strangers=strangers, folder=folder, context=context)


@cache
def _bases() -> Templates:
    return load_templates(_SHARED["folder"] / "base")


def _try_group(members: Sequence[Paper]) -> Tried:
    context: Context = _SHARED["context"]
    trials: list[Trial] = []
    taken: list[str] = []
    seconds: list[float] = []
    for example in members:
        started = time.perf_counter()
        values = values_of(example.label)
        made = draft([Example(example.file, example.pages, values)], _bases(), context=context)
        seconds.append(time.perf_counter() - started)
        known = bare(_bases(), made.template)
        for other in members:
            if other is not example:
                trials.append(_trial(example, other, made, known, context))
        for stranger in _SHARED["strangers"]:
            if _is_strange(stranger, members) and isinstance(match(stranger.pages, known), Match):
                taken.append(f"{example.set}/{example.file} takes {stranger.set}/{stranger.file}")
    return Tried(tuple(trials), tuple(taken), tuple(seconds))


def _is_strange(paper: Paper, members: Sequence[Paper]) -> bool:
    """Whether a paper is surely another retailer's: its name is labelled, and is another."""
    own = {folded(member.label.get("retailer")) for member in members}
    name = folded(paper.label.get("retailer"))
    return bool(name) and not any(name in one or one in name for one in own)


def _trial(example: Paper, other: Paper, made: Draft, known: Templates, context: Context) -> Trial:
    marks = []
    recognized = False
    for templates in (_bases(), known):
        reading, verdict = understand(other.pages, templates, context)
        marks.append(mark(other.label, prediction(other.file, other.pages, reading, verdict, 0.0)))
        recognized = reading.match.template == made.key
    before, after = marks
    return Trial(
        set=example.set,
        retailer=str(example.label.get("layout") or example.label["retailer"]),
        example=example.file,
        file=other.file,
        before=_shares(before),
        after=_shares(after),
        accepted=(before.accepted, after.accepted),
        wrongly=(_is_wrong(before), _is_wrong(after)),
        recognized=recognized,
    )


def _is_wrong(marks: Marks) -> bool:
    return marks.accepted and marks.safe is False


def _shares(marks: Marks) -> dict[str, float]:
    shares = {name: float(right) for name, right in marks.right.items() if name in FIELDS}
    if marks.items is not None and marks.items.f1 is not None:
        shares["items"] = marks.items.f1
    return shares


def papers_of(documents: Sequence[Labelled], pages: Sequence[Pages]) -> list[Paper]:
    return [
        Paper(document.set, document.path.name, document.label, seen)
        for document, seen in zip(documents, pages, strict=True)
        if document.label.get("expect") != "not_accepted"
    ]
