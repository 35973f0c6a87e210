"""`preuve templates pull` and `push`: kept templates out to files, for git, and back in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.kept import Author, OfProgram, Reason, Yes, open_catalog, tell, through_the_gate, who
from preuve.catalog import (
    SHARED,
    Behind,
    Catalog,
    Change,
    Conflict,
    Pushed,
    Saved,
    Version,
    merge_texts,
    publishing,
    pull,
    push,
    save_draft,
)
from preuve.reading.template.source import TemplateError

exchange_commands = typer.Typer()

Folder = Annotated[Path, typer.Argument(help="A folder of template files.")]


@exchange_commands.command("pull")
def pull_(
    folder: Folder,
    drafts: Annotated[
        bool, typer.Option("--drafts", help="The newest versions, also those not yet published.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also over files that were changed here.")
    ] = False,
    program: OfProgram = SHARED,
) -> None:
    """Write the operators' published versions as files."""
    out, written, left = Console(highlight=False), 0, 0
    with open_catalog(program) as (catalog, _):
        for one in pull(catalog, folder, program_id=program, drafts=drafts, force=force):
            what = f"{one.path}: version {one.version.number}"
            if one.changed_here:
                left += 1
                out.print(f"{what} not written, the file was changed here", style="red")
            elif one.written:
                written += 1
                out.print(what, markup=False)
    out.print(f"{written} files written" + (f", {left} left alone" if left else ""))
    if left:
        out.print("Push them first, or take --force to give them up.")
        raise typer.Exit(1)


@exchange_commands.command("push")
def push_(
    folder: Folder,
    reason: Reason,
    author: Author = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="And publish them together, through the gate.")
    ] = False,
    merge: Annotated[
        bool,
        typer.Option("--merge", help="Join changes of two people that do not touch each other."),
    ] = False,
    yes: Yes = False,
    program: OfProgram = SHARED,
) -> None:
    """Save the files that were changed as drafts. What cannot be saved is told, file by file."""
    out, failed = Console(highlight=False), False
    changes: list[Change] = []
    with open_catalog(program) as (catalog, programs):
        for one in push(catalog, folder, author=who(author), reason=reason, program_id=program):
            result = one.result
            if isinstance(result, TemplateError):
                out.print(str(result), style="red", markup=False, soft_wrap=True)
                failed = True
            elif isinstance(result, Behind):
                out.print(f"{one.key}: there is a version {result.version.number}, pull it")
            else:
                if merge and isinstance(result, Conflict):
                    result = _merged(catalog, one, result, who(author), reason, program)
                failed |= not tell(result)
                if isinstance(result, Version):
                    changes.append(publishing(result))
        texts = {change.key: change.text for change in changes}
        faults = catalog.with_changes(texts, program, program)[1] if changes else []
        for fault in faults:
            out.print(str(fault), style="red", markup=False, soft_wrap=True)
        if faults:
            out.print("kept as drafts, and not to be published before this is corrected")
            failed = True
        if publish and changes and not failed:
            through_the_gate(catalog, programs, changes, actor=who(author), reason=reason, yes=yes)
    if not changes and not failed:
        out.print("nothing to save")
    if failed:
        raise typer.Exit(1)


def _merged(
    catalog: Catalog,
    one: Pushed,
    conflict: Conflict[Version],
    author: str,
    reason: str,
    program: str,
) -> Saved:
    """Both changes as a draft, in the file too; the conflict where they touch each other."""
    merged = merge_texts(conflict.base, conflict.theirs.text, conflict.yours)
    if merged is None or merged.conflicts:
        return conflict
    saved = save_draft(
        catalog,
        one.key,
        merged.text,
        based_on=conflict.theirs.number,
        author=author,
        reason=reason,
        program_id=program,
    )
    if isinstance(saved, Version):
        one.path.write_bytes(merged.text.encode())
    return saved
