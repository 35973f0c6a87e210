"""Documents that somebody shows to make a template from: read by a worker, and never a receipt.

A specimen has no member and earns nothing; no list, figure or duplicate knows of it, because it
lies in a table of its own. Reading one twice does no harm: whoever comes last writes the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from preuve.catalog.tables import SpecimenRow
from preuve.intake import Waker
from preuve.intake.erasure import FILES, unused
from preuve.intake.stored import dump_pages, load_pages
from preuve.intake.waking import INTERACTIVE, try_to_wake
from preuve.reading.page import Pages
from preuve.reasons import ReasonCode
from preuve.store import Ground
from preuve.store.database import take_turns

PREFIX = "spc_"
"""Ids of specimens begin so, which tells them from receipts'."""

ATTEMPTS = 3
FIRST_LOOK = timedelta(seconds=10)
"""How long the first message has before the sweeper sends another."""
LEASE = timedelta(seconds=120)
"""Longer than the worker's hard time limit."""
RETRY_AFTER = timedelta(seconds=5)
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Specimen:
    """`pages` are its words, once they were read; `problem` is why that cannot be."""

    id: str
    program_id: str
    sha256: str
    pages: Pages | None
    problem: ReasonCode | None

    @property
    def is_waiting(self) -> bool:
        return self.pages is None and self.problem is None


def is_specimen(document_id: str) -> bool:
    return document_id.startswith(PREFIX)


def take(ground: Ground, program_id: str, data: bytes, *, author: str, wake: Waker) -> str:
    """Stores a file, then its row, then wakes a worker; gives the id. Blocks on the disk."""
    now, name = ground.now(), ground.blobs.put(data)
    row = SpecimenRow(
        id=f"{PREFIX}{uuid4().hex}",
        program_id=program_id,
        sha256=name,
        author=author,
        created_at=now,
        wake_at=now + FIRST_LOOK,
        attempts=0,
    )
    with ground.database.write() as session:
        take_turns(session, FILES, shared=True)
        if not ground.blobs.path(name).exists():  # whoever had the same file was erased meanwhile
            ground.blobs.put(data)
        session.add(row)
    try_to_wake(wake, row.id, INTERACTIVE)
    return row.id


def specimen(ground: Ground, program_id: str, specimen_id: str) -> Specimen | None:
    """One of this program's; None where there is no such one."""
    with ground.database.read() as session:
        found = select(SpecimenRow).filter_by(id=specimen_id, program_id=program_id)
        row = session.scalars(found).one_or_none()
        if row is None:
            return None
        pages = load_pages(row.pages) if row.pages is not None else None
        problem = ReasonCode(row.problem) if row.problem else None
        return Specimen(row.id, row.program_id, row.sha256, pages, problem)


def claim(ground: Ground, specimen_id: str) -> str | None:
    """The file to read, for as long as LEASE; None where it is done or being read.

    Counts the attempt. The fourth is not made: the specimen cannot be read.
    """
    now = ground.now()
    with ground.database.write() as session:
        row = _waiting(session, specimen_id)
        if row is None or (row.claimed_until and row.claimed_until > now):
            return None
        if row.attempts >= ATTEMPTS:
            row.problem, row.wake_at = ReasonCode.READING_FAILED, None
            return None
        row.attempts += 1
        row.claimed_until = row.wake_at = now + LEASE
        return row.sha256


def keep_words(ground: Ground, specimen_id: str, pages: Pages) -> None:
    """What was read; a document without a word is one that cannot be used."""
    if not any(page.rows for page in pages):
        refuse(ground, specimen_id, ReasonCode.NO_TEXT)
        return
    with ground.database.write() as session:
        if row := _waiting(session, specimen_id):
            row.pages, row.wake_at = dump_pages(pages), None


def refuse(ground: Ground, specimen_id: str, code: ReasonCode) -> None:
    """The file cannot be read at all."""
    with ground.database.write() as session:
        if row := _waiting(session, specimen_id):
            row.problem, row.wake_at = code, None


def give_back(ground: Ground, specimen_id: str) -> None:
    """The reading went wrong for no fault of the document: it is tried again."""
    with ground.database.write() as session:
        if row := _waiting(session, specimen_id):
            row.claimed_until, row.wake_at = None, ground.now() + RETRY_AFTER


def sweep_specimens(ground: Ground, wake: Waker) -> int:
    """Wakes those that nobody was told of, or whose worker died; gives how many."""
    now = ground.now()
    due = select(SpecimenRow).where(SpecimenRow.wake_at <= now).order_by(SpecimenRow.wake_at)
    with ground.database.read() as session:
        if session.scalar(due.with_only_columns(SpecimenRow.id).limit(1)) is None:
            return 0
    with ground.database.write() as session:
        rows = session.scalars(due.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
        for row in rows:
            # Marked before it is sent: should the broker be down, the next look comes in time.
            row.wake_at = now + FIRST_LOOK
        names = [row.id for row in rows]
    return sum(try_to_wake(wake, name, INTERACTIVE) for name in names)


def drop_specimens(ground: Ground, keep: timedelta) -> int:
    """Drops those older than `keep`, and the files that nothing else has; gives how many."""
    old = SpecimenRow.created_at < ground.now() - keep
    with ground.database.read() as session:
        if session.scalar(select(SpecimenRow.id).where(old).limit(1)) is None:
            return 0
    with ground.database.write() as session:
        names = session.scalars(delete(SpecimenRow).where(old).returning(SpecimenRow.sha256)).all()
        gone = unused(session, names)
        shown = select(SpecimenRow.sha256).where(SpecimenRow.sha256.in_(gone))
        for name in set(gone) - set(session.scalars(shown)):
            ground.blobs.remove(name)
        return len(names)


def _waiting(session: Session, specimen_id: str) -> SpecimenRow | None:
    found = select(SpecimenRow).where(
        SpecimenRow.id == specimen_id, SpecimenRow.wake_at.is_not(None)
    )
    return session.scalars(found.with_for_update()).one_or_none()
