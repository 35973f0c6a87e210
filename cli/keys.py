"""`preuve keys`: the API keys that apps and partners send with each request."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.ground import opened_ground
from cli.reprocess import UnknownProgramError
from preuve.access import KeyView, Scope, change_scopes, create_key, list_keys, revoke_key
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings

keys = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)

say = Console(stderr=True, highlight=False)


class NoSuchKeyError(Exception):
    remedy = "`preuve keys list` shows every key with its number, and which were revoked before."


@keys.command()
def create(
    program: Annotated[str, typer.Argument(help="The program that it opens, by its key.")],
    name: Annotated[str, typer.Argument(help="Who will use it, for the list.")],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; may be repeated. All if not said.")
    ] = None,
) -> None:
    """Make a key and print it, this once: only its hash is stored."""
    settings = Settings()
    with opened_ground(settings) as ground:
        programs = ProgramsInForce(ground, settings.programs_dir).now()
        if program not in programs:
            raise UnknownProgramError(f"No program {program!r}; there are {', '.join(programs)}.")
        key = create_key(ground, program, name, scope or Scope)
    typer.echo(key)
    say.print("Keep it now: it cannot be shown again.")


@keys.command("list")
def list_() -> None:
    """Every key that was made: its number, program, name, scopes and days. Never the key."""
    with opened_ground(Settings()) as ground:
        found = list_keys(ground)
    for key in found:
        typer.echo(_line(key))
    if not found:
        say.print("There is no key yet. `preuve keys create` makes one.")


@keys.command()
def revoke(number: Annotated[int, typer.Argument(help="As `preuve keys list` shows it.")]) -> None:
    """End a key at once. What it was used for stays."""
    with opened_ground(Settings()) as ground:
        if not revoke_key(ground, number):
            raise NoSuchKeyError(f"No key {number} is good.")
    say.print(f"Key {number} opens nothing any more.")


@keys.command()
def scopes(
    number: Annotated[int, typer.Argument(help="As `preuve keys list` shows it.")],
    add: Annotated[
        list[Scope] | None, typer.Option(help="What it may do from now on; may be repeated.")
    ] = None,
    take: Annotated[
        list[Scope] | None, typer.Option(help="What it may not do any more; may be repeated.")
    ] = None,
) -> None:
    """Let a key do more or less; the key itself stays as it is."""
    with opened_ground(Settings()) as ground:
        changed = change_scopes(ground, number, add=add or (), take=take or ())
    if changed is None:
        raise NoSuchKeyError(f"No key {number} is good.")
    typer.echo(_line(changed))


def _line(key: KeyView) -> str:
    days = f"made {key.created_at:%Y-%m-%d}"
    if key.revoked_at:
        days += f", revoked {key.revoked_at:%Y-%m-%d}"
    return f"{key.id}  {key.program_id}  {key.name}  {','.join(key.scopes)}  {days}"
