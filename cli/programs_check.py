"""`preuve programs check`, `schema`, `explain`: a program's text, without any database."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.ground import opened_ground
from preuve.loyalty import Award, Past, Program, ProgramsError, load_programs, parse_program
from preuve.loyalty.occasions.explaining import explain_purchase
from preuve.loyalty.rules.compiled import compiled
from preuve.loyalty.rules.explain import Explained, explain
from preuve.loyalty.rules.facts import MemberFacts, Occasion
from preuve.loyalty.rules.facts_of import facts_of
from preuve.loyalty.rules.sentences import tell, tell_grant
from preuve.loyalty.rules.written import nearest
from preuve.reading.ocr import EngineName
from preuve.reading.result import Reading
from preuve.settings import Settings

out = Console(highlight=False)


class UnreadableError(Exception):
    remedy = "`preuve read FILE` tells what is wrong with the document."


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of programs; the usual folder if none is given."),
    ] = None,
) -> None:
    """Tell every mistake in programs, each with its file, line and field; then the warnings."""
    programs, errors = [], []
    try:
        if not files:
            programs = list(load_programs(Settings().programs_dir).values())
    except ProgramsError as found:
        errors += found.errors
    for path in files or ():
        try:
            programs.append(parse_program(path.read_text("utf-8"), str(path)))
        except UnicodeDecodeError:
            raise typer.BadParameter(f"{path} is not UTF-8 text; save it as UTF-8.") from None
        except ProgramsError as found:
            errors += found.errors
    for error in errors:
        out.print(str(error), style="red", markup=False, soft_wrap=True)
    if errors:
        raise typer.Exit(1)
    warnings = [told for program in programs for told in _warnings(program)]
    for told in warnings:
        out.print(told, style="yellow", markup=False, soft_wrap=True)
    rules = sum(len(program.earn) for program in programs)
    counted = f"{len(programs)} programs with {rules} rules, no error"
    out.print(counted + (f", {len(warnings)} warnings" if warnings else ""))


def schema() -> None:
    """Print the JSON Schema of programs for editors; docs/program.schema.json is this."""
    json.dump(Program.model_json_schema(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def explain_command(
    program: Annotated[Path, typer.Argument(help="The program's file.", exists=True)],
    document: Annotated[Path, typer.Argument(help="A picture or a PDF.", exists=True)],
    segment: Annotated[
        list[str] | None, typer.Option(help="A segment that the member is in.")
    ] = None,
    member: Annotated[
        str | None, typer.Option(help="A member of the database, with what they did before.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the sentences: fr or en.")] = "fr",
    engine: Annotated[EngineName | None, typer.Option(help="Else as the settings say.")] = None,
) -> None:
    """Read a receipt, and tell what each rule makes of it, and what the member would be told.

    As if it was sent today, and by a member of whom nothing is known, unless you name one. Limits
    are not looked at. Nothing is kept.
    """
    loaded = parse_program(program.read_text("utf-8"), str(program))
    reading = _read(document, engine or Settings().engine, loaded)
    purchase = facts_of(
        reading, receipt_id=document.name, member_id=member or "m", received_at=datetime.now(UTC)
    )
    segments = frozenset(segment or ())
    if member is None:
        who = MemberFacts("m", segments=segments)
        occasion = Occasion("receipt", document.name, purchase.received_at, who, purchase)
        found, rules = explain(occasion, loaded, Past())
        out.print("as the first receipt of a member, with nothing given to anybody before\n")
    else:
        with opened_ground(Settings()) as ground:
            told = explain_purchase(ground, loaded, purchase, segments)
        found, rules = told.award, told.rules
        counted = f"as the next receipt of {member}, after {told.before} that were credited"
        out.print(f"{counted}\n", markup=False)
    _show_explained(found, rules, language)


def _show_explained(found: Award, rules: Sequence[Explained], language: str) -> None:
    """Raises typer.Exit where a rule could not be judged."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("rule", "points", "why"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for one in rules:
        shown = str(one.points) if one.points else ""
        table.add_row(one.rule, shown, escape(one.told), style=None if one.points else "dim")
    out.print(table)
    out.print(f"\n{found.points} points, counted on {found.counted_on}", style="bold")
    for told in tell(found.lines, language):
        out.print(f"  {told.text}", markup=False, soft_wrap=True)
    for grant in found.grants:
        out.print(f"  {tell_grant(grant, language)}", markup=False, soft_wrap=True)
    for error in found.errors:
        out.print(f"rule error in {error.rule}: {error.told}", style="red", markup=False)
    if found.errors:
        raise typer.Exit(1)


def _read(document: Path, engine: EngineName, program: Program) -> Reading:
    # It loads the engine, which no other command of programs needs.
    from cli.reader import Request, ask, reading_lane
    from preuve.reading.result import Context

    country = program.limits.countries[0] if program.limits.countries else None
    context = Context(received_on=None, country=country)
    with reading_lane(engine, [Settings().templates_dir], context) as lane:
        outcome = ask(lane, Request((document,)))
    if outcome.read is None:
        problem = outcome.problem.message if outcome.problem else "cannot be read"
        raise UnreadableError(f"{document}: {problem}")
    return outcome.read.reading


def _warnings(program: Program) -> list[str]:
    """Fields that no template of the stock has: mostly a misspelled name."""
    asked = {
        (rule.rule, name)
        for rule in program.earn
        for name in (*rule.condition.fields, *_fields_in_expressions(program).get(rule.rule, ()))
    }
    if not asked:
        return []
    from preuve.reading.template.load import load_templates

    templates = load_templates(Settings().templates_dir)
    known = {name for one in templates.retailers.values() for name in one.fields}
    return [
        f"{program.program}: rule {rule} asks for the field {name}, which no template has"
        f"{nearest(name, known)}"
        for rule, name in sorted(asked)
        if name not in known
    ]


def _fields_in_expressions(program: Program) -> dict[str, list[str]]:
    return {
        one.rule.rule: [
            n.partition(".")[2] for n in one.expression.uses.names if n[:7] == "fields."
        ]
        for one in compiled(program).rules
        if one.expression
    }
