"""`preuve programs held`: what earns nothing because a rule failed, until a person has decided."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.ground import opened_ground
from cli.kept import Author, Reason, UnknownProgramError, who
from preuve.intake import follow
from preuve.loyalty import Program, ProgramsInForce
from preuve.loyalty.occasions.held import Held, dismiss, held, judge_again
from preuve.settings import Settings
from preuve.store import Ground

Key = Annotated[str, typer.Argument(help="The program's key, as demo.")]
MOST = 1_000
out = Console(highlight=False)


class NotHeldError(Exception):
    remedy = "`preuve programs held KEY` tells what waits."


def held_command(key: Key) -> None:
    """Events, sign-ups and birthdays that earn nothing because a rule could not be judged."""
    with opened_ground(Settings()) as ground:
        waiting = held(ground, key, MOST)
    _show(waiting)


def judge_again_command(
    key: Key,
    occasions: Annotated[
        list[str] | None, typer.Argument(help="As `held` shows them; without any, all.")
    ] = None,
) -> None:
    """Judge them anew, after the rule was corrected. Ends with 1 where a rule still fails."""
    settings = Settings()
    with opened_ground(settings) as ground:
        program = _program(ground, settings, key)
        chosen = occasions or [one.key for one in held(ground, key, MOST)]
        left = judge_again(ground, program, chosen, follow=follow)
    _show(left)
    if left:
        raise typer.Exit(1)


def dismiss_command(
    key: Key,
    occasion: Annotated[str, typer.Argument(help="As `held` shows it.")],
    reason: Reason,
    author: Author = None,
) -> None:
    """Let one go: it earns nothing, and waits no more."""
    with opened_ground(Settings()) as ground:
        if not dismiss(ground, key, occasion, person=who(author), reason=reason):
            raise NotHeldError(f"{occasion} does not wait in {key}.")


def _program(ground: Ground, settings: Settings, key: str) -> Program:
    programs = ProgramsInForce(ground, settings.programs_dir)
    if key not in programs:
        raise UnknownProgramError(f"There is no program {key}; there are {', '.join(programs)}.")
    return programs[key]


def _show(waiting: tuple[Held, ...]) -> None:
    if not waiting:
        out.print("Nothing waits.")
        return
    table = Table("occasion", "what", "member", "when (UTC)", "rule", "why")
    for one in waiting:
        for error in one.errors:
            table.add_row(
                *(one.key, one.event or one.trigger, escape(one.member_id)),
                f"{one.occurred_at:%Y-%m-%d %H:%M}",
                error.rule,
                escape(error.told),
            )
    out.print(table)
