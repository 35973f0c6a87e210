"""How often one may guess a password: by login, and by the address that the guesses come from."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import delete
from sqlalchemy.orm import Session

from preuve.access.tables import AddressFailureRow, SignInFailureRow
from preuve.store import Ground
from preuve.store.database import take_turns

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN = timedelta(days=1)
AT_ONCE = 30
"""Failures that one address has free: an office full of people may be behind it."""
ONE_FORGOTTEN = timedelta(minutes=1)
"""After this time an address has one more."""


def counted(ground: Ground, login: str, address: str | None) -> timedelta:
    """How long to wait yet; where there is no wait, the attempt is counted as a failure.

    After five failures in a row each attempt for a login waits twice as long, to 5 minutes. From
    one address there may be thirty failures for any logins, and one more each minute.
    """
    now, place = ground.now(), place_of(address)
    with ground.database.write() as session:
        for one in filter(None, (place, login)):
            take_turns(session, f"sign-in of {one}")
        wait = _wait_of_place(session, place, now) or _count_login(session, login, now)
        if place and not wait:
            _move(session, place, now, ONE_FORGOTTEN)
        return wait


def taken_back(session: Session, login: str, address: str | None, now: datetime) -> None:
    """The attempt was no failure: the login starts anew, the address gets it back."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.login == login))
    if place := place_of(address):
        take_turns(session, f"sign-in of {place}")
        _move(session, place, now, -ONE_FORGOTTEN)


def forget(session: Session, now: datetime) -> None:
    """Removes what counts no longer."""
    session.execute(delete(SignInFailureRow).where(SignInFailureRow.last_at < now - FORGOTTEN))
    session.execute(delete(AddressFailureRow).where(AddressFailureRow.forgotten_at < now))


def place_of(address: str | None) -> str | None:
    """What is counted for an address: of IPv6, where a person has many, their network."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(ip_network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


def _wait_of_place(session: Session, place: str | None, now: datetime) -> timedelta:
    row = session.get(AddressFailureRow, place) if place else None
    none = timedelta(0)
    return max(none, row.forgotten_at - now - (AT_ONCE - 1) * ONE_FORGOTTEN) if row else none


def _move(session: Session, place: str, now: datetime, by: timedelta) -> None:
    row = session.get(AddressFailureRow, place)
    if row is None:
        row = AddressFailureRow(address=place, forgotten_at=now)
        session.add(row)
    row.forgotten_at = max(row.forgotten_at, now) + by


def _count_login(session: Session, login: str, now: datetime) -> timedelta:
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
