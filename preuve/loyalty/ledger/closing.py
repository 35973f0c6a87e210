"""A member's accounts are emptied, and are nobody's from then on; the entries stay."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import String, cast, literal, select, update
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.book import POLICY, About, Book, find_book
from preuve.loyalty.ledger.redemption import release_all
from preuve.loyalty.ledger.tables import (
    AccountRow,
    AdjustmentRow,
    EntryRow,
    Kind,
    LotRow,
    RedemptionRow,
    Side,
)
from preuve.messages import say

ERASED = say("the member was erased")


def close_accounts(session: Session, program_id: str, member_id: str, now: datetime) -> str | None:
    """Gives the name by which the accounts are kept; None where there are none.

    What is reserved is released, what is there or pending expires, what is owed is forgiven. So
    the program owes nobody anything that is nobody's.
    """
    book = find_book(session, program_id, member_id, now)
    if book is None:
        return None
    release_all(book)
    book.catch_up()
    _empty(book)
    session.flush()
    name = f"erased-{secrets.token_hex(8)}"
    mine = update(AccountRow).filter_by(program_id=program_id, member_id=member_id)
    session.execute(mine.values(member_id=name))
    _unsay(session, book.holder_id)
    return name


def _empty(book: Book) -> None:
    left = select(LotRow).where(LotRow.holder_id == book.holder_id, LotRow.remaining > 0)
    for lot in book.session.scalars(left.order_by(LotRow.id)).all():
        about, points = About(ERASED, lot.occasion, lot.rule), lot.remaining
        if lot.pending:
            lot.pending = False
            book.post(Kind.ACTIVATION, Side.PENDING, Side.AVAILABLE, points, about, lot=lot)
        gone = {lot: -points}
        book.post(Kind.EXPIRY, Side.AVAILABLE, Side.BREAKAGE, points, about, gone, lot)
    owed = -book.points(Side.OWED)
    if owed:
        about = About(ERASED, actor=POLICY)
        book.post(Kind.ADJUSTMENT, Side.FORGIVEN, Side.OWED, owed, about)


def _unsay(session: Session, holder_id: int) -> None:
    """What partners and people wrote, and the keys that they chose."""
    gone = literal("erased:")
    spent = update(RedemptionRow).where(RedemptionRow.holder_id == holder_id)
    session.execute(spent.values(key=gone + RedemptionRow.id, what=""))
    of_member = select(EntryRow.id).where(EntryRow.holder_id == holder_id)
    adjusted = update(AdjustmentRow).where(AdjustmentRow.entry_id.in_(of_member))
    session.execute(adjusted.values(key=gone + cast(AdjustmentRow.entry_id, String), reason=""))
