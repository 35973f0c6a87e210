"""What the commands on kept templates share: the catalog, who asks, and how outcomes are told."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cli.gate_samples import FileSamples
from cli.ground import opened_ground
from cli.preview import show_preview
from preuve.catalog import (
    SHARED,
    Catalog,
    Change,
    Conflict,
    Outdated,
    Preview,
    Refused,
    Saved,
    Stale,
    Unchanged,
    Version,
    gate,
    merge_texts,
    outdated,
    publish,
    published_versions,
)
from preuve.intake import Programs, sign_stored
from preuve.loyalty import ProgramsInForce
from preuve.reading.template.load import TemplatesInvalidError
from preuve.settings import Settings

Key = Annotated[str, typer.Argument(help="The template's key, as fr.carrefour.")]
Reason = Annotated[str, typer.Option(help="Why, for those who ask later.")]
Author = Annotated[str | None, typer.Option(help="Who does it; else who is logged in.")]
OfProgram = Annotated[
    str, typer.Option("--program", help="This program's own templates; else the shared ones.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Publish without asking.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]


class UnknownProgramError(Exception):
    remedy = "Name one of the programs in the folder of programs, or none for shared templates."


class NoVersionError(Exception):
    remedy = "`preuve templates history KEY` tells which versions there are."


@contextmanager
def open_catalog(program: str = SHARED) -> Iterator[tuple[Catalog, Programs]]:
    """The catalog of this installation and its programs, of which `program` must be one."""
    settings = Settings()
    with opened_ground(settings) as ground:
        programs = ProgramsInForce(ground, settings.programs_dir).now()
        if program != SHARED and program not in programs:
            raise UnknownProgramError(f"No program {program!r}; there are {', '.join(programs)}.")
        yield Catalog(ground, settings.templates_dir, settings.cache_dir), programs


def check_kept(out: Console) -> bool:
    """Tells what is wrong with published versions, and which ones a release left behind.

    True where nothing is wrong, or nothing is kept.
    """
    settings = Settings()
    if not settings.database_url and not settings.database_file.exists():
        return True
    with open_catalog() as (catalog, programs):
        kept, errors, behind = 0, dict[str, None](), list[Outdated]()
        for one in (SHARED, *programs):
            kept += len(published_versions(catalog.ground, one))
            behind += outdated(catalog, one)
            try:
                catalog.published(one)
            except TemplatesInvalidError as invalid:
                errors |= dict.fromkeys(map(str, invalid.errors))
    for error in errors:
        out.print(error, style="red", markup=False, soft_wrap=True)
    for each in behind:
        key = each.version.key
        out.print(
            f"{key}: the stock has changed since version {each.version.number} was written; "
            f"`preuve templates merge {key}` takes that over",
            style="yellow",
            soft_wrap=True,
        )
    if kept and not errors:
        out.print(f"{kept} published versions, no error")
    return not errors


def who(author: str | None) -> str:
    return author or getpass.getuser()


def through_the_gate(
    catalog: Catalog,
    programs: Programs,
    changes: Sequence[Change],
    *,
    actor: str,
    reason: str,
    yes: bool,
    dry_run: bool = False,
) -> None:
    """Shows what the changes would bring, asks, and does them. Exits with 1 where they cannot be
    done, or must not."""
    out = Console(highlight=False)
    preview = _looked_at(catalog, programs, changes)
    show_preview(out, preview)
    if not preview.passed:
        raise typer.Exit(1)
    if dry_run:
        return
    if not yes and not typer.confirm("Publish this?", err=True):
        raise typer.Exit(1)
    done = publish(catalog, preview, actor=actor, reason=reason)
    if isinstance(done, Refused | Stale):
        tell(done)
        raise typer.Exit(1)
    for version in done:
        out.print(f"{version.key} version {version.number} is {version.state}", style="green")


def tell(result: Saved | Stale) -> bool:
    """Says what became of a save; whether it is as it was wanted."""
    out = Console(highlight=False)
    if isinstance(result, Version):
        out.print(f"{result.key}: saved as version {result.number}, a {result.state}")
    elif isinstance(result, Unchanged):
        out.print(f"{result.version.key}: version {result.version.number} says the same")
    elif isinstance(result, Refused):
        out.print(f"{escape(result.why)}. {escape(result.remedy)}", style="red")
    elif isinstance(result, Stale):
        out.print(f"{result.why}.", style="red")
    else:
        _tell_conflict(out, result)
    return isinstance(result, Version | Unchanged)


def _tell_conflict(out: Console, conflict: Conflict[Version]) -> None:
    theirs = conflict.theirs
    out.print(
        f"{theirs.key}: {escape(theirs.author)} saved version {theirs.number} meanwhile "
        f"({escape(theirs.reason)}); your text was not saved.",
        style="red",
    )
    merged = merge_texts(conflict.base, theirs.text, conflict.yours)
    if merged is None:
        out.print("  One of the texts is not valid YAML: compare them line by line.")
    elif not merged.conflicts:
        out.print("  The changes do not touch each other: `--merge` puts them together.")
    else:
        for each in merged.conflicts:
            out.print(
                f"  {each.key}: was {escape(str(each.base))}; "
                f"theirs {escape(str(each.theirs))}; yours {escape(str(each.yours))}"
            )


def _looked_at(catalog: Catalog, programs: Programs, changes: Sequence[Change]) -> Preview:
    processes = len(os.sched_getaffinity(0))
    # No thread that draws: the gate forks.
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} {task.fields[of]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
    with bar:
        task = bar.add_task("making past documents searchable", total=None, of="")
        signed = 0
        for number in sign_stored(catalog.ground):
            signed += number
            bar.update(task, completed=signed, refresh=True)

        def progress(what: str, done: int, total: int) -> None:
            of = f"of {total}" if total else ""
            bar.update(task, description=what, completed=done, total=total or None, of=of)
            if total < 200 or done % 20 == 0:
                bar.refresh()

        return gate(
            catalog,
            changes,
            programs,
            processes=processes,
            progress=progress,
            file_samples=FileSamples(Settings()),
        )
