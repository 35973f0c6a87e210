"""What the handlers work with, opened once a process, and who is calling."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

import anyio
from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.bodies import RECEIPT_ID
from api.problems import Problem, ProblemError
from preuve.access import Access, Scope, authenticate
from preuve.loyalty import Program
from preuve.settings import Settings
from preuve.store import Ground


class Waker(Protocol):
    """Tells a worker that a receipt waits; may fail, the sweeper comes after it."""

    def __call__(self, receipt_id: str, queue: str, /) -> None: ...


@dataclass(frozen=True)
class Rooms:
    """`uploads` bounds how many submissions are held in memory at one time."""

    settings: Settings
    ground: Ground
    programs: Mapping[str, Program]
    wake: Waker
    uploads: anyio.CapacityLimiter


UNAUTHORIZED = (Problem.KEY_MISSING, Problem.KEY_INVALID, Problem.SCOPE_MISSING)


def rooms_of(request: Request) -> Rooms:
    rooms: Rooms = request.app.state.rooms
    return rooms


House = Annotated[Rooms, Depends(rooms_of)]
ReceiptId = Annotated[str, Path(pattern=RECEIPT_ID, description="As the submission was answered.")]

_bearer = HTTPBearer(
    scheme_name="API key",
    bearerFormat="prv_…",
    description="A program's key. Each key has scopes: " + ", ".join(Scope) + ".",
    auto_error=False,
)


def may(scope: Scope) -> Callable[..., Access]:
    """A dependency that gives the caller's key where it has `scope`."""

    def check(
        house: House,
        credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
    ) -> Access:
        challenge = {"WWW-Authenticate": "Bearer"}
        if credentials is None:
            detail = "The request has no Authorization header with a Bearer key."
            raise ProblemError(Problem.KEY_MISSING, detail, headers=challenge)
        access = authenticate(house.ground, credentials.credentials)
        if access is None:
            raise ProblemError(Problem.KEY_INVALID, "No program has this key.", headers=challenge)
        if scope not in access.scopes:
            detail = f"The key {access.name!r} has not the scope {scope}."
            raise ProblemError(Problem.SCOPE_MISSING, detail, scope=scope)
        return access

    return check


def program_of(house: Rooms, access: Access) -> Program:
    """The program that the key belongs to. Raises ProblemError where it is not loaded."""
    program = house.programs.get(access.program_id)
    if program is None:
        detail = f"The program {access.program_id!r} is not set up on this server."
        raise ProblemError(Problem.UNAVAILABLE, detail)
    return program
