"""The `preuve` command: subcommands from the files beside this one, and how faults are told."""

from __future__ import annotations

from typing import Any

import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import OperationalError
from typer.core import TyperGroup

from cli.bench import bench
from cli.bench_registry import bench_registry
from cli.demo import demo, send
from cli.export import export
from cli.keys import keys
from cli.ledger import ledger
from cli.members import members
from cli.migrate import migrate
from cli.programs import programs
from cli.read import read
from cli.reprocess import reprocess
from cli.retailers import retailers
from cli.serve import serve
from cli.templates import templates
from cli.users import users

DATABASE_REMEDY = "See that its server runs, and that DATABASE_URL leads there."


class _Told(TyperGroup):
    """Says a fault in words. Every error of ours that people can act on carries a `remedy`."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except OperationalError as error:
            _tell(f"The database does not answer: {error.orig}", DATABASE_REMEDY)
            raise typer.Exit(2) from error
        except Exception as error:
            remedy = getattr(error, "remedy", None)
            if remedy is None:
                raise
            _tell(str(error), str(remedy))
            raise typer.Exit(2) from error


def _tell(fault: str, remedy: str) -> None:
    said = Text.assemble((fault, "red"), "\n", (remedy, "italic"))
    Console(stderr=True, highlight=False).print(said, soft_wrap=True)


app = typer.Typer(
    name="preuve",
    cls=_Told,
    help="Reads proofs of purchase and credits loyalty points.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
for command in (read, serve, send, demo, reprocess, export, bench, bench_registry, migrate):
    app.command()(command)
app.add_typer(templates, name="templates")
app.add_typer(programs, name="programs")
app.add_typer(keys, name="keys")
app.add_typer(ledger, name="ledger")
app.add_typer(members, name="members")
app.add_typer(users, name="users")
app.add_typer(retailers, name="retailers")

if __name__ == "__main__":
    app()
