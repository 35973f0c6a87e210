"""`preuve members`: what a member may ask a program to do with their data."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.ground import opened_ground
from cli.kept import Author, Reason, who
from preuve.catalog.erasure import erase_member
from preuve.settings import Settings

members = typer.Typer(no_args_is_help=True, help="Members of a program, and their data.")
out = Console(highlight=False)


class UnknownMemberError(Exception):
    remedy = "Write the id as the app sends it; who was erased is not known any more."


@members.callback()
def _group() -> None:
    """With one command alone Typer would leave its name out."""


@members.command()
def erase(
    program: Annotated[str, typer.Argument(help="The program's key, as demo.")],
    member: Annotated[str, typer.Argument(help="The member's id, as the app sends it.")],
    reason: Reason,
    author: Author = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Without asking.")] = False,
) -> None:
    """Erase a member: receipts with their originals, purchases, events, profile, points left.

    Ledger entries stay and are nobody's. It cannot be taken back.
    """
    if not yes and not typer.confirm(f"Erase {member} from {program} for ever?", err=True):
        raise typer.Exit(1)
    settings = Settings()
    with opened_ground(settings) as ground:
        done = erase_member(
            ground, settings.cache_dir, program, member, person=who(author), reason=reason
        )
    if done is None:
        raise UnknownMemberError(f"Nothing is known of {member} in {program}.")
    out.print(f"Erased: {done.receipts} receipts, {done.files} files.")
