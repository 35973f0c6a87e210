"""`preuve programs simulate`: what rules would have given for past receipts, before they are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.ground import opened_ground
from cli.options import Since, Until, day
from cli.read import progress
from preuve.loyalty import Program, parse_program
from preuve.loyalty.programs.simulate import simulate as run
from preuve.loyalty.programs.tally import Simulation
from preuve.loyalty.programs.versions import Refused, checked, get, newest
from preuve.settings import Settings
from preuve.store import Ground


class NothingToSimulateError(Exception):
    remedy = "Name a file with --file, or a version that `preuve programs history KEY` shows."


def simulate(
    key: Annotated[str, typer.Argument(help="The program's key, as demo.")],
    version: Annotated[int | None, typer.Option(help="This version; else the newest.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="This file's rules instead of a version's.", exists=True)
    ] = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Judge past receipts by rules that are not in force, and compare with what was given.

    By rule: points, occasions, members, what caps and budgets held back, and what the rule
    really gave; then the receipts that the limits would keep out. Nothing is written.
    """
    with opened_ground(Settings()) as ground:
        program = _program(ground, key, version, file)
        with progress(transient=True) as bar:
            task = bar.add_task("judging", total=None)
            found = run(
                ground,
                program,
                since=day(since),
                until=day(until),
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    show_simulation(Console(highlight=False), found)


def show_simulation(out: Console, found: Simulation) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("rule")
    for heading in ("points", "occasions", "members", "held back", "grants", "really"):
        table.add_column(heading, justify="right")
    for rule in found.rules:
        row = (rule.points, rule.times, rule.members, rule.held_back, rule.grants, rule.really)
        table.add_row(rule.rule, *(str(number) for number in row))
    out.print(table)
    change = found.points - found.really
    out.print(
        f"{found.occasions} occasions, {found.members} members: {found.points} points,"
        f" {change:+d} beside the {found.really} really given;"
        f" more on {found.more}, less on {found.less}, the same on {found.same}"
    )
    if found.kept_out:
        out.print(f"{found.kept_out} receipts kept out by the program's limits:", style="yellow")
    for limit in found.limits:
        waiting = f", {limit.waiting} waiting for a person" if limit.waiting else ""
        told = f"{limit.refused} refused{waiting}; they would have earned {limit.points} points"
        out.print(f"  {limit.code}: {told}")
    for campaign, points in sorted(found.spent.items()):
        out.print(f"campaign {campaign}: {points} points of its budget")
    for one in found.largest:
        out.print(f"  {one.points} points (really {one.really}): {one.occasion}, {one.member_id}")
    if found.failures:
        out.print(f"{found.failures} times a rule could not be judged:", style="red")
        for failed in found.failed[:10]:
            told = f"  {failed.occasion}: {failed.rule} {failed.told}"
            out.print(told, style="red", markup=False)


def _program(ground: Ground, key: str, version: int | None, file: Path | None) -> Program:
    """Raises ProgramsError where the file has mistakes."""
    if file is not None:
        program = parse_program(file.read_text("utf-8-sig"), str(file))
        if program.program != key:
            raise NothingToSimulateError(f"{file} is of the program {program.program}.")
        return program
    chosen = newest(ground, key) if version is None else get(ground, key, version)
    if chosen is None:
        raise NothingToSimulateError(f"{key} has no such version.")
    found = checked(key, chosen.text, chosen.number)
    if isinstance(found, Refused):
        told = "\n".join(map(str, found.errors)) or found.why
        raise NothingToSimulateError(told)
    return found
