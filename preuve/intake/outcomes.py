"""What intake answers: every expected outcome of a receipt's life is one of these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from preuve.reading.result import Reading, Reason, Verdict


class Status(StrEnum):
    RECEIVED = "received"
    QUEUED = "queued"
    PROCESSING = "processing"
    INCOMPLETE = "incomplete"
    """The member may send a better picture."""
    PENDING_REVIEW = "pending_review"
    """A person looks at it."""
    VALID = "valid"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"

    @property
    def final(self) -> bool:
        """Nothing more happens by itself."""
        return self not in (Status.RECEIVED, Status.QUEUED, Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class Submission:
    """What a member sends: one document, or photos of one long receipt from top to bottom."""

    member_id: str
    files: tuple[bytes, ...]
    idempotency_key: str
    reference_id: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """Accepted and safe on disk. `replayed`: an earlier request with this key did it."""

    receipt_id: str
    received_at: datetime
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key belongs to a request with other content (HTTP 422)."""

    receipt_id: str


@dataclass(frozen=True, slots=True)
class InProgress:
    """A request with this idempotency key is being accepted right now (HTTP 409)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to read one receipt until `lease_until`; `blobs` are its files in order."""

    receipt_id: str
    program_id: str
    token: str
    attempt: int
    lease_until: datetime
    queue: str
    received_on: date
    blobs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Where a receipt stands now. `points` are what it is worth to the member in all."""

    receipt_id: str
    status: Status
    reasons: tuple[Reason, ...]
    points: int


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The reading failed; the sweeper wakes it again after `next_attempt_at`."""

    next_attempt_at: datetime


class Refusal(StrEnum):
    UNKNOWN_RECEIPT = "unknown_receipt"
    BEING_READ = "being_read"
    CHANGED = "changed"
    """Another decision was made on it since the operator looked."""
    NOT_THE_LAST = "not_the_last"
    """It cannot be taken back: it was somebody else's, or something else happened since."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The change was not made, and why."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """All that is known of one receipt. `reading` is None until it has been read.

    `revision` counts decisions from 1; `amended` tells that an operator set values;
    `original_id` is the receipt that this one repeats, for operators only: it may be another
    member's.
    """

    id: str
    program_id: str
    member_id: str
    reference_id: str | None
    status: Status
    reasons: tuple[Reason, ...]
    points: int
    received_at: datetime
    finished_at: datetime | None
    revision: int
    amended: bool
    original_id: str | None
    blobs: tuple[str, ...]
    reading: Reading | None
    verdict: Verdict | None
