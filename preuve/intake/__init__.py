"""A receipt's life: submitted, claimed, read, decided, credited, amended, read again."""

from preuve.intake.amend import amend
from preuve.intake.amendment import AmendedItem, Amendment
from preuve.intake.outcomes import (
    Claim,
    Finished,
    InProgress,
    KeyReused,
    ReceiptView,
    Refusal,
    Refused,
    RetryLater,
    Status,
    Submission,
    Submitted,
)
from preuve.intake.submit import submit
from preuve.intake.sweep import sweep
from preuve.intake.viewing import standing, stored_pages, view
from preuve.intake.waking import BULK, INTERACTIVE, TASK, Waker, celery_waker
from preuve.intake.work import claim, fail, finish, reading_context, refuse

__all__ = [
    "BULK",
    "INTERACTIVE",
    "TASK",
    "AmendedItem",
    "Amendment",
    "Claim",
    "Finished",
    "InProgress",
    "KeyReused",
    "ReceiptView",
    "Refusal",
    "Refused",
    "RetryLater",
    "Status",
    "Submission",
    "Submitted",
    "Waker",
    "amend",
    "celery_waker",
    "claim",
    "fail",
    "finish",
    "reading_context",
    "refuse",
    "standing",
    "stored_pages",
    "submit",
    "sweep",
    "view",
]
