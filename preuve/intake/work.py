"""A worker's dealings with one receipt: claim it, then finish, refuse or fail.

The claim's token is asked for again at the end: a worker that was thought dead and wakes up
after its lease went to another changes nothing. Reading happens between, in no transaction.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import structlog
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from preuve.intake.decide import Decision, status_of_unusable
from preuve.intake.outcomes import Claim, Finished, RetryLater, Status
from preuve.intake.overview.days import forget_day
from preuve.intake.settle import Read, lock_receipt, record, settle, standing_of
from preuve.intake.stored import blobs_of
from preuve.intake.tables import JobRow, ReceiptRow
from preuve.loyalty import Program
from preuve.messages import say
from preuve.reading.page import Pages
from preuve.reading.result import Reading, Reason, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground

ATTEMPTS = 3
LEASE = timedelta(seconds=120)
"""Longer than the worker's hard time limit, so that two never read one receipt."""
RETRY_AFTER = timedelta(seconds=5)
"""The wait after the first failure; four times as long after each further one."""

log = structlog.get_logger()


def claim(ground: Ground, receipt_id: str, *, lease: timedelta = LEASE) -> Claim | None:
    """The right to read `receipt_id`, or None: it is done, being read, or not yet due.

    Counts the attempt. The fourth is not made: the receipt goes to a person instead.
    """
    now = ground.now()
    wanted = select(JobRow).where(JobRow.receipt_id == receipt_id, _is_due(now))
    with ground.database.read() as session:
        # Most wake-ups that come twice end here, without asking for the write lock.
        if session.scalars(wanted).one_or_none() is None:
            return None
    with ground.database.write() as session:
        job = session.scalars(wanted.with_for_update(skip_locked=True)).one_or_none()
        if job is None:
            return None
        receipt = session.get_one(ReceiptRow, receipt_id, with_for_update=True)
        if job.attempts >= ATTEMPTS:
            _give_to_a_person(session, job, receipt, job.last_error or say("the worker died"), now)
            return None
        job.state, job.token = "running", uuid4().hex
        job.attempts += 1
        job.lease_until = job.wake_at = now + lease
        if not Status(receipt.status).final:
            receipt.status = Status.PROCESSING
            forget_day(session, receipt, now)
        return Claim(
            receipt_id=receipt_id,
            program_id=receipt.program_id,
            token=job.token,
            attempt=job.attempts,
            lease_until=job.lease_until,
            queue=job.queue,
            received_on=receipt.received_on,
            blobs=blobs_of(session, receipt_id),
        )


def finish(
    ground: Ground,
    program: Program,
    claim: Claim,
    pages: Pages,
    reading: Reading,
    verdict: Verdict,
    *,
    engine: str,
) -> Finished | None:
    """Decides and credits, in one transaction; None where the claim is no longer held.

    Safe to call twice: the second finds its token gone.
    """
    now = ground.now()
    with ground.database.write() as session:
        job = _held_job(session, claim)
        if job is None:
            return None
        receipt = _receipt(session, claim)
        read = Read("reread" if receipt.revision else "read", reading, verdict, engine, pages)
        _end(job, "done")
        job.last_error = None
        return settle(session, receipt, program, read, now)


def refuse(ground: Ground, claim: Claim, code: ReasonCode, detail: str) -> Finished | None:
    """Ends a receipt whose file cannot be read at all, for the reason `code`.

    `detail` is for operators. A receipt that was read before stays as it is. None where the
    claim is no longer held.
    """
    reason = Reason(code, detail=detail)
    now = ground.now()
    with ground.database.write() as session:
        job = _held_job(session, claim)
        if job is None:
            return None
        _end(job, "done")
        job.last_error = f"{code}: {detail}"
        return _conclude(
            session, _receipt(session, claim), status_of_unusable((reason,)), reason, now
        )


def fail(ground: Ground, claim: Claim, error: str) -> RetryLater | Finished | None:
    """Notes that the reading went wrong for no fault of the document, and when to try again.

    Finished, in a person's hands, once the attempts are used up; None where the claim is no
    longer held.
    """
    now = ground.now()
    with ground.database.write() as session:
        job = _held_job(session, claim)
        if job is None:
            return None
        receipt = _receipt(session, claim)
        if job.attempts >= ATTEMPTS:
            return _give_to_a_person(session, job, receipt, error, now)
        _end(job, "waiting")
        job.last_error = error
        job.next_attempt_at = job.wake_at = now + RETRY_AFTER * 4 ** (job.attempts - 1)
        if not Status(receipt.status).final:
            receipt.status = Status.QUEUED
            forget_day(session, receipt, now)
        return RetryLater(job.next_attempt_at)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(JobRow.state == "waiting", JobRow.next_attempt_at <= now),
        and_(JobRow.state == "running", JobRow.lease_until <= now),
    )


def _held_job(session: Session, claim: Claim) -> JobRow | None:
    held = select(JobRow).where(
        JobRow.receipt_id == claim.receipt_id,
        JobRow.state == "running",
        JobRow.token == claim.token,
    )
    job = session.scalars(held.with_for_update()).one_or_none()
    if job is None:
        log.warning("claim_lost", receipt_id=claim.receipt_id, attempt=claim.attempt)
    return job


def _receipt(session: Session, claim: Claim) -> ReceiptRow:
    receipt = lock_receipt(session, claim.program_id, claim.receipt_id)
    if receipt is None:
        raise LookupError(f"receipt {claim.receipt_id} has a job and no row")
    return receipt


def _end(job: JobRow, state: str) -> None:
    job.state, job.token, job.lease_until = state, None, None


def _give_to_a_person(
    session: Session, job: JobRow, receipt: ReceiptRow, error: str, now: datetime
) -> Finished:
    _end(job, "failed")
    job.last_error = error
    log.error("reading_failed", receipt_id=receipt.id, attempts=job.attempts, error=error)
    reason = Reason(
        ReasonCode.READING_FAILED, detail=say("{n:d} attempts: {why}", n=job.attempts, why=error)
    )
    return _conclude(session, receipt, Status.PENDING_REVIEW, reason, now)


def _conclude(
    session: Session, receipt: ReceiptRow, status: Status, reason: Reason, now: datetime
) -> Finished:
    """Ends the first reading without values. What an earlier reading said stays."""
    before = standing_of(session, receipt)
    if receipt.revision:
        return before
    return record(session, receipt, Decision(status, (reason,)), before, now)
