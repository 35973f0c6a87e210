"""Every way a request can fail: the registry behind the problem details (RFC 9457).

Clients branch on `code`, so none is ever renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

MEDIA_TYPE = "application/problem+json"


class Problem(Enum):
    """code, HTTP status, title, and what the client can do about it."""

    INVALID_REQUEST = (
        "invalid_request",
        422,
        "The request does not have the right form",
        "Correct the fields listed in `errors`.",
    )
    MALFORMED_BODY = (
        "malformed_body",
        400,
        "The body cannot be parsed",
        "Send a complete multipart/form-data body whose boundary is the one in Content-Type.",
    )
    NOT_MULTIPART = (
        "not_multipart",
        415,
        "The body is not multipart/form-data",
        "Send the document as a file part named `files` of a multipart/form-data body.",
    )
    IDEMPOTENCY_KEY_MISSING = (
        "idempotency_key_missing",
        400,
        "The Idempotency-Key header is missing",
        "Make one key for each request, of 1 to 200 characters, and repeat it on each retry.",
    )
    IDEMPOTENCY_KEY_REUSED = (
        "idempotency_key_reused",
        422,
        "The Idempotency-Key was used for another request",
        "Make a new key: this one belongs to other content or another member.",
    )
    SUBMISSION_IN_PROGRESS = (
        "submission_in_progress",
        409,
        "The first request with this Idempotency-Key is not finished",
        "Wait for `Retry-After` seconds and repeat the request with the same key.",
    )
    KEY_MISSING = (
        "key_missing",
        401,
        "No API key was given",
        "Send `Authorization: Bearer prv_…`.",
    )
    KEY_INVALID = (
        "key_invalid",
        401,
        "The API key is not known or was revoked",
        "Check the key, or ask the program's operator for another.",
    )
    SCOPE_MISSING = (
        "scope_missing",
        403,
        "The API key may not do this",
        "Use a key that has the scope named in `scope`.",
    )
    NOT_FOUND = ("not_found", 404, "There is nothing at this address", "Check the path.")
    RECEIPT_NOT_FOUND = (
        "receipt_not_found",
        404,
        "This program has no receipt with this id",
        "Use the id or the link that the submission was answered with.",
    )
    MEMBER_NOT_FOUND = (
        "member_not_found",
        404,
        "Nothing was told of this member in this program",
        "Tell of them with `PUT /v1/members/{member_id}`; points need no such thing.",
    )
    MEMBER_UNKNOWN = (
        "member_unknown",
        404,
        "Nothing is known of this member in this program",
        "Use the id under which you sent receipts or events; they may have been erased already.",
    )
    EVENT_ID_REUSED = (
        "event_id_reused",
        422,
        "The event's id was used for another event",
        "Make a new id for each event, and repeat an event exactly as it was sent first.",
    )
    REDEMPTION_NOT_FOUND = (
        "redemption_not_found",
        404,
        "This program has no redemption with this id",
        "Use the id that the reservation was answered with.",
    )
    REDEMPTION_OVER = (
        "redemption_over",
        409,
        "The redemption has ended otherwise",
        "Look at `state`: what is released or expired has to be reserved anew.",
    )
    TOO_FEW_POINTS = (
        "too_few_points",
        409,
        "The member has not so many points to spend",
        "Ask for at most `available`, or tell the member.",
    )
    METHOD_NOT_ALLOWED = (
        "method_not_allowed",
        405,
        "This address does not know this method",
        "Use one of the methods in the `Allow` header.",
    )
    FILE_MISSING = (
        "file_missing",
        422,
        "No file was sent",
        "Send at least one file part named `files`.",
    )
    FILE_EMPTY = (
        "file_empty",
        422,
        "A file is empty",
        "Take the picture again, or send the whole file.",
    )
    TOO_MANY_FILES = (
        "too_many_files",
        422,
        "Too many files for one receipt",
        "Send the photos of one receipt only, and each receipt on its own.",
    )
    UPLOAD_TOO_LARGE = (
        "upload_too_large",
        413,
        "The upload is too large",
        "Send at most `limit_bytes`, as JPEG of normal quality or as PDF.",
    )
    UNSUPPORTED_FILE_TYPE = (
        "unsupported_file_type",
        415,
        "A file is of no kind that can be read",
        "Send JPEG, PNG, WebP, HEIC, TIFF or PDF. The content decides, not the name.",
    )
    UNAVAILABLE = (
        "unavailable",
        503,
        "The service cannot take the request now",
        "Repeat it later with the same Idempotency-Key: nothing was kept.",
    )
    INTERNAL = (
        "internal_error",
        500,
        "Something failed on our side",
        "Repeat the request with the same Idempotency-Key; if it fails again, report `instance`.",
    )

    def __init__(self, code: str, status: int, title: str, remedy: str) -> None:
        self.code = code
        self.status = status
        self.title = title
        self.remedy = remedy

    @property
    def type(self) -> str:
        """The stable address that names this problem, and explains it when opened."""
        return f"/problems/{self.code}"

    def describe(self) -> dict[str, Any]:
        """The part of the answer that is the same each time."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "remedy": self.remedy,
        }


class ProblemError(Exception):
    """A request that is answered with a problem. `members` are added to the answer."""

    def __init__(
        self,
        problem: Problem,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members


class ProblemDetails(BaseModel):
    """RFC 9457, with the stable `code` and a `remedy` for the person who builds the client."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["/problems/unsupported_file_type"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path of the request.")
    code: str
    remedy: str
