"""The versions of a template: what there is, who wrote it and why, and saving another.

A version's text never changes, and none is deleted: whoever saves second loses nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.catalog.tables import TemplateEventRow, TemplateVersionRow
from preuve.reading.template.source import MAX_BYTES
from preuve.store import Ground
from preuve.store.database import take_turns

SHARED = ""
"""In place of a program's key: templates for all programs."""

_KEY = re.compile(r"[a-z]{2,5}(\.[a-z0-9_]+)+")


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Version:
    """One saved text. `based_on` is the version that its author started from (0: none);
    `stock_text` what the stock said then (None: nothing)."""

    program_id: str
    key: str
    number: int
    state: State
    text: str
    stock_text: str | None
    based_on: int
    author: str
    reason: str
    created_at: datetime
    published_at: datetime | None
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """Who did what to which version, and why. `action`: saved, published or retired."""

    key: str
    number: int
    action: str
    actor: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody saved another version meanwhile; nothing was written.

    `base` is what both started from (None: nothing), `theirs` the newest version, `yours` the
    text that was to be saved: `merge_texts` puts them together.
    """

    base: str | None
    theirs: Version
    yours: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The text is already the newest version's; nothing was written."""

    version: Version


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written: `why` says what is wrong, `remedy` what to do."""

    why: str
    remedy: str


def save_text(
    ground: Ground,
    key: str,
    text: str,
    *,
    based_on: int | None,
    stock_text: str | None,
    author: str,
    reason: str,
    program_id: str = SHARED,
) -> Version | Unchanged | Conflict | Refused:
    """Saves a draft. It need not be valid; what is published must be.

    `based_on` is the number of the newest version that the author has seen, 0 for none; with
    None it comes after whatever is the newest.
    """
    if refused := _refused(key, text, author, reason):
        return refused
    with ground.database.write() as session:
        take_turns(session, f"template {program_id}/{key}")
        newest = newest_row(session, key, program_id)
        if newest is not None and newest.text == text:
            return Unchanged(version_of(newest))
        if newest is not None and based_on not in (None, newest.number):
            base = session.get(TemplateVersionRow, (program_id, key, based_on))
            return Conflict(base.text if base else stock_text, version_of(newest), text)
        row = TemplateVersionRow(
            program_id=program_id,
            key=key,
            number=newest.number + 1 if newest else 1,
            state=State.DRAFT,
            text=text,
            stock_text=stock_text,
            based_on=newest.number if newest else 0,
            author=author,
            reason=reason,
            created_at=ground.now(),
        )
        session.add(row)
        note_event(session, row, "saved", author, reason, row.created_at)
        return version_of(row)


def get(ground: Ground, key: str, number: int, program_id: str = SHARED) -> Version | None:
    with ground.database.read() as session:
        row = session.get(TemplateVersionRow, (program_id, key, number))
        return version_of(row) if row else None


def newest(ground: Ground, key: str, program_id: str = SHARED) -> Version | None:
    """The version that was saved last, whatever its state."""
    with ground.database.read() as session:
        row = newest_row(session, key, program_id)
        return version_of(row) if row else None


def published_version(ground: Ground, key: str, program_id: str = SHARED) -> Version | None:
    """The operators' version in force; None where the stock's is, or none."""
    found = {version.key: version for version in published_versions(ground, program_id)}
    return found.get(key)


def published_versions(ground: Ground, program_id: str = SHARED) -> list[Version]:
    """The operators' versions in force, by key."""
    return _versions(ground, program_id=program_id, state=State.PUBLISHED)


def versions(ground: Ground, key: str, program_id: str = SHARED) -> list[Version]:
    """Every version of a template, the first one first."""
    return _versions(ground, program_id=program_id, key=key)


def all_newest(ground: Ground, program_id: str = SHARED) -> list[Version]:
    """The newest version of every template that operators have saved, by key."""
    found = {version.key: version for version in _versions(ground, program_id=program_id)}
    return [found[key] for key in sorted(found)]


def history(ground: Ground, key: str, program_id: str = SHARED) -> list[Event]:
    """Who did what to a template, and why, the first first."""
    found = select(TemplateEventRow).filter_by(program_id=program_id, key=key)
    with ground.database.read() as session:
        return [
            Event(row.key, row.number, row.action, row.actor, row.reason, row.created_at)
            for row in session.scalars(found.order_by(TemplateEventRow.id))
        ]


def newest_row(session: Session, key: str, program_id: str) -> TemplateVersionRow | None:
    found = select(TemplateVersionRow).filter_by(program_id=program_id, key=key)
    return session.scalars(found.order_by(TemplateVersionRow.number.desc()).limit(1)).first()


def version_of(row: TemplateVersionRow) -> Version:
    return Version(
        program_id=row.program_id,
        key=row.key,
        number=row.number,
        state=State(row.state),
        text=row.text,
        stock_text=row.stock_text,
        based_on=row.based_on,
        author=row.author,
        reason=row.reason,
        created_at=row.created_at,
        published_at=row.published_at,
        retired_at=row.retired_at,
    )


def note_event(
    session: Session,
    row: TemplateVersionRow,
    action: str,
    actor: str,
    reason: str,
    at: datetime,
) -> None:
    session.add(
        TemplateEventRow(
            program_id=row.program_id,
            key=row.key,
            number=row.number,
            action=action,
            actor=actor,
            reason=reason,
            created_at=at,
        )
    )


def _versions(ground: Ground, **where: str) -> list[Version]:
    found = select(TemplateVersionRow).filter_by(**where)
    order = found.order_by(TemplateVersionRow.key, TemplateVersionRow.number)
    with ground.database.read() as session:
        return [version_of(row) for row in session.scalars(order)]


def _refused(key: str, text: str, author: str, reason: str) -> Refused | None:
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        return Refused(
            f"{key} has {size} bytes, more than {MAX_BYTES}",
            "Split it: move what several templates share into one that they extend.",
        )
    if not _KEY.fullmatch(key) or len(key) > 80:
        return Refused(
            f'"{key}" is no template key', "Write one like fr.carrefour, at most 80 letters."
        )
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return Refused(f"{key} holds characters that no text has", "Save the file as UTF-8 text.")
    if not author.strip() or not reason.strip():
        return Refused("nobody says who changes it, or why", "Give the author and the reason.")
    return None
