"""The HTTP API for mobile apps and partners."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from fastapi import APIRouter, FastAPI

from api import (
    events,
    explanation,
    happenings,
    health,
    members,
    points,
    profiles,
    receipts,
    rendering,
)
from api.problems import Problem, ProblemError
from api.rooms import Rooms, Waker
from preuve import logs
from preuve.intake import celery_waker
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings
from preuve.store import open_ground

UPLOADS_AT_ONCE = 3

DESCRIPTION = """
Send a proof of purchase, see what was read, and what it earned.

1. `POST /v1/receipts` with the photo, your member's id and an `Idempotency-Key`: 202 and an id.
2. `GET /v1/receipts/{id}/events` until the event that is `final`, or ask `GET /v1/receipts/{id}`.
3. `GET /v1/members/{id}/balance`.

Every error is an `application/problem+json` (RFC 9457). Branch on its `code`, which never
changes; its `remedy` tells what to do. Amounts are decimal strings, points integers, times UTC.
"""

TAGS = [
    {"name": "receipts", "description": "Documents that members sent, and what was read."},
    {"name": "members", "description": "Points, and the ledger behind them."},
    {"name": "points", "description": "Spending them, and adjustments by hand."},
    {"name": "service", "description": "The service itself."},
]

problems = APIRouter(prefix="/problems", tags=["service"])


@problems.get(
    "/{code}", summary="Explain a problem", responses=rendering.documented(Problem.NOT_FOUND)
)
def explain(code: str) -> dict[str, Any]:
    """What stands behind the `type` of a problem."""
    for problem in Problem:
        if problem.code == code:
            return problem.describe()
    raise ProblemError(Problem.NOT_FOUND, f"There is no problem {code[:100]!r}.")


def create(settings: Settings | None = None, wake: Waker | None = None) -> FastAPI:
    """The application; `uvicorn --factory api.app:create` serves it.

    `settings` come from the environment and `wake` is Celery's where they are not given.
    """
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logs.configure()
        ground = open_ground(chosen)
        programs = ProgramsInForce(ground, chosen.programs_dir)
        programs.now()  # What cannot be used is told now, not to the first caller.
        app.state.rooms = Rooms(
            settings=chosen,
            ground=ground,
            programs=programs,
            wake=wake or celery_waker(chosen.broker_url),
            uploads=anyio.CapacityLimiter(UPLOADS_AT_ONCE),
        )
        yield
        ground.close()

    app = FastAPI(
        title="Preuve",
        version="1",
        description=DESCRIPTION,
        openapi_tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
    )
    rendering.install(app)
    version_one = APIRouter(prefix="/v1")
    for room in (receipts, events, explanation, members, points, profiles, happenings, health):
        version_one.include_router(room.router)
    app.include_router(version_one)
    app.include_router(problems)
    return app
