"""Spending points in two steps, and giving or taking them by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Path, Response

from api.bodies import (
    MEMBER_ID,
    AdjustmentBody,
    AdjustmentForm,
    RedemptionBody,
    RedemptionForm,
)
from api.problems import Problem, ProblemError
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, may, program_of
from preuve.access import Access, Scope
from preuve.loyalty.ledger.adjustment import adjust
from preuve.loyalty.ledger.redemption import (
    KeyTaken,
    Over,
    Redemption,
    TooFew,
    confirm,
    redemption,
    release,
    reserve,
)

router = APIRouter(tags=["points"])

Member = Annotated[str, Path(pattern=MEMBER_ID, description="Your own id of the member.")]
RedemptionId = Annotated[str, Path(pattern=r"^rdm_[0-9a-f]{32}$")]
Spender = Annotated[Access, Depends(may(Scope.POINTS_SPEND))]
IdempotencyKey = Annotated[
    str,
    Header(
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="One key for each redemption or adjustment. A retry with the same key gets "
        "the first answer, and nothing is done twice.",
    ),
]
ASKED = (
    *UNAUTHORIZED,
    Problem.IDEMPOTENCY_KEY_MISSING,
    Problem.TOO_FEW_POINTS,
    Problem.INVALID_REQUEST,
    Problem.IDEMPOTENCY_KEY_REUSED,
    Problem.UNAVAILABLE,
)
SETTLED = (
    *UNAUTHORIZED,
    Problem.REDEMPTION_NOT_FOUND,
    Problem.REDEMPTION_OVER,
    Problem.INVALID_REQUEST,
    Problem.UNAVAILABLE,
)


@router.post(
    "/members/{member_id}/redemptions",
    status_code=201,
    summary="Reserve points to be spent",
    responses=documented(*ASKED),
)
def reserve_points(
    member_id: Member,
    form: RedemptionForm,
    response: Response,
    house: House,
    access: Spender,
    idempotency_key: IdempotencyKey,
) -> RedemptionBody:
    """Sets points aside, so that they are there when the reward is handed out.

    Confirm it once the reward is out, or release it. What is neither by `expires_at` is free
    again by itself.
    """
    program = program_of(house, access)
    found = reserve(house.ground, program, member_id, form.points, idempotency_key, form.what)
    if isinstance(found, (TooFew, KeyTaken)):
        raise _refused(found)
    response.headers["Location"] = f"/v1/redemptions/{found.id}"
    return _body(found)


@router.get(
    "/redemptions/{redemption_id}",
    summary="See a redemption",
    responses=documented(*UNAUTHORIZED, Problem.REDEMPTION_NOT_FOUND, Problem.INVALID_REQUEST),
)
def see_redemption(redemption_id: RedemptionId, house: House, access: Spender) -> RedemptionBody:
    """Where it stands."""
    return _body(_known(redemption(house.ground, access.program_id, redemption_id), redemption_id))


@router.post(
    "/redemptions/{redemption_id}/confirm",
    summary="Spend the reserved points",
    responses=documented(*SETTLED),
)
def confirm_redemption(
    redemption_id: RedemptionId, house: House, access: Spender
) -> RedemptionBody:
    """The points are spent. Asking again gives the same answer."""
    found = confirm(house.ground, access.program_id, redemption_id)
    return _body(_known(found, redemption_id))


@router.post(
    "/redemptions/{redemption_id}/release",
    summary="Free the reserved points",
    responses=documented(*SETTLED),
)
def release_redemption(
    redemption_id: RedemptionId, house: House, access: Spender
) -> RedemptionBody:
    """The points can be spent again. Asking again gives the same answer."""
    found = release(house.ground, access.program_id, redemption_id)
    return _body(_known(found, redemption_id))


@router.post(
    "/members/{member_id}/adjustments",
    status_code=201,
    summary="Give or take points by hand",
    responses=documented(*ASKED),
)
def adjust_points(
    member_id: Member,
    form: AdjustmentForm,
    house: House,
    access: Annotated[Access, Depends(may(Scope.POINTS_ADJUST))],
    idempotency_key: IdempotencyKey,
) -> AdjustmentBody:
    """A person gives points (above zero) or takes them, and says why; it is kept with the entry.

    Points that are given can be spent at once, and expire as others do.
    """
    found = adjust(
        house.ground,
        program_of(house, access),
        member_id,
        form.points,
        idempotency_key,
        person=form.person,
        reason=form.reason,
    )
    if isinstance(found, (TooFew, KeyTaken)):
        raise _refused(found)
    return AdjustmentBody(**asdict(found))


def _body(found: Redemption) -> RedemptionBody:
    return RedemptionBody(**asdict(found))


def _known(found: Redemption | Over | None, redemption_id: str) -> Redemption:
    if found is None:
        detail = f"There is no redemption {redemption_id}."
        raise ProblemError(Problem.REDEMPTION_NOT_FOUND, detail)
    if isinstance(found, Over):
        state = found.redemption.state
        raise ProblemError(Problem.REDEMPTION_OVER, f"It is {state}.", state=state)
    return found


def _refused(found: TooFew | KeyTaken) -> ProblemError:
    if isinstance(found, KeyTaken):
        return ProblemError(Problem.IDEMPOTENCY_KEY_REUSED, f"It belongs to {found.id}.")
    detail = f"The member has {found.available} points to spend."
    return ProblemError(Problem.TOO_FEW_POINTS, detail, available=found.available)
