"""Whether this process can do its work."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal

import redis
import structlog
from fastapi import APIRouter, Depends, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api.bodies import HealthBody
from api.rooms import House

log = structlog.get_logger(__name__)
router = APIRouter(tags=["service"])

State = Literal["ok", "down"]


def _database(house: House) -> State:
    try:
        with house.ground.database.read() as session:
            session.execute(text("SELECT 1 FROM receipts LIMIT 1"))
    except SQLAlchemyError as error:
        log.error("database is down", error=str(error))
        return "down"
    return "ok"


def _queue(house: House) -> State:
    address = house.settings.broker_url.replace("redis+socket://", "unix://", 1)
    try:
        with redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1) as client:
            client.ping()
    except redis.RedisError as error:
        log.error("queue is down", error=str(error))
        return "down"
    return "ok"


@router.get("/health", summary="Ask how the service is", responses={503: {"model": HealthBody}})
def health(
    response: Response,
    database: Annotated[State, Depends(_database)],
    queue: Annotated[State, Depends(_queue)],
) -> HealthBody:
    """200 while uploads are safe: without the queue they are stored, and read when it is back."""
    if database == "down":
        response.status_code = 503
    status = "down" if database == "down" else "ok" if queue == "ok" else "degraded"
    return HealthBody(status=status, database=database, queue=queue, version=_version())


def _version() -> str:
    try:
        return version("preuve")
    except PackageNotFoundError:
        return "source"
