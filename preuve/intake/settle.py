"""One decision becomes fact: reading, purchase, points, status and event in one transaction."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.intake.amendment import AMENDED, Amendment
from preuve.intake.decide import Decision, decide, facts_of_receipt
from preuve.intake.outcomes import Finished, Status
from preuve.intake.overview.days import forget_day
from preuve.intake.overview.listed import keep_listed, keep_reasons
from preuve.intake.purchase import Purchase, purchase_of
from preuve.intake.reviewing.queue import note_waiting
from preuve.intake.signatures import keep_signature
from preuve.intake.stored import (
    dump_pages,
    dump_reading,
    dump_reasons,
    dump_verdict,
    load_reading,
    load_reasons,
    pages_of,
)
from preuve.intake.tables import PurchaseRow, ReadingRow, ReceiptRow
from preuve.loyalty import (
    JudgedAgain,
    Program,
    credit_occasion,
    receipt_points,
    take_credit_turn,
    withdraw,
)
from preuve.loyalty.occasions.following import tell_receipts
from preuve.reading.page import Pages
from preuve.reading.result import Reading, Reason, Verdict
from preuve.reasons import ReasonCode
from preuve.store.outbox import tell


@dataclass(frozen=True, slots=True)
class Read:
    """What there is to decide on. `pages` is None where the stored words were used."""

    source: Literal["read", "reread", "replay", "amend", "undo"]
    reading: Reading
    verdict: Verdict
    engine: str
    pages: Pages | None = None


def lock_receipt(session: Session, program_id: str, receipt_id: str) -> ReceiptRow | None:
    """The receipt, for this transaction alone until it ends; None where there is no such one.

    The turn of the program's credits comes first: what one receipt earns may change what later
    ones do, and two transactions that locked theirs before would wait for each other.
    """
    take_credit_turn(session, program_id)
    found = select(ReceiptRow).where(ReceiptRow.id == receipt_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def settle(
    session: Session, receipt: ReceiptRow, program: Program, read: Read, now: datetime
) -> Finished:
    """Decides on `read` and makes everything agree with the decision.

    The first decision and every later one come through here. One that says what already
    stands writes nothing; one that differs gets the next revision, and the ledger gets the
    difference. The caller has locked the receipt.
    """
    amendment = amendment_of(receipt)
    reading, verdict = read.reading, read.verdict
    if amendment:
        again = read.source in ("replay", "reread")
        reading, verdict = as_amended(session, receipt, amendment, reading, again=again), AMENDED
    decision = decide(session, receipt, reading, verdict, program, amendment)
    before = standing_of(session, receipt)
    credited = (
        credit_occasion(session, decision.judged, now, reading=receipt.revision + 1)
        if decision.judged
        else withdraw(session, program, facts_of_receipt(receipt, reading), now)
    )
    row = _next_revision(session, receipt, read, reading, verdict, now)
    latest = session.get(ReadingRow, (receipt.id, receipt.revision))
    if credited.entries or _differs(receipt, decision) or _differs_in_reading(row, latest):
        receipt.revision = row.revision
        session.add(row)
        keep_signature(session, receipt, row.template, read.pages if row.pages else None)
        keep_listed(session, receipt, reading, verdict)
    _hold_purchase(session, receipt, purchase_of(reading), decision.status)
    finished = record(session, receipt, decision, before, now)
    tell_receipts(session, credited, follow, now)
    return finished


def as_amended(
    session: Session, receipt: ReceiptRow, amendment: Amendment, reading: Reading, *, again: bool
) -> Reading:
    """What stands after the operator's amendment; `again`: another reading of the same paper.

    Of values that a person has seen as they are, another reading changes none.
    """
    latest = session.get(ReadingRow, (receipt.id, receipt.revision))
    if again and amendment.as_seen and latest:
        return load_reading(latest.reading)
    return amendment.over(reading)


def follow(session: Session, later: JudgedAgain, now: datetime) -> None:
    """A receipt that earns something else since an earlier occasion of its member changed.

    One whose rules can no longer be judged waits for a person.
    """
    row = select(ReceiptRow).where(ReceiptRow.id == later.key).with_for_update()
    receipt = session.scalars(row.execution_options(populate_existing=True)).one()
    reasons, status = load_reasons(receipt.reasons), Status(receipt.status)
    before = Finished(receipt.id, status, reasons, receipt.points)
    if later.errors:
        reasons = tuple(Reason(ReasonCode.RULE_ERROR, e.rule, e.told) for e in later.errors)
        status = Status.PENDING_REVIEW
        if held := session.get(PurchaseRow, receipt.id):
            session.delete(held)
    decision = Decision(status, reasons, original_id=receipt.original_id, at_stake=before.points)
    record(session, receipt, decision, before, now)


def record(
    session: Session, receipt: ReceiptRow, decision: Decision, before: Finished, now: datetime
) -> Finished:
    """Sets the receipt's status and tells the outside if anything changed for the member."""
    if not Status(receipt.status).final:
        receipt.finished_at = now
    receipt.status = decision.status
    receipt.reasons = dump_reasons(decision.reasons)
    receipt.original_id = decision.original_id
    note_waiting(session, receipt, decision, now)
    forget_day(session, receipt, now)
    session.flush()
    after = standing_of(session, receipt)
    receipt.points, receipt.aided = after.points, receipt.amendment is not None
    if after.points and receipt.seconds_to_points is None:
        receipt.seconds_to_points = round((now - receipt.received_at).total_seconds())
    keep_reasons(session, receipt)
    if after != before:
        payload = {**asdict(after), "member_id": receipt.member_id}
        tell(session, receipt.program_id, f"receipt.{receipt.status}", payload, now)
    return after


def standing_of(session: Session, receipt: ReceiptRow) -> Finished:
    """Where a receipt stands, with its points as the ledger has them."""
    return Finished(
        receipt_id=receipt.id,
        status=Status(receipt.status),
        reasons=load_reasons(receipt.reasons),
        points=receipt_points(session, receipt.program_id, receipt.id),
    )


def amendment_of(receipt: ReceiptRow) -> Amendment | None:
    """What operators have set on this receipt, all together."""
    if receipt.amendment is None:
        return None
    return Amendment.model_validate(receipt.amendment)


def _differs(receipt: ReceiptRow, decision: Decision) -> bool:
    told = dump_reasons(decision.reasons)
    return receipt.status != decision.status or receipt.reasons != told


def _differs_in_reading(row: ReadingRow, latest: ReadingRow | None) -> bool:
    if latest is None or row.pages is not None:
        return True
    return (row.reading, row.verdict) != (latest.reading, latest.verdict)


def _next_revision(
    session: Session,
    receipt: ReceiptRow,
    read: Read,
    reading: Reading,
    verdict: Verdict,
    now: datetime,
) -> ReadingRow:
    """The row of the next decision, not yet added; `pages` only where the words are new."""
    revision = receipt.revision + 1
    latest = session.get(ReadingRow, (receipt.id, receipt.revision))
    pages, pages_revision = None, latest.pages_revision if latest else 0
    if read.pages is not None:
        dumped = dump_pages(read.pages)
        if dumped != pages_of(session, receipt.id, receipt.revision):
            pages, pages_revision = dumped, revision
    return ReadingRow(
        receipt_id=receipt.id,
        revision=revision,
        program_id=receipt.program_id,
        source=read.source,
        pages=pages,
        pages_revision=pages_revision,
        engine=read.engine,
        template=reading.match.template,
        template_version=reading.match.version,
        reading=dump_reading(reading),
        verdict=dump_verdict(verdict),
        created_at=now,
    )


def _hold_purchase(session: Session, receipt: ReceiptRow, mine: Purchase, status: Status) -> None:
    """A valid receipt holds its purchase against every other; one that is not lets it go."""
    held = session.get(PurchaseRow, receipt.id)
    if status is not Status.VALID:
        if held:
            session.delete(held)
        return
    session.merge(
        PurchaseRow(
            receipt_id=receipt.id,
            program_id=receipt.program_id,
            fingerprint=mine.fingerprint,
            retailer_key=mine.retailer_key,
            retailer_name=mine.retailer_name,
            purchased_on=mine.purchased_on,
            purchased_at=mine.purchased_at,
            total_minor=mine.total_minor,
            currency=mine.currency,
            receipt_number=mine.receipt_number,
        )
    )
