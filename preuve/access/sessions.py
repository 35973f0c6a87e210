"""Signing in and staying so. The browser keeps a random token, the table only its hash."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from preuve.access.passwords import matches
from preuve.access.people import Person
from preuve.access.tables import SessionRow, SignInFailureRow, UserRow
from preuve.access.users import person_from, plain_login
from preuve.store import Ground
from preuve.store.database import take_turns

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN = timedelta(days=1)
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
    ground: Ground, login: str, password: str
) -> SignedIn | WrongPassword | TooManyFailures:
    """Opens a session. After five failures in a row each attempt waits twice as long, to 5 minutes.

    The attempt is counted before the password is looked at, so that many at one time are
    no way around the wait.
    """
    login, now = plain_login(login)[:200], ground.now()
    with ground.database.write() as session:
        take_turns(session, f"sign-in of {login}")
        wait = _count(session, login, now)
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
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.login == login))
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
        session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < now - FORGOTTEN))


def hash_of(token: str) -> str:
    # The token is random, so a plain hash is enough: there is nothing to guess by trying.
    return hashlib.sha256(token.encode()).hexdigest()


def _count(session: Session, login: str, now: datetime) -> timedelta:
    """How long to wait yet; where there is no wait, the attempt is counted as a failure."""
    row = session.get(SignInFailureRow, login)
    if row is None:
        session.add(SignInFailureRow(login=login, failures=1, last_at=now))
        return timedelta(0)
    if row.last_at < now - FORGOTTEN:
        row.failures = 0
    if row.failures >= FREE_FAILURES:
        doubled = min(row.failures - FREE_FAILURES, 20)
        wait = row.last_at + min(timedelta(seconds=2**doubled), LONGEST_WAIT) - now
        if wait > timedelta(0):
            return wait
    row.failures, row.last_at = row.failures + 1, now
    return timedelta(0)
