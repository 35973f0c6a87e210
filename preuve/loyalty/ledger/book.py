"""A member's book: the one place where entries are written, and what they add up to kept.

Whoever moves points opens the member's book, which nobody else holds until the transaction ends.
`ledger.py`, `redemption.py`, `adjustment.py` and `due.py` say what is to happen; here it becomes
entries, and what accounts and lots hold follows in the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.tables import (
    OF_MEMBERS,
    AccountRow,
    EntryRow,
    Kind,
    LotMovementRow,
    LotRow,
    Side,
)
from preuve.messages import say
from preuve.store.database import insert_new, take_turns

POLICY = "policy"
"""Who adjusted, where no person did."""
AT_A_TIME = 100

Moves = dict[LotRow, int]
"""What each lot gets (above zero) or gives."""


@dataclass(frozen=True, slots=True)
class About:
    """What an entry says of itself besides what it moves."""

    why: str
    occasion: str | None = None
    rule: str | None = None
    revision: int | None = None
    receipt_id: str | None = None
    reverses_id: int | None = None
    actor: str | None = None
    detail: dict[str, Any] | None = None


class Book:
    """Holds the member's accounts and writes entries. Made by `open_book`."""

    def __init__(
        self, session: Session, holder: AccountRow, accounts: Iterable[AccountRow], now: datetime
    ) -> None:
        self.session = session
        self.program_id = holder.program_id
        self.member_id = holder.member_id
        self.holder_id = holder.id
        self.now = now
        self._accounts = {Side(account.kind): account for account in accounts}

    def points(self, side: Side) -> int:
        """What one of the member's accounts holds; below zero for `owed` alone."""
        account = self._accounts.get(side)
        return (account.points or 0) if account else 0

    def post(
        self,
        kind: Kind,
        source: Side,
        target: Side,
        points: int,
        about: About,
        moves: Moves | None = None,
        lot: LotRow | None = None,
    ) -> EntryRow:
        """Writes an entry of `points`, and what the lots get and give by it.

        `lot`: the entry tells its dates.
        """
        entry = EntryRow(
            program_id=self.program_id,
            kind=kind,
            holder_id=self.holder_id,
            from_account_id=self._moved(source, -points),
            to_account_id=self._moved(target, points),
            points=points,
            occasion=about.occasion,
            receipt_id=about.receipt_id,
            rule=about.rule,
            revision=about.revision,
            reverses_id=about.reverses_id,
            why=about.why,
            actor=about.actor,
            detail=about.detail or None,
            created_at=self.now,
            available_at=lot.available_at if lot else self.now,
            expires_at=lot.expires_at if lot else None,
        )
        self.session.add(entry)
        holder = self._accounts[Side.AVAILABLE]
        earned = points * ((source is Side.ISSUED) - (target is Side.ISSUED))
        holder.earned = (holder.earned or 0) + earned
        for moved, change in (moves or {}).items():
            moved.remaining += change
        # An account that gives before it gets stays above zero in between: callers see to it.
        self.session.flush()
        self.session.add_all(
            LotMovementRow(
                entry_id=entry.id, lot_id=moved.id, program_id=self.program_id, points=change
            )
            for moved, change in (moves or {}).items()
            if change
        )
        return entry

    def catch_up(self) -> None:
        """Does what time has brought: activations, then expiries, then what is owed is paid."""
        for lot in self._due(LotRow.pending, LotRow.available_at <= self.now):
            about = About("becomes available", lot.occasion, lot.rule)
            lot.pending = False
            self.post(Kind.ACTIVATION, Side.PENDING, Side.AVAILABLE, lot.remaining, about, lot=lot)
        for lot in self._due(LotRow.pending.is_(False), LotRow.expires_at <= self.now):
            about = About("expires", lot.occasion, lot.rule)
            left = lot.remaining
            self.post(Kind.EXPIRY, Side.AVAILABLE, Side.BREAKAGE, left, about, {lot: -left}, lot)
        self._pay_what_is_owed()

    def taken(self, points: int, *, first: LotRow | None = None) -> Moves:
        """Which lots give `points`, those that expire first before others; as many as there are.

        The lot `first` comes before all, then those of its occasion.
        """
        moves: Moves = {}
        for lot in self._open_lots(first):
            if points <= 0:
                break
            moves[lot] = -min(points, lot.remaining)
            points += moves[lot]
        return moves

    def _due(self, *conditions: Any) -> list[LotRow]:
        found = select(LotRow).where(
            LotRow.holder_id == self.holder_id, LotRow.remaining > 0, *conditions
        )
        return list(self.session.scalars(found.order_by(LotRow.id)))

    def _open_lots(self, first: LotRow | None) -> Iterator[LotRow]:
        order: list[Any] = [LotRow.expires_at.is_(None), LotRow.expires_at, LotRow.id]
        if first is not None:
            order = [LotRow.id != first.id, LotRow.occasion != first.occasion, *order]
        found = select(LotRow).where(
            LotRow.holder_id == self.holder_id, LotRow.remaining > 0, LotRow.pending.is_(False)
        )
        offset = 0
        while lots := self.session.scalars(
            found.order_by(*order).offset(offset).limit(AT_A_TIME)
        ).all():
            yield from lots
            offset += AT_A_TIME

    def _pay_what_is_owed(self) -> None:
        """The oldest debt first, each from the lot that left it, where that has points again."""
        left = min(self.points(Side.AVAILABLE), -self.points(Side.OWED))
        for occasion, rule, points in self._debts() if left > 0 else ():
            paid = min(points, left)
            left -= paid
            if paid:
                why = say("pays back points that were spent and taken back")
                about = About(why, occasion, rule, actor=POLICY)
                same = select(LotRow).filter_by(
                    program_id=self.program_id, occasion=occasion, rule=rule
                )
                moves = self.taken(paid, first=self.session.scalar(same))
                self.post(Kind.ADJUSTMENT, Side.AVAILABLE, Side.OWED, paid, about, moves)

    def _debts(self) -> list[tuple[str | None, str | None, int]]:
        """What is owed for which lot, by occasion and rule; together it is what is owed.

        Payments of earlier versions do not say what for: they count for the oldest.
        """
        account = self._accounts[Side.OWED].id
        open_ = case((EntryRow.from_account_id == account, EntryRow.points), else_=-EntryRow.points)
        of_account = (EntryRow.from_account_id == account) | (EntryRow.to_account_id == account)
        found = (
            select(EntryRow.occasion, EntryRow.rule, func.sum(open_))
            .where(of_account)
            .group_by(EntryRow.occasion, EntryRow.rule)
            .order_by(func.min(EntryRow.id))
        )
        rows = [(occasion, rule, int(n)) for occasion, rule, n in self.session.execute(found)]
        unsaid = -sum(n for occasion, _, n in rows if occasion is None)
        debts = []
        for occasion, rule, points in rows:
            if occasion is not None:
                told = min(unsaid, points)
                unsaid -= told
                debts.append((occasion, rule, points - told))
        return debts

    def _moved(self, side: Side, points: int) -> int:
        """The number of an account, which now holds `points` more."""
        if side not in OF_MEMBERS:
            return program_account(self.session, self.program_id, side, self.now)
        account = self._accounts.get(side)
        if account is None:
            # Under the holder's lock, so nobody else makes it.
            account = AccountRow(
                program_id=self.program_id,
                kind=side,
                member_id=self.member_id,
                points=0,
                created_at=self.now,
            )
            self.session.add(account)
            self.session.flush()
            self._accounts[side] = account
        account.points = (account.points or 0) + points
        return account.id


def open_book(session: Session, program_id: str, member_id: str, now: datetime) -> Book:
    """The member's book, for this transaction alone; a member that is new gets one."""
    same = {"program_id": program_id, "kind": Side.AVAILABLE, "member_id": member_id}
    found = find_book(session, program_id, member_id, now)
    if found is None:
        insert_new(session, AccountRow, **same, points=0, earned=0, created_at=now)
        found = find_book(session, program_id, member_id, now)
    assert found is not None
    return found


def find_book(session: Session, program_id: str, member_id: str, now: datetime) -> Book | None:
    """The member's book, for this transaction alone; None for a member without any entry."""
    _enter(session, program_id)
    holder = AccountRow.kind == Side.AVAILABLE
    return _held(session, now, select(AccountRow).where(holder, *_of(program_id, member_id)))


def book_of(session: Session, program_id: str, holder_id: int, now: datetime) -> Book:
    """The book whose holder is known by its number."""
    _enter(session, program_id)
    found = _held(session, now, select(AccountRow).where(AccountRow.id == holder_id))
    assert found is not None
    return found


def member_number(session: Session, program_id: str, member_id: str, now: datetime) -> int:
    """What stands for the member in keys that outlive them: their account's number."""
    same = {"program_id": program_id, "kind": Side.AVAILABLE, "member_id": member_id}
    found = select(AccountRow.id).filter_by(**same)
    known = session.scalar(found)
    if known is not None:
        return known
    insert_new(session, AccountRow, **same, points=0, earned=0, created_at=now)
    return session.scalars(found).one()


def sealing_turn(session: Session, program_id: str) -> None:
    """Waits until nobody writes entries, and lets nobody do so until the transaction ends.

    Entries are numbered before they are committed: only so there is none with a lower number
    to come.
    """
    take_turns(session, f"entries of {program_id}")


def program_account(session: Session, program_id: str, side: Side, now: datetime) -> int:
    """The number of one of the program's accounts, made where it is new."""
    same = {"program_id": program_id, "kind": side, "member_id": ""}
    found = select(AccountRow.id).filter_by(**same)
    known = session.scalar(found)
    if known is not None:
        return known
    insert_new(session, AccountRow, **same, created_at=now)
    return session.scalars(found).one()


def _enter(session: Session, program_id: str) -> None:
    take_turns(session, f"entries of {program_id}", shared=True)


def _of(program_id: str, member_id: str) -> tuple[Any, Any]:
    return AccountRow.program_id == program_id, AccountRow.member_id == member_id


def _held(session: Session, now: datetime, found: Select[AccountRow]) -> Book | None:
    fresh = {"populate_existing": True}
    holder = session.scalars(found.with_for_update().execution_options(**fresh)).one_or_none()
    if holder is None:
        return None
    others = select(AccountRow).where(*_of(holder.program_id, holder.member_id))
    accounts = session.scalars(others.execution_options(**fresh)).all()
    return Book(session, holder, accounts, now)
