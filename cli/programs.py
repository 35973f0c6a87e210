"""`preuve programs`: the versions of a program's rules, and how they come into force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.markup import escape

from cli.ground import opened_ground
from cli.kept import Author, Reason, who
from cli.programs_bench import bench
from cli.programs_check import check, explain_command, schema
from cli.programs_held import dismiss_command, held_command, judge_again_command
from cli.programs_simulate import simulate
from cli.versions import show_history, show_lines
from preuve.catalog import text_difference
from preuve.loyalty import ProgramError, ProgramsInForce
from preuve.loyalty.programs.versions import (
    Conflict,
    Refused,
    Saved,
    State,
    Unchanged,
    Version,
    checked,
    get,
    history,
    newest,
    publish,
    published_version,
    retire,
    roll_back,
    save_draft,
    versions,
)
from preuve.settings import Settings
from preuve.store import Ground

programs = typer.Typer(
    no_args_is_help=True, help="Programs and their rules: versions, and what they would cost."
)
for command in (check, schema, bench):
    programs.command()(command)
programs.command("explain")(explain_command)
programs.command()(simulate)
programs.command("held")(held_command)
programs.command("judge-again")(judge_again_command)
programs.command("dismiss")(dismiss_command)
Key = Annotated[str, typer.Argument(help="The program's key, as demo.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Without asking.")]
out = Console(highlight=False)


class NoVersionError(Exception):
    remedy = "`preuve programs history KEY` tells which versions there are."


@programs.command()
def push(
    files: Annotated[
        list[Path], typer.Argument(help="Files of programs.", exists=True, dir_okay=False)
    ],
    reason: Reason,
    author: Author = None,
) -> None:
    """Save files as drafts. One with mistakes is kept too, and they are told."""
    failed = False
    with opened_ground(Settings()) as ground:
        for path in files:
            failed |= not _push(ground, path, who(author), reason)
    if failed:
        raise typer.Exit(1)


@programs.command("publish")
def publish_(
    key: Key,
    reason: Reason,
    version: Annotated[
        int | None, typer.Option(help="This version; else the newest, a draft.")
    ] = None,
    author: Author = None,
    yes: Yes = False,
) -> None:
    """Put a draft in force: what is judged from then on is judged by it.

    `preuve programs simulate` says before what it would have given.
    """
    with _in_force() as programs_in_force:
        chosen = _version(programs_in_force.ground, key, version)
        _publish(programs_in_force, chosen, who(author), reason, yes=yes)


@programs.command("rollback")
def rollback(
    key: Key,
    version: Annotated[int, typer.Argument(help="The version whose text is wanted again.")],
    reason: Reason,
    author: Author = None,
    yes: Yes = False,
) -> None:
    """Publish an older version's text as a new version."""
    with _in_force() as programs_in_force:
        made = roll_back(programs_in_force.ground, key, version, author=who(author), reason=reason)
        if not isinstance(made, Version):
            _told(made)
            raise typer.Exit(1)
        _publish(programs_in_force, made, who(author), reason, yes=yes)


@programs.command("retire")
def retire_(key: Key, reason: Reason, author: Author = None) -> None:
    """Take the published version out of force: the file's rules hold again."""
    with _in_force() as programs_in_force:
        if programs_in_force.file_text(key) is None:
            raise NoVersionError(f"No file has the program {key}: without this version it is gone.")
        done = retire(programs_in_force.ground, key, actor=who(author), reason=reason)
    if not _told(done):
        raise typer.Exit(1)


@programs.command("history")
def history_(key: Key) -> None:
    """Every version of a program, and who saved, published or retired it, when and why."""
    with opened_ground(Settings()) as ground:
        states = {each.number: each.state for each in versions(ground, key)}
        events = history(ground, key)
    if not events:
        raise NoVersionError(f"Nobody has saved a version of {key}.")
    show_history(out, events, states)


@programs.command()
def diff(
    key: Key,
    before: Annotated[
        str | None, typer.Argument(help="A version's number, or `file`; else what is in force.")
    ] = None,
    after: Annotated[int | None, typer.Argument(help="Another; else the newest version.")] = None,
) -> None:
    """What differs between two versions, line by line."""
    with _in_force() as programs_in_force:
        new = _version(programs_in_force.ground, key, after)
        _show_difference(programs_in_force, key, new, before)


@contextmanager
def _in_force() -> Iterator[ProgramsInForce]:
    settings = Settings()
    with opened_ground(settings) as ground:
        yield ProgramsInForce(ground, settings.programs_dir)


def _publish(
    programs_in_force: ProgramsInForce, version: Version, actor: str, reason: str, *, yes: bool
) -> None:
    """Shows what would change, asks, and puts it in force. Raises typer.Exit where it is not."""
    key = version.program_id
    _show_difference(programs_in_force, key, version)
    if not yes and not typer.confirm("Publish this?", err=True):
        raise typer.Exit(1)
    done = publish(programs_in_force.ground, key, version.number, actor=actor, reason=reason)
    if not _told(done):
        raise typer.Exit(1)


def _push(ground: Ground, path: Path, author: str, reason: str) -> bool:
    try:
        text = path.read_text("utf-8-sig")
        content = yaml.safe_load(text)
        key = content["program"]
        assert isinstance(key, str)
    except (yaml.YAMLError, ValueError, KeyError, TypeError, AssertionError):
        mistake = ProgramError(str(path), 1, "program", "no YAML text says which program it is")
        out.print(str(mistake), style="red", markup=False, soft_wrap=True)
        return False
    saved = save_draft(ground, key, text, based_on=None, author=author, reason=reason)
    if not _told(saved):
        return False
    number = saved.number if isinstance(saved, Version) else 0
    found = checked(key, text, number) if number else None
    if isinstance(found, Refused):
        _told(found)
        out.print("kept as a draft, and not to be published before this is corrected")
    return not isinstance(found, Refused)


def _version(ground: Ground, key: str, number: int | None) -> Version:
    found = newest(ground, key) if number is None else get(ground, key, number)
    if found is None:
        raise NoVersionError(f"{key} has no {f'version {number}' if number else 'version'}.")
    return found


def _show_difference(
    programs_in_force: ProgramsInForce, key: str, new: Version, before: str | None = None
) -> None:
    old_name, old = _old_text(programs_in_force, key, before)
    new_name = f"{key} version {new.number}"
    show_lines(out, text_difference(old, new.text, old_name, new_name))
    if old == new.text:
        out.print("no difference")


def _old_text(programs_in_force: ProgramsInForce, key: str, chosen: str | None) -> tuple[str, str]:
    """The name and the text of a version, of the file, or of what is in force."""
    current = published_version(programs_in_force.ground, key)
    if chosen is None and current is not None:
        return f"{key} version {current.number}", current.text
    if chosen in (None, "file"):
        return f"{key} file", programs_in_force.file_text(key) or ""
    if not chosen.isdecimal():
        raise typer.BadParameter(f"{chosen!r}: write a version's number, or file.")
    older = _version(programs_in_force.ground, key, int(chosen))
    return f"{key} version {older.number}", older.text


def _told(result: Saved) -> bool:
    """Says what became of it; whether it is as it was wanted."""
    if isinstance(result, Version):
        done = "saved" if result.state == State.DRAFT else result.state
        style = "" if result.state == State.DRAFT else "green"
        out.print(f"{result.program_id} version {result.number}: {done}", style=style)
    elif isinstance(result, Unchanged):
        out.print(f"{result.version.program_id} version {result.version.number} says the same")
    elif isinstance(result, Conflict):
        theirs = result.theirs
        told = f"{escape(theirs.author)} saved version {theirs.number} meanwhile"
        out.print(f"{told} ({escape(theirs.reason)}); yours was not saved.", style="red")
    else:
        for error in result.errors:
            out.print(str(error), style="red", markup=False, soft_wrap=True)
        out.print(f"{escape(result.why)}. {escape(result.remedy)}", style="red")
    return isinstance(result, Version | Unchanged)
