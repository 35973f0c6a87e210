"""`preuve templates bench-drafts`: how well drafts from one document read the others."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli.benchmark import Labelled, Setup, labelled, see_quickly
from cli.draft_trials import FIELDS, Paper, Trial, Tried, groups, papers_of, try_all
from cli.figures import Figures
from cli.options import LabelledFolders, Received, TemplatesFolder, received_on
from cli.read import progress
from cli.templates_draft import stored_words
from cli.words import Words
from preuve.reading.page import Pages
from preuve.reading.result import Context
from preuve.settings import REPOSITORY, Settings

DOCS = REPOSITORY / "docs" / "benchmarks-drafts.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADER = ("retailer", "purchased_on", "total", "items")
"""What a draft of a strange till has to read."""


def bench_drafts(
    data: LabelledFolders,
    words: Annotated[
        Path | None, typer.Option(help="Keep words here, and take them from here.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes side by side.")] = 1,
    show_misses: Annotated[bool, typer.Option("--misses", help="List what got worse.")] = False,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="Put the tables into docs/benchmarks-drafts.md.")
    ] = False,
    templates: TemplatesFolder = None,
    received: Received = None,
) -> None:
    """Draft from each document of a retailer, and read the retailer's others with the draft."""
    settings = Settings()
    folder = templates or settings.templates_dir
    context = Context(received_on=received_on(received))
    documents = [one for path in data for one in labelled(path)]
    setup = Setup(settings.engine, (folder,), context)
    kept = Words(words, setup.engine) if words else None
    papers = papers_of(documents, _pages(documents, setup, kept, jobs))
    with progress(transient=True) as bar:
        found = list(
            bar.track(
                try_all(papers, folder, context, jobs),
                total=len(groups(papers)),
                description="drafting",
            )
        )
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    for title, table in _tables(found, papers):
        _print(console, title, table)
    for line in _summary(found):
        console.print(line, markup=False, soft_wrap=True)
    if show_misses:
        _print_misses(console, found)
    if write_docs:
        _write_docs(found, papers)


def _pages(
    documents: Sequence[Labelled], setup: Setup, words: Words | None, jobs: int
) -> list[Pages]:
    """The words of each document, in their order; pictures go through the engine."""
    pictures = [one for one in documents if one.path.suffix != ".json"]
    seen: dict[Path, Pages] = {}
    if pictures:
        with progress(transient=True) as bar:
            stream = see_quickly(pictures, setup, words, min(jobs, len(os.sched_getaffinity(0))))
            for one, result in zip(
                pictures, bar.track(stream, total=len(pictures), description="reading"), strict=True
            ):
                seen[one.path] = result.pages
    return [
        stored_words(one.path) if one.path.suffix == ".json" else seen[one.path]
        for one in documents
    ]


def _tables(found: Sequence[Tried], papers: Sequence[Paper]) -> Iterator[tuple[str, Figures]]:
    trials = [trial for tried in found for trial in tried.trials]
    strange = {paper.label["layout"] for paper in papers if "layout" in paper.label}
    real = [trial for trial in trials if trial.retailer not in strange]
    made = [trial for trial in trials if trial.retailer in strange]
    if real:
        yield "retailers with several labelled receipts", _by_set(real)
    if made:
        yield "tills that no base can read", _by_till(made)


def _by_set(trials: Sequence[Trial]) -> Figures:
    columns = ("set", "field", "of", "right by the bases", "by the drafts", "better", "worse")
    rows = []
    for name, ones in _grouped(trials, lambda trial: trial.set):
        for field in FIELDS:
            cells = _compared(ones, field)
            if cells:
                rows.append((name, field, *cells))
        before, after = (sum(one.accepted[n] for one in ones) for n in (0, 1))
        wrong = [sum(one.wrongly[n] for one in ones) for n in (0, 1)]
        told = [f"{count} ({bad} wrong)" for count, bad in zip((before, after), wrong, strict=True)]
        rows.append((name, "accepted with no human", str(len(ones)), *told, "", ""))
    return Figures(columns, rows)


def _compared(trials: Sequence[Trial], field: str) -> tuple[str, ...]:
    pairs = [(one.before[field], one.after[field]) for one in trials if field in one.before]
    if not pairs:
        return ()
    right = [sum(pair[n] == 1 for pair in pairs) for n in (0, 1)]
    better = sum(after > before for before, after in pairs)
    worse = sum(after < before for before, after in pairs)
    return tuple(map(str, (len(pairs), *right, better, worse)))


def _by_till(trials: Sequence[Trial]) -> Figures:
    columns = (
        "till",
        *(f"{field}: bases, draft, of" for field in HEADER),
        "all fields",
        "by bases",
    )
    rows = []
    for name, ones in _grouped(trials, lambda trial: trial.retailer):
        rows.append((name, *(_cell(ones, field) for field in HEADER), *_all_fields(ones)))
    rows.append(("all", *(_cell(trials, field) for field in HEADER), *_all_fields(trials)))
    return Figures(columns, rows)


def _cell(trials: Sequence[Trial], field: str) -> str:
    ones = [one for one in trials if field in one.before]
    before, after = (
        sum(shares[field] == 1 for shares in side)
        for side in ((one.before for one in ones), (one.after for one in ones))
    )
    return f"{before}, {after}, {len(ones)}"


def _all_fields(trials: Iterable[Trial]) -> tuple[str, str]:
    """The share of fields that are right; items are where every row of them is."""
    cells = [
        (one.after[field] == 1, one.before[field] == 1)
        for one in trials
        for field in HEADER
        if field in one.before
    ]
    after, before = (sum(side) / len(cells) for side in zip(*cells, strict=True))
    return f"{after:.0%}", f"{before:.0%}"


def _summary(found: Sequence[Tried]) -> Iterator[str]:
    trials = [trial for tried in found for trial in tried.trials]
    seconds = [one for tried in found for one in tried.seconds]
    if not trials:
        yield "No retailer has two labelled documents."
        return
    unknown = [one for one in trials if not one.recognized]
    taken = [one for tried in found for one in tried.taken]
    tills = [ones for _, ones in _grouped(trials, lambda t: f"{t.set}/{t.retailer}/{t.example}")]
    yield (
        f"{len(tills)} drafts of {len(found)} retailers, tried on {len(trials)} other documents; "
        f"{len(trials) - len(unknown)} were recognized. "
        f"Documents of other retailers that a draft took: {len(taken)}. "
        f"A draft took {median(seconds):.1f} s, at most {max(seconds):.1f} s."
    )


def _print_misses(console: Console, found: Sequence[Tried]) -> None:
    for tried in found:
        for one in tried.trials:
            worse = [name for name in one.before if one.after[name] < one.before[name]]
            wrong = [name for name in HEADER if one.after.get(name, 1.0) < 1]
            if worse or wrong or not one.recognized:
                told = f"worse: {', '.join(worse) or 'none'}; wrong: {', '.join(wrong) or 'none'}"
                known = "" if one.recognized else "; not recognized"
                console.print(f"{one.set}: {one.example} on {one.file}: {told}{known}", style="dim")
        for line in tried.taken:
            console.print(line, style="dim")


def _grouped(trials: Iterable[Trial], by: object) -> list[tuple[str, list[Trial]]]:
    assert callable(by)
    found: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        found[by(trial)].append(trial)
    return list(found.items())


def _print(console: Console, title: str, table: Figures) -> None:
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if number else "left")
    for row in table.rows:
        drawn.add_row(*row)
    console.print(drawn)


def _write_docs(found: Sequence[Tried], papers: Sequence[Paper]) -> None:
    text = DOCS.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise typer.BadParameter(f"{DOCS} has lost its lines {BEGIN} and {END}: put them back.")
    parts = list(_summary(found))
    for title, table in _tables(found, papers):
        parts += [f"### {title[:1].upper()}{title[1:]}", table.markdown()]
    measured = "\n\n".join(parts)
    DOCS.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}", "utf-8")
