"""Accounts of the console: made, changed and closed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from preuve.access.passwords import acceptable, hashed
from preuve.access.people import Person, Role
from preuve.access.tables import SessionRow, SignInFailureRow, UserRow
from preuve.store import Ground
from preuve.store.database import take_turns

LANGUAGES = ("fr", "en")


class AccountFault(StrEnum):
    """Why an account stays as it was."""

    LOGIN_TAKEN = "login_taken"
    LOGIN_INVALID = "login_invalid"
    PASSWORD_LENGTH = "password_length"
    UNKNOWN = "unknown"
    LAST_ADMIN = "last_admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A person, and what became of their account. `seen_at` is of the sessions that last."""

    person: Person
    created_at: datetime
    disabled_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """What is set on an account; None leaves it as it is."""

    name: str | None = None
    role: Role | None = None
    programs: tuple[str, ...] | None = None
    language: str | None = None
    disabled: bool | None = None


def add_user(
    ground: Ground,
    login: str,
    password: str,
    *,
    name: str = "",
    role: Role = Role.OPERATOR,
    programs: Iterable[str] = (),
    language: str = LANGUAGES[0],
) -> Person | AccountFault:
    """Makes an account; its login is kept in lower case."""
    login = plain_login(login)
    if not login or len(login) > 100 or any(sign.isspace() for sign in login):
        return AccountFault.LOGIN_INVALID
    if not acceptable(password):
        return AccountFault.PASSWORD_LENGTH
    row = UserRow(
        login=login,
        name=name.strip() or login,
        role=role,
        programs=sorted(set(programs)),
        language=language,
        password_hash=hashed(password),
        created_at=ground.now(),
    )
    with ground.database.write() as session:
        take_turns(session, "accounts")
        if session.scalar(select(UserRow.id).where(UserRow.login == login)) is not None:
            return AccountFault.LOGIN_TAKEN
        session.add(row)
    return person_from(row)


def list_users(ground: Ground) -> tuple[Account, ...]:
    """Every account that was made, by name."""
    seen = (
        select(SessionRow.user_id, func.max(SessionRow.seen_at).label("seen_at"))
        .group_by(SessionRow.user_id)
        .subquery()
    )
    found = select(UserRow, seen.c.seen_at).outerjoin(seen, seen.c.user_id == UserRow.id)
    with ground.database.read() as session:
        return tuple(
            Account(person_from(row), row.created_at, row.disabled_at, seen_at)
            for row, seen_at in session.execute(found.order_by(func.lower(UserRow.name)))
        )


def user_of(ground: Ground, login: str) -> Person | None:
    """The person of that login, whether the account is open or not."""
    with ground.database.read() as session:
        row = session.scalar(select(UserRow).where(UserRow.login == plain_login(login)))
    return person_from(row) if row else None


def change_user(ground: Ground, user_id: int, change: Change) -> Person | AccountFault:
    """Sets what `change` says. One that is disabled is signed out everywhere."""
    now = ground.now()
    with ground.database.write() as session:
        take_turns(session, "accounts")
        row = session.get(UserRow, user_id)
        if row is None:
            return AccountFault.UNKNOWN
        leaves = change.disabled or change.role not in (None, Role.ADMIN)
        if leaves and row.role == Role.ADMIN and not _other_admins(session, user_id):
            return AccountFault.LAST_ADMIN
        row.name = (change.name or "").strip() or row.name
        row.role = change.role or row.role
        row.language = change.language or row.language
        if change.programs is not None:
            row.programs = sorted(set(change.programs))
        if change.disabled:
            row.disabled_at = row.disabled_at or now
            session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
        elif change.disabled is False:
            row.disabled_at = None
        return person_from(row)


def set_password(
    ground: Ground, user_id: int, password: str, keep: str | None = None
) -> Person | AccountFault:
    """Sets a password and ends the person's sessions, but the one whose sha256 is `keep`."""
    if not acceptable(password):
        return AccountFault.PASSWORD_LENGTH
    fresh = hashed(password)
    with ground.database.write() as session:
        row = session.get(UserRow, user_id)
        if row is None:
            return AccountFault.UNKNOWN
        row.password_hash = fresh
        session.execute(
            delete(SessionRow).where(SessionRow.user_id == user_id, SessionRow.sha256 != keep)
            if keep
            else delete(SessionRow).where(SessionRow.user_id == user_id)
        )
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.login == row.login))
        return person_from(row)


def plain_login(login: str) -> str:
    """A login as it is kept and looked for."""
    return login.strip().casefold()


def person_from(row: UserRow) -> Person:
    return Person(row.id, row.login, row.name, Role(row.role), tuple(row.programs), row.language)


def _other_admins(session: Session, user_id: int) -> bool:
    others = select(UserRow.id).where(
        UserRow.role == Role.ADMIN, UserRow.disabled_at.is_(None), UserRow.id != user_id
    )
    return session.scalar(others.limit(1)) is not None
