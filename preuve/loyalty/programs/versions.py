"""The versions of a program: what there is, who wrote it and why; saving and publishing.

A version's text never changes, and none is deleted: whoever saves second loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.programs.tables import (
    ProgramEventRow,
    ProgramsRevisionRow,
    ProgramVersionRow,
)
from preuve.loyalty.rules.load import ProgramError, ProgramsError, parse_program
from preuve.loyalty.rules.program import Program
from preuve.store import Ground
from preuve.store.database import insert_new, take_turns

THE_ONE = 1
"""The key of the row that counts publications."""


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Version:
    """One saved text. `based_on` is the version that its author started from (0: the file)."""

    program_id: str
    number: int
    state: State
    text: str
    based_on: int
    author: str
    reason: str
    created_at: datetime
    published_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to which version, and why. `action`: saved, published or retired."""

    number: int
    action: str
    actor: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The text is already the newest version's; nothing was written."""

    version: Version


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved `theirs` meanwhile; nothing was written."""

    theirs: Version


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written: `why` says what is wrong, `remedy` what to do.

    `errors` has every mistake in the text, where that is the reason.
    """

    why: str
    remedy: str
    errors: tuple[ProgramError, ...] = ()


def save_draft(
    ground: Ground,
    program_id: str,
    text: str,
    *,
    based_on: int | None,
    author: str,
    reason: str,
) -> Version | Unchanged | Conflict | Refused:
    """Saves a text as the program's newest version. It need not be valid; what is published must.

    `based_on` is the number of the newest version that the author has seen, 0 for none: of two
    who change a program, the second hears of the first. None comes after whatever is newest.
    """
    if refused := _refused(text, author, reason):
        return refused
    with ground.database.write() as session:
        take_turns(session, f"program {program_id}")
        latest = _newest_row(session, program_id)
        if latest is not None and latest.text == text:
            return Unchanged(_version(latest))
        if latest is not None and based_on not in (None, latest.number):
            return Conflict(_version(latest))
        row = ProgramVersionRow(
            program_id=program_id,
            number=latest.number + 1 if latest else 1,
            state=State.DRAFT,
            text=text,
            based_on=latest.number if latest else 0,
            author=author,
            reason=reason,
            created_at=ground.now(),
        )
        session.add(row)
        _note(session, row, "saved", author, reason, row.created_at)
        return _version(row)


def publish(
    ground: Ground, program_id: str, number: int, *, actor: str, reason: str
) -> Version | Refused:
    """Puts a draft in force: whatever is judged from the next moment on is judged by it.

    What was credited stays as it is until it is judged again.
    """
    if refused := _unsaid(actor, reason):
        return refused
    with ground.database.write() as session:
        take_turns(session, f"program {program_id}")
        row = session.get(ProgramVersionRow, (program_id, number))
        if row is None or row.state != State.DRAFT:
            return _no_draft(program_id, number, row)
        program = checked(program_id, row.text, number)
        if isinstance(program, Refused):
            return program
        now = ground.now()
        if before := _published_row(session, program_id):
            before.state, before.retired_at = State.RETIRED, now
        row.state, row.published_at = State.PUBLISHED, now
        _note(session, row, "published", actor, reason, now)
        _count_up(session)
        return _version(row)


def retire(ground: Ground, program_id: str, *, actor: str, reason: str) -> Version | Refused:
    """Takes the published version out of force: the file's text is used again, if there is one."""
    if refused := _unsaid(actor, reason):
        return refused
    with ground.database.write() as session:
        take_turns(session, f"program {program_id}")
        row = _published_row(session, program_id)
        if row is None:
            told = f"{program_id} has no published version"
            return Refused(told, "There is nothing to take out of force.")
        row.state, row.retired_at = State.RETIRED, ground.now()
        _note(session, row, "retired", actor, reason, row.retired_at)
        _count_up(session)
        return _version(row)


def roll_back(
    ground: Ground, program_id: str, number: int, *, author: str, reason: str
) -> Version | Unchanged | Conflict | Refused:
    """Saves an older version's text as a new draft."""
    older = get(ground, program_id, number)
    if older is None:
        remedy = f"`preuve programs history {program_id}` has all of them."
        return Refused(f"{program_id} has no version {number}", remedy)
    return save_draft(ground, program_id, older.text, based_on=None, author=author, reason=reason)


def checked(program_id: str, text: str, number: int) -> Program | Refused:
    """The program that a version's text says, or everything that is wrong with it."""
    name = f"{program_id} version {number}"
    try:
        program = parse_program(text, name)
    except ProgramsError as invalid:
        return Refused(f"{name} has mistakes", invalid.remedy, tuple(invalid.errors))
    if program.program != program_id:
        told = f"{name} says that it is the program {program.program!r}"
        return Refused(told, f"Write `program: {program_id}`.")
    return program


def get(ground: Ground, program_id: str, number: int) -> Version | None:
    with ground.database.read() as session:
        row = session.get(ProgramVersionRow, (program_id, number))
        return _version(row) if row else None


def newest(ground: Ground, program_id: str) -> Version | None:
    """The version that was saved last, whatever its state."""
    with ground.database.read() as session:
        row = _newest_row(session, program_id)
        return _version(row) if row else None


def published_version(ground: Ground, program_id: str) -> Version | None:
    """The version in force; None where the file's text is, or none."""
    with ground.database.read() as session:
        row = _published_row(session, program_id)
        return _version(row) if row else None


def published_versions(session: Session) -> list[Version]:
    """The versions in force, of every program."""
    found = select(ProgramVersionRow).filter_by(state=State.PUBLISHED)
    return [_version(row) for row in session.scalars(found.order_by(ProgramVersionRow.program_id))]


def ever_published(session: Session, program_id: str) -> list[Version]:
    """The versions of a program that are or were in force, the newest first."""
    found = select(ProgramVersionRow).filter_by(program_id=program_id)
    found = found.where(ProgramVersionRow.published_at.is_not(None))
    return [
        _version(row) for row in session.scalars(found.order_by(ProgramVersionRow.number.desc()))
    ]


def versions(ground: Ground, program_id: str) -> list[Version]:
    """Every version of a program, the first one first."""
    found = select(ProgramVersionRow).filter_by(program_id=program_id)
    with ground.database.read() as session:
        return [_version(row) for row in session.scalars(found.order_by(ProgramVersionRow.number))]


def history(ground: Ground, program_id: str) -> list[Event]:
    """Who did what to a program, and why, the first first."""
    found = select(ProgramEventRow).filter_by(program_id=program_id)
    with ground.database.read() as session:
        return [
            Event(row.number, row.action, row.actor, row.reason, row.created_at)
            for row in session.scalars(found.order_by(ProgramEventRow.id))
        ]


def revision(session: Session) -> int:
    """Changes with every publication of any program."""
    return session.scalar(select(ProgramsRevisionRow.number)) or 0


def _newest_row(session: Session, program_id: str) -> ProgramVersionRow | None:
    found = select(ProgramVersionRow).filter_by(program_id=program_id)
    return session.scalars(found.order_by(ProgramVersionRow.number.desc()).limit(1)).first()


def _published_row(session: Session, program_id: str) -> ProgramVersionRow | None:
    found = select(ProgramVersionRow).filter_by(program_id=program_id, state=State.PUBLISHED)
    return session.scalars(found).one_or_none()


def _no_draft(program_id: str, number: int, row: ProgramVersionRow | None) -> Refused:
    stands = f"is {row.state}, no draft" if row else "does not exist"
    remedy = f"`preuve programs history {program_id}` tells what there is."
    return Refused(f"{program_id} version {number} {stands}", remedy)


def _refused(text: str, author: str, reason: str) -> Refused | None:
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return Refused("the text holds characters that no text has", "Save it as UTF-8 text.")
    return _unsaid(author, reason)


def _unsaid(who: str, reason: str) -> Refused | None:
    if who.strip() and reason.strip():
        return None
    return Refused("nobody says who changes it, or why", "Give the author and the reason.")


def _count_up(session: Session) -> None:
    take_turns(session, "programs revision")
    insert_new(session, ProgramsRevisionRow, id=THE_ONE, number=0)
    session.get_one(ProgramsRevisionRow, THE_ONE, with_for_update=True).number += 1


def _note(
    session: Session, row: ProgramVersionRow, action: str, actor: str, reason: str, at: datetime
) -> None:
    session.add(
        ProgramEventRow(
            program_id=row.program_id,
            number=row.number,
            action=action,
            actor=actor,
            reason=reason,
            created_at=at,
        )
    )


def _version(row: ProgramVersionRow) -> Version:
    return Version(
        program_id=row.program_id,
        number=row.number,
        state=State(row.state),
        text=row.text,
        based_on=row.based_on,
        author=row.author,
        reason=row.reason,
        created_at=row.created_at,
        published_at=row.published_at,
        retired_at=row.retired_at,
    )
