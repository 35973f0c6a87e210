"""What a partner tells of members: it decides which rules are for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from api.happenings import Name, OutcomeBody, Scalar, outcome_body
from api.members import Member, Reader
from api.problems import Problem, ProblemError
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, may, program_of
from preuve.access import Access, Scope
from preuve.catalog.erasure import erase_member
from preuve.intake import follow
from preuve.loyalty.occasions.events import Misdated, forget_member, take_member
from preuve.loyalty.occasions.members import MemberView, member
from preuve.loyalty.rules.facts import MemberFacts

router = APIRouter(prefix="/members/{member_id}", tags=["members"])

Writer = Annotated[Access, Depends(may(Scope.MEMBERS_WRITE))]


class ProfileForm(BaseModel):
    """All that is to be known of the member: what is left out is forgotten."""

    model_config = ConfigDict(extra="forbid", strict=False)

    joined_on: date | None = Field(
        default=None, description="A member told of for the first time has signed up, unless this "
        "is more than a month ago."
    )  # fmt: skip
    birthday: date | None = None
    segments: list[Name] = Field(default=[], max_length=100, examples=[["gold"]])
    attributes: dict[Name, Scalar] = Field(
        default={}, max_length=50, examples=[{"city": "Lyon", "children": 2}]
    )


class ErasureForm(BaseModel):
    """Who asks for it, and why; kept without the member's id."""

    model_config = ConfigDict(extra="forbid")

    person: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,100}$")]
    reason: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]{1,200}$")]


class ErasureBody(BaseModel):
    """How many receipts are gone, and how many files that nobody else had sent."""

    receipts: int
    files: int


class ProfileBody(ProfileForm):
    """What is known of the member, and what the sign-up brought, where it was one."""

    member_id: str
    created_at: datetime
    updated_at: datetime
    sign_up: OutcomeBody | None = None


@router.put(
    "",
    summary="Tell of a member",
    responses=documented(*UNAUTHORIZED, Problem.INVALID_REQUEST, Problem.UNAVAILABLE),
)
def tell_of_member(
    member_id: Member, told: ProfileForm, house: House, access: Writer
) -> ProfileBody:
    """Rules see it from the next receipt on; what was credited stays. Telling the same again
    changes nothing."""
    program = program_of(house, access)
    facts = MemberFacts(
        member_id=member_id,
        joined_on=told.joined_on,
        birthday=told.birthday,
        segments=frozenset(told.segments),
        attributes=told.attributes,
    )
    brought = take_member(house.ground, program, facts, follow=follow)
    if isinstance(brought, Misdated):
        wrong = {"loc": ("body", brought.where), "msg": brought.why, "type": "misdated"}
        raise RequestValidationError([wrong])
    seen = member(house.ground, access.program_id, member_id)
    assert seen is not None
    body = _body(seen)
    body.sign_up = outcome_body(brought) if brought else None
    return body


@router.get(
    "",
    summary="See what was told of a member",
    responses=documented(*UNAUTHORIZED, Problem.MEMBER_NOT_FOUND, Problem.INVALID_REQUEST),
)
def see_member(member_id: Member, house: House, access: Reader) -> ProfileBody:
    """As the last PUT left it."""
    seen = member(house.ground, access.program_id, member_id)
    if seen is None:
        raise ProblemError(Problem.MEMBER_NOT_FOUND, f"The id was {member_id!r}.")
    return _body(seen)


@router.delete(
    "",
    status_code=204,
    summary="Forget what was told of a member",
    responses=documented(*UNAUTHORIZED, Problem.INVALID_REQUEST),
)
def forget(member_id: Member, house: House, access: Writer) -> Response:
    """Dates, segments, attributes, and the properties of their events. Points, entries and
    receipts stay under the id that you gave the member."""
    forget_member(house.ground, access.program_id, member_id)
    return Response(status_code=204)


@router.post(
    "/erasure",
    summary="Erase a member",
    responses=documented(*UNAUTHORIZED, Problem.MEMBER_UNKNOWN, Problem.INVALID_REQUEST),
)
def erase(
    member_id: Member,
    asked: ErasureForm,
    house: House,
    access: Annotated[Access, Depends(may(Scope.MEMBERS_ERASE))],
) -> ErasureBody:
    """Everything: receipts with their originals, purchases, events, profile, points that are
    left. Ledger entries stay and are nobody's. It cannot be taken back."""
    done = erase_member(
        house.ground,
        house.settings.cache_dir,
        access.program_id,
        member_id,
        person=asked.person,
        reason=asked.reason,
    )
    if done is None:
        raise ProblemError(Problem.MEMBER_UNKNOWN, f"The id was {member_id!r}.")
    return ErasureBody(receipts=done.receipts, files=done.files)


def _body(seen: MemberView) -> ProfileBody:
    facts = seen.facts
    return ProfileBody(
        member_id=facts.member_id,
        joined_on=facts.joined_on,
        birthday=facts.birthday,
        segments=sorted(facts.segments),
        attributes=dict(facts.attributes),
        created_at=seen.created_at,
        updated_at=seen.updated_at,
    )
