"""Accepting what a member sends, so that it is never lost and never taken twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from preuve.intake.erasure import FILES
from preuve.intake.outcomes import InProgress, KeyReused, Status, Submission, Submitted
from preuve.intake.tables import IdempotencyKeyRow, JobRow, ReceiptFileRow, ReceiptRow
from preuve.intake.waking import INTERACTIVE, Waker, try_to_wake
from preuve.loyalty import Program
from preuve.store import Ground
from preuve.store.database import take_turns

FIRST_LOOK = timedelta(seconds=10)
"""How long the first message has before the sweeper sends another."""

_accepting: set[tuple[int, str, str]] = set()
_lock = Lock()


def submit(
    ground: Ground, program: Program, submission: Submission, wake: Waker
) -> Submitted | KeyReused | InProgress:
    """Stores the files, then receipt and job in one transaction, then wakes a worker.

    Sending again under the same idempotency key gives the first answer and stores nothing.
    Blocks on the disk. Raises ValueError for a submission without files, and OSError or
    SQLAlchemy's errors where nothing could be stored; the client may then try again.
    """
    if not submission.files:
        raise ValueError("a submission needs at least one file")
    with _alone(id(ground.database), program.program, submission.idempotency_key) as alone:
        if not alone:
            return InProgress()
        names = tuple(hashlib.sha256(data).hexdigest() for data in submission.files)
        payload = _payload(submission, names)
        known = _stored_answer(ground, program.program, submission.idempotency_key, payload)
        if known:
            return known
        for data in submission.files:
            ground.blobs.put(data)
        try:
            answer = _record(ground, program, submission, names, payload)
        except IntegrityError:
            # Another process accepted the same key between our look and our insert.
            known = _stored_answer(ground, program.program, submission.idempotency_key, payload)
            if known is None:
                raise
            return known
    try_to_wake(wake, answer.receipt_id, INTERACTIVE)
    return answer


@contextmanager
def _alone(*request: *tuple[int, str, str]) -> Iterator[bool]:
    """Whether no other thread of this process is accepting the same key right now."""
    with _lock:
        alone = request not in _accepting
        _accepting.add(request)
    try:
        yield alone
    finally:
        if alone:
            with _lock:
                _accepting.discard(request)


def _payload(submission: Submission, names: tuple[str, ...]) -> str:
    content = json.dumps([submission.member_id, submission.reference_id, names])
    return hashlib.sha256(content.encode()).hexdigest()


def _stored_answer(
    ground: Ground, program_id: str, key: str, payload: str
) -> Submitted | KeyReused | None:
    with ground.database.read() as session:
        row = session.get(IdempotencyKeyRow, (program_id, key))
    if row is None:
        return None
    if row.payload_sha256 != payload:
        return KeyReused(row.receipt_id)
    return Submitted(row.receipt_id, row.created_at, replayed=True)


def _record(
    ground: Ground, program: Program, sent: Submission, names: tuple[str, ...], payload: str
) -> Submitted:
    now, receipt_id = ground.now(), f"rcp_{uuid4().hex}"
    receipt = ReceiptRow(
        id=receipt_id,
        program_id=program.program,
        member_id=sent.member_id,
        reference_id=sent.reference_id,
        status=Status.QUEUED,
        reasons=[],
        received_at=now,
        received_on=program.day_of(now),
        revision=0,
    )
    files = (
        ReceiptFileRow(
            receipt_id=receipt_id,
            position=position,
            program_id=program.program,
            sha256=name,
            size=len(data),
        )
        for position, (name, data) in enumerate(zip(names, sent.files, strict=True))
    )
    key = IdempotencyKeyRow(
        program_id=program.program,
        key=sent.idempotency_key,
        payload_sha256=payload,
        receipt_id=receipt_id,
        created_at=now,
    )
    with ground.database.write() as session:
        take_turns(session, FILES, shared=True)
        for name, data in zip(names, sent.files, strict=True):
            # Somebody who was erased meanwhile may have had the same file.
            if not ground.blobs.path(name).exists():
                ground.blobs.put(data)
        session.add(receipt)
        session.flush()
        session.add_all([key, *files, _job(receipt, now)])
    return Submitted(receipt_id, now)


def _job(receipt: ReceiptRow, now: datetime) -> JobRow:
    return JobRow(
        receipt_id=receipt.id,
        program_id=receipt.program_id,
        queue=INTERACTIVE,
        state="waiting",
        attempts=0,
        next_attempt_at=now,
        wake_at=now + FIRST_LOOK,
        wakes=0,
    )
