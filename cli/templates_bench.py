"""`preuve templates bench`: how loading and matching grow with the number of templates."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli.crowd import crowd, write_crowd
from cli.crowd_measure import MEGABYTE, Loading, Matching, make_measured
from cli.lane import Lane
from cli.read import progress
from cli.words import PAGES
from preuve.reading.page import Pages
from preuve.settings import REPOSITORY, Settings

DOCS = REPOSITORY / "docs" / "benchmarks-templates.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
COUNTS = (100, 1_000, 10_000)
GROWTH = ("templates", "loaded cold, s", "from the cache, s", "memory, MB", "p50, ms", "p95, ms")
RIGHTS = ("templates", "papers", "right", "wrong", "ambiguous", "none")
OTHERS = ("templates", "documents", "p50, ms", "p95, ms", "taken for one of the crowd")


@dataclass(frozen=True, slots=True)
class Measured:
    """One size of the crowd: loaded cold and cached; its own papers; documents of nobody's."""

    count: int
    cold: Loading
    cached: Loading
    own: Matching
    others: Matching


def bench(
    counts: Annotated[
        list[int] | None, typer.Argument(help="Numbers of templates; 100, 1000, 10000 if none.")
    ] = None,
    papers: Annotated[int, typer.Option(min=1, help="Receipts to match with each number.")] = 2000,
    words: Annotated[
        Path | None, typer.Option(help="Also match the stored words below this folder.")
    ] = None,
    core: Annotated[
        int | None, typer.Option(help="Processor to measure on; the last one if not said.")
    ] = None,
    show_misses: Annotated[bool, typer.Option("--misses", help="List what went wrong.")] = False,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="Put the tables into docs/benchmarks-templates.md.")
    ] = False,
) -> None:
    """Invent retailers and their receipts, and measure loading and matching with them all.

    5 % of the receipts' words have a letter lost or changed. Times are those of one core.
    """
    chosen = max(os.sched_getaffinity(0)) if core is None else core
    others = _stored(words) if words else []
    with progress(transient=True) as bar:
        steps = bar.track(
            _measured(counts or list(COUNTS), papers, others, chosen),
            total=len(counts or COUNTS),
            description="measuring",
        )
        found = list(steps)
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    for title, columns, rows in _tables(found):
        _print(console, title, columns, rows)
    if show_misses:
        for one in found:
            for wanted, got in one.own.misses:
                console.print(f"{one.count}: want {wanted}, got {got}", markup=False)
    if write_docs:
        _write_docs(found)


def _measured(
    counts: Sequence[int], papers: int, others: Sequence[Pages], core: int
) -> Iterator[Measured]:
    for count in counts:
        retailers = crowd(count)
        with tempfile.TemporaryDirectory(prefix="preuve-crowd-") as folder:
            templates, cache = Path(folder) / "templates", Path(folder) / "cache"
            shutil.copytree(Settings().templates_dir / "base", templates / "base")
            write_crowd(retailers, templates)
            make = partial(make_measured, templates, cache)
            with Lane(make, core=core) as lane:
                cold, _, _ = lane.call(retailers, 0, [])
            with Lane(make, core=core) as lane:
                cached, own, theirs = lane.call(retailers, papers, others)
        yield Measured(count, cold, cached, own, theirs)


def _stored(folder: Path) -> list[Pages]:
    return [PAGES.validate_json(path.read_bytes()) for path in sorted(folder.rglob("*.json"))]


_Tables = list[tuple[str, Sequence[str], list[list[str]]]]


def _tables(found: Sequence[Measured]) -> _Tables:
    tables: _Tables = [
        ("Loading and matching", GROWTH, [_growth(one) for one in found]),
        ("Right matches on damaged words", RIGHTS, [_rights(one) for one in found]),
    ]
    if any(one.others.seconds for one in found):
        tables.append(("Documents of nobody in the crowd", OTHERS, [_others(o) for o in found]))
    return tables


def _growth(one: Measured) -> list[str]:
    peak = max(one.cold.peak, one.cached.peak)
    return [
        f"{one.count:,}",
        f"{one.cold.seconds:.2f}",
        f"{one.cached.seconds:.2f}",
        f"{one.cached.memory / MEGABYTE:.0f} (highest {peak / MEGABYTE:.0f})",
        f"{one.own.percentile(0.5):.2f}",
        f"{one.own.percentile(0.95):.2f}",
    ]


def _rights(one: Measured) -> list[str]:
    outcomes = one.own.outcomes
    others = [str(outcomes[name]) for name in ("wrong", "ambiguous", "none")]
    return [f"{one.count:,}", str(outcomes.total()), f"{one.own.right:.2%}", *others]


def _others(one: Measured) -> list[str]:
    matching = one.others
    return [
        f"{one.count:,}",
        str(len(matching.seconds)),
        f"{matching.percentile(0.5):.2f}",
        f"{matching.percentile(0.95):.2f}",
        str(matching.outcomes["wrong"] + matching.outcomes["ambiguous"]),
    ]


def _print(console: Console, title: str, columns: Sequence[str], rows: list[list[str]]) -> None:
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in columns:
        drawn.add_column(column, justify="right")
    for row in rows:
        drawn.add_row(*row)
    console.print(drawn)


def _write_docs(found: Sequence[Measured]) -> None:
    text = DOCS.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise typer.BadParameter(f"{DOCS} has lost its lines {BEGIN} and {END}: put them back.")
    parts = [f"{_machine()}, one core, Python {platform.python_version()}."]
    for title, columns, rows in _tables(found):
        lines = [columns, ["---:"] * len(columns), *rows]
        parts += [f"### {title}", "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    measured = "\n\n".join(parts)
    DOCS.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}", "utf-8")


def _machine() -> str:
    info = Path("/proc/cpuinfo").read_text()
    named = (line.split(":")[1] for line in info.splitlines() if "model name" in line)
    return next(named, platform.machine()).strip()
