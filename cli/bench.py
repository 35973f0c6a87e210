"""`preuve bench`: how right, how sure and how fast the reading is, on labelled documents."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from cli import figures
from cli.benchmark import Labelled, Seen, Setup, labelled, see_all, see_quickly
from cli.options import LabelledFolders, Received, TemplatesFolder, received_on
from cli.read import progress
from cli.replay import Scored, by_set, misses, replay, understood_in_a_second
from cli.thresholds import costs
from cli.words import Words
from preuve.reading.document import open_document
from preuve.reading.ocr import EngineName
from preuve.reading.result import Context
from preuve.settings import REPOSITORY, Settings

if TYPE_CHECKING:
    from preuve.reading.template.load import Templates

DOCS = REPOSITORY / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
MEGABYTE = 1024 * 1024


def bench(
    data: LabelledFolders,
    core: Annotated[
        int | None, typer.Option(help="Processor to measure on; the last one if not said.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where predictions, diagrams and misses go.")] = Path(
        "build/bench"
    ),
    no_stock: Annotated[
        bool, typer.Option("--no-stock", help="Leave the stock engines out.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only so many documents of each set.")
    ] = None,
    made: Annotated[
        list[Path] | None,
        typer.Option(help="Such folders from samples/make.py: fitted on for less than real ones."),
    ] = None,
    at_least: Annotated[
        int,
        typer.Option(min=0, help="Read so many documents in all, for the memory that it takes."),
    ] = 0,
    words: Annotated[
        Path | None,
        typer.Option(help="Keep words here, and take them from here: no speed for those."),
    ] = None,
    old_words: Annotated[
        bool, typer.Option("--old-words", help="Words kept by older code will do.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="Read with so many processes; over 1 measures no speed.")
    ] = 1,
    show_misses: Annotated[
        bool, typer.Option("--misses", help="List every wrong value and draw its document.")
    ] = False,
    fit_confidence: Annotated[
        bool, typer.Option("--fit-confidence", help="Fit the confidences on one half first.")
    ] = False,
    ablated: Annotated[
        bool, typer.Option("--ablate", help="Take each mechanism out in turn: what it decides.")
    ] = False,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="Put the tables into docs/benchmarks.md.")
    ] = False,
    engine: Annotated[EngineName | None, typer.Option(help="Else as the settings say.")] = None,
    templates: TemplatesFolder = None,
    received: Received = None,
) -> None:
    """Score the reading of labelled documents, and time it against stock engines."""
    from preuve.reading.template.load import load_templates

    settings = Settings()
    folder = templates or settings.templates_dir
    setup = Setup(
        engine=engine or settings.engine,
        templates=(folder,),
        context=Context(received_on=received_on(received)),
        core=max(os.sched_getaffinity(0)) if core is None else core,
        at_least=at_least,
    )
    documents = [one for path in data for one in labelled(path, limit)]
    documents += [one for path in made or () for one in labelled(path, limit, made=True)]
    kept = Words(words, setup.engine, old_words) if words else None
    seen = _see(documents, setup, kept, jobs, not no_stock)
    loaded = load_templates(folder)
    if fit_confidence:
        _fit(documents, seen, loaded, setup.context)
    without = replay(documents, seen, load_templates(folder / "base"), setup.context)
    scored = replay(documents, seen, loaded, setup.context)
    again = understood_in_a_second(seen, loaded, setup.context)

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    _print_tables(console, scored, without, seen, again)
    effects = _ablate(documents, seen, loaded, setup.context, scored) if ablated else None
    if effects:
        _print(console, "each mechanism taken out in turn", effects)
    _write(out, scored, without)
    console.print(f"\nPredictions and diagrams are in {out}.", style="dim")
    if show_misses:
        _print_misses(console, out, scored, seen)
    if write_docs:
        _write_docs(_document(setup.engine, scored, without, seen, again, effects))


def _see(
    documents: Sequence[Labelled], setup: Setup, words: Words | None, jobs: int, stock: bool
) -> list[Seen]:
    if jobs > 1:
        stream = see_quickly(documents, setup, words, jobs)
    else:
        stream = see_all(documents, setup, words, stock)
    with progress(transient=True) as bar:
        return list(bar.track(stream, total=len(documents), description="reading"))


def _fit(
    documents: Sequence[Labelled], seen: Sequence[Seen], templates: Templates, context: Context
) -> None:
    from cli.calibration import fit_model, try_all, write_model
    from preuve.reading.confidence import model

    with progress(transient=True) as bar:
        tried = list(bar.track(try_all(documents, seen, templates, context), description="fitting"))
    write_model(fit_model(tried))
    model.cache_clear()


def _ablate(
    documents: Sequence[Labelled],
    seen: Sequence[Seen],
    templates: Templates,
    context: Context,
    scored: Sequence[Scored],
) -> figures.Figures:
    from cli.ablation import ablate, table
    from cli.mechanisms import mechanisms

    effects = ablate(documents, seen, templates, context, scored)
    with progress(transient=True) as bar:
        return table(list(bar.track(effects, total=len(mechanisms()), description="taking out")))


def _print_tables(
    console: Console,
    scored: Sequence[Scored],
    without: Sequence[Scored],
    seen: Sequence[Seen],
    again: float,
) -> None:
    _print(console, "with the retailers' templates", figures.accuracy(scored))
    _print(console, "without them: the languages' base templates alone", figures.accuracy(without))
    _print(console, "what other thresholds would accept (not fitted on)", costs(scored))
    timing = figures.speed(seen)
    if timing:
        _print(console, "on one core, from path to result", timing)
        console.print(f"peak memory of the reading process {_peak(seen):.0f} MB")
    console.print(f"words understood again: {again:.0f} receipts a second")
    for one in scored:
        if "error" in one.line:
            error = one.line["error"]
            console.print(f"{one.document.path}: {error['code']}: {error['message']}", style="red")


def _print(console: Console, title: str, table: figures.Figures) -> None:
    drawn = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for number, column in enumerate(table.columns):
        drawn.add_column(column, justify="right" if number else "left")
    for row in table.rows:
        drawn.add_row(*row)
    console.print(drawn)


def _write(out: Path, scored: Sequence[Scored], without: Sequence[Scored]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, ones in by_set(scored).items():
        _write_lines(out / f"{name}.jsonl", ones)
    for name, ones in by_set(without).items():
        _write_lines(out / f"{name}.without.jsonl", ones)
    (out / "reliability.svg").write_text(figures.reliability(scored), "utf-8")
    (out / "acceptance.svg").write_text(figures.acceptance(scored), "utf-8")


def _write_lines(path: Path, scored: Sequence[Scored]) -> None:
    lines = (json.dumps(one.line, ensure_ascii=False) + "\n" for one in scored)
    path.write_text("".join(lines), "utf-8")


def _print_misses(
    console: Console, out: Path, scored: Sequence[Scored], seen: Sequence[Seen]
) -> None:
    missed: dict[Path, list[str]] = {}
    for miss in misses(scored):
        said = f"{miss.field}: want {miss.want!r}, got {miss.said!r}"
        missed.setdefault(miss.document.path, []).append(said)
        name = f"{miss.document.set}/{miss.document.path.name}"
        console.print(f"\n[bold]{name}[/]" + (" [red]accepted[/]" if miss.accepted else ""))
        console.print(f"  {said}", markup=False)
        for why in miss.why:
            console.print(f"    {why}", style="dim", markup=False)
    for one, pages in zip(scored, seen, strict=True):
        if one.document.path in missed:
            _draw(out / "misses" / one.document.set, one, pages, missed[one.document.path])
    console.print(f"\n{len(missed)} documents are drawn in {out / 'misses'}.", style="dim")


def _draw(folder: Path, one: Scored, seen: Seen, notes: Sequence[str]) -> None:
    from cli.overlay import draw, originals

    if one.reading is None or one.verdict is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    files = [one.document.path.read_bytes()]
    pictures = originals(open_document(files), files)
    for number, sheet in enumerate(draw(pictures, seen.pages, one.reading, one.verdict, notes), 1):
        suffix = f"-{number}" if number > 1 else ""
        sheet.save(folder / f"{one.document.path.stem}{suffix}.jpg", quality=88)


def _document(
    engine: str,
    scored: Sequence[Scored],
    without: Sequence[Scored],
    seen: Sequence[Seen],
    again: float,
    effects: figures.Figures | None,
) -> str:
    """The measured part of docs/benchmarks.md."""
    parts = [
        f"{len(scored)} documents; {figures.machine(engine)}.",
        "### With the retailers' templates",
        figures.accuracy(scored).markdown(),
        "### With the languages' base templates alone",
        figures.accuracy(without).markdown(),
        "### What other thresholds would accept",
        costs(scored).markdown(),
    ]
    if effects:
        parts += ["### Each mechanism taken out in turn", effects.markdown()]
    timing = figures.speed(seen)
    if timing:
        parts += [
            "### Speed",
            timing.markdown(),
            f"Peak memory of the reading process: {_peak(seen):.0f} MB.",
        ]
    parts.append(f"Words understood again: {again:.0f} receipts a second.")
    return "\n\n".join(parts)


def _peak(seen: Sequence[Seen]) -> float:
    return max(one.peak for one in seen) / MEGABYTE


def _write_docs(measured: str) -> None:
    text = DOCS.read_text("utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise typer.BadParameter(f"{DOCS} has lost its lines {BEGIN} and {END}: put them back.")
    DOCS.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}", "utf-8")
