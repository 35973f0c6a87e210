"""What a member has, and the entries behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.ledger.said import why, with_said
from preuve.loyalty.ledger.tables import (
    AccountRow,
    EntryRow,
    LotRow,
    Side,
)
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Balance:
    """A member's points. `pending` may not be spent yet, `reserved` are about to be.

    `owed` were spent and then taken back: they come off what becomes available next. `lifetime`
    is all that was earned and not taken back. `next_expiry` is of what is there to be spent, or
    pending.
    """

    pending: int = 0
    available: int = 0
    reserved: int = 0
    owed: int = 0
    lifetime: int = 0
    next_expiry: Expiring | None = None


@dataclass(frozen=True, slots=True)
class Expiring:
    """From `at` on these points cannot be spent."""

    at: datetime
    points: int


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry as the member sees it.

    `points` is what it changes of available and pending together: below zero where they were
    taken away, 0 where `moved` points only go from one of a member's accounts to another.
    """

    id: int
    kind: str
    points: int
    moved: int
    source: str
    target: str
    why: str
    rule: str | None
    occasion: str | None
    receipt_id: str | None
    actor: str | None
    created_at: datetime
    available_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenLot:
    """What is left of the points that `rule` gave on one occasion; `pending` until available."""

    id: int
    rule: str
    occasion: str
    remaining: int
    pending: bool
    earned_at: datetime
    available_at: datetime
    expires_at: datetime | None


def balance(ground: Ground, program_id: str, member_id: str) -> Balance:
    """A member's points now; zeros for a member that never earned any.

    What time has brought counts at once, though its entries may be written a moment later.
    """
    now = ground.now()
    accounts = select(AccountRow).filter_by(program_id=program_id, member_id=member_id)
    with ground.database.read() as session:
        rows = {Side(row.kind): row for row in session.scalars(accounts)}
        if not rows:
            return Balance()
        has = {side: row.points or 0 for side, row in rows.items()}
        holder = rows[Side.AVAILABLE].id
        begun = _begun(session, holder, now) if has.get(Side.PENDING) else 0
        ended = _ended(session, holder, now)
        expiring = _next_expiry(session, holder, now)
    available = has[Side.AVAILABLE] + begun - ended
    paid = min(available, -has.get(Side.OWED, 0))
    return Balance(
        pending=has.get(Side.PENDING, 0) - begun,
        available=available - paid,
        reserved=has.get(Side.RESERVED, 0),
        owed=-has.get(Side.OWED, 0) - paid,
        lifetime=rows[Side.AVAILABLE].earned or 0,
        next_expiry=expiring,
    )


def entries(
    ground: Ground, program_id: str, member_id: str, *, before: int | None = None, limit: int = 50
) -> list[EntryView]:
    """A member's entries, newest first; `before` is the id of the last one already had."""
    source, target = aliased(AccountRow), aliased(AccountRow)
    found = (
        with_said(select(EntryRow, source.kind, target.kind, why()))
        .join(source, source.id == EntryRow.from_account_id)
        .join(target, target.id == EntryRow.to_account_id)
        .where(EntryRow.holder_id == _holder(program_id, member_id))
        .order_by(EntryRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        found = found.where(EntryRow.id < before)
    with ground.database.read() as session:
        return [_shown(*row) for row in session.execute(found)]


def open_lots(
    ground: Ground, program_id: str, member_id: str, *, limit: int = 50
) -> tuple[OpenLot, ...]:
    """The lots of a member that hold points now, in the order in which they are spent."""
    now = ground.now()
    found = (
        select(LotRow)
        .where(LotRow.holder_id == _holder(program_id, member_id), LotRow.remaining > 0)
        .where(~_over(now))
        .order_by(LotRow.expires_at.is_(None), LotRow.expires_at, LotRow.id)
        .limit(limit)
    )
    with ground.database.read() as session:
        return tuple(
            OpenLot(
                id=lot.id,
                rule=lot.rule,
                occasion=lot.occasion,
                remaining=lot.remaining,
                pending=lot.pending and lot.available_at > now,
                earned_at=lot.earned_at,
                available_at=lot.available_at,
                expires_at=lot.expires_at,
            )
            for lot in session.scalars(found)
        )


def _holder(program_id: str, member_id: str) -> ScalarSelect[int]:
    mine = {"program_id": program_id, "member_id": member_id, "kind": Side.AVAILABLE}
    return select(AccountRow.id).filter_by(**mine).scalar_subquery()


def _begun(session: Session, holder: int, now: datetime) -> int:
    return _sum(session, holder, LotRow.pending, LotRow.available_at <= now)


def _ended(session: Session, holder: int, now: datetime) -> int:
    """What expired and no entry says so yet, also of what was pending until its last day."""
    return _sum(session, holder, _over(now))


def _over(now: datetime) -> ColumnElement[bool]:
    usable = LotRow.pending.is_(False) | (LotRow.available_at <= now)
    return LotRow.expires_at.is_not(None) & (LotRow.expires_at <= now) & usable


def _sum(session: Session, holder: int, *conditions: Any) -> int:
    total = func.coalesce(func.sum(LotRow.remaining), 0)
    found = select(total).where(LotRow.holder_id == holder, LotRow.remaining > 0, *conditions)
    return int(session.scalar(found) or 0)


def _next_expiry(session: Session, holder: int, now: datetime) -> Expiring | None:
    total = func.sum(LotRow.remaining)
    found = (
        select(LotRow.expires_at, total)
        .where(LotRow.holder_id == holder, LotRow.remaining > 0, LotRow.expires_at > now)
        .group_by(LotRow.expires_at)
        .order_by(LotRow.expires_at)
        .limit(1)
    )
    for at, points in session.execute(found):
        return Expiring(at, int(points)) if at else None
    return None


def _shown(entry: EntryRow, source: str, target: str, why: str) -> EntryView:
    usable = (Side.AVAILABLE, Side.PENDING)
    change = (target in usable) - (source in usable)
    return EntryView(
        id=entry.id,
        kind=entry.kind,
        points=change * entry.points,
        moved=entry.points,
        source=source,
        target=target,
        why=why,
        rule=entry.rule,
        occasion=entry.occasion,
        receipt_id=entry.receipt_id,
        actor=entry.actor,
        created_at=entry.created_at,
        available_at=entry.available_at,
        expires_at=entry.expires_at,
    )
