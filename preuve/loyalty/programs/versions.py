"""The versions of a program: saving one, putting it in force, and what there is."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.programs.tables import (
    ProgramEventRow,
    ProgramsRevisionRow,
    ProgramVersionRow,
)
from preuve.loyalty.rules.load import ProgramsError, parse_program
from preuve.loyalty.rules.program import Program
from preuve.messages import say
from preuve.store import Ground
from preuve.store.versions import (
    Conflict,
    Event,
    Refused,
    State,
    Texts,
    Unchanged,
    Version,
    VersionRow,
    count_up,
    unsaid,
)

__all__ = ["Conflict", "Event", "Refused", "State", "Unchanged", "Version"]

Saved = Version | Unchanged[Version] | Conflict[Version] | Refused

PROGRAMS = Texts("program", Version, ProgramVersionRow, ProgramEventRow)
THE_ONE = 1
"""The key of the row that counts publications."""


def save_draft(
    ground: Ground,
    program_id: str,
    text: str,
    *,
    based_on: int | None,
    author: str,
    reason: str,
) -> Saved:
    """Saves a text as the program's newest version. It need not be valid; what is published must.

    `based_on` is the number of the newest version that the author has seen, 0 for none: of two
    who change a program, the second hears of the first. None comes after whatever is newest.
    """
    with ground.database.write() as session:
        return PROGRAMS.save(
            session,
            _name(program_id),
            text,
            based_on=based_on,
            author=author,
            reason=reason,
            now=ground.now(),
        )


def publish(
    ground: Ground, program_id: str, number: int, *, actor: str, reason: str
) -> Version | Refused:
    """Puts a draft in force: whatever is judged from the next moment on is judged by it.

    What was credited stays as it is until it is judged again.
    """
    if refused := unsaid(actor, reason):
        return refused
    name = _name(program_id)
    with ground.database.write() as session:
        PROGRAMS.take_turn(session, name)
        row = PROGRAMS.row(session, name, number)
        if row is None or row.state != State.DRAFT:
            return _no_draft(program_id, number, row)
        program = checked(program_id, row.text, number)
        if isinstance(program, Refused):
            return program
        PROGRAMS.put_in_force(session, name, row, actor, reason, ground.now())
        _count_up(session)
        return PROGRAMS.told(row)


def retire(ground: Ground, program_id: str, *, actor: str, reason: str) -> Version | Refused:
    """Takes the published version out of force: the file's text is used again, if there is one."""
    if refused := unsaid(actor, reason):
        return refused
    name = _name(program_id)
    with ground.database.write() as session:
        PROGRAMS.take_turn(session, name)
        row = PROGRAMS.published_row(session, name)
        if row is None:
            told = say("{key} has no published version", key=program_id)
            return Refused(told, say("There is nothing to take out of force."))
        PROGRAMS.take_out_of_force(session, name, row, actor, reason, ground.now())
        _count_up(session)
        return PROGRAMS.told(row)


def roll_back(ground: Ground, program_id: str, number: int, *, author: str, reason: str) -> Saved:
    """Saves an older version's text as a new draft."""
    older = get(ground, program_id, number)
    if older is None:
        remedy = say("`preuve programs history {key}` has all of them.", key=program_id)
        return Refused(say("{key} has no version {number}", key=program_id, number=number), remedy)
    return save_draft(ground, program_id, older.text, based_on=None, author=author, reason=reason)


def checked(program_id: str, text: str, number: int) -> Program | Refused:
    """The program that a version's text says, or everything that is wrong with it."""
    name = f"{program_id} version {number}"
    try:
        program = parse_program(text, name)
    except ProgramsError as invalid:
        return Refused(say("{name} has mistakes", name=name), invalid.remedy, tuple(invalid.errors))
    if program.program != program_id:
        told = say('{name} says that it is the program "{said}"', name=name, said=program.program)
        return Refused(told, say("Write `program: {key}`.", key=program_id))
    return program


def get(ground: Ground, program_id: str, number: int) -> Version | None:
    with ground.database.read() as session:
        return PROGRAMS.get(session, _name(program_id), number)


def newest(ground: Ground, program_id: str) -> Version | None:
    """The version that was saved last, whatever its state."""
    with ground.database.read() as session:
        return PROGRAMS.newest(session, _name(program_id))


def published_version(ground: Ground, program_id: str) -> Version | None:
    """The version in force; None where the file's text is, or none."""
    with ground.database.read() as session:
        return PROGRAMS.published(session, _name(program_id))


def published_versions(session: Session) -> list[Version]:
    """The versions in force, of every program."""
    return PROGRAMS.all(session, state=State.PUBLISHED)


def ever_published(session: Session, program_id: str) -> list[Version]:
    """The versions of a program that are or were in force, the newest first."""
    found = PROGRAMS.all(session, program_id=program_id)
    return [version for version in reversed(found) if version.published_at]


def versions(ground: Ground, program_id: str) -> list[Version]:
    """Every version of a program, the first one first."""
    with ground.database.read() as session:
        return PROGRAMS.all(session, program_id=program_id)


def history(ground: Ground, program_id: str) -> list[Event]:
    """Who did what to a program, and why, the first first."""
    with ground.database.read() as session:
        return PROGRAMS.history(session, _name(program_id))


def revision(session: Session) -> int:
    """Changes with every publication of any program."""
    return session.scalar(select(ProgramsRevisionRow.number)) or 0


def _name(program_id: str) -> dict[str, str]:
    return {"program_id": program_id}


def _no_draft(program_id: str, number: int, row: VersionRow | None) -> Refused:
    remedy = say("`preuve programs history {key}` tells what there is.", key=program_id)
    if row is None:
        return Refused(say("{key} has no version {number}", key=program_id, number=number), remedy)
    told = say("{key} version {number} is no draft any more", key=program_id, number=number)
    return Refused(told, remedy)


def _count_up(session: Session) -> None:
    count_up(session, ProgramsRevisionRow, id=THE_ONE)
