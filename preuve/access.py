"""API keys: who may ask for what, in which program. Only a key's hash is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store import Ground
from preuve.store.table import Base

PREFIX = "prv_"


class ApiKeyRow(Base):
    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    program_id: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Access:
    """What the bearer of a key may do."""

    key_id: int
    program_id: str
    name: str
    scopes: frozenset[str]


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


def _hash(key: str) -> str:
    # The key is random, so a plain hash is enough: there is nothing to guess by trying.
    return hashlib.sha256(key.encode()).hexdigest()
