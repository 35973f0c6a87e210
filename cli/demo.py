"""`preuve demo` and `preuve send`: documents through the API, and what they came to."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from cli.embedded import ChildFailedError
from cli.send import Api, Document, Outcome, find_documents, prediction, send_all
from cli.serve import CannotServeError, running, settings_for
from cli.table import differing, progress, summary, table
from preuve import logs
from preuve.settings import REPOSITORY

MEMBER = "demo"

say = Console(stderr=True, highlight=False)


def demo(
    samples: Annotated[
        Path, typer.Argument(help="Documents, each with NAME.expected.json beside it.")
    ] = REPOSITORY / "samples",
    workers: Annotated[
        int | None, typer.Option(min=1, help="Reading processes; one a core by default.")
    ] = None,
) -> None:
    """Start Preuve on an empty folder, send every sample, and compare with what is expected."""
    logs.configure(logging.WARNING)
    documents = _found([samples])
    for document in documents:
        if document.expected is None:
            say.print(f"{document.name} has no expected result beside it.", style="red")
            raise typer.Exit(2)
    folder = Path(tempfile.mkdtemp(prefix="preuve-demo-"))
    jobs = workers or os.cpu_count() or 1
    try:
        say.print("Starting Redis, the API and the workers…", style="dim")
        with running(settings_for(folder), workers=workers) as served:
            say.print(f"Sending {len(documents)} documents to {served.url}/v1/receipts")
            wrong = _send_and_show(served.url, served.key, documents, MEMBER, jobs)
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        raise typer.Exit(130) from None
    except (CannotServeError, ChildFailedError, httpx.HTTPError) as error:
        say.print(str(error), style="red", markup=False)
        say.print(f"The logs are in {folder / 'logs'}.")
        raise typer.Exit(1) from None
    if wrong:
        say.print(f"Everything was kept in {folder}.")
        raise typer.Exit(1)
    shutil.rmtree(folder)


def send(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of them.")],
    url: Annotated[str, typer.Option(help="Where the API is.")] = "http://127.0.0.1:8000",
    key: Annotated[
        str, typer.Option(envvar="PREUVE_KEY", help="API key; `preuve serve` prints one.")
    ] = "",
    member: Annotated[str, typer.Option(help="The member who sends.")] = MEMBER,
    jobs: Annotated[int, typer.Option(min=1, help="How many at a time.")] = os.cpu_count() or 1,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Print one JSON object a document, as they come.")
    ] = False,
) -> None:
    """Send documents to a running Preuve, as the mobile app does, and wait for each result.

    Sending again what was sent gives the first answer: a run that was broken off goes on.
    """
    documents = _found(paths)
    try:
        if jsonl:
            _send_lines(url, key, documents, member, jobs)
        elif _send_and_show(url, key, documents, member, jobs):
            raise typer.Exit(1)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except httpx.HTTPError as error:
        say.print(f"{url} does not answer as it should: {error}", style="red", markup=False)
        raise typer.Exit(1) from None


def _found(paths: Sequence[Path]) -> list[Document]:
    try:
        documents = find_documents(paths)
    except (FileNotFoundError, KeyError, ValueError) as error:
        say.print(f"{error}", style="red", markup=False)
        raise typer.Exit(2) from None
    if not documents:
        say.print(f"There is no document in {', '.join(map(str, paths))}.", style="red")
        raise typer.Exit(2)
    return documents


def _send_and_show(
    url: str, key: str, documents: Sequence[Document], member: str, jobs: int
) -> bool:
    """Tells whether a document did not come out as expected."""
    begun = time.monotonic()
    with Api(url, key) as api, progress(say, len(documents)) as done:
        outcomes = send_all(api, documents, member, jobs=jobs, done=done)
        balance = api.balance(member)
    seconds = time.monotonic() - begun
    out = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    out.print(table(outcomes))
    out.print(summary(outcomes, seconds), markup=False)
    out.print(
        f"Member {member} has {balance['available']} points to spend, "
        f"{balance['pending']} pending.",
        markup=False,
    )
    expected = sum(document.expected is not None for document in documents)
    wrong = differing(outcomes)
    if expected:
        out.print(f"{expected - len(wrong)} of {expected} came out as expected.", markup=False)
    if wrong:
        out.print(f"{len(wrong)} of {expected} came out differently:", style="red")
    for name, cells in wrong.items():
        for cell in cells:
            out.print(f"  {name}: {cell}", style="red", markup=False, soft_wrap=True)
    return bool(wrong)


def _send_lines(url: str, key: str, documents: Sequence[Document], member: str, jobs: int) -> None:
    with Api(url, key) as api, progress(say, len(documents)) as done:

        def show(outcome: Outcome) -> None:
            sys.stdout.write(json.dumps(prediction(outcome), ensure_ascii=False) + "\n")
            sys.stdout.flush()
            done(outcome)

        send_all(api, documents, member, jobs=jobs, done=show)
