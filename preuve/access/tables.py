"""Who may ask for what: keys of programs, accounts of people, and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from preuve.store.table import Base, Serial


class ApiKeyRow(Base):
    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class UserRow(Base):
    """A person of the console. `login` is in lower case; `programs` are keys of programs."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    programs: Mapped[list[Any]]
    language: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SessionRow(Base):
    """A sign-in that lasts; `sha256` is of the token that the browser keeps."""

    __tablename__ = "sessions"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(UserRow.id), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SignInFailureRow(Base):
    """Failures in a row for one login, whether such an account exists or not."""

    __tablename__ = "sign_in_failures"

    login: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]


class AddressFailureRow(Base):
    """Failures from one address, as the moment when all of them will be forgotten."""

    __tablename__ = "address_failures"

    address: Mapped[str] = mapped_column(primary_key=True)
    forgotten_at: Mapped[datetime]
