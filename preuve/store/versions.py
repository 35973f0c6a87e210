"""Texts kept in versions: what there is, who wrote it and why, and which one is in force.

A version's text never changes, and none is deleted: whoever saves second loses nothing. A room
says by a `Texts` where those of its kind lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from preuve.messages import say
from preuve.store.database import insert_new, take_turns
from preuve.store.table import Base, Serial


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Version:
    """One saved text. `based_on` is the version that its author started from (0: none)."""

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


V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class Unchanged(Generic[V]):
    """The text is already the newest version's; nothing was written."""

    version: V


@dataclass(frozen=True, slots=True)
class Conflict(Generic[V]):
    """Somebody saved another version meanwhile; nothing was written.

    `base` is what both started from (None: nothing), `theirs` the newest version, `yours` the
    text that was to be saved.
    """

    base: str | None
    theirs: V
    yours: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written: `why` says what is wrong, `remedy` what to do.

    `errors` has every mistake in the text, where that is the reason.
    """

    why: str
    remedy: str
    errors: tuple[Any, ...] = ()


class VersionRow(Base):
    """One text as somebody saved it; only its state changes afterwards."""

    __abstract__ = True

    program_id: Mapped[str] = mapped_column(primary_key=True)
    # Last of the key, also where a table adds a column to it.
    number: Mapped[int] = mapped_column(primary_key=True, sort_order=1)
    state: Mapped[str]
    text: Mapped[str]
    based_on: Mapped[int]
    author: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]


class EventRow(Base):
    """Who saved, published or retired which version, and why. Only ever added to."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    number: Mapped[int]
    action: Mapped[str]
    actor: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Texts(Generic[V]):
    """The texts of one kind. `name` are the columns that tell one of them from the others."""

    what: str
    version: type[V]
    rows: type[VersionRow]
    events: type[EventRow]

    def save(
        self,
        session: Session,
        name: Mapping[str, str],
        text: str,
        *,
        based_on: int | None,
        author: str,
        reason: str,
        now: datetime,
        started_from: str | None = None,
        **beside: Any,
    ) -> V | Unchanged[V] | Conflict[V] | Refused:
        """Saves a text as the newest version, a draft. It need not be valid.

        `based_on` is the number of the newest version that the author has seen, 0 for none: of
        two who change one text, the second hears of the first. None comes after whatever is
        newest. `started_from` is what they had where that was no version; `beside` are further
        columns of the row.
        """
        if refused := _no_text(text) or unsaid(author, reason):
            return refused
        self.take_turn(session, name)
        latest = self.newest(session, name)
        if latest is not None and latest.text == text:
            return Unchanged(latest)
        if latest is not None and based_on not in (None, latest.number):
            base = self.row(session, name, based_on or 0)
            return Conflict(base.text if base else started_from, latest, text)
        row = self.rows(
            **name,
            **beside,
            number=latest.number + 1 if latest else 1,
            state=State.DRAFT,
            text=text,
            based_on=latest.number if latest else 0,
            author=author,
            reason=reason,
            created_at=now,
        )
        session.add(row)
        self._note(session, name, row.number, "saved", author, reason, now)
        return self.told(row)

    def put_in_force(
        self,
        session: Session,
        name: Mapping[str, str],
        row: VersionRow,
        actor: str,
        reason: str,
        now: datetime,
    ) -> None:
        """Publishes a draft; the one that is published, if any, is retired."""
        if before := self.published_row(session, name):
            before.state, before.retired_at = State.RETIRED, now
        row.state, row.published_at = State.PUBLISHED, now
        self._note(session, name, row.number, "published", actor, reason, now)

    def take_out_of_force(
        self,
        session: Session,
        name: Mapping[str, str],
        row: VersionRow,
        actor: str,
        reason: str,
        now: datetime,
    ) -> None:
        """Retires the published version."""
        row.state, row.retired_at = State.RETIRED, now
        self._note(session, name, row.number, "retired", actor, reason, now)

    def take_turn(self, session: Session, name: Mapping[str, str]) -> None:
        """From here to the transaction's end nobody else saves this text."""
        take_turns(session, f"{self.what} {'/'.join(name.values())}")

    def row(self, session: Session, name: Mapping[str, str], number: int) -> VersionRow | None:
        return session.get(self.rows, {**name, "number": number})

    def published_row(self, session: Session, name: Mapping[str, str]) -> VersionRow | None:
        return session.scalars(self._found(**name, state=State.PUBLISHED)).one_or_none()

    def get(self, session: Session, name: Mapping[str, str], number: int) -> V | None:
        row = self.row(session, name, number)
        return self.told(row) if row else None

    def newest(self, session: Session, name: Mapping[str, str]) -> V | None:
        """The version that was saved last, whatever its state."""
        latest = self._found(**name).order_by(self.rows.number.desc()).limit(1)
        row = session.scalars(latest).first()
        return self.told(row) if row else None

    def published(self, session: Session, name: Mapping[str, str]) -> V | None:
        """The version in force."""
        row = self.published_row(session, name)
        return self.told(row) if row else None

    def all(self, session: Session, **where: str) -> list[V]:
        """The versions of which this is true, by name and number."""
        found = self._found(**where).order_by(*self.rows.__table__.primary_key)
        return [self.told(row) for row in session.scalars(found)]

    def history(self, session: Session, name: Mapping[str, str]) -> list[Event]:
        """Who did what to a text, and why, the first first."""
        found = select(self.events).filter_by(**name).order_by(self.events.id)
        return [
            Event(row.number, row.action, row.actor, row.reason, row.created_at)
            for row in session.scalars(found)
        ]

    def told(self, row: VersionRow) -> V:
        values = {field.name: getattr(row, field.name) for field in fields(self.version)}
        return self.version(**values | {"state": State(row.state)})

    def _found(self, **where: str) -> Select[VersionRow]:
        return select(self.rows).filter_by(**where)

    def _note(
        self,
        session: Session,
        name: Mapping[str, str],
        number: int,
        action: str,
        actor: str,
        reason: str,
        at: datetime,
    ) -> None:
        event = {"number": number, "action": action, "actor": actor, "reason": reason}
        session.add(self.events(**name, **event, created_at=at))


def unsaid(who: str, reason: str) -> Refused | None:
    """A refusal where nobody says who it is, or why."""
    if who.strip() and reason.strip():
        return None
    return Refused(
        say("nobody says who changes it, or why"), say("Give the author and the reason.")
    )


def count_up(session: Session, table: type[Base], **key: Any) -> None:
    """Adds one to the `number` of the row with that key, which is made where there was none."""
    insert_new(session, table, **key, number=0)
    counter: Any = session.get_one(table, key, with_for_update=True)
    counter.number += 1


def _no_text(text: str) -> Refused | None:
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in text):
        return Refused(
            say("the text holds characters that no text has"), say("Save it as UTF-8 text.")
        )
    return None
