"""A receipt's life: submitted, claimed, read, decided, credited, amended, read again."""

from preuve.intake.amend import amend
from preuve.intake.amendment import AmendedItem, Amendment
from preuve.intake.context import reading_context
from preuve.intake.differences import FieldChange, differences, field_texts
from preuve.intake.history import Decided, Past, decided_since, read_by
from preuve.intake.listing import (
    Choice,
    Count,
    Filters,
    Listed,
    ListPage,
    count_receipts,
    list_receipts,
    retailer_choices,
    template_choices,
)
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
    "Choice",
    "Claim",
    "Count",
    "Decided",
    "FieldChange",
    "Filters",
    "Finished",
    "InProgress",
    "KeyReused",
    "ListPage",
    "Listed",
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
    "count_receipts",
    "count_unsigned",
    "decided_since",
    "differences",
    "fail",
    "field_texts",
    "finish",
    "list_receipts",
    "plan_run",
    "program_of",
    "read_by",
    "reading_context",
    "refuse",
    "rehearse",
    "reprocess",
    "reread",
    "retailer_choices",
    "sign_stored",
    "signatures",
    "standing",
    "stored_documents",
    "stored_pages",
    "submit",
    "sweep",
    "template_choices",
    "view",
]
