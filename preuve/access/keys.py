"""API keys: who may ask for what, in which program. Only a key's hash is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from preuve.access.tables import ApiKeyRow
from preuve.store import Ground

PREFIX = "prv_"


class Scope(StrEnum):
    """What a key may be allowed to do."""

    RECEIPTS_WRITE = "receipts:write"
    RECEIPTS_READ = "receipts:read"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_ERASE = "members:erase"
    EVENTS_WRITE = "events:write"
    POINTS_SPEND = "points:spend"
    POINTS_ADJUST = "points:adjust"


@dataclass(frozen=True, slots=True)
class Access:
    """What the bearer of a key may do."""

    key_id: int
    program_id: str
    name: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyView:
    """All that is known of a key; the key itself is not."""

    id: int
    program_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


def create_key(ground: Ground, program_id: str, name: str, scopes: Iterable[str]) -> str:
    """Makes a key of 256 random bits and gives it, this once; it cannot be shown again."""
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKeyRow(
        program_id=program_id,
        name=name,
        sha256=_hash(key),
        scopes=sorted(set(scopes)),
        created_at=ground.now(),
    )
    with ground.database.write() as session:
        session.add(row)
    return key


def authenticate(ground: Ground, key: str) -> Access | None:
    """Whose key this is; None for one that was never made, or was revoked."""
    found = select(ApiKeyRow).where(ApiKeyRow.sha256 == _hash(key), ApiKeyRow.revoked_at.is_(None))
    with ground.database.read() as session:
        row = session.scalar(found)
    if row is None:
        return None
    return Access(row.id, row.program_id, row.name, frozenset(row.scopes))


def list_keys(ground: Ground) -> list[KeyView]:
    """Every key that was ever made, oldest first."""
    with ground.database.read() as session:
        rows = session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.id)).all()
    return [_view(row) for row in rows]


def change_scopes(
    ground: Ground, key_id: int, *, add: Iterable[str] = (), take: Iterable[str] = ()
) -> KeyView | None:
    """The key with scopes more or fewer, from its next request on; None where it is not good."""
    found = select(ApiKeyRow).where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
    with ground.database.write() as session:
        row = session.scalar(found.with_for_update())
        if row is None:
            return None
        row.scopes = sorted({*row.scopes, *add} - {*take})
        return _view(row)


def revoke_key(ground: Ground, key_id: int) -> bool:
    """Ends a key at once. Tells whether it was still good."""
    ended = (
        update(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.revoked_at.is_(None))
        .values(revoked_at=ground.now())
        .returning(ApiKeyRow.id)
    )
    with ground.database.write() as session:
        return session.execute(ended).first() is not None


def _view(row: ApiKeyRow) -> KeyView:
    return KeyView(
        row.id, row.program_id, row.name, tuple(row.scopes), row.created_at, row.revoked_at
    )


def _hash(key: str) -> str:
    # The key is random, so a plain hash is enough: there is nothing to guess by trying.
    return hashlib.sha256(key.encode()).hexdigest()
