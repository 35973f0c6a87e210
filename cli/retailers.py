"""`preuve retailers`: what receipts taught about who sells, and what operators say of it."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.ground import opened_ground
from cli.read import progress
from preuve.catalog.learning import catch_up
from preuve.catalog.retailers import Entry, entries, rule, witnesses
from preuve.reading.result import Retailer
from preuve.settings import Settings
from preuve.store import Ground

retailers = typer.Typer(
    help="Look after the registry of retailers that receipts teach.", no_args_is_help=True
)

Target = Annotated[
    str, typer.Argument(help="A retailer's key, or one of its numbers, as `list` shows them.")
]
Reason = Annotated[str, typer.Option(help="Why, for those who ask later.")]
By = Annotated[str | None, typer.Option("--by", help="Who says so; else who is logged in.")]

SHOWN = 10
AT_A_TIME = 100


class NotInRegistryError(Exception):
    remedy = "`preuve retailers list` shows every key and number that is known."


@retailers.command("list")
def list_(
    everything: Annotated[
        bool, typer.Option("--all", help="Also the numbers that speak for nobody, and why.")
    ] = False,
) -> None:
    """Every retailer that was learned: key, name, its numbers and how many receipts agree."""
    with opened_ground(Settings()) as ground:
        found = entries(ground)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("key", "name", "numbers", "receipts", "said by"):
        table.add_column(heading, justify="right" if heading == "receipts" else "left")
    named = [entry for entry in found if entry.retailer]
    for key, group in groupby(named, lambda entry: entry.retailer and entry.retailer.key):
        of_one = list(group)
        name = of_one[0].retailer.name if of_one[0].retailer else ""
        numbers = "\n".join(str(entry.identifier) for entry in of_one)
        said = "operator" if any(entry.confirmed for entry in of_one) else "receipts"
        table.add_row(key, name, numbers, str(max(entry.receipts for entry in of_one)), said)
    out = Console(highlight=False)
    out.print(table if named else "Nothing was learned yet.")
    nobody = [
        entry for entry in found if entry.retailer is None and (entry.ruling or entry.receipts)
    ]
    if everything:
        for entry in nobody:
            why = entry.ruling or "receipts contradict each other"
            out.print(f"{entry.identifier} speaks for nobody: {why}", markup=False)
    elif nobody:
        out.print(f"{len(nobody)} numbers speak for nobody; --all shows them.", style="dim")


@retailers.command()
def learn() -> None:
    """Learn now from the past receipts that nobody learned from yet, as after an update."""
    out, done = Console(highlight=False), 0
    with opened_ground(Settings()) as ground, progress(transient=True) as bar:
        task = bar.add_task("learning", total=None)
        while learned := catch_up(ground, AT_A_TIME):
            done += learned
            bar.update(task, completed=done)
    out.print(f"{done} receipts were learned from.")


@retailers.command()
def show(target: Target) -> None:
    """Why the registry says so: each number, and the receipts that it was learned from."""
    out = Console(highlight=False)
    with opened_ground(Settings()) as ground:
        for entry in _chosen(ground, target):
            whose = f"{entry.retailer.name} ({entry.retailer.key})" if entry.retailer else "nobody"
            out.print(f"{entry.identifier}: {whose}", style="bold", markup=False)
            if entry.ruling:
                out.print(f"  said by {entry.ruling}", markup=False)
            found = witnesses(ground, entry.identifier)
            for one in found[:SHOWN]:
                by = ", set by an operator" if one.confirmed else ""
                day = f"{one.learned_at:%Y-%m-%d}"
                line = f"  {one.receipt_id}  {one.program_id}  {day}  {one.retailer.name}{by}"
                out.print(line, markup=False, soft_wrap=True)
            if len(found) > SHOWN:
                out.print(f"  and {len(found) - SHOWN} more")


@retailers.command()
def confirm(
    target: Target,
    reason: Reason,
    key: Annotated[str | None, typer.Option(help="The retailer's key, if another.")] = None,
    name: Annotated[str | None, typer.Option(help="The retailer's name, if another.")] = None,
    by: By = None,
) -> None:
    """Say whose numbers these are; it holds against whatever receipts say."""
    with opened_ground(Settings()) as ground:
        chosen = _chosen(ground, target)
        known = next((entry.retailer for entry in chosen if entry.retailer), None)
        if known is None and not (key and name):
            raise typer.BadParameter(f"{target} speaks for nobody: give --key and --name.")
        retailer = Retailer(
            name or (known.name if known else ""), key or (known.key if known else None)
        )
        identifiers = [entry.identifier for entry in chosen]
        rule(ground, identifiers, retailer, operator=by or getpass.getuser(), reason=reason)
    told = ", ".join(map(str, identifiers))
    _say(f"{told}: {retailer.name} ({retailer.key}), from the next document on.")


@retailers.command()
def forget(target: Target, reason: Reason, by: By = None) -> None:
    """Let these numbers speak for nobody, whatever receipts say; `confirm` takes it back."""
    with opened_ground(Settings()) as ground:
        identifiers = [entry.identifier for entry in _chosen(ground, target)]
        rule(ground, identifiers, None, operator=by or getpass.getuser(), reason=reason)
    _say(f"{', '.join(map(str, identifiers))}: nobody's, from the next document on.")


def _chosen(ground: Ground, target: str) -> Sequence[Entry]:
    found = entries(ground, target)
    if not found:
        raise NotInRegistryError(f"The registry knows no {target}.")
    return found


def _say(text: str) -> None:
    Console(stderr=True, highlight=False).print(text, markup=False, soft_wrap=True)
