"""The multipart body of a submission, within its limits.

The body is parsed here and not by FastAPI's form parameters: those read it before any
dependency runs, so that a caller without a key could fill the disk first.
"""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message, Receive

from api.problems import Problem, ProblemError
from preuve.reading.document import DEFAULT, EmptyFile, WrongType, sniff

MAX_FILES = DEFAULT.pages
MAX_FIELD_BYTES = 1024
MULTIPART_OVERHEAD = 64 * 1024
"""What boundaries, headers and text fields may add to the files."""


async def parse_form(request: Request, limit_bytes: int) -> FormData:
    """The form as parsed; its files lie on disk above 1 MB. Raises ProblemError.

    The body is counted as it arrives, whatever its Content-Length says.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        sent = request.headers.get("content-type") or "no content type"
        raise ProblemError(Problem.NOT_MULTIPART, f"The body came as {sent}.")
    counted = Request(request.scope, _counted(request.receive, limit_bytes))
    # One file above the limit is let through so that the answer can be ours.
    return await counted.form(
        max_files=MAX_FILES + 10, max_fields=20, max_part_size=MAX_FIELD_BYTES
    )


def _counted(receive: Receive, limit_bytes: int) -> Receive:
    size = 0

    async def receive_counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit_bytes + MULTIPART_OVERHEAD:
            raise _too_large(f"The body has more than {limit_bytes:,} bytes.", limit_bytes)
        return message

    return receive_counted


def _too_large(detail: str, limit_bytes: int) -> ProblemError:
    return ProblemError(Problem.UPLOAD_TOO_LARGE, detail, limit_bytes=limit_bytes)


async def read_files(form: FormData, limit_bytes: int) -> tuple[bytes, ...]:
    """The bytes of every part named `files`, once number, size and kind are right.

    Raises ProblemError.
    """
    parts = [part for part in form.getlist("files") if isinstance(part, UploadFile)]
    if not parts:
        named = sorted({key for key, value in form.multi_items() if isinstance(value, UploadFile)})
        hint = f" A file came as {', '.join(named)}." if named else ""
        raise ProblemError(Problem.FILE_MISSING, f"No part named `files` holds a file.{hint}")
    if len(parts) > MAX_FILES:
        detail = f"{len(parts)} files were sent, and one receipt may have {MAX_FILES}."
        raise ProblemError(Problem.TOO_MANY_FILES, detail, limit_files=MAX_FILES)
    size = sum(part.size or 0 for part in parts)
    if size > limit_bytes:
        raise _too_large(f"The files have {size:,} bytes together.", limit_bytes)
    files = []
    for number, part in enumerate(parts, 1):
        content = await part.read()
        _check_kind(content, number, part)
        files.append(content)
    return tuple(files)


def _check_kind(content: bytes, number: int, part: UploadFile) -> None:
    where: dict[str, Any] = {"file_number": number, "file_name": (part.filename or "")[:100]}
    name = f"File {number} ({where['file_name'] or 'unnamed'})"
    try:
        sniff(content)
    except EmptyFile:
        raise ProblemError(Problem.FILE_EMPTY, f"{name} has no bytes.", **where) from None
    except WrongType as error:
        raise ProblemError(Problem.UNSUPPORTED_FILE_TYPE, f"{name}: {error}", **where) from None
