"""What members have."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from api.bodies import MEMBER_ID, BalanceBody, EntriesBody, EntryBody
from api.problems import Problem
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, may
from preuve.access import Access, Scope
from preuve.loyalty import balance, entries

router = APIRouter(prefix="/members/{member_id}", tags=["members"])

Member = Annotated[str, Path(pattern=MEMBER_ID, description="Your own id of the member.")]
Reader = Annotated[Access, Depends(may(Scope.MEMBERS_READ))]


@router.get(
    "/balance",
    summary="See a member's points",
    responses=documented(*UNAUTHORIZED, Problem.INVALID_REQUEST),
)
def see_balance(member_id: Member, house: House, access: Reader) -> BalanceBody:
    """The sum of the member's entries. A member who never sent anything has zero."""
    found = balance(house.ground, access.program_id, member_id)
    return BalanceBody(member_id=member_id, **asdict(found))


@router.get(
    "/entries",
    summary="List a member's ledger entries",
    responses=documented(*UNAUTHORIZED, Problem.INVALID_REQUEST),
)
def list_entries(
    member_id: Member,
    house: House,
    access: Reader,
    before: Annotated[
        int | None, Query(ge=1, description="Only entries older than this one, by its id.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> EntriesBody:
    """Newest first. Follow `next` until it is null."""
    found = entries(house.ground, access.program_id, member_id, before=before, limit=limit + 1)
    page = found[:limit]
    older = None
    if len(found) > limit:
        older = f"/v1/members/{member_id}/entries?before={page[-1].id}&limit={limit}"
    return EntriesBody(entries=[EntryBody(**asdict(entry)) for entry in page], next=older)
