"""`preuve templates unmatched`: what no template reads, and a draft for the most of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.drafted import show
from cli.ground import opened_ground
from cli.read import progress
from cli.reprocess import UnknownProgramError
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings

if TYPE_CHECKING:
    from preuve.catalog.unmatched import Unmatched

SHOWN = 20


class NoSuchClusterError(Exception):
    remedy = "`preuve templates unmatched` shows the clusters with their numbers."


def unmatched(
    program: Annotated[
        str | None, typer.Option(help="Whose receipts; else those of the only program.")
    ] = None,
    number: Annotated[
        int | None, typer.Option("--draft", min=1, help="Draft a template for this cluster.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The file for the draft; else it is printed.")
    ] = None,
) -> None:
    """Past receipts that no template reads, by retailer: first what a draft would unlock most of.

    A draft starts from what operators set on these receipts, then from what was trusted.
    """
    from preuve.catalog import Catalog
    from preuve.catalog.unmatched import draft_for, without_template
    from preuve.catalog.unmatched import unmatched as clustered

    settings = Settings()
    with opened_ground(settings) as ground:
        chosen = _program(ProgramsInForce(ground, settings.programs_dir), program)
        catalog = Catalog(ground, settings.templates_dir, settings.cache_dir)
        with progress(transient=True) as bar:
            documents = without_template(catalog, chosen)
            groups = clustered(catalog, chosen, bar.track(documents, description="reading words"))
        if number is None:
            _show(groups)
            return
        if number > len(groups):
            raise NoSuchClusterError(f"There is no cluster {number}, there are {len(groups)}.")
        made = draft_for(catalog, chosen, groups, groups[number - 1])
    show(made, Console(stderr=True))
    if out is None:
        typer.echo(made.text, nl=False)
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(made.text, "utf-8")


def _show(groups: tuple[Unmatched, ...]) -> None:
    console = Console(highlight=False)
    several = [group for group in groups if len(group.documents) > 1]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("", "receipts", "set by hand"):
        table.add_column(heading, justify="right")
    for heading in ("retailer, as it seems", "they share", "for example"):
        table.add_column(heading, overflow="fold")
    for at, group in enumerate(several[:SHOWN], start=1):
        shares = "; ".join(str(one) for one in group.cluster.evidence[:3])
        example = group.documents[0].receipt_id
        by_hand = str(group.confirmed or "")
        counted = str(len(group.documents))
        table.add_row(str(at), counted, by_hand, group.cluster.name, shares, example)
    if several:
        console.print(table)
        console.print("--draft 1 drafts a template for the first.", style="dim")
    if len(several) > SHOWN:
        console.print(f"{len(several) - SHOWN} smaller clusters are not shown.", style="dim")
    alone = len(groups) - len(several)
    console.print(f"{alone} receipts stand alone." if groups else "Every receipt has a template.")


def _program(programs: ProgramsInForce, key: str | None) -> str:
    if key is None and len(programs) == 1:
        return next(iter(programs))
    if key is None or key not in programs:
        said = f"No program {key!r}" if key else "There are several programs"
        raise UnknownProgramError(f"{said}: choose one of {', '.join(programs)}.")
    return key
