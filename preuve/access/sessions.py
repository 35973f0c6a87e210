"""Signing in and staying so. The browser keeps a random token, the table only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from preuve.access.guessing import counted, forget, taken_back
from preuve.access.passwords import matches
from preuve.access.people import Person
from preuve.access.tables import SessionRow, UserRow
from preuve.access.users import person_from, plain_login
from preuve.store import Ground

SEEN_AGAIN = timedelta(minutes=1)
"""A session's `seen_at` is no finer than this: not every click is a write."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lasts: after the last thing done in it, and in all."""

    idle: timedelta
    length: timedelta


@dataclass(frozen=True, slots=True)
class SignedIn:
    token: str
    person: Person


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Login or password: which of them is not said."""


@dataclass(frozen=True, slots=True)
class TooManyFailures:
    """Nothing was tried; the next attempt counts after `wait`."""

    wait: timedelta


def sign_in(
    ground: Ground, login: str, password: str, address: str | None = None
) -> SignedIn | WrongPassword | TooManyFailures:
    """Opens a session, for one who asks from `address`; `guessing` says who has to wait.

    The attempt is counted before the password is looked at, so that many at one time are
    no way around the wait.
    """
    login, now = plain_login(login)[:200], ground.now()
    wait = counted(ground, login, address)
    if wait > timedelta(0):
        return TooManyFailures(wait)
    with ground.database.read() as session:
        row = session.scalar(
            select(UserRow).where(UserRow.login == login, UserRow.disabled_at.is_(None))
        )
    if not matches(row.password_hash if row else None, password) or row is None:
        return WrongPassword()
    token = secrets.token_urlsafe(32)
    with ground.database.write() as session:
        taken_back(session, login, address, now)
        session.add(SessionRow(sha256=hash_of(token), user_id=row.id, created_at=now, seen_at=now))
    return SignedIn(token, person_from(row))


def person_of(ground: Ground, token: str, lasting: Lasting, *, seen: bool = True) -> Person | None:
    """Whose session it is; None for one that ran out, was ended, or never was.

    `seen` tells that the person does something, which makes the session last.
    """
    now, sha256 = ground.now(), hash_of(token)
    found = (
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(
            SessionRow.sha256 == sha256,
            SessionRow.seen_at > now - lasting.idle,
            SessionRow.created_at > now - lasting.length,
            UserRow.disabled_at.is_(None),
        )
    )
    with ground.database.read() as session:
        row = session.execute(found).one_or_none()
    if row is None:
        return None
    held, user = row
    if seen and held.seen_at < now - SEEN_AGAIN:
        with ground.database.write() as session:
            session.execute(
                update(SessionRow).where(SessionRow.sha256 == sha256).values(seen_at=now)
            )
    return person_from(user)


def sign_out(ground: Ground, token: str) -> None:
    """Ends the session at once, for whoever holds its token."""
    with ground.database.write() as session:
        session.execute(delete(SessionRow).where(SessionRow.sha256 == hash_of(token)))


def forget_ended(ground: Ground, lasting: Lasting) -> None:
    """Removes sessions and failures that no longer count for anything."""
    now = ground.now()
    with ground.database.write() as session:
        old = (SessionRow.seen_at <= now - lasting.idle) | (
            SessionRow.created_at <= now - lasting.length
        )
        session.execute(delete(SessionRow).where(old))
        forget(session, now)


def hash_of(token: str) -> str:
    # The token is random, so a plain hash is enough: there is nothing to guess by trying.
    return hashlib.sha256(token.encode()).hexdigest()
