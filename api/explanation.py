"""Why a receipt earned what it earned, in sentences, with the place on the picture."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, Field

from api.bodies import PlaceBody
from api.languages import preferred
from api.problems import Problem
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, ReceiptId, may
from api.shown import unknown_receipt, with_corners
from preuve.access import Access, Scope
from preuve.intake import explain, stored_pages

router = APIRouter(tags=["receipts"])


class EvidenceBody(BaseModel):
    """What on the paper the rule looked at."""

    line: int | None = Field(description="The item's number in `reading.items`; null: the total.")
    text: str
    amount: Decimal
    place: PlaceBody | None


class BecauseBody(BaseModel):
    """One entry of the ledger, and the versions of rule and template behind it."""

    entry_id: int
    rule: str
    points: int
    why: str = Field(description="The calculation, for operators.")
    program_version: str | None = Field(description="A published version's number, or file-….")
    template: str
    template_version: str
    evidence: list[EvidenceBody]


class SentenceBody(BaseModel):
    text: str = Field(examples=["40 points: 2 for each euro on €14.80 of Lindt"])
    points: int
    because: list[BecauseBody]


class ExplanationBody(BaseModel):
    """Everything that the receipt is worth now, sentence by sentence."""

    receipt_id: str
    points: int
    language: str = Field(examples=["fr"])
    sentences: list[SentenceBody]
    grants: list[str] = Field(description="What it brought besides points.")


@router.get(
    "/receipts/{receipt_id}/explanation",
    summary="Explain a receipt's points",
    response_model=ExplanationBody,
    responses=documented(*UNAUTHORIZED, Problem.RECEIPT_NOT_FOUND, Problem.INVALID_REQUEST),
)
def explain_receipt(
    receipt_id: ReceiptId,
    response: Response,
    house: House,
    access: Annotated[Access, Depends(may(Scope.RECEIPTS_READ))],
    accept_language: Annotated[str | None, Header(examples=["fr"])] = None,
) -> ExplanationBody:
    """In sentences that a member understands, in French or English. A receipt without points has
    none."""
    language = preferred(accept_language)
    found = explain(house.ground, access.program_id, receipt_id, language)
    if found is None:
        raise unknown_receipt(receipt_id)
    pages = stored_pages(house.ground, access.program_id, receipt_id) or ()
    response.headers["Vary"] = "Accept-Language"
    shown = with_corners(asdict(found), {page.number: page for page in pages})
    return ExplanationBody.model_validate({**shown, "language": language})
