"""What becomes of a reading: its status, why, and what it earns. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from preuve.intake.amendment import Amendment
from preuve.intake.erasure import was_erased
from preuve.intake.limits import over_limits
from preuve.intake.outcomes import Status
from preuve.intake.purchase import Likeness, Purchase, compare, purchase_of
from preuve.intake.stored import blobs_of, load_reading
from preuve.intake.tables import PurchaseRow, ReadingRow, ReceiptFileRow, ReceiptRow
from preuve.loyalty import Award, Judged, Program, judge_purchase
from preuve.loyalty.rules.award import NOTHING
from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.loyalty.rules.facts_of import facts_of
from preuve.reading.result import Reading, Reason, Verdict
from preuve.reasons import ReasonCode
from preuve.store.blobs import files_name

HOPELESS = frozenset(
    {
        ReasonCode.NO_TEXT,
        ReasonCode.NOT_A_RECEIPT,
        ReasonCode.PROTECTED_FILE,
        ReasonCode.TOO_MANY_PAGES,
    }
)
"""Another photo of the same thing would not help."""
EVEN = 0.5
"""How sure it is, before a person has looked, that a receipt is eligible and no duplicate where
that is in question: the reading's confidence tells nothing about it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`original_id` is the receipt that this one repeats, or may repeat; it may have been erased.

    It stands in no reason: a member must not learn of another member's receipt. For a person
    who looks: `at_stake` are the points that the values would earn as they were read, None where
    they do not tell, and `doubt` (0 to 1) is how likely an error is. `judged` is there where the
    receipt is credited.
    """

    status: Status
    reasons: tuple[Reason, ...]
    judged: Judged | None = None
    original_id: str | None = None
    at_stake: int | None = None
    doubt: float = 1.0

    @property
    def award(self) -> Award:
        return self.judged.award if self.judged else NOTHING


def status_of_unusable(reasons: tuple[Reason, ...]) -> Status:
    """Whether the member is asked for a better picture, or told that there is no use."""
    hopeless = any(reason.code in HOPELESS for reason in reasons)
    return Status.REJECTED if hopeless else Status.INCOMPLETE


def decide(
    session: Session,
    receipt: ReceiptRow,
    reading: Reading,
    verdict: Verdict,
    program: Program,
    amendment: Amendment | None,
) -> Decision:
    """The caller holds the turn of the program's credits, so that what is seen here stays."""
    if amendment and amendment.decision != "accept":
        ended = Status.REJECTED if amendment.decision == "reject" else Status.INCOMPLETE
        return Decision(ended, amendment.reasons or verdict.reasons)
    if verdict.status == "unusable":
        return Decision(status_of_unusable(verdict.reasons), verdict.reasons)
    if was_erased(session, receipt.program_id, files_name(sorted(blobs_of(session, receipt.id)))):
        return _duplicate(ReasonCode.EXACT_DUPLICATE)
    same_file, original = _same_bytes(session, receipt)
    if original and same_file is Likeness.SAME:
        return _duplicate(ReasonCode.EXACT_DUPLICATE, original)
    bought = purchase_of(reading)
    if bought.fingerprint and was_erased(session, receipt.program_id, bought.fingerprint):
        return _duplicate(ReasonCode.SAME_PURCHASE)
    likeness, twin = _same_purchase(session, receipt, bought)
    if twin and likeness is Likeness.SAME:
        return _duplicate(ReasonCode.SAME_PURCHASE, twin)
    purchase = facts_of_receipt(receipt, reading)
    sent_before = _sent_before(session, receipt) if program.limits.documents_per_day else 0
    findings = over_limits(reading, purchase, program, receipt.received_on, sent_before)
    reasons = tuple(reason for _, reason in findings)
    if verdict.status == "trusted" and any(s is Status.REJECTED for s, _ in findings):
        return Decision(Status.REJECTED, reasons)
    seen = twin or original
    if seen and amendment is None:
        reasons += (Reason(ReasonCode.POSSIBLE_DUPLICATE),)
    told = tuple(dict.fromkeys((*verdict.reasons, *reasons)))
    judged = judge_purchase(session, program, purchase)
    if verdict.status == "trusted" and not reasons:
        reasons = tuple(Reason(ReasonCode.RULE_ERROR, e.rule, e.told) for e in judged.award.errors)
        told = (*told, *reasons)
    if verdict.status == "doubtful" or reasons:
        untold = reading.total is None or judged.award.errors
        return Decision(
            Status.PENDING_REVIEW,
            told,
            original_id=seen,
            at_stake=None if untold else judged.award.points,
            doubt=1 - verdict.confidence * (EVEN if reasons else 1),
        )
    return Decision(Status.VALID, told, judged)


def facts_of_receipt(receipt: ReceiptRow, reading: Reading) -> PurchaseFacts:
    """What rules look at of this receipt, read so."""
    return facts_of(
        reading,
        receipt_id=receipt.id,
        member_id=receipt.member_id,
        received_at=receipt.received_at,
    )


def _sent_before(session: Session, receipt: ReceiptRow) -> int:
    """The documents that the member sent on that day before this one, whatever became of them:
    so the count is the same however late, and in whatever order, they are decided."""
    same_day = select(func.count()).where(
        ReceiptRow.program_id == receipt.program_id,
        ReceiptRow.member_id == receipt.member_id,
        ReceiptRow.received_on == receipt.received_on,
        _earlier(receipt),
    )
    return session.scalar(same_day) or 0


def _earlier(receipt: ReceiptRow) -> ColumnElement[bool]:
    return or_(
        ReceiptRow.received_at < receipt.received_at,
        and_(ReceiptRow.received_at == receipt.received_at, ReceiptRow.id < receipt.id),
    )


def _duplicate(code: ReasonCode, original: str | None = None) -> Decision:
    return Decision(Status.DUPLICATE, (Reason(code),), original_id=original)


def _same_bytes(session: Session, receipt: ReceiptRow) -> tuple[Likeness, str | None]:
    """Another receipt that these files came with: all of them (SAME) or some (POSSIBLE).

    Of two that are still being read the earlier counts; one that was credited always does.
    """
    mine = set(blobs_of(session, receipt.id))
    earlier = _earlier(receipt)
    left = (Status.INCOMPLETE, Status.DUPLICATE)
    found = session.execute(
        select(ReceiptRow.id, ReceiptFileRow.sha256)
        .join(ReceiptFileRow, ReceiptFileRow.receipt_id == ReceiptRow.id)
        .where(
            ReceiptFileRow.program_id == receipt.program_id,
            ReceiptFileRow.sha256.in_(mine),
            ReceiptRow.id != receipt.id,
            or_(ReceiptRow.status == Status.VALID, and_(earlier, ReceiptRow.status.not_in(left))),
        )
        .order_by(ReceiptRow.received_at, ReceiptRow.id)
    )
    shared: dict[str, set[str]] = defaultdict(set)
    for other, sha256 in found:
        shared[other].add(sha256)
    for other, files in shared.items():
        if files == mine:
            return Likeness.SAME, other
    return (Likeness.POSSIBLE, next(iter(shared))) if shared else (Likeness.DIFFERENT, None)


def _same_purchase(
    session: Session, receipt: ReceiptRow, mine: Purchase
) -> tuple[Likeness, str | None]:
    """The credited receipt that is most like this purchase."""
    held = session.get(PurchaseRow, receipt.id)
    if held and _parts(held) == replace(mine, items=()):
        return Likeness.DIFFERENT, None
    best, twin = Likeness.DIFFERENT, None
    for row in session.scalars(_candidates(receipt, mine)):
        likeness = compare(mine, replace(_parts(row), items=_items(session, row.receipt_id)))
        if row.fingerprint is not None and row.fingerprint == mine.fingerprint:
            likeness = Likeness.SAME
        if likeness.value > best.value:
            best, twin = likeness, row.receipt_id
    return best, twin


def _candidates(receipt: ReceiptRow, mine: Purchase) -> Select[PurchaseRow]:
    same_day = PurchaseRow.purchased_on == mine.purchased_on
    same_total = PurchaseRow.total_minor == mine.total_minor
    same_time = PurchaseRow.purchased_at == mine.purchased_at
    same_number = PurchaseRow.receipt_number == mine.receipt_number
    return (
        select(PurchaseRow)
        .where(
            PurchaseRow.program_id == receipt.program_id,
            PurchaseRow.receipt_id != receipt.id,
            or_(and_(same_day, or_(same_total, same_time)), same_number),
        )
        .order_by(PurchaseRow.receipt_id)
    )


def _parts(row: PurchaseRow) -> Purchase:
    return Purchase(
        retailer_key=row.retailer_key,
        retailer_name=row.retailer_name,
        purchased_on=row.purchased_on,
        purchased_at=row.purchased_at,
        total_minor=row.total_minor,
        currency=row.currency,
        receipt_number=row.receipt_number,
        template=_template(row),
    )


def _template(row: PurchaseRow) -> str | None:
    """The template, where the number of its documents makes the whole fingerprint."""
    template, _, number = (row.fingerprint or "").partition("|")
    return template if number and number == row.receipt_number else None


def _items(session: Session, receipt_id: str) -> tuple[str, ...]:
    decision = session.scalars(
        select(ReadingRow)
        .join(ReceiptRow, ReceiptRow.id == ReadingRow.receipt_id)
        .where(ReceiptRow.id == receipt_id, ReadingRow.revision == ReceiptRow.revision)
    ).one()
    return purchase_of(load_reading(decision.reading)).items
