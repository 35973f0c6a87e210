"""`preuve bench-registry`: what a registry learned from the other receipts does for each one."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli.benchmark import Labelled, Setup, labelled, see_quickly
from cli.options import LabelledFolders, Received, received_on
from cli.read import progress
from cli.scoring import same_retailer
from cli.words import Words
from preuve.reading.page import Pages
from preuve.reading.result import Context, Reading, Retailer, Verdict
from preuve.settings import Settings

if TYPE_CHECKING:
    from preuve.catalog.consensus import Claim
    from preuve.reading.extract.identifiers import Identifier
    from preuve.reading.registry import Known
    from preuve.reading.template.load import Templates

COLUMNS = (
    *("set", "receipts", "known", "right", "asked for"),
    *("retailer right", "accepted", "of these misnamed"),
)
ALONE = ("vat", "siren", "siret", "company", "domain", "phone")


@dataclass(frozen=True)
class _Paper:
    set: str
    label: str | None
    pages: Pages
    printed: tuple[Identifier, ...]
    reading: Reading
    verdict: Verdict


@dataclass
class _Row:
    """What the registry knew of one set's labelled receipts, and what it changed."""

    receipts: int = 0
    known: int = 0
    known_right: int = 0
    used: int = 0
    right_before: int = 0
    right_after: int = 0
    accepted_before: int = 0
    accepted_after: int = 0
    misnamed_before: int = 0
    misnamed_after: int = 0


def bench_registry(
    data: LabelledFolders,
    words: Annotated[
        Path | None, typer.Option(help="Keep words here, and take them from here.")
    ] = None,
    old_words: Annotated[
        bool, typer.Option("--old-words", help="Words kept by older code will do.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, help="Read with so many processes.")] = 1,
    headless: Annotated[
        int, typer.Option(min=0, help="Leave out so many first rows that print no identifier.")
    ] = 0,
    received: Received = None,
) -> None:
    """Teach the registry all receipts but one, read that one, and count what it changed."""
    from preuve.reading.template.load import load_templates

    settings = Settings()
    context = Context(received_on=received_on(received))
    templates = load_templates(settings.templates_dir, cache=settings.cache_dir)
    setup = Setup(settings.engine, (settings.templates_dir,), context)
    documents = [one for path in data for one in labelled(path)]
    kept = Words(words, settings.engine, old_words) if words else None
    with progress(transient=True) as bar:
        stream = bar.track(see_quickly(documents, setup, kept, jobs), len(documents))
        papers = [
            _paper(document, _without_head(seen.pages, headless), templates, context)
            for document, seen in zip(documents, stream, strict=True)
            if seen.pages
        ]
    for title, taught in (
        ("taught by every other receipt's label, as by an operator", _by_labels(papers)),
        ("taught by what was read of the others, where it was trusted", _by_readings(papers)),
    ):
        rows = _rows(papers, taught, templates, context)
        _print(title, COLUMNS, (_cells(name, row) for name, row in rows.items()))
    kinds = _kinds(papers, _by_labels(papers))
    _print("one kind of identifier alone, taught by labels", ("kind", "known", "right"), kinds)


def _paper(document: Labelled, pages: Pages, templates: Templates, context: Context) -> _Paper:
    from preuve.reading.extract.identifiers import identifiers
    from preuve.reading.pipeline import understand

    read, verdict = understand(pages, templates, context)
    return _Paper(
        document.set, document.label.get("retailer"), pages, identifiers(pages), read, verdict
    )


def _without_head(pages: Pages, rows: int) -> Pages:
    """The pages as if a logo or a fold had taken the first rows, but for what identifies."""
    from preuve.reading.extract.identifiers import identifiers

    if not pages or not rows:
        return pages
    first, *others = pages
    head = [row for row in first.rows[:rows] if identifiers((replace(first, rows=(row,)),))]
    return (replace(first, rows=(*head, *first.rows[rows:])), *others)


def _by_labels(papers: Sequence[_Paper]) -> Mapping[int, Claim]:
    from preuve.catalog.consensus import Claim

    return {
        at: Claim(Retailer(paper.label), str(at), confirmed=True)
        for at, paper in enumerate(papers)
        if paper.label
    }


def _by_readings(papers: Sequence[_Paper]) -> Mapping[int, Claim]:
    from preuve.catalog.consensus import Claim
    from preuve.catalog.registry import teaches

    said = {}
    for at, paper in enumerate(papers):
        value = paper.reading.retailer or paper.reading.printed_name
        if value and paper.verdict.status == "trusted" and teaches(value):
            said[at] = Claim(value.value, str(at), value.confidence)
    return said


def _registries(
    papers: Sequence[_Paper], taught: Mapping[int, Claim]
) -> Iterator[dict[Identifier, Known]]:
    """For each paper, the registry as all the others teach it, as far as it concerns this one."""
    from preuve.catalog.consensus import consensus
    from preuve.reading.extract.identifiers import REGISTERED

    claims: dict[Identifier, list[tuple[int, Claim]]] = defaultdict(list)
    for at, claim in taught.items():
        for identifier in papers[at].printed:
            claims[identifier].append((at, claim))
    for at, paper in enumerate(papers):
        agreed = {
            identifier: consensus(
                (claim for other, claim in claims[identifier] if other != at),
                registered=identifier.kind in REGISTERED,
            )
            for identifier in paper.printed
        }
        yield {identifier: known for identifier, known in agreed.items() if known}


def _rows(
    papers: Sequence[_Paper],
    taught: Mapping[int, Claim],
    templates: Templates,
    context: Context,
) -> dict[str, _Row]:
    from preuve.reading.pipeline import understand
    from preuve.reading.registry import RULE, known_retailer

    rows: dict[str, _Row] = defaultdict(_Row)
    for paper, registry in zip(papers, _registries(papers, taught), strict=True):
        if paper.label is None:
            continue
        known = known_retailer(paper.pages, registry, None)
        after, verdict = understand(paper.pages, replace(templates, registry=registry), context)
        right = known is not None and same_retailer(paper.label, known.value.name)
        for row in (rows[paper.set], rows["all"]):
            row.receipts += 1
            row.known += known is not None
            row.known_right += right
            row.used += after.retailer is not None and after.retailer.rule.startswith(RULE)
            row.right_before += _is_right(paper.label, paper.reading)
            row.right_after += _is_right(paper.label, after)
            row.accepted_before += paper.verdict.status == "trusted"
            row.accepted_after += verdict.status == "trusted"
            row.misnamed_before += _is_misnamed(paper.label, paper.reading, paper.verdict)
            row.misnamed_after += _is_misnamed(paper.label, after, verdict)
    rows["all"] = rows.pop("all")
    return rows


def _is_right(label: str, reading: Reading) -> bool:
    return reading.retailer is not None and same_retailer(label, reading.retailer.value.name)


def _is_misnamed(label: str, reading: Reading, verdict: Verdict) -> bool:
    """Accepted with no human looking, under another retailer's name."""
    trusted = verdict.status == "trusted"
    return trusted and reading.retailer is not None and not _is_right(label, reading)


def _kinds(papers: Sequence[_Paper], taught: Mapping[int, Claim]) -> list[list[str]]:
    """How right each kind of identifier is where it is all there is to go by."""
    from preuve.reading.registry import known_retailer

    counts = {kind: [0, 0] for kind in ALONE}
    for paper, registry in zip(papers, _registries(papers, taught), strict=True):
        for kind, count in counts.items():
            of_kind = {one: known for one, known in registry.items() if one.kind == kind}
            value = known_retailer(paper.pages, of_kind, None)
            if value and paper.label:
                count[0] += 1
                count[1] += same_retailer(paper.label, value.value.name)
    return [[kind, *map(str, count)] for kind, count in counts.items()]


def _cells(name: str, row: _Row) -> list[str]:
    counts = (row.receipts, row.known, row.known_right, row.used)
    right = f"{row.right_before} → {row.right_after}"
    accepted = f"{row.accepted_before} → {row.accepted_after}"
    misnamed = f"{row.misnamed_before} → {row.misnamed_after}"
    return [name, *map(str, counts), right, accepted, misnamed]


def _print(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, width=None if sys.stdout.isatty() else 100).print(table)
