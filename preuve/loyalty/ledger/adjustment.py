"""A person gives or takes points by hand, and says why."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.book import About, find_book, open_book
from preuve.loyalty.ledger.credit import Origin, open_lot
from preuve.loyalty.ledger.redemption import KeyTaken, TooFew
from preuve.loyalty.ledger.tables import AccountRow, AdjustmentRow, EntryRow, Kind, Side
from preuve.loyalty.rules.program import Program
from preuve.store import Ground
from preuve.store.database import take_turns

RULE = "adjustment"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was done: the number of the ledger's entry, and `points`, below zero if taken."""

    entry_id: int
    member_id: str
    points: int
    person: str
    reason: str


def adjust(
    ground: Ground,
    program: Program,
    member_id: str,
    points: int,
    key: str,
    *,
    person: str,
    reason: str,
) -> Adjustment | TooFew | KeyTaken:
    """Gives `points`, at once to be spent and expiring like others, or takes them (below zero).

    Never takes more than is available. The same `key` with the same content does it once.
    """
    if not points or not person or not reason:
        raise ValueError("an adjustment has points, a person and a reason")
    now, occasion = ground.now(), f"adjustment:{secrets.token_hex(16)}"
    wanted = (member_id, points, person, reason)

    def work(session: Session) -> Adjustment | TooFew | KeyTaken:
        take_turns(session, f"adjustment {key} of {program.program}")
        known = _known(session, program.program, key)
        if known is not None:
            same = (known.member_id, known.points, known.person, known.reason) == wanted
            return known if same else KeyTaken(str(known.entry_id))
        about = About("by hand", occasion, RULE, revision=1, actor=person)
        if points > 0:
            book = open_book(session, program.program, member_id, now)
            book.catch_up()
            lot = open_lot(book, program, Origin(occasion, now), RULE, at_once=True)
            source, target, moves = Side.ADJUSTED, Side.AVAILABLE, {lot: points}
        else:
            found = find_book(session, program.program, member_id, now)
            if found is None:
                return TooFew(0)
            book, lot = found, None
            book.catch_up()
            if book.points(Side.AVAILABLE) < -points:
                return TooFew(book.points(Side.AVAILABLE))
            source, target, moves = Side.AVAILABLE, Side.ADJUSTED, book.taken(-points)
        entry = book.post(Kind.ADJUSTMENT, source, target, abs(points), about, moves, lot)
        said = AdjustmentRow(entry_id=entry.id, program_id=program.program, key=key, reason=reason)
        session.add(said)
        book.catch_up()
        return Adjustment(entry.id, *wanted)

    return ground.database.run(work)


def _known(session: Session, program_id: str, key: str) -> Adjustment | None:
    found = (
        select(EntryRow, AccountRow.member_id, AdjustmentRow.reason)
        .join(AdjustmentRow, AdjustmentRow.entry_id == EntryRow.id)
        .join(AccountRow, AccountRow.id == EntryRow.holder_id)
        .where(AdjustmentRow.program_id == program_id, AdjustmentRow.key == key)
    )
    row = session.execute(found).one_or_none()
    if row is None:
        return None
    entry, member_id, reason = row
    sign = -1 if entry.from_account_id == entry.holder_id else 1
    return Adjustment(entry.id, member_id, sign * entry.points, entry.actor or "", reason)
