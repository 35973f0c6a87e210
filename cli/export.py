"""`preuve export`: what was read, as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.ground import opened_ground
from cli.options import Since, Until, day
from preuve.intake import Filters, Status
from preuve.intake.overview.export import COLUMNS, Sheet, export_rows
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings
from preuve.sheets import EXCEL_FR, PLAIN, csv_stream, parquet_stream


class UnknownProgramError(Exception):
    remedy = "Name one of the programs in the folder of programs."


def export(
    sheet: Annotated[Sheet, typer.Argument(help="One row a receipt, or one an item.")],
    file: Annotated[
        Path, typer.Argument(help="A .csv or .parquet file; - writes CSV to the output.")
    ],
    program: Annotated[str, typer.Option(help="Whose receipts.")],
    status: Annotated[
        list[Status] | None, typer.Option(help="Receipts that stand so; may be repeated.")
    ] = None,
    since: Since = None,
    until: Until = None,
    retailer: Annotated[str | None, typer.Option(help="A retailer's key.")] = None,
    template: Annotated[str | None, typer.Option(help="Read by this template.")] = None,
    member: Annotated[str | None, typer.Option(help="Of this member.")] = None,
    search: Annotated[str, typer.Option(help="Words that were read.")] = "",
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for a French spreadsheet: ; and decimal commas.")
    ] = False,
) -> None:
    """Write receipts, or the items on them, to a file, the newest first."""
    filters = Filters(
        statuses=tuple(status or ()),
        received_from=day(since),
        received_to=day(until),
        retailer=retailer,
        template=template,
        member_id=member,
        search=search,
    )
    if str(file) != "-" and file.suffix not in (".csv", ".parquet"):
        raise typer.BadParameter("The file's name must end in .csv or .parquet.")
    settings = Settings()
    with opened_ground(settings) as ground:
        known = ProgramsInForce(ground, settings.programs_dir).get(program)
        if known is None:
            raise UnknownProgramError(f"There is no program {program}.")
        rows = export_rows(ground, program, filters, sheet)
        if file.suffix == ".parquet":
            pieces = parquet_stream(COLUMNS[sheet], rows)
        else:
            form = EXCEL_FR if excel else PLAIN
            pieces = csv_stream(COLUMNS[sheet], rows, form, ZoneInfo(known.timezone))
        if str(file) == "-":
            sys.stdout.buffer.writelines(pieces)
        else:
            with file.open("wb") as out:
                out.writelines(pieces)
