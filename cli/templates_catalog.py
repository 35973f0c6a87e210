"""`preuve templates`: what operators published, its history, and the way there and back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.kept import (
    Author,
    DryRun,
    Key,
    NoVersionError,
    OfProgram,
    Reason,
    Yes,
    open_catalog,
    tell,
    through_the_gate,
    who,
)
from cli.versions import show_history, show_lines
from preuve.catalog import (
    SHARED,
    Catalog,
    MergeConflict,
    Refused,
    State,
    Version,
    drop_sample,
    get,
    history,
    keep_sample,
    key_differences,
    newest,
    outdated,
    published_version,
    publishing,
    retiring,
    roll_back,
    save_draft,
    text_difference,
    versions,
)
from preuve.intake import program_of

catalog_commands = typer.Typer()


@catalog_commands.command("publish")
def publish_(
    key: Key,
    reason: Reason,
    version: Annotated[
        int | None, typer.Option(help="This version; else the newest, a draft.")
    ] = None,
    author: Author = None,
    program: OfProgram = SHARED,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Say what a draft would change in past documents, and put it in force."""
    with open_catalog(program) as (catalog, programs):
        chosen = _version(catalog, key, version, program)
        if chosen.state != State.DRAFT:
            raise NoVersionError(f"{key} version {chosen.number} is {chosen.state}, no draft.")
        through_the_gate(
            catalog,
            programs,
            [publishing(chosen)],
            actor=who(author),
            reason=reason,
            yes=yes,
            dry_run=dry_run,
        )


@catalog_commands.command("rollback")
def rollback(
    key: Key,
    version: Annotated[int, typer.Argument(help="The version whose text is wanted again.")],
    reason: Reason,
    author: Author = None,
    program: OfProgram = SHARED,
    yes: Yes = False,
) -> None:
    """Publish an older version's text as a new version, through the gate."""
    with open_catalog(program) as (catalog, programs):
        made = roll_back(
            catalog, key, version, author=who(author), reason=reason, program_id=program
        )
        if not isinstance(made, Version):
            tell(made)
            raise typer.Exit(1)
        through_the_gate(
            catalog, programs, [publishing(made)], actor=who(author), reason=reason, yes=yes
        )


@catalog_commands.command()
def retire(
    key: Key,
    reason: Reason,
    author: Author = None,
    program: OfProgram = SHARED,
    yes: Yes = False,
) -> None:
    """Take the published version out of force: the stock's is used again, where there is one."""
    with open_catalog(program) as (catalog, programs):
        current = published_version(catalog.ground, key, program)
        if current is None:
            raise NoVersionError(f"{key} has no published version.")
        through_the_gate(
            catalog, programs, [retiring(current)], actor=who(author), reason=reason, yes=yes
        )


@catalog_commands.command("history")
def history_(key: Key, program: OfProgram = SHARED) -> None:
    """Every version of a template, and who saved, published or retired it, when and why."""
    out = Console(highlight=False)
    with open_catalog(program) as (catalog, _):
        states = {each.number: each.state for each in versions(catalog.ground, key, program)}
        events = history(catalog.ground, key, program)
    if not events:
        raise NoVersionError(f"Nobody has saved a version of {key}.")
    show_history(out, events, states)


@catalog_commands.command()
def diff(
    key: Key,
    before: Annotated[
        str | None, typer.Argument(help="A version's number, or `stock`; else what is in force.")
    ] = None,
    after: Annotated[str | None, typer.Argument(help="Another; else the newest version.")] = None,
    program: OfProgram = SHARED,
) -> None:
    """What differs between two versions: line by line, then key by key."""
    out = Console(highlight=False)
    with open_catalog(program) as (catalog, _):
        old_name, old = _text(catalog, key, before, program, in_force=True)
        new_name, new = _text(catalog, key, after, program)
    show_lines(out, text_difference(old, new, old_name, new_name))
    for change in key_differences(old, new):
        out.print(f"{change.key}: {change.before} → {change.after}", markup=False, soft_wrap=True)
    if old == new:
        out.print("no difference")


@catalog_commands.command()
def merge(
    key: Key,
    reason: Reason,
    author: Author = None,
    program: OfProgram = SHARED,
    ours: Annotated[
        bool, typer.Option("--ours", help="Where both changed one value, keep the operators'.")
    ] = False,
) -> None:
    """Take what a release changed in the stock over into the operators' version, as a draft."""
    out = Console(highlight=False)
    with open_catalog(program) as (catalog, _):
        behind = next((one for one in outdated(catalog, program) if one.version.key == key), None)
        if behind is None:
            out.print(f"{key}: the stock has not changed since its version was written")
            return
        if behind.merged is None:
            out.print("One of the texts is not valid YAML: compare them with `diff`.", style="red")
            raise typer.Exit(1)
        for conflict in behind.merged.conflicts:
            _show_conflict(out, conflict)
        if behind.merged.conflicts and not ours:
            out.print("Both changed these. Correct the template, or keep ours with --ours.")
            raise typer.Exit(1)
        last = newest(catalog.ground, key, program)
        saved = save_draft(
            catalog,
            key,
            behind.merged.text,
            based_on=last.number if last else 0,
            author=who(author),
            reason=reason,
            program_id=program,
        )
        if not tell(saved):
            raise typer.Exit(1)


@catalog_commands.command()
def sample(
    key: Key,
    receipt: Annotated[str, typer.Argument(help="The receipt's id.")],
    expect: Annotated[
        list[str] | None,
        typer.Option(help="FIELD=TEXT, may be repeated; else as the receipt reads now."),
    ] = None,
    drop: Annotated[bool, typer.Option("--drop", help="It is no sample any more.")] = False,
    author: Author = None,
    program: OfProgram = SHARED,
) -> None:
    """Keep a stored receipt with a template: what does not read it right is not published."""
    out = Console(highlight=False)
    with open_catalog(program) as (catalog, _):
        if drop:
            was = drop_sample(catalog.ground, key, receipt, program)
            out.print("dropped" if was else f"{receipt} is no sample of {key}")
            return
        expected = dict(_pair(each) for each in expect or ())
        kept = keep_sample(
            catalog.ground,
            key,
            receipt,
            receipt_program=program_of(catalog.ground, receipt) or "",
            author=who(author),
            expected=expected or None,
            program_id=program,
        )
        if isinstance(kept, Refused):
            tell(kept)
            raise typer.Exit(1)
        for name, text in kept.expected.items():
            out.print(f"{name}: {text if text is not None else 'nothing'}", markup=False)


def _pair(given: str) -> tuple[str, str | None]:
    name, separator, text = given.partition("=")
    if not separator:
        raise typer.BadParameter(f"{given!r}: write FIELD=TEXT, or FIELD= for nothing.")
    return name, text or None


def _show_conflict(out: Console, conflict: MergeConflict) -> None:
    out.print(f"{conflict.key}", style="red")
    for whose, text in (
        ("was", conflict.base),
        ("stock", conflict.theirs),
        ("ours", conflict.yours),
    ):
        out.print(f"  {whose}: {'nothing' if text is None else text}", markup=False)


def _version(catalog: Catalog, key: str, number: int | None, program: str) -> Version:
    found = (
        newest(catalog.ground, key, program)
        if number is None
        else get(catalog.ground, key, number, program)
    )
    if found is None:
        missing = f"version {number}" if number else "version"
        raise NoVersionError(f"{key} has no {missing}.")
    return found


def _text(
    catalog: Catalog, key: str, chosen: str | None, program: str, *, in_force: bool = False
) -> tuple[str, str]:
    """The name and the text of a version, of the stock, or of what is in force."""
    if chosen is None and in_force:
        current = published_version(catalog.ground, key, program)
        if current is not None:
            return f"{key} version {current.number}", current.text
    if chosen == "stock" or (chosen is None and in_force):
        stock = catalog.stock_text(key)
        if stock is None and chosen == "stock":
            raise NoVersionError(f"The stock has no {key}.")
        return f"{key} stock", stock or ""
    if chosen is not None and not chosen.isdecimal():
        raise typer.BadParameter(f"{chosen!r}: write a version's number, or stock.")
    version = _version(catalog, key, int(chosen) if chosen else None, program)
    return f"{key} version {version.number}", version.text
