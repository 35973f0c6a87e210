"""`preuve read`: documents from the disk to readings, without any server."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cli.lane import Lane
from cli.options import Received, TemplatesFolder, received_on
from cli.reader import Outcome, Request, ask, reading_lane
from cli.show import picture, problem
from preuve.reading.ocr import EngineName
from preuve.reading.result import Context
from preuve.settings import Settings

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".pdf"}


def read(
    files: Annotated[
        list[Path], typer.Argument(help="Documents, or folders of them.", show_default=False)
    ],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a document on standard output.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(min=1, help="Processes, with one thread and about 1 GB each.")
    ] = 1,
    engine: Annotated[EngineName | None, typer.Option(help="Else as the settings say.")] = None,
    overlay: Annotated[
        Path | None, typer.Option(help="Draw what was read over the pictures, into this folder.")
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="The files are parts of one long receipt.")
    ] = False,
    received: Received = None,
    country: Annotated[
        str | None, typer.Option(help="Where they are from, as ISO code (FR).")
    ] = None,
    templates: TemplatesFolder = None,
) -> None:
    """Read receipts and show what stands on them, and how far it can be trusted."""
    settings = Settings()
    context = Context(
        received_on=received_on(received),
        country=country.upper() if country else None,
    )
    requests = [Request(tuple(files))] if together else [Request((f,)) for f in documents(files)]
    if overlay is not None:
        requests = _with_overlays(requests, overlay)
    folders = [templates or settings.templates_dir]
    with ExitStack() as stack:
        lanes = [
            stack.enter_context(reading_lane(engine or settings.engine, folders, context))
            for _ in range(min(jobs, len(requests)))
        ]
        failed = _report(read_all(lanes, requests), len(requests), jsonl)
    if failed:
        raise typer.Exit(1)


def documents(paths: Sequence[Path]) -> list[Path]:
    """The paths, with each folder replaced by the documents in it, by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
            if not inside:
                raise typer.BadParameter(f"There is no document in the folder {path}.")
            found += inside
        else:
            found.append(path)
    return found


def read_all(lanes: Sequence[Lane], requests: Sequence[Request]) -> Iterator[Outcome]:
    """One outcome a request, in the order of the requests, each as soon as it is its turn."""
    idle: SimpleQueue[Lane] = SimpleQueue()
    for lane in lanes:
        idle.put(lane)

    def next_free(request: Request) -> Outcome:
        lane = idle.get()
        try:
            return ask(lane, request)
        finally:
            idle.put(lane)

    with ThreadPoolExecutor(max(len(lanes), 1)) as threads:
        waiting: list[Future[Outcome]] = [threads.submit(next_free, one) for one in requests]
        try:
            for future in waiting:
                yield future.result()
        except BaseException:
            for future in waiting:
                future.cancel()
            for lane in lanes:
                lane.kill()
            raise


def _report(outcomes: Iterator[Outcome], count: int, jsonl: bool) -> int:
    """Print each outcome and tell how many are problems."""
    out = Console(highlight=False)
    failed = 0
    with progress(transient=True) as bar:
        task = bar.add_task("reading", total=count)
        for outcome in outcomes:
            failed += outcome.read is None
            # The bar must not stand in the middle of what goes to the same terminal.
            if out.is_terminal:
                bar.stop()
            _print(outcome, jsonl, out)
            bar.advance(task)
            if out.is_terminal:
                bar.start()
    return failed


def _print(outcome: Outcome, jsonl: bool, out: Console) -> None:
    if jsonl:
        sys.stdout.write(json.dumps(outcome.line(), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    elif outcome.read is not None:
        read = outcome.read
        out.print(picture(outcome.file, read.pages, read.reading, read.verdict, outcome.seconds))
        for path in outcome.overlays:
            out.print(f"  drawn in {path}", style="dim")
    elif outcome.problem is not None:
        found = outcome.problem
        out.print(problem(outcome.file, found.code, found.message, found.remedy))


def progress(transient: bool = False) -> Progress:
    """A bar on standard error, so that standard output holds results alone."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=transient,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _with_overlays(requests: Sequence[Request], folder: Path) -> list[Request]:
    """Each request with a name in the folder that no other one has."""
    taken: set[str] = set()
    named = []
    for request in requests:
        name, number = request.files[0].stem, 2
        while name in taken:
            name, number = f"{request.files[0].stem}-{number}", number + 1
        taken.add(name)
        named.append(Request(request.files, folder / name))
    return named
