"""What lies beside the entries, lots, redemptions, reasons, closed months, against the entries.

Entries are sealed and these are not, so that one that was changed shows here alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.ledger.book import POLICY
from preuve.loyalty.ledger.months import figures
from preuve.loyalty.ledger.redemption import CONFIRMING, RELEASING, RESERVING, State
from preuve.loyalty.ledger.tables import (
    AdjustmentRow,
    ClosedMonthRow,
    EntryRow,
    Kind,
    LotMovementRow,
    LotRow,
    RedemptionRow,
)

Found = Iterator[tuple[str, str]]


def lots_as_opened(session: Session, program_id: str) -> Found:
    """A lot is its member's, and has the dates that what opened it tells."""
    told = (
        select(EntryRow.id, LotRow.id)
        .outerjoin(
            LotRow,
            and_(
                LotRow.program_id == EntryRow.program_id,
                LotRow.occasion == EntryRow.occasion,
                LotRow.rule == EntryRow.rule,
            ),
        )
        .where(
            EntryRow.program_id == program_id,
            or_(
                EntryRow.kind == Kind.ACCRUAL,
                # Points that a person took open no lot.
                and_(
                    EntryRow.kind == Kind.ADJUSTMENT,
                    EntryRow.actor != POLICY,
                    LotRow.id.is_not(None),
                ),
            ),
            or_(
                LotRow.id.is_(None),
                LotRow.available_at != EntryRow.available_at,
                LotRow.expires_at.is_distinct_from(EntryRow.expires_at),
            ),
        )
    )
    for number, lot in session.execute(told.order_by(EntryRow.id)):
        where = f"entry {number}" if lot is None else f"lot {lot}"
        yield where, f"has no lot with the dates of entry {number}"
    moved = (
        select(EntryRow.id, LotMovementRow.lot_id)
        .join(LotMovementRow, LotMovementRow.entry_id == EntryRow.id)
        .outerjoin(LotRow, LotRow.id == LotMovementRow.lot_id)
        .where(
            EntryRow.program_id == program_id,
            or_(LotRow.id.is_(None), LotRow.holder_id != EntryRow.holder_id),
        )
    )
    for number, lot in session.execute(moved.order_by(EntryRow.id)):
        yield f"lot {lot}", f"is not the lot of the member of entry {number}"


def redemptions(session: Session, program_id: str) -> Found:
    """Each redemption is what its entries say, and none is missing."""
    ending = aliased(EntryRow)
    state = case(
        (ending.revision == CONFIRMING, "confirmed"),
        (ending.revision == RELEASING, "released"),
        else_="reserved",
    )
    kept = case((RedemptionRow.state == State.EXPIRED, "released"), else_=RedemptionRow.state)
    found = (
        select(EntryRow.id, EntryRow.points, state)
        .outerjoin(RedemptionRow, RedemptionRow.entry_id == EntryRow.id)
        .outerjoin(
            ending,
            and_(
                ending.program_id == EntryRow.program_id,
                ending.occasion == EntryRow.occasion,
                ending.revision.in_((CONFIRMING, RELEASING)),
            ),
        )
        .where(
            EntryRow.program_id == program_id,
            EntryRow.kind == Kind.REDEMPTION,
            EntryRow.revision == RESERVING,
            or_(
                RedemptionRow.id.is_(None),
                RedemptionRow.id != EntryRow.occasion,
                RedemptionRow.points != EntryRow.points,
                RedemptionRow.holder_id != EntryRow.holder_id,
                RedemptionRow.program_id != EntryRow.program_id,
                kept != state,
            ),
        )
    )
    for number, points, ends in session.execute(found.order_by(EntryRow.id)):
        yield f"entry {number}", f"no redemption of {points} points that is {ends} stands for it"


def reasons(session: Session, program_id: str) -> Found:
    """Whatever a person adjusted has its reason, or the place of one that was erased."""
    found = (
        select(EntryRow.id)
        .outerjoin(AdjustmentRow, AdjustmentRow.entry_id == EntryRow.id)
        .where(
            EntryRow.program_id == program_id,
            EntryRow.kind == Kind.ADJUSTMENT,
            EntryRow.actor != POLICY,
            or_(AdjustmentRow.entry_id.is_(None), AdjustmentRow.program_id != EntryRow.program_id),
        )
    )
    for number in session.scalars(found.order_by(EntryRow.id)):
        yield f"entry {number}", "was adjusted by a person, and no reason is kept"


def closed_months(session: Session, program_id: str) -> Found:
    """A closed month's figures are still what its entries say."""
    rows = select(ClosedMonthRow).filter_by(program_id=program_id)
    for row in session.scalars(rows.order_by(ClosedMonthRow.ends_at)).all():
        firsts = _firsts(row)
        if not firsts:
            yield f"month {row.month}", f"was closed up to {row.ends_at:%Y-%m-%d %H:%M}"
            continue
        # Each asks the database, and the first is right but where the clock changed.
        found = (figures(session, program_id, first, row.ends_at) for first in firsts)
        same = next((one for one in found if one["moved"] == row.figures["moved"]), None)
        now = same or figures(session, program_id, firsts[0], row.ends_at)
        for name in ("moved", "stand", "liability"):
            if now[name] != row.figures[name]:
                told = (
                    f"was closed with {name} {row.figures[name]}, and the entries say {now[name]}"
                )
                yield f"month {row.month}", told


def _firsts(row: ClosedMonthRow) -> list[datetime]:
    """When the month may have begun: at its end the program's clock may have been an hour off.

    Empty where it does not end with the month that it is called by.
    """
    first = datetime.strptime(row.month, "%Y-%m").replace(tzinfo=UTC)
    after = (first + timedelta(days=32)).replace(day=1)
    off = row.ends_at - after
    if abs(off) > timedelta(hours=14):
        return []
    return [first + off + timedelta(hours=hours) for hours in (0, -1, 1)]
