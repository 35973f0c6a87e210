"""What an occasion is worth: points come into its lots, and are taken back from them.

However often and in whatever order an occasion is judged, the member ends with what the last
judgement gives, less what was spent: taking back undoes what became of the points meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from preuve.loyalty.ledger.book import POLICY, About, Book, Moves, program_account
from preuve.loyalty.ledger.tables import EntryRow, Kind, LotMovementRow, LotRow, Side
from preuve.loyalty.rules.award import AwardLine
from preuve.loyalty.rules.program import Program
from preuve.messages import say


@dataclass(frozen=True, slots=True)
class Origin:
    """What points are for. `key` is the occasion's (`Occasion.key`), a receipt's id for one.

    From `occurred_at` run the dates on which points become available and expire; for a receipt
    it is `received_at`. So it is the same however often and late the occasion is judged.
    """

    key: str
    occurred_at: datetime
    receipt_id: str | None = None


def open_lot(
    book: Book, program: Program, origin: Origin, rule: str, *, at_once: bool = False
) -> LotRow:
    """The lot of one rule on one occasion, with the dates that it got when it was opened.

    `at_once`: a new one is not pending, whatever the policy. Raises ValueError where the
    occasion is another member's.
    """
    found = select(LotRow).filter_by(program_id=book.program_id, occasion=origin.key, rule=rule)
    lot = book.session.scalar(found)
    if lot is None:
        available_at = origin.occurred_at
        if not at_once:
            available_at = program.points.available_at(available_at, program.zone)
        lot = LotRow(
            program_id=book.program_id,
            holder_id=book.holder_id,
            occasion=origin.key,
            rule=rule,
            earned_at=origin.occurred_at,
            available_at=available_at,
            expires_at=program.points.expires_at(origin.occurred_at, program.zone),
            pending=available_at > book.now,
            remaining=0,
        )
        book.session.add(lot)
    _check_whose(book, lot)
    if lot.available_at <= book.now:
        lot.pending = False
    return lot


def credit(book: Book, program: Program, origin: Origin, revision: int, line: AwardLine) -> None:
    """Posts one line of an award, into the lot that the rule has on this occasion.

    Where its points were taken back before, and more than was left, what the policy forgave or
    other lots gave in their stead, also by paying the debt, goes back first.
    """
    lot = open_lot(book, program, origin, line.rule)
    forgiven = min(forgiven_of(book, lot), line.points) if lot.id else 0
    free = line.points - forgiven
    moves: Moves = {lot: line.points}
    for lender, points in _lenders(book, lot) if lot.id and free > 0 else ():
        back = min(points, free)
        moves[lender], moves[lot], free = back, moves[lot] - back, free - back
    about = About(
        line.why,
        origin.key,
        line.rule,
        revision,
        receipt_id=origin.receipt_id,
        detail=dict(line.detail),
    )
    side = Side.PENDING if lot.pending else Side.AVAILABLE
    book.post(Kind.ACCRUAL, Side.ISSUED, side, line.points, about, moves, lot)
    return_forgiven(book, lot, forgiven)


def take_back(book: Book, program: Program, entry: EntryRow, revision: int) -> None:
    """Reverses an accrual in full.

    What is left in its lot goes first, then what expired of it, then the occasion's other lots,
    then the member's others by their expiry; for the rest the program's policy decides.
    """
    lot = book.session.scalars(
        select(LotRow).filter_by(
            program_id=book.program_id, occasion=entry.occasion, rule=entry.rule
        )
    ).one()
    _check_whose(book, lot)
    if lot.pending:
        moves: Moves = {lot: -entry.points}
    else:
        _bring_back_expired(book, lot, entry.points - lot.remaining)
        moves = book.taken(entry.points, first=lot)
        spent = entry.points + sum(moves.values())
        if spent:
            about = About("spent before it was taken back", lot.occasion, lot.rule, actor=POLICY)
            source = Side.OWED if program.points.when_spent == "owe" else Side.FORGIVEN
            book.post(Kind.ADJUSTMENT, source, Side.AVAILABLE, spent, about, {lot: spent})
            moves[lot] = moves.get(lot, 0) - spent
    about = About(
        say("takes back entry {number:d}", number=entry.id),
        entry.occasion,
        entry.rule,
        revision,
        receipt_id=entry.receipt_id,
        reverses_id=entry.id,
    )
    side = Side.PENDING if lot.pending else Side.AVAILABLE
    book.post(Kind.REVERSAL, side, Side.ISSUED, entry.points, about, moves, lot)


def return_forgiven(book: Book, lot: LotRow, points: int) -> None:
    """The member has points again that the policy forgave, so they are not given twice."""
    if points:
        about = About("was forgiven before", lot.occasion, lot.rule, actor=POLICY)
        moves = {lot: -points}
        book.post(Kind.ADJUSTMENT, Side.AVAILABLE, Side.FORGIVEN, points, about, moves)


def _check_whose(book: Book, lot: LotRow) -> None:
    if lot.holder_id != book.holder_id:
        raise ValueError(f"the occasion {lot.occasion!r} was credited to another member")


def _bring_back_expired(book: Book, lot: LotRow, missing: int) -> None:
    """Reverses expiries of the lot until `missing` points are there, or none is left."""
    reversal = aliased(EntryRow)
    expiries = (
        select(EntryRow)
        .join(LotMovementRow, LotMovementRow.entry_id == EntryRow.id)
        .outerjoin(reversal, reversal.reverses_id == EntryRow.id)
        .where(
            LotMovementRow.lot_id == lot.id,
            EntryRow.kind == Kind.EXPIRY,
            reversal.id.is_(None),
        )
        .order_by(EntryRow.id.desc())
    )
    for expiry in book.session.scalars(expiries).all() if missing > 0 else ():
        if missing <= 0:
            break
        about = About("brings back what expired", lot.occasion, lot.rule, reverses_id=expiry.id)
        moves = {lot: expiry.points}
        book.post(Kind.REVERSAL, Side.BREAKAGE, Side.AVAILABLE, expiry.points, about, moves, lot)
        missing -= expiry.points


def forgiven_of(book: Book, lot: LotRow) -> int:
    """What the policy forgave in this lot's stead and did not get back."""
    account = program_account(book.session, book.program_id, Side.FORGIVEN, book.now)
    given = case((EntryRow.from_account_id == account, EntryRow.points), else_=-EntryRow.points)
    total = select(func.coalesce(func.sum(given), 0)).where(
        EntryRow.program_id == book.program_id,
        EntryRow.occasion == lot.occasion,
        EntryRow.rule == lot.rule,
        (EntryRow.from_account_id == account) | (EntryRow.to_account_id == account),
    )
    return int(book.session.scalar(total) or 0)


def _lenders(book: Book, lot: LotRow) -> Iterator[tuple[LotRow, int]]:
    """The lots that gave points when this lot's were taken back, or paid what was owed for it
    since, and how many."""
    lent = -func.sum(LotMovementRow.points)
    found = (
        select(LotMovementRow.lot_id, lent)
        .join(EntryRow, EntryRow.id == LotMovementRow.entry_id)
        .where(
            EntryRow.program_id == book.program_id,
            EntryRow.occasion == lot.occasion,
            EntryRow.rule == lot.rule,
            EntryRow.kind.in_((Kind.ACCRUAL, Kind.REVERSAL, Kind.ADJUSTMENT)),
            LotMovementRow.lot_id != lot.id,
        )
        .group_by(LotMovementRow.lot_id)
        .having(lent > 0)
        .order_by(LotMovementRow.lot_id)
    )
    for number, points in book.session.execute(found).all():
        yield book.session.get_one(LotRow, number), int(points)
