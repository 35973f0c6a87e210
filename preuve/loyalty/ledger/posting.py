"""The ledger's door for awards: it is made to say what an occasion is worth, whatever it said.

Read `book.py` next, where entries are written, then `credit.py`. Balances are in `balances.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.ledger.book import open_book
from preuve.loyalty.ledger.credit import Origin, credit, take_back
from preuve.loyalty.ledger.tables import EntryRow, Kind
from preuve.loyalty.rules.award import Award
from preuve.loyalty.rules.program import Program


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
    standing = {entry.rule: entry for entry in live_accruals(session, program.program, origin.key)}
    wanted = {line.rule: line.points for line in award.lines}
    kept = {rule for rule, entry in standing.items() if wanted.get(str(rule)) == entry.points}
    gone = [entry for entry in standing.values() if entry.rule not in kept]
    new = [line for line in award.lines if line.rule not in kept]
    if not gone and not new:
        return 0
    book = open_book(session, program.program, member_id, now)
    book.catch_up()
    # First what comes in: of points that are counted anew none is missing in between.
    for line in new:
        credit(book, program, origin, revision, line)
    for entry in gone:
        take_back(book, program, entry, revision)
    book.catch_up()
    session.flush()
    return len(gone) + len(new)


def receipt_points(session: Session, program_id: str, receipt_id: str) -> int:
    """What a receipt is worth to its member after all corrections."""
    given = case((EntryRow.kind == Kind.ACCRUAL, EntryRow.points), else_=-EntryRow.points)
    total = select(func.coalesce(func.sum(given), 0)).where(
        EntryRow.program_id == program_id, EntryRow.receipt_id == receipt_id
    )
    return int(session.scalar(total) or 0)


def live_accruals(session: Session, program_id: str, occasion: str) -> Sequence[EntryRow]:
    """What an occasion was credited and no reversal took back, in the order of posting."""
    reversal = aliased(EntryRow)
    return session.scalars(
        select(EntryRow)
        .outerjoin(reversal, reversal.reverses_id == EntryRow.id)
        .where(
            EntryRow.program_id == program_id,
            EntryRow.occasion == occasion,
            EntryRow.kind == Kind.ACCRUAL,
            reversal.id.is_(None),
        )
        .order_by(EntryRow.id)
    ).all()
