"""`preuve templates`: what an operator does with the template files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from preuve.settings import Settings

templates = typer.Typer(help="Look after the templates.", no_args_is_help=True)


@templates.callback()
def _group() -> None:
    """Keeps `check` a command of its own while there is only one."""


@templates.command()
def check(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders; the usual one if none is given.")
    ] = None,
) -> None:
    """Tell every error in the template files, each with its file and line."""
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
    out.print(f"{len(loaded.bases)} languages and {len(loaded.retailers)} retailers, no error")
