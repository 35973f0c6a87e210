"""Spending in two steps: points are reserved, then confirmed as spent, or free again.

Whoever hands out the reward reserves first, hands it out, and confirms. A reservation that is
not confirmed in time ends by itself.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.book import About, Book, book_of, find_book
from preuve.loyalty.ledger.credit import forgiven_of, return_forgiven
from preuve.loyalty.ledger.tables import (
    AccountRow,
    Kind,
    LotMovementRow,
    LotRow,
    RedemptionRow,
    Side,
)
from preuve.loyalty.rules.program import Program
from preuve.messages import say
from preuve.store import Ground
from preuve.store.database import take_turns

RESERVING, CONFIRMING, RELEASING = 1, 2, 3
"""Revisions of a redemption's entries: the unique key allows each step once."""


class State(StrEnum):
    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Redemption:
    """`what` the points are spent on, in the partner's own words."""

    id: str
    member_id: str
    points: int
    what: str
    state: State
    created_at: datetime
    expires_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class TooFew:
    """The member has not so many points to spend, but `available`."""

    available: int


@dataclass(frozen=True, slots=True)
class KeyTaken:
    """The idempotency key came before with something else; `id` is what it belongs to."""

    id: str


@dataclass(frozen=True, slots=True)
class Over:
    """The redemption ended otherwise before."""

    redemption: Redemption


def reserve(
    ground: Ground, program: Program, member_id: str, points: int, key: str, what: str = ""
) -> Redemption | TooFew | KeyTaken:
    """Sets `points` (above zero) aside, those that expire first.

    The same `key` with the same content gives the same redemption, however often.
    """
    if points <= 0:
        raise ValueError(f"{points} points cannot be redeemed")
    now, program_id = ground.now(), program.program

    def work(session: Session) -> Redemption | TooFew | KeyTaken:
        take_turns(session, f"redemption {key} of {program_id}")
        known = session.scalar(select(RedemptionRow).filter_by(program_id=program_id, key=key))
        if known is not None:
            shown = _shown(session, known)
            same = (shown.member_id, shown.points, shown.what) == (member_id, points, what)
            return shown if same else KeyTaken(known.id)
        book = find_book(session, program_id, member_id, now)
        if book is None:
            return TooFew(0)
        book.catch_up()
        if book.points(Side.AVAILABLE) < points:
            return TooFew(book.points(Side.AVAILABLE))
        number = f"rdm_{secrets.token_hex(16)}"
        about = About("reserved", number, "", RESERVING)
        entry = book.post(
            Kind.REDEMPTION, Side.AVAILABLE, Side.RESERVED, points, about, book.taken(points)
        )
        row = RedemptionRow(
            id=number,
            program_id=program_id,
            holder_id=book.holder_id,
            points=points,
            what=what,
            state=State.RESERVED,
            key=key,
            entry_id=entry.id,
            created_at=now,
            expires_at=now + timedelta(minutes=program.points.reserved_minutes),
        )
        session.add(row)
        return _shown(session, row)

    return ground.database.run(work)


def confirm(ground: Ground, program_id: str, redemption_id: str) -> Redemption | Over | None:
    """The points are spent. None for a redemption that the program has not."""
    now = ground.now()

    def work(session: Session) -> Redemption | Over | None:
        held = _held(session, program_id, redemption_id, now)
        if held is None:
            return None
        book, row = held
        if row.state == State.RESERVED and row.expires_at <= now:
            _give_back(book, row, State.EXPIRED)
        if row.state == State.RESERVED:
            about = About("spent", row.id, "", CONFIRMING)
            book.post(Kind.REDEMPTION, Side.RESERVED, Side.REDEEMED, row.points, about)
            row.state, row.settled_at = State.CONFIRMED, now
        shown = _shown(session, row)
        return shown if row.state == State.CONFIRMED else Over(shown)

    return ground.database.run(work)


def release(ground: Ground, program_id: str, redemption_id: str) -> Redemption | Over | None:
    """The points are free again, in the lots that they came from; what expired since expires."""
    now = ground.now()

    def work(session: Session) -> Redemption | Over | None:
        held = _held(session, program_id, redemption_id, now)
        if held is None:
            return None
        book, row = held
        if row.state == State.RESERVED:
            _give_back(book, row, State.RELEASED)
        shown = _shown(session, row)
        return Over(shown) if row.state == State.CONFIRMED else shown

    return ground.database.run(work)


def run_out(session: Session, redemption_id: str, now: datetime) -> None:
    """Ends a reservation whose time is over; one that is settled stays as it is."""
    program_id = session.scalars(
        select(RedemptionRow.program_id).where(RedemptionRow.id == redemption_id)
    ).one()
    held = _held(session, program_id, redemption_id, now)
    if held and held[1].state == State.RESERVED and held[1].expires_at <= now:
        _give_back(*held, State.EXPIRED)


def redemption(ground: Ground, program_id: str, redemption_id: str) -> Redemption | None:
    """Where a redemption stands."""
    with ground.database.read() as session:
        row = session.get(RedemptionRow, redemption_id)
        return _shown(session, row) if row and row.program_id == program_id else None


def redemptions(
    ground: Ground, program_id: str, member_id: str, *, limit: int = 50
) -> tuple[Redemption, ...]:
    """A member's redemptions, newest first."""
    found = (
        select(RedemptionRow)
        .join(AccountRow, AccountRow.id == RedemptionRow.holder_id)
        .where(AccountRow.program_id == program_id, AccountRow.member_id == member_id)
        .order_by(RedemptionRow.created_at.desc(), RedemptionRow.entry_id.desc())
        .limit(limit)
    )
    with ground.database.read() as session:
        return tuple(_shown(session, row) for row in session.scalars(found))


def release_all(book: Book) -> None:
    """Frees every point of the member that is reserved."""
    waiting = select(RedemptionRow).filter_by(holder_id=book.holder_id, state=State.RESERVED)
    for row in book.session.scalars(waiting.order_by(RedemptionRow.id)).all():
        _give_back(book, row, State.RELEASED)


def _held(
    session: Session, program_id: str, redemption_id: str, now: datetime
) -> tuple[Book, RedemptionRow] | None:
    """The redemption and its member's book, which this transaction holds from here on."""
    row = session.get(RedemptionRow, redemption_id)
    if row is None or row.program_id != program_id:
        return None
    book = book_of(session, program_id, row.holder_id, now)
    session.refresh(row)
    return book, row


def _give_back(book: Book, row: RedemptionRow, state: State) -> None:
    taken = select(LotMovementRow).where(LotMovementRow.entry_id == row.entry_id)
    moves = {
        book.session.get_one(LotRow, move.lot_id): -move.points
        for move in book.session.scalars(taken).all()
    }
    ran_out = state is State.EXPIRED
    why = say("the reservation ran out") if ran_out else say("the reservation was released")
    about = About(why, row.id, "", RELEASING, reverses_id=row.entry_id)
    book.post(Kind.REVERSAL, Side.RESERVED, Side.AVAILABLE, row.points, about, moves)
    row.state, row.settled_at = state, book.now
    for lot, points in moves.items():
        return_forgiven(book, lot, min(forgiven_of(book, lot), points))
    book.catch_up()


def _shown(session: Session, row: RedemptionRow) -> Redemption:
    return Redemption(
        id=row.id,
        member_id=session.get_one(AccountRow, row.holder_id).member_id,
        points=row.points,
        what=row.what,
        state=State(row.state),
        created_at=row.created_at,
        expires_at=row.expires_at,
        settled_at=row.settled_at,
    )
