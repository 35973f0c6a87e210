"""Every error of the API becomes problem details here, FastAPI's and Starlette's too."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.problems import MEDIA_TYPE, Problem, ProblemDetails, ProblemError

log = structlog.get_logger(__name__)

_BY_STATUS = {
    400: Problem.MALFORMED_BODY,
    404: Problem.NOT_FOUND,
    405: Problem.METHOD_NOT_ALLOWED,
}


def install(app: FastAPI) -> None:
    """Render every error of `app` as a problem."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(OperationalError, _no_database)
    app.add_exception_handler(OSError, _no_disk)
    app.add_exception_handler(Exception, _fault)


def documented(*problems: Problem) -> dict[int | str, dict[str, Any]]:
    """These problems as `responses` of a route, with an example of each."""
    answers: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        answer = answers.setdefault(
            problem.status,
            {
                "model": ProblemDetails,
                "description": "",
                "content": {MEDIA_TYPE: {"examples": {}}},
            },
        )
        answer["description"] += ("; " if answer["description"] else "") + problem.title
        answer["content"][MEDIA_TYPE]["examples"][problem.code] = {
            "summary": problem.title,
            "value": {
                **problem.describe(),
                "detail": f"{problem.title}.",
                "instance": "/v1/receipts",
            },
        }
    return answers


def render(request: Request, error: ProblemError) -> Response:
    body = {
        **error.problem.describe(),
        "detail": error.detail,
        "instance": request.url.path,
        **error.members,
    }
    return JSONResponse(body, error.problem.status, headers=error.headers, media_type=MEDIA_TYPE)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return render(request, error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = _BY_STATUS.get(error.status_code, Problem.INTERNAL)
    detail = f"{request.method} {request.url.path}: {error.detail}"
    return render(request, ProblemError(problem, detail, headers=error.headers))


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in item["loc"]), "message": item["msg"]}
        for item in error.errors()
    ]
    if any(item["where"].lower() == "header.idempotency-key" for item in errors):
        missing = "idempotency-key" not in request.headers
        if missing:
            problem = Problem.IDEMPOTENCY_KEY_MISSING
            return render(request, ProblemError(problem, "The request has no such header."))
    detail = "; ".join(f"{item['where']}: {item['message']}" for item in errors)
    return render(request, ProblemError(Problem.INVALID_REQUEST, detail, errors=errors))


async def _no_database(request: Request, error: Exception) -> Response:
    log.error("database did not answer", path=request.url.path, exc_info=error)
    return render(request, _unavailable("The database did not answer."))


async def _no_disk(request: Request, error: Exception) -> Response:
    log.error("storage refused", path=request.url.path, exc_info=error)
    return render(request, _unavailable("The storage refused."))


async def _fault(request: Request, error: Exception) -> Response:
    log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
    return render(request, ProblemError(Problem.INTERNAL, "The fault was logged."))


def _unavailable(detail: str) -> ProblemError:
    return ProblemError(Problem.UNAVAILABLE, detail, headers={"Retry-After": "5"})
