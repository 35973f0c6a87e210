"""The ledger: append-only entries, each moving points between the program and a member.

A balance is always a sum. A correction is a reversal and a new entry, never a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.award import Award
from preuve.loyalty.program import Program
from preuve.loyalty.tables import AccountRow, EntryRow, postings
from preuve.store import Ground
from preuve.store.database import insert_new

ACCRUAL, REVERSAL = "accrual", "reversal"


@dataclass(frozen=True, slots=True)
class Origin:
    """What points are for. `key` is the occasion's (`Occasion.key`), a receipt's id for one.

    From `occurred_at` run the dates on which points become available and expire; for a receipt
    it is `received_at`. So it is the same however often and late the occasion is judged.
    """

    key: str
    occurred_at: datetime
    receipt_id: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's points. `pending` may not be spent yet; `lifetime` is all that was earned."""

    pending: int = 0
    available: int = 0
    lifetime: int = 0


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as the member sees it: `points` are below zero where they were taken away."""

    id: int
    kind: str
    points: int
    why: str
    rule: str | None
    receipt_id: str | None
    created_at: datetime
    available_at: datetime
    expires_at: datetime | None


def post_award(
    session: Session,
    program: Program,
    member_id: str,
    origin: Origin,
    revision: int,
    award: Award,
    now: datetime,
) -> int:
    """Makes the ledger say that `origin` is worth `award`; gives how many entries it took.

    What already stands stays untouched; what differs is reversed and posted anew under
    `revision`. So posting the same award again takes none. The caller holds a lock on
    the occasion; were it to fail, the unique keys refuse with an IntegrityError.
    """
    program_id, receipt_id = program.program, origin.receipt_id or origin.key
    standing = {entry.rule: entry for entry in live_accruals(session, program_id, receipt_id)}
    wanted = {line.rule: line.points for line in award.lines}
    kept = {rule for rule, entry in standing.items() if wanted.get(str(rule)) == entry.points}
    gone = [entry for entry in standing.values() if entry.rule not in kept]
    new = [line for line in award.lines if line.rule not in kept]
    session.add_all(_reversal(entry, revision, now) for entry in gone)
    if new:
        liability = _account(session, program_id, "liability", "", now)
        member = _account(session, program_id, "member", member_id, now)
        session.add_all(
            EntryRow(
                program_id=program_id,
                kind=ACCRUAL,
                from_account_id=liability,
                to_account_id=member,
                points=line.points,
                receipt_id=receipt_id,
                rule=line.rule,
                revision=revision,
                why=line.why,
                created_at=now,
                available_at=now,
            )
            for line in new
        )
    session.flush()
    return len(gone) + len(new)


def receipt_points(session: Session, program_id: str, receipt_id: str) -> int:
    """What a receipt is worth to its member after all corrections."""
    total = _of_members(func.coalesce(func.sum(postings.c.points), 0)).where(
        EntryRow.program_id == program_id, EntryRow.receipt_id == receipt_id
    )
    return int(session.scalar(total) or 0)


def balance(ground: Ground, program_id: str, member_id: str) -> Balance:
    """A member's points now; zeros for a member that never earned any."""
    points = postings.c.points
    pending = case((EntryRow.available_at > ground.now(), points), else_=0)
    earned = case((EntryRow.kind.in_((ACCRUAL, REVERSAL)), points), else_=0)
    sums = (func.coalesce(func.sum(part), 0) for part in (pending, points, earned))
    found = _of_members(*sums).where(
        AccountRow.program_id == program_id, AccountRow.member_id == member_id
    )
    with ground.database.read() as session:
        later, total, lifetime = (int(part) for part in session.execute(found).one())
    return Balance(pending=later, available=total - later, lifetime=lifetime)


def entries(
    ground: Ground, program_id: str, member_id: str, *, before: int | None = None, limit: int = 50
) -> list[EntryView]:
    """A member's entries, newest first; `before` is the id of the last one already had."""
    found = (
        _of_members(EntryRow, postings.c.points)
        .where(AccountRow.program_id == program_id, AccountRow.member_id == member_id)
        .order_by(EntryRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(EntryRow.id < before)
    with ground.database.read() as session:
        return [_shown(entry, points) for entry, points in session.execute(found)]


def _of_members(*columns: Any) -> Select[Any]:
    """The members' side of every entry."""
    return (
        select(*columns)
        .select_from(postings)
        .join(EntryRow, EntryRow.id == postings.c.entry_id)
        .join(AccountRow, AccountRow.id == postings.c.account_id)
        .where(AccountRow.kind == "member")
    )


def live_accruals(session: Session, program_id: str, receipt_id: str) -> Sequence[EntryRow]:
    """What a receipt was credited and no reversal took back, in the order of posting."""
    reversal = aliased(EntryRow)
    return session.scalars(
        select(EntryRow)
        .outerjoin(reversal, reversal.reverses_id == EntryRow.id)
        .where(
            EntryRow.program_id == program_id,
            EntryRow.receipt_id == receipt_id,
            EntryRow.kind == ACCRUAL,
            reversal.id.is_(None),
        )
        .order_by(EntryRow.id)
    ).all()


def _reversal(entry: EntryRow, revision: int, now: datetime) -> EntryRow:
    return EntryRow(
        program_id=entry.program_id,
        kind=REVERSAL,
        from_account_id=entry.to_account_id,
        to_account_id=entry.from_account_id,
        points=entry.points,
        receipt_id=entry.receipt_id,
        rule=entry.rule,
        revision=revision,
        reverses_id=entry.id,
        why=f"takes back entry {entry.id}",
        created_at=now,
        # What never became available is taken from what is pending.
        available_at=entry.available_at,
    )


def _account(session: Session, program_id: str, kind: str, member_id: str, now: datetime) -> int:
    same = {"program_id": program_id, "kind": kind, "member_id": member_id}
    insert_new(session, AccountRow, **same, created_at=now)
    return session.scalars(select(AccountRow.id).filter_by(**same)).one()


def _shown(entry: EntryRow, points: int) -> EntryView:
    return EntryView(
        id=entry.id,
        kind=entry.kind,
        points=points,
        why=entry.why,
        rule=entry.rule,
        receipt_id=entry.receipt_id,
        created_at=entry.created_at,
        available_at=entry.available_at,
        expires_at=entry.expires_at,
    )
