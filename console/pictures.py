"""The pictures of receipts, drawn for people of their program alone, and kept for a while."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import anyio
import anyio.to_thread
import structlog
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from console.rooms import Rooms
from console.visit import Visit
from preuve.catalog.erasure import PICTURES
from preuve.catalog.specimens import is_specimen, specimen
from preuve.intake import files_of
from preuve.reading.document import DocumentError
from preuve.reading.showing import draw_page
from preuve.store import make_private
from preuve.store.blobs import files_name

AT_ONCE = anyio.CapacityLimiter(2)
MOST_KEPT = 4000
"""Pictures in the cache, of about 300 KB each; beyond, the oldest go."""

router = APIRouter()
log = structlog.get_logger(__name__)


@router.get("/p/{program}/receipts/{receipt_id}/pages/{number}")
async def page_picture(request: Request, receipt_id: str, number: int, turned: int = 0) -> Response:
    """A page as a JPEG, `turned` quarters against the clock: 404 unless it is of a program of
    the person's, 410 where the file is gone, 422 where it cannot be drawn."""
    visit = Visit.of(request)
    if visit.of_program is None or not 1 <= number <= 1000:
        return PlainTextResponse("No such page.", 404)
    program = visit.of_program.program
    known = await visit.run(_files, visit.rooms, program, receipt_id)
    if known is None:
        return PlainTextResponse("No such page.", 404)
    try:
        drawn = await anyio.to_thread.run_sync(
            _picture, visit.rooms, known, number, turned % 4, limiter=AT_ONCE
        )
    except FileNotFoundError:
        return PlainTextResponse("The file is no longer there.", 410)
    except LookupError:
        return PlainTextResponse("No such page.", 404)
    except DocumentError as error:
        return PlainTextResponse(str(error), 422)
    return Response(
        drawn, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"}
    )


def _files(rooms: Rooms, program: str, document_id: str) -> tuple[str, ...] | None:
    """The files of a receipt, or of a specimen that a template is made from."""
    if is_specimen(document_id):
        shown = specimen(rooms.ground, program, document_id)
        return (shown.sha256,) if shown else None
    return files_of(rooms.ground, program, document_id)


def _picture(rooms: Rooms, files: tuple[str, ...], number: int, turned: int) -> bytes:
    folder = rooms.settings.cache_dir / PICTURES
    place = folder / f"{files_name(files)}-{number}-{turned}.jpg"
    # A document that is gone is gone, though its picture is still in the cache.
    missing = [file for file in files if not rooms.ground.blobs.path(file).exists()]
    if missing:
        raise FileNotFoundError(missing[0])
    with contextlib.suppress(FileNotFoundError):
        return place.read_bytes()
    drawn = draw_page([rooms.ground.blobs.get(file) for file in files], number, turned)
    try:
        _keep(place, drawn)
    except OSError as error:
        log.warning("a picture could not be kept", folder=str(folder), why=str(error))
    return drawn


def _keep(place: Path, drawn: bytes) -> None:
    make_private(place.parent)
    kept = sorted(place.parent.glob("*.jpg"), key=lambda file: file.stat().st_mtime)
    for old in kept[: max(0, len(kept) - MOST_KEPT + 1)]:
        old.unlink(missing_ok=True)
    handle, temporary = tempfile.mkstemp(dir=place.parent, prefix=".coming-")
    with os.fdopen(handle, "wb") as file:
        file.write(drawn)
    Path(temporary).replace(place)
