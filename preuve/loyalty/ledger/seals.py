"""Seals: entries in batches under a hash, each holding the one before.

Whoever changes a sealed entry past the database's triggers has to make every later seal anew,
and the last one may have been kept elsewhere. In the hash: an entry's number, kind, accounts by
number, points, receipt, rule, revision, dates, and what lots gave or got. Not in it: members, and
texts that may speak of them (occasion, why, detail, actor), so that a person can be forgotten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from preuve.loyalty.ledger.book import sealing_turn
from preuve.loyalty.ledger.tables import AccountRow, EntryRow, LotMovementRow, SealRow, Side
from preuve.store import Ground

BATCH = 5_000
EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seal:
    """`entries` entries, the last of them `last_entry_id`, under `sha256`."""

    number: int
    last_entry_id: int
    entries: int
    sha256: str
    sealed_at: datetime


def seal(ground: Ground, program_id: str) -> int:
    """Seals every entry that is not sealed yet; gives how many."""
    sealed = 0
    while count := ground.database.run(lambda session: seal_batch(session, program_id, ground)):
        sealed += count
    return sealed


def seal_by_and_by(ground: Ground) -> int:
    """Seals each program's entries where the last seal is EVERY old, or there is none."""
    sealed = 0
    for program_id in programs_with_entries(ground):
        with ground.database.read() as session:
            last = last_seal(session, program_id)
            due = last is None or last.sealed_at + EVERY <= ground.now()
        if due:
            sealed += seal(ground, program_id)
    return sealed


def seal_batch(session: Session, program_id: str, ground: Ground) -> int:
    """Seals the next entries, at most BATCH; gives how many."""
    sealing_turn(session, program_id)
    last = last_seal(session, program_id)
    batch = entries_after(session, program_id, last.last_entry_id if last else 0, BATCH)
    if not batch:
        return 0
    session.add(
        SealRow(
            program_id=program_id,
            number=last.number + 1 if last else 1,
            last_entry_id=batch[-1].id,
            entries=len(batch),
            sha256=digest(session, last.sha256 if last else "", batch),
            sealed_at=ground.now(),
        )
    )
    session.flush()
    return len(batch)


def last_seal(session: Session, program_id: str) -> SealRow | None:
    """The newest seal of the program."""
    found = select(SealRow).filter_by(program_id=program_id).order_by(SealRow.number.desc())
    return session.scalars(found.limit(1)).one_or_none()


def newest_seal(ground: Ground, program_id: str) -> Seal | None:
    """The program's last seal: kept elsewhere, it vouches for every entry up to its own."""
    with ground.database.read() as session:
        row = last_seal(session, program_id)
    if row is None:
        return None
    return Seal(row.number, row.last_entry_id, row.entries, row.sha256, row.sealed_at)


def programs_with_entries(ground: Ground) -> list[str]:
    """The programs that have a ledger, also those whose file is gone."""
    found = select(AccountRow.program_id).where(AccountRow.kind == Side.AVAILABLE).distinct()
    with ground.database.read() as session:
        return list(session.scalars(found.order_by(AccountRow.program_id)))


def entries_after(
    session: Session, program_id: str, after: int, limit: int, last: int | None = None
) -> Sequence[EntryRow]:
    """The next entries by number, up to the one numbered `last` where it is given."""
    found = select(EntryRow).where(EntryRow.program_id == program_id, EntryRow.id > after)
    if last is not None:
        found = found.where(EntryRow.id <= last)
    # Not hashed; and where it was spoiled, what is hashed can still be looked at.
    found = found.options(defer(EntryRow.detail))
    return session.scalars(found.order_by(EntryRow.id).limit(limit)).all()


def digest(session: Session, before: str, batch: Sequence[EntryRow]) -> str:
    """The hash of the seal `before` and of these entries: SHA-256 over one JSON list a line."""
    moves: dict[int, list[tuple[int, int]]] = {}
    for start in range(0, len(batch), 500):
        numbers = [entry.id for entry in batch[start : start + 500]]
        found = select(LotMovementRow).where(LotMovementRow.entry_id.in_(numbers))
        for move in session.scalars(found.order_by(LotMovementRow.lot_id)):
            moves.setdefault(move.entry_id, []).append((move.lot_id, move.points))
    hashed = hashlib.sha256(before.encode())
    for entry in batch:
        hashed.update(b"\n" + _line(entry, moves.get(entry.id, [])))
    return hashed.hexdigest()


def _line(entry: EntryRow, moves: list[tuple[int, int]]) -> bytes:
    parts = [
        entry.id,
        entry.kind,
        entry.holder_id,
        entry.from_account_id,
        entry.to_account_id,
        entry.points,
        entry.receipt_id,
        entry.rule,
        entry.revision,
        entry.reverses_id,
        entry.created_at.isoformat(),
        entry.available_at.isoformat(),
        entry.expires_at.isoformat() if entry.expires_at else None,
        moves,
    ]
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=True).encode()
