"""Passwords, kept as argon2id hashes (RFC 9106, as argon2-cffi sets its costs)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

SHORTEST, LONGEST = 10, 200

_hasher = PasswordHasher()


def acceptable(password: str) -> bool:
    """Whether it is of 10 to 200 characters: length is what guessing costs."""
    return SHORTEST <= len(password) <= LONGEST


def hashed(password: str) -> str:
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password of that hash. None takes as long, and is never right."""
    try:
        right = _hasher.verify(password_hash or _nobodys(), password[: LONGEST + 1])
    except VerifyMismatchError:
        return False
    return right and password_hash is not None


@cache
def _nobodys() -> str:
    return hashed("the hash that is tried where there is no account")
