"""A receipt's life: submitted, claimed, read, decided, credited, amended, read again."""

from preuve.intake.amend import amend
from preuve.intake.amendment import AmendedItem, Amendment
from preuve.intake.context import reading_context
from preuve.intake.differences import FieldChange, differences, field_texts
from preuve.intake.history import Decided, Past, decided_since, read_by
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
from preuve.intake.rehearsal import Programs, StoredDocument, rehearse, stored_documents
from preuve.intake.reprocess import (
    Replayed,
    Run,
    Selection,
    Understand,
    plan_run,
    reprocess,
    reread,
)
from preuve.intake.signatures import Signatures, count_unsigned, sign_stored, signatures
from preuve.intake.submission import submit
from preuve.intake.sweeper import sweep
from preuve.intake.viewing import program_of, standing, stored_pages, view
from preuve.intake.waking import BULK, INTERACTIVE, TASK, Waker, celery_waker
from preuve.intake.work import claim, fail, finish, refuse

__all__ = [
    "BULK",
    "INTERACTIVE",
    "TASK",
    "AmendedItem",
    "Amendment",
    "Claim",
    "Decided",
    "FieldChange",
    "Finished",
    "InProgress",
    "KeyReused",
    "Past",
    "Programs",
    "ReceiptView",
    "Refusal",
    "Refused",
    "Replayed",
    "RetryLater",
    "Run",
    "Selection",
    "Signatures",
    "Status",
    "StoredDocument",
    "Submission",
    "Submitted",
    "Understand",
    "Waker",
    "amend",
    "celery_waker",
    "claim",
    "count_unsigned",
    "decided_since",
    "differences",
    "fail",
    "field_texts",
    "finish",
    "plan_run",
    "program_of",
    "read_by",
    "reading_context",
    "refuse",
    "rehearse",
    "reprocess",
    "reread",
    "sign_stored",
    "signatures",
    "standing",
    "stored_documents",
    "stored_pages",
    "submit",
    "sweep",
    "view",
]
