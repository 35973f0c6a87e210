"""`preuve ledger`: what time brings to points, whether all adds up, closed months, exports."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.ground import opened_ground
from cli.kept import Author, who
from cli.options import Since, Until, day
from cli.read import progress
from preuve.loyalty import Program, ProgramsInForce
from preuve.loyalty.ledger.due import do_what_is_due, how_many_are_due
from preuve.loyalty.ledger.months import ClosedBefore, NotOver, close_month
from preuve.loyalty.ledger.seals import newest_seal, programs_with_entries, seal
from preuve.loyalty.ledger.statements import COLUMNS, Period, Statement, statement_rows
from preuve.loyalty.ledger.verify import verify as faults_of
from preuve.settings import Settings
from preuve.sheets import EXCEL_FR, PLAIN, csv_stream, parquet_stream
from preuve.store import Ground

ledger = typer.Typer(help="Points: what is due, whether all adds up.", no_args_is_help=True)

say = Console(stderr=True, highlight=False)
out = Console(highlight=False)

OneProgram = Annotated[str | None, typer.Option("--program", help="This one alone; else each.")]


class UnknownProgramError(Exception):
    remedy = "Name one of the programs in the folder of programs."


class MonthError(Exception):
    remedy = "A month is closed once, an hour after its end or later, and so are all before it."


@ledger.command()
def tick() -> None:
    """Activate and expire what is due, end reservations that ran out, and seal new entries.

    Workers do it by and by; this does all of it now. Running it again does nothing.
    """
    done = sealed = 0
    with opened_ground(Settings()) as ground, progress(transient=True) as bar:
        task = bar.add_task("members", total=how_many_are_due(ground))
        while count := do_what_is_due(ground):
            done += count
            bar.update(task, completed=done)
        for program_id in programs_with_entries(ground):
            sealed += seal(ground, program_id)
    out.print(f"{done} members and reservations brought up to date, {sealed} entries sealed.")


@ledger.command()
def verify(program: OneProgram = None) -> None:
    """Add everything up anew and tell each fault with its entry, lot, member or seal.

    Ends with 1 where there is any. Where there is none it prints the last seal of each program:
    kept elsewhere, it shows later that nothing before it was changed.
    """
    wrong = 0
    with opened_ground(Settings()) as ground:
        for program_id in [program] if program else programs_with_entries(ground):
            for fault in faults_of(ground, program_id, lambda check: say.print(f"… {check}")):
                wrong += 1
                typer.echo(f"{program_id}: {fault}")
            _show_last_seal(ground, program_id)
    if wrong:
        say.print(f"{wrong} faults.")
        raise typer.Exit(1)
    say.print("All adds up.")


@ledger.command()
def close(
    month: Annotated[datetime, typer.Argument(formats=["%Y-%m"], help="As 2026-10.")],
    program: Annotated[str, typer.Option(help="Whose month.")],
    author: Author = None,
) -> None:
    """Close a month: the database takes no entry dated into it, or before, any more."""
    settings = Settings()
    with opened_ground(settings) as ground:
        closed = close_month(ground, _program(ground, settings, program), month.date(), who(author))
    if isinstance(closed, NotOver):
        raise MonthError(f"{month:%Y-%m} can be closed from {closed.at:%Y-%m-%d %H:%M} UTC on.")
    if isinstance(closed, ClosedBefore):
        raise MonthError(f"{month:%Y-%m} is closed already: {closed.month} was closed.")
    table = Table("kind", "from", "to", "entries", "points", title=f"{program}, {closed.month}")
    for moved in closed.figures["moved"]:
        names = (str(moved[name]) for name in ("kind", "source", "target", "entries", "points"))
        table.add_row(*names)
    out.print(table)
    out.print(f"Members hold {closed.figures['liability']} points at its end; seal {closed.seal}.")


@ledger.command()
def export(
    statement: Annotated[Statement, typer.Argument(help="What to write.")],
    file: Annotated[
        Path, typer.Argument(help="A .csv or .parquet file; - writes CSV to the output.")
    ],
    program: Annotated[str, typer.Option(help="Whose ledger.")],
    since: Since = None,
    until: Until = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for a French spreadsheet: ; and decimal commas.")
    ] = False,
) -> None:
    """Write entries, members' balances, or what is owed to them by age, to a file."""
    if str(file) != "-" and file.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("The file's name must end in .csv or .parquet.")
    settings = Settings()
    period = Period(day(since), day(until))
    with opened_ground(settings) as ground:
        known = _program(ground, settings, program)
        rows = statement_rows(ground, known, statement, period)
        if file.suffix == ".parquet":
            pieces = parquet_stream(COLUMNS[statement], rows)
        else:
            form = EXCEL_FR if excel else PLAIN
            pieces = csv_stream(COLUMNS[statement], rows, form, known.zone)
        if str(file) == "-":
            sys.stdout.buffer.writelines(pieces)
        else:
            with file.open("wb") as sink:
                sink.writelines(pieces)


def _program(ground: Ground, settings: Settings, key: str) -> Program:
    programs = ProgramsInForce(ground, settings.programs_dir)
    if key not in programs:
        raise UnknownProgramError(f"There is no program {key}; there are {', '.join(programs)}.")
    return programs[key]


def _show_last_seal(ground: Ground, program_id: str) -> None:
    last = newest_seal(ground, program_id)
    if last:
        out.print(
            f"{program_id}: seal {last.number} up to entry {last.last_entry_id}: {last.sha256}",
            soft_wrap=True,
        )
