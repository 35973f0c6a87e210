"""Sending a document, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from api.bodies import ReceiptBody, SubmissionForm, SubmittedBody
from api.problems import Problem, ProblemError
from api.rendering import documented
from api.rooms import UNAUTHORIZED, House, ReceiptId, may, program_of
from api.shown import links, receipt_body, unknown_receipt
from api.uploads import MAX_FILES, parse_form, read_files
from preuve.access import Access, Scope
from preuve.intake import InProgress, KeyReused, Submission, stored_pages, submit, view
from preuve.loyalty.occasions.earned import earned

router = APIRouter(tags=["receipts"])

_MULTIPART = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files", "member_id"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MAX_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": "One document, or the photos of one long receipt "
                            "from top to bottom: JPEG, PNG, WebP, HEIC, TIFF or PDF.",
                        },
                        **SubmissionForm.model_json_schema()["properties"],
                    },
                }
            }
        },
    }
}


@router.post(
    "/receipts",
    status_code=202,
    summary="Send a receipt",
    response_model=SubmittedBody,
    openapi_extra=_MULTIPART,
    responses=documented(
        *UNAUTHORIZED,
        Problem.MALFORMED_BODY,
        Problem.IDEMPOTENCY_KEY_MISSING,
        Problem.SUBMISSION_IN_PROGRESS,
        Problem.UPLOAD_TOO_LARGE,
        Problem.NOT_MULTIPART,
        Problem.UNSUPPORTED_FILE_TYPE,
        Problem.INVALID_REQUEST,
        Problem.IDEMPOTENCY_KEY_REUSED,
        Problem.FILE_MISSING,
        Problem.FILE_EMPTY,
        Problem.TOO_MANY_FILES,
        Problem.UNAVAILABLE,
    ),
)
async def send_receipt(
    request: Request,
    response: Response,
    house: House,
    access: Annotated[Access, Depends(may(Scope.RECEIPTS_WRITE))],
    idempotency_key: Annotated[
        str,
        Header(
            pattern=r"^[\x21-\x7e]{1,200}$",
            description="One key for each submission. A retry with the same key gets the first "
            "answer and nothing is sent twice.",
        ),
    ],
) -> SubmittedBody:
    """The document is stored before the answer; it is read afterwards, in a second or a few.

    Follow `links.events` for the end, or ask `links.self` now and then.
    """
    form = await parse_form(request, house.settings.upload_limit)
    try:
        fields = _fields(form)
        async with house.uploads:
            submission = Submission(
                member_id=fields.member_id,
                files=await read_files(form, house.settings.upload_limit),
                idempotency_key=idempotency_key,
                reference_id=fields.reference_id,
            )
            program = program_of(house, access)
            answer = await to_thread.run_sync(
                partial(submit, house.ground, program, submission, house.wake)
            )
    finally:
        await form.close()
    if isinstance(answer, KeyReused):
        raise ProblemError(
            Problem.IDEMPOTENCY_KEY_REUSED, f"It belongs to receipt {answer.receipt_id}."
        )
    if isinstance(answer, InProgress):
        raise ProblemError(
            Problem.SUBMISSION_IN_PROGRESS,
            "The first request is still being stored.",
            headers={"Retry-After": "1"},
        )
    found = links(answer.receipt_id, submission.member_id)
    response.headers["Location"] = found.self
    return SubmittedBody(id=answer.receipt_id, received_at=answer.received_at, links=found)


@router.get(
    "/receipts/{receipt_id}",
    summary="See a receipt",
    response_model=ReceiptBody,
    responses=documented(*UNAUTHORIZED, Problem.RECEIPT_NOT_FOUND, Problem.INVALID_REQUEST),
)
def see_receipt(
    receipt_id: ReceiptId,
    response: Response,
    house: House,
    access: Annotated[Access, Depends(may(Scope.RECEIPTS_READ))],
    accept_language: Annotated[str | None, Header(examples=["fr"])] = None,
) -> ReceiptBody:
    """Status, points, what was read with its place on the paper, and reasons in words that a
    member understands."""
    receipt = view(house.ground, access.program_id, receipt_id)
    if receipt is None:
        raise unknown_receipt(receipt_id)
    pages = stored_pages(house.ground, access.program_id, receipt_id) or ()
    awards = earned(house.ground, access.program_id, receipt_id)
    response.headers["Vary"] = "Accept-Language"
    return receipt_body(receipt, pages, awards, accept_language)


def _fields(form: FormData) -> SubmissionForm:
    sent = {key: value for key, value in form.items() if not isinstance(value, UploadFile)}
    try:
        return SubmissionForm.model_validate(sent)
    except ValidationError as error:
        wrong = [{**item, "loc": ("body", *item["loc"])} for item in error.errors()]
        raise RequestValidationError(wrong) from None
