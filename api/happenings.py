"""Events of a program's own that earn points: a survey answered, a friend brought along."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt

from api.bodies import MEMBER_ID, AwardBody
from api.problems import Problem, ProblemError
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, may, program_of
from preuve.access import Access, Scope
from preuve.intake import follow
from preuve.loyalty.occasions.events import EventReused, Happened, Misdated, Outcome, take_event

router = APIRouter(tags=["events"])

NAME = r"^[a-z0-9]+([._-][a-z0-9]+)*$"
Name = Annotated[str, Field(pattern=NAME, max_length=80)]
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f-\x9f]*$", max_length=200)]
Whole = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]
Scalar = StrictBool | Whole | Text


class EventForm(BaseModel):
    """Something that a member did, told once or, to be sure, again."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(
        pattern=r"^[\x21-\x7e]{1,200}$", description="Your own id of the event, never used again."
    )
    member_id: str = Field(pattern=MEMBER_ID)
    event: Name = Field(
        description="Its name, as the program's rules know it.", examples=["survey"]
    )
    occurred_at: AwareDatetime | None = Field(
        default=None, description="When it was, with a time zone; now if left out."
    )
    properties: dict[Name, Scalar] = Field(default={}, max_length=50, examples=[{"stars": 5}])


class GrantBody(BaseModel):
    """A gift, voucher, badge or message. `value` is in minor units of `currency`."""

    id: int
    rule: str
    kind: str
    key: str
    name: str
    value: int | None
    currency: str | None


class OutcomeBody(BaseModel):
    """What it brought the member, as it stands now."""

    points: int
    awards: list[AwardBody]
    grants: list[GrantBody]
    held: bool = Field(
        description="A rule could not be judged: nothing is credited until a person has looked."
    )


class EventBody(OutcomeBody):
    id: str
    member_id: str
    occurred_at: datetime


@router.post(
    "/events",
    summary="Tell of an event",
    responses=documented(
        *UNAUTHORIZED, Problem.INVALID_REQUEST, Problem.EVENT_ID_REUSED, Problem.UNAVAILABLE
    ),
)
def tell_of_event(
    told: EventForm,
    house: House,
    access: Annotated[Access, Depends(may(Scope.EVENTS_WRITE))],
) -> EventBody:
    """Credited before the answer. The same event under the same id is answered the same, and
    credited once."""
    happened = Happened(told.id, told.member_id, told.event, told.occurred_at, told.properties)
    found = take_event(house.ground, program_of(house, access), happened, follow=follow)
    if isinstance(found, EventReused):
        raise ProblemError(Problem.EVENT_ID_REUSED, f"The id was {found.id!r}.")
    if isinstance(found, Misdated):
        wrong = {"loc": ("body", found.where), "msg": found.why, "type": "misdated"}
        raise RequestValidationError([wrong])
    return EventBody(
        id=told.id,
        member_id=found.member_id,
        occurred_at=found.occurred_at,
        **outcome_body(found).model_dump(),
    )


def outcome_body(found: Outcome) -> OutcomeBody:
    return OutcomeBody(
        points=found.points,
        awards=[AwardBody(rule=one.rule, points=one.points, why=one.why) for one in found.lines],
        grants=[
            GrantBody(
                id=one.id,
                rule=one.rule,
                kind=one.kind,
                key=one.key,
                name=one.name,
                value=one.value,
                currency=one.currency,
            )
            for one in found.grants
        ],
        held=bool(found.errors),
    )
