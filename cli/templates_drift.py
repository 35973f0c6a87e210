"""`preuve templates drift`: do the templates still fit what the tills print?"""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.ground import opened_ground
from preuve.catalog.drift import Alarm, Fit, accept, alarms, fits
from preuve.settings import Settings

CHANGED = 1
"""The exit code while an alarm stands."""

ASPECTS = {
    "match": "whether it is recognized",
    "evidence": "what it is recognized by",
    "read": "whether it is read",
    "label": "the label beside it",
    "row": "what stands in its row",
    "place": "where it stands",
}
FIELDS = ("total", "purchased_on", "items", "taxes", "tenders", "receipt_number")


def drift(
    template: Annotated[
        str | None, typer.Argument(help="One template, with its fit week by week.")
    ] = None,
    accepted: Annotated[
        bool,
        typer.Option("--accept", help="Take the template's present layout for the usual one."),
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who accepts; else who is logged in.")] = None,
) -> None:
    """Name the fields that are no longer read as they were: the till's layout changed.

    Ends with 1 while an alarm stands.
    """
    if accepted and template is None:
        raise typer.BadParameter("--accept needs the template whose layout is meant.")
    out = Console(highlight=False)
    with opened_ground(Settings()) as ground:
        if accepted and template:
            ended = accept(ground, template, operator=by or getpass.getuser())
            out.print(f"{template}: {ended} alarms ended; what is usual is learned anew.")
            return
        standing = alarms(ground, template)
        _tell(out, standing)
        if template:
            _week_by_week(out, fits(ground, template))
    if standing:
        raise typer.Exit(CHANGED)


def _tell(out: Console, standing: Sequence[Alarm]) -> None:
    if not standing:
        out.print("No template reads otherwise than before.")
    for (template, field), group in groupby(standing, lambda a: (a.template, a.field)):
        told = list(group)
        since = min(alarm.since_at for alarm in told)
        head = Text.assemble((template, "bold"), ": ", (field, "bold red"))
        out.print(head.append(f" is not read as before since {since:%Y-%m-%d %H:%M} UTC"))
        for alarm in told:
            aspect = ASPECTS.get(alarm.aspect, alarm.aspect)
            line = f"  {aspect} (version {alarm.version}, program {alarm.program_id})"
            out.print(line, markup=False, soft_wrap=True)
            out.print(f"    before  {alarm.share_before:4.0%} as usual: {_said(alarm.usual)}")
            out.print(f"    since   {alarm.share_since:4.0%} as usual: {_said(alarm.lately)}")
            out.print(f"    see {', '.join(alarm.examples)}", soft_wrap=True)


def _said(counts: Mapping[str, int], most: int = 3) -> str:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    more = f" and {len(ranked) - most} others" if len(ranked) > most else ""
    return ", ".join(f"{outcome} ({n})" for outcome, n in ranked[:most]) + more


def _week_by_week(out: Console, weeks: Sequence[Fit]) -> None:
    if not weeks:
        out.print("No receipt was read by it yet.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("program", "version", "week of"):
        table.add_column(heading)
    for heading in ("receipts", *FIELDS):
        table.add_column(heading.replace("_", " "), justify="right")
    for week in weeks:
        shares = [f"{week.shares[name]:.0%}" if name in week.shares else "" for name in FIELDS]
        table.add_row(week.program_id, week.version, f"{week.week}", str(week.receipts), *shares)
    out.print(table)
