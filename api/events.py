"""Server-sent events: a receipt's changes until nothing more happens by itself."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from anyio import to_thread
from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from api.bodies import StatusEvent
from api.problems import Problem
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, ReceiptId, may
from api.shown import unknown_receipt
from preuve.access import Access, Scope
from preuve.intake import Finished, standing

router = APIRouter(tags=["receipts"])

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
STREAM_SECONDS = 600.0
RECONNECT_MS = 2000


def _now(
    receipt_id: ReceiptId,
    house: House,
    access: Annotated[Access, Depends(may(Scope.RECEIPTS_READ))],
) -> Finished:
    found = standing(house.ground, access.program_id, receipt_id)
    if found is None:
        raise unknown_receipt(receipt_id)
    return found


@router.get(
    "/receipts/{receipt_id}/events",
    summary="Follow a receipt to its end",
    response_class=EventSourceResponse,
    responses=documented(*UNAUTHORIZED, Problem.RECEIPT_NOT_FOUND, Problem.INVALID_REQUEST),
)
async def follow_receipt(
    receipt_id: ReceiptId,
    house: House,
    access: Annotated[Access, Depends(may(Scope.RECEIPTS_READ))],
    current: Annotated[Finished, Depends(_now)],
) -> AsyncIterator[ServerSentEvent]:
    """Events named `status`, the first at once. The stream ends after the event that is `final`,
    or after ten minutes; a client that is cut off connects again and is told where it stands.
    """
    # The row is asked, and nobody's thread waits: a client costs a query a second.
    ends = time.monotonic() + STREAM_SECONDS
    told: Finished | None = None
    pause = FIRST_PAUSE
    while True:
        if current != told:
            yield _event(current)
            told = current
        if current.status.final or time.monotonic() > ends:
            return
        await anyio.sleep(pause)
        pause = min(pause * 1.3, LONGEST_PAUSE)
        found = await to_thread.run_sync(
            standing, house.ground, access.program_id, receipt_id, abandon_on_cancel=True
        )
        if found is None:
            return
        current = found


def _event(standing: Finished) -> ServerSentEvent:
    body = StatusEvent(
        status=standing.status,
        final=standing.status.final,
        points=standing.points,
        reasons=[str(reason.code) for reason in standing.reasons],
    )
    return ServerSentEvent(event="status", data=body, retry=RECONNECT_MS)
