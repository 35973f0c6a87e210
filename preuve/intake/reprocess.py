"""Reading past receipts again with today's templates and rules.

`reprocess` replays the stored words and needs no engine; `reread` sends receipts back to the
workers. Either posts only differences, so doing it twice does it once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from preuve.intake.context import reading_context
from preuve.intake.differences import FieldChange, differences
from preuve.intake.outcomes import Finished, Status
from preuve.intake.settle import Read, lock_receipt, settle, standing_of
from preuve.intake.stored import load_pages, load_reading, pages_of
from preuve.intake.tables import JobRow, ReadingRow, ReceiptRow, ReprocessRunRow
from preuve.intake.waking import BULK, Waker, try_to_wake
from preuve.loyalty import Program
from preuve.reading.page import Pages, needs_reread
from preuve.reading.result import Context, Reading, Verdict
from preuve.store import Ground

Understand = Callable[[Pages, Context], tuple[Reading, Verdict]]
Cursor = tuple[datetime | None, str | None]

BATCH = 100
LONG_QUEUE = timedelta(minutes=1)
"""When the sweeper first asks after a receipt that was sent to be read again."""
NOTE_EVERY = 50
"""Receipts without a change between two notes of how far the run has come."""

_START: Cursor = (None, None)


class Selection(BaseModel):
    """Which receipts; what is empty or None selects all. Both dates are included."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    receipt_ids: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    received_from: date | None = None
    received_to: date | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A run to be done or gone on with. `id` is None for a dry run, which leaves no trace."""

    id: int | None
    program: Program
    selection: Selection
    remaining: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """What replaying one receipt changed, or in a dry run would change.

    `needs_reread`: its pixels hold more than the version that read them looked for.
    """

    receipt_id: str
    before: Finished
    after: Finished
    fields: tuple[FieldChange, ...]
    needs_reread: bool = False

    @property
    def changed(self) -> bool:
        return self.before != self.after or bool(self.fields)


def plan_run(
    ground: Ground,
    program: Program,
    *,
    templates_version: str,
    selection: Selection | None = None,
    dry_run: bool = False,
) -> Run:
    """Opens a run, or the one that was interrupted: same selection, templates and program.

    `templates_version` is any text that changes with the templates.
    """
    chosen = selection or Selection()
    found = _replayable(program.program, chosen)
    if dry_run:
        with ground.database.read() as session:
            return Run(None, program, chosen, _count(session, found), resumed=False)
    rules = hashlib.sha256(program.model_dump_json().encode()).hexdigest()
    same = {
        "program_id": program.program,
        "selection": chosen.model_dump_json(exclude_defaults=True),
        "version": f"{templates_version} {rules[:16]}",
    }
    with ground.database.write() as session:
        interrupted = select(ReprocessRunRow).filter_by(**same, finished_at=None)
        row = session.scalars(interrupted.order_by(ReprocessRunRow.id.desc())).first()
        resumed = row is not None
        if row is None:
            row = ReprocessRunRow(**same, created_at=ground.now())
            session.add(row)
            session.flush()
        remaining = _count(session, _after(found, (row.cursor_at, row.cursor_id)))
        return Run(row.id, program, chosen, remaining, resumed)


def reprocess(ground: Ground, run: Run, understand: Understand) -> Iterator[Replayed]:
    """Replays each receipt of `run` in a transaction of its own and tells what came of it.

    Stop at any moment; planning the same run again goes on behind the last change.
    """
    found, cursor = _replayable(run.program.program, run.selection), _START
    if run.id is not None:
        with ground.database.read() as session:
            row = session.get_one(ReprocessRunRow, run.id)
        cursor = (row.cursor_at, row.cursor_id)
    for number in count(1):
        with ground.database.read() as session:
            receipt = session.scalars(_after(found, cursor).limit(1)).one_or_none()
        if receipt is None:
            break
        cursor = (receipt.received_at, receipt.id)
        note = number % NOTE_EVERY == 0
        yield _replay(ground, run, receipt.id, cursor, understand, note)
    if run.id is not None:
        with ground.database.write() as session:
            session.get_one(ReprocessRunRow, run.id).finished_at = ground.now()


def reread(ground: Ground, program_id: str, selection: Selection, wake: Waker) -> int:
    """Sends receipts through OCR again, behind everything that members upload meanwhile.

    Gives how many; one that is being read, or waits for it, is left as it is.
    """
    cursor, sent = _START, 0
    while True:
        now = ground.now()
        found = _after(_chosen(program_id, selection), cursor).join(
            JobRow, JobRow.receipt_id == ReceiptRow.id
        )
        idle = found.where(JobRow.state.in_(("done", "failed"))).limit(BATCH)
        with ground.database.write() as session:
            receipts = session.scalars(idle.with_for_update(of=JobRow)).all()
            for receipt in receipts:
                job = session.get_one(JobRow, receipt.id)
                job.queue, job.state, job.attempts, job.wakes = BULK, "waiting", 0, 0
                job.next_attempt_at, job.wake_at = now, now + LONG_QUEUE
        if not receipts:
            return sent
        for receipt in receipts:
            try_to_wake(wake, receipt.id, BULK)
        cursor = (receipts[-1].received_at, receipts[-1].id)
        sent += len(receipts)


def _replay(
    ground: Ground, run: Run, receipt_id: str, cursor: Cursor, understand: Understand, note: bool
) -> Replayed:
    with ground.database.read() as session:
        receipt = session.get_one(ReceiptRow, receipt_id)
        stored = pages_of(session, receipt_id, receipt.revision)
    context = reading_context(receipt, run.program)
    pages = load_pages(stored or b"[]")
    reading, verdict = understand(pages, context)
    with ground.database.write() as session:
        locked = lock_receipt(session, run.program.program, receipt_id)
        if locked is None:
            raise LookupError(f"receipt {receipt_id} went away while it was replayed")
        before = standing_of(session, locked)
        latest = session.get_one(ReadingRow, (receipt_id, locked.revision))
        if pages_of(session, receipt_id, locked.revision) != stored:
            # Read again meanwhile: that was with today's templates already.
            return Replayed(receipt_id, before, before, ())
        read = Read("replay", reading, verdict, latest.engine)
        after = settle(session, locked, run.program, read, ground.now())
        decided = session.get_one(ReadingRow, (receipt_id, locked.revision))
        fields = differences(load_reading(latest.reading), load_reading(decided.reading))
        replayed = Replayed(receipt_id, before, after, fields, needs_reread(pages))
        if run.id is None:
            session.rollback()
        elif replayed.changed or note:
            session.execute(
                update(ReprocessRunRow)
                .where(ReprocessRunRow.id == run.id)
                .values(cursor_at=cursor[0], cursor_id=cursor[1])
            )
    return replayed


def _count(session: Session, run: Select[ReceiptRow]) -> int:
    return session.scalar(select(func.count()).select_from(run.subquery())) or 0


def _chosen(program_id: str, selection: Selection) -> Select[ReceiptRow]:
    found = select(ReceiptRow).where(ReceiptRow.program_id == program_id)
    if selection.receipt_ids:
        found = found.where(ReceiptRow.id.in_(selection.receipt_ids))
    if selection.statuses:
        found = found.where(ReceiptRow.status.in_([status.value for status in selection.statuses]))
    if selection.received_from:
        found = found.where(ReceiptRow.received_on >= selection.received_from)
    if selection.received_to:
        found = found.where(ReceiptRow.received_on <= selection.received_to)
    return found.order_by(ReceiptRow.received_at, ReceiptRow.id)


def _replayable(program_id: str, selection: Selection) -> Select[ReceiptRow]:
    """Those whose words are stored."""
    return (
        _chosen(program_id, selection)
        .join(ReadingRow, ReadingRow.receipt_id == ReceiptRow.id)
        .where(ReadingRow.revision == ReceiptRow.revision, ReadingRow.pages_revision > 0)
    )


def _after(found: Select[ReceiptRow], cursor: Cursor) -> Select[ReceiptRow]:
    """What lies behind `cursor` in the order of arrival."""
    at, receipt_id = cursor
    if at is None:
        return found
    same_time = and_(ReceiptRow.received_at == at, ReceiptRow.id > (receipt_id or ""))
    return found.where(or_(ReceiptRow.received_at > at, same_time))
