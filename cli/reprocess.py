"""`preuve reprocess`: past receipts understood again with today's templates and rules."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

import preuve.reading
from cli.ground import opened_ground
from cli.options import Since, Until, day
from cli.read import progress
from preuve.catalog import Catalog
from preuve.intake import (
    Replayed,
    Selection,
    Status,
    celery_waker,
    plan_run,
    reread,
)
from preuve.intake import reprocess as replay_run
from preuve.lasting import set_apart_what_lasts
from preuve.loyalty import Program, ProgramsInForce
from preuve.reading.page import Pages
from preuve.reading.result import Context, Reading, Verdict
from preuve.settings import Settings
from preuve.store import Ground

if TYPE_CHECKING:
    from preuve.intake import Understand

INTERRUPTED = 130
LONGEST_VALUE = 200


class NothingChosenError(Exception):
    remedy = "Name receipts by their ids, or choose with --status, --from and --to, or take --all."


class UnknownProgramError(Exception):
    remedy = "Name one of the programs in the folder of programs."


def reprocess(
    receipts: Annotated[
        list[str] | None, typer.Argument(help="Receipts by id.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every receipt.")] = False,
    program: Annotated[
        str | None, typer.Option(help="Receipts of this program alone; else of each one.")
    ] = None,
    status: Annotated[
        list[Status] | None, typer.Option(help="Receipts that stand so; may be repeated.")
    ] = None,
    since: Since = None,
    until: Until = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and change nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--reread", help="Run OCR again as well, through the bulk queue.")
    ] = False,
) -> None:
    """Read past receipts again from their stored words, and post the differences in points.

    A run that was interrupted goes on where it stopped when the same command is given again.
    """
    selection = Selection(
        receipt_ids=tuple(receipts or ()),
        statuses=tuple(status or ()),
        received_from=day(since),
        received_to=day(until),
    )
    if selection == Selection() and not everything:
        raise NothingChosenError("No receipt was chosen.")
    if again and dry_run:
        raise typer.BadParameter("--reread has no dry run: what OCR will say is not known yet.")
    settings = Settings()
    with opened_ground(settings) as ground:
        programs = _programs(ProgramsInForce(ground, settings.programs_dir), program)
        if again:
            _reread(ground, programs, selection, settings.broker_url)
        elif not _replay(ground, programs, selection, settings.templates_dir, dry_run):
            raise typer.Exit(INTERRUPTED)


def _replay(
    ground: Ground,
    programs: Sequence[Program],
    selection: Selection,
    templates: Path,
    dry_run: bool,
) -> bool:
    """Replay the receipts of each program; False where the run was interrupted."""
    out, catalog = Console(highlight=False), Catalog(ground, templates)
    with _interruption() as stop:
        for one in programs:
            version = _version(templates, catalog, one.program)
            understand = _understand(catalog, one.program)
            set_apart_what_lasts()
            run = plan_run(
                ground, one, templates_version=version, selection=selection, dry_run=dry_run
            )
            if run.resumed:
                out.print(f"{one.program}: going on with the run that was interrupted")
            steps = replay_run(ground, run, understand)
            done = changed = points = unseen = 0
            for step in _shown(steps, run.remaining, out, stop):
                done += 1
                changed += step.changed
                points += step.after.points - step.before.points
                unseen += step.needs_reread
            verb = "would change" if dry_run else "changed"
            out.print(
                f"{one.program}: {done} receipts replayed, {changed} {verb}, {points:+d} points"
            )
            if unseen:
                out.print(
                    f"{unseen} of them were read by a version that looked for less on a picture; "
                    "--reread reads them again"
                )
            if stop.is_set():
                out.print("Stopped. The same command goes on from here.", style="yellow")
                return False
    return True


def _shown(steps: Iterator[Replayed], count: int, out: Console, stop: Event) -> Iterator[Replayed]:
    """Each step, printed where it changes something, until there is no more or we are stopped."""
    with progress(transient=True) as bar:
        task = bar.add_task("reprocessing", total=count)
        for step in steps:
            if step.changed:
                if out.is_terminal:
                    bar.stop()
                out.print(_difference(step))
                if out.is_terminal:
                    bar.start()
            bar.advance(task)
            yield step
            if stop.is_set():
                return


def _difference(step: Replayed) -> Text:
    before, after = step.before, step.after
    text = Text.assemble((step.receipt_id, "bold"))
    text.append(f"  {_change(before.status, after.status)}")
    if before.points != after.points:
        more = after.points > before.points
        text.append(f"  {before.points} → {after.points} points", "green" if more else "red")
    for change in step.fields:
        text.append(f"\n  {change.field.replace('_', ' ')}: ", "dim")
        text.append(_said(change.before), "red")
        text.append(" → ")
        text.append(_said(change.after), "green")
    for reason in sorted({reason.code for reason in after.reasons}):
        text.append(f"\n  reason: {reason}", "dim")
    return text


def _reread(
    ground: Ground, programs: Sequence[Program], selection: Selection, broker_url: str
) -> None:
    out, wake = Console(highlight=False), celery_waker(broker_url)
    for one in programs:
        sent = reread(ground, one.program, selection, wake)
        out.print(f"{one.program}: {sent} receipts sent to the bulk queue, to be read again")


def _programs(programs: ProgramsInForce, key: str | None) -> list[Program]:
    if key is None:
        return list(programs.values())
    if key not in programs:
        raise UnknownProgramError(f"No program {key!r}; there are {', '.join(programs)}.")
    return [programs[key]]


def _understand(catalog: Catalog, program_id: str) -> Understand:
    from preuve.reading.pipeline import understand

    templates = catalog.published(program_id)

    def with_templates(pages: Pages, context: Context) -> tuple[Reading, Verdict]:
        return understand(pages, templates, context)

    return with_templates


def _version(templates: Path, catalog: Catalog, program_id: str) -> str:
    """Changes with every template, in files or published, and with the rules' own code."""
    digest = hashlib.sha256(repr(catalog.revision(program_id)).encode())
    room = Path(preuve.reading.__path__[0])
    for path in sorted([*templates.rglob("*.yaml"), *room.rglob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def _interruption() -> Iterator[Event]:
    """An event that the first Ctrl-C sets, so that no receipt is left half done."""
    stop = Event()
    before = signal.getsignal(signal.SIGINT)

    def interrupted(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, interrupted)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _change(before: Status, after: Status) -> str:
    return str(after) if before == after else f"{before} → {after}"


def _said(text: str | None) -> str:
    if not text:
        return "nothing"
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
