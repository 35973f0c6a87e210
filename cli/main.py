"""The `preuve` command: every subcommand stands in a file of its own name."""

from __future__ import annotations

import typer

from cli.read import read

app = typer.Typer(
    name="preuve",
    help="Reads proofs of purchase and credits loyalty points.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(read)

if __name__ == "__main__":
    app()
