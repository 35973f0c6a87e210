"""`preuve templates`: what an operator does with the template files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.kept import check_kept
from cli.read import progress
from cli.templates_bench import bench
from cli.templates_bench_drafts import bench_drafts
from cli.templates_catalog import catalog_commands
from cli.templates_draft import draft
from cli.templates_drift import drift
from cli.templates_exchange import exchange_commands
from cli.templates_explain import explain_command
from cli.templates_schema import schema
from cli.templates_unmatched import unmatched
from preuve.settings import Settings

templates = typer.Typer(help="Look after the templates.", no_args_is_help=True)

for command in (bench, bench_drafts, draft, drift, schema, unmatched):
    templates.command()(command)
templates.command("explain")(explain_command)
for family in (catalog_commands, exchange_commands):
    templates.add_typer(family)


@templates.command()
def check(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders; the usual one if none is given.")
    ] = None,
    samples: Annotated[
        bool, typer.Option(help="Also read the documents that are kept with the templates.")
    ] = True,
) -> None:
    """Tell every error in the template files, each with its file and line, then the warnings.

    The samples that the templates name are read too: what differs from what is expected is told.
    Where no folder is named, so are the versions that operators published.
    """
    from cli.sample_check import failures, find_samples
    from preuve.reading.template.lint import lint
    from preuve.reading.template.load import check as errors_in
    from preuve.reading.template.load import load_templates

    chosen = folders or [Settings().templates_dir]
    out = Console(highlight=False)
    errors = errors_in(*chosen)
    for error in errors:
        out.print(str(error), style="red", markup=False, soft_wrap=True)
    if errors:
        raise typer.Exit(1)
    loaded = load_templates(*chosen)
    warnings = lint(loaded)
    for warning in warnings:
        out.print(str(warning), style="yellow", markup=False, soft_wrap=True)
    kept = find_samples(loaded, chosen) if samples else []
    failed = 0
    with progress(transient=True) as bar:
        for told in bar.track(
            failures(kept, loaded, chosen, Settings().engine), len(kept), description="samples"
        ):
            failed += bool(told)
            for error in told:
                out.print(str(error), style="red", markup=False, soft_wrap=True)
    counted = f"{len(loaded.bases)} languages and {len(loaded.retailers)} retailers, no error"
    counted += f", {len(warnings)} warnings" if warnings else ""
    read = f"; {len(kept) - failed} of {len(kept)} samples as expected" if kept else ""
    out.print(counted + read)
    sound = bool(folders) or check_kept(out)
    if failed or not sound:
        raise typer.Exit(1)
