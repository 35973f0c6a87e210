"""Whether the ledger is what it says: everything added up anew, and each fault with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from preuve.loyalty.ledger.beside import (
    Found,
    closed_months,
    lots_as_opened,
    reasons,
    redemptions,
)
from preuve.loyalty.ledger.redemption import State
from preuve.loyalty.ledger.seals import BATCH, digest, entries_after
from preuve.loyalty.ledger.tables import (
    OF_MEMBERS,
    AccountRow,
    EntryRow,
    Kind,
    LotMovementRow,
    LotRow,
    RedemptionRow,
    SealRow,
    Side,
    postings,
)
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `where`: `entry 7`, `lot 3`, `member ann`, `seal 2`."""

    check: str
    where: str
    told: str

    def __str__(self) -> str:
        return f"{self.where}: {self.told} ({self.check})"


def verify(
    ground: Ground, program_id: str, told: Callable[[str], None] = lambda _: None
) -> Iterator[Fault]:
    """Every fault in a program's ledger; none where all is well. `told` gets each check's name.

    All of it looks at one moment: what is written meanwhile does not disturb.
    """
    with ground.database.read() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        for name, check in CHECKS.items():
            told(name)
            for where, what in check(session, program_id):
                yield Fault(name, where, what)


def _seals(session: Session, program_id: str) -> Found:
    before, after, expected = "", 0, 1
    rows = select(SealRow).filter_by(program_id=program_id).order_by(SealRow.number)
    for row in session.scalars(rows).all():
        if row.number != expected:
            yield f"seal {expected}", "is missing"
        # One more than it can hold shows an entry that came in between.
        batch = entries_after(session, program_id, after, BATCH + 1, row.last_entry_id)
        if len(batch) != row.entries:
            yield (
                f"seal {row.number}",
                f"holds {row.entries} entries, and from entry {after + 1} to"
                f" {row.last_entry_id} there are {len(batch)}",
            )
        elif digest(session, before, batch) != row.sha256:
            yield (
                f"seal {row.number}",
                f"an entry from {batch[0].id} to {batch[-1].id}, or what it moved in lots,"
                " is not what was sealed",
            )
        before, after, expected = row.sha256, row.last_entry_id, row.number + 1
        session.expunge_all()


def _zero_sums(session: Session, program_id: str) -> Found:
    points, entry_id = postings.c.points, postings.c.entry_id
    found = (
        select(entry_id, func.sum(points), func.count(AccountRow.id))
        .join(EntryRow, EntryRow.id == entry_id)
        .outerjoin(
            AccountRow,
            and_(
                AccountRow.id == postings.c.account_id,
                AccountRow.program_id == EntryRow.program_id,
            ),
        )
        .where(EntryRow.program_id == program_id)
        .group_by(entry_id)
        .having(or_(func.sum(points) != 0, func.count(AccountRow.id) != 2))
    )
    for number, total, accounts in session.execute(found):
        yield f"entry {number}", f"sums to {total} on {accounts} accounts of the program"


def _accounts(session: Session, program_id: str) -> Found:
    total = func.coalesce(func.sum(postings.c.points), 0)
    found = (
        select(AccountRow.member_id, AccountRow.kind, AccountRow.points, total)
        .outerjoin(postings, postings.c.account_id == AccountRow.id)
        .where(AccountRow.program_id == program_id, AccountRow.kind.in_(OF_MEMBERS))
        .group_by(AccountRow.id, AccountRow.member_id, AccountRow.kind, AccountRow.points)
        .having(
            or_(
                AccountRow.points.is_(None),
                AccountRow.points != total,
                and_(AccountRow.kind != Side.OWED, total < 0),
                and_(AccountRow.kind == Side.OWED, total > 0),
            )
        )
    )
    for member, kind, kept, summed in session.execute(found):
        yield f"member {member}", f"has {kept} {kind}, and the entries say {summed}"


def _earned(session: Session, program_id: str) -> Found:
    source, target = aliased(AccountRow), aliased(AccountRow)
    came = case((source.kind == Side.ISSUED, EntryRow.points), else_=0)
    went = case((target.kind == Side.ISSUED, EntryRow.points), else_=0)
    total = func.sum(came - went)
    found = (
        select(AccountRow.member_id, AccountRow.earned, total)
        .join(EntryRow, EntryRow.holder_id == AccountRow.id)
        .join(source, source.id == EntryRow.from_account_id)
        .join(target, target.id == EntryRow.to_account_id)
        .where(AccountRow.program_id == program_id)
        .group_by(AccountRow.id, AccountRow.member_id, AccountRow.earned)
        .having(or_(AccountRow.earned.is_(None), AccountRow.earned != total))
    )
    for member, kept, summed in session.execute(found):
        yield f"member {member}", f"has earned {kept}, and the entries say {summed}"


def _lots(session: Session, program_id: str) -> Found:
    total = func.coalesce(func.sum(LotMovementRow.points), 0)
    found = (
        select(LotRow.id, LotRow.remaining, total)
        .outerjoin(LotMovementRow, LotMovementRow.lot_id == LotRow.id)
        .where(LotRow.program_id == program_id)
        .group_by(LotRow.id, LotRow.remaining)
        .having(or_(LotRow.remaining != total, total < 0))
    )
    for number, kept, summed in session.execute(found):
        yield f"lot {number}", f"holds {kept}, and its movements say {summed}"


def _balances_against_lots(session: Session, program_id: str) -> Found:
    def in_lots(*, pending: bool) -> Any:
        part = case((LotRow.pending.is_(pending), LotRow.remaining), else_=0)
        return func.coalesce(func.sum(part), 0)

    holds = (
        select(LotRow.holder_id, in_lots(pending=False), in_lots(pending=True))
        .where(LotRow.program_id == program_id)
        .group_by(LotRow.holder_id)
    )
    lots = {holder: (int(one), int(two)) for holder, one, two in session.execute(holds)}
    waits = select(RedemptionRow.holder_id, func.sum(RedemptionRow.points)).where(
        RedemptionRow.program_id == program_id, RedemptionRow.state == State.RESERVED
    )
    reserved = {
        holder: int(points)
        for holder, points in session.execute(waits.group_by(RedemptionRow.holder_id))
    }
    for holder, member, has in _members(session, program_id):
        available, pending = lots.pop(holder, (0, 0))
        for side, elsewhere, place in (
            (Side.AVAILABLE, available, "lots"),
            (Side.PENDING, pending, "pending lots"),
            (Side.RESERVED, reserved.get(holder, 0), "redemptions"),
        ):
            if has.get(side, 0) != elsewhere:
                told = f"has {has.get(side, 0)} {side}, and the {place} hold {elsewhere}"
                yield f"member {member}", told
        if has.get(Side.AVAILABLE, 0) > 0 > has.get(Side.OWED, 0):
            yield f"member {member}", "owes points and has some available"


def _members(session: Session, program_id: str) -> Iterator[tuple[int, str, dict[str, int]]]:
    """Each member's holder, id and points by side."""
    found = select(AccountRow).where(
        AccountRow.program_id == program_id, AccountRow.kind.in_(OF_MEMBERS)
    )
    holder, member, has = 0, "", dict[str, int]()
    for row in session.scalars(
        found.order_by(AccountRow.member_id).execution_options(yield_per=1000)
    ):
        if row.member_id != member and holder:
            yield holder, member, has
            has = {}
        member = row.member_id
        holder = row.id if row.kind == Side.AVAILABLE else holder
        has[row.kind] = row.points or 0
    if holder:
        yield holder, member, has


def _entries_against_lots(session: Session, program_id: str) -> Found:
    """What an entry changes of available and pending is what it moved in lots."""
    source, target = aliased(AccountRow), aliased(AccountRow)
    usable = (Side.AVAILABLE, Side.PENDING)
    comes = case((target.kind.in_(usable), EntryRow.points), else_=0)
    goes = case((source.kind.in_(usable), EntryRow.points), else_=0)
    moved = func.coalesce(func.sum(LotMovementRow.points), 0)
    found = (
        select(EntryRow.id, comes - goes, moved)
        .join(source, source.id == EntryRow.from_account_id)
        .join(target, target.id == EntryRow.to_account_id)
        .outerjoin(LotMovementRow, LotMovementRow.entry_id == EntryRow.id)
        .where(EntryRow.program_id == program_id)
        .group_by(EntryRow.id, EntryRow.points, source.kind, target.kind)
        .having(comes - goes != moved)
    )
    for number, change, in_lots in session.execute(found):
        yield f"entry {number}", f"changes the member's points by {change}, and lots by {in_lots}"


def _accruals(session: Session, program_id: str) -> Found:
    """At most one accrual stands for a rule on an occasion."""
    reversal = aliased(EntryRow)
    found = (
        select(EntryRow.occasion, EntryRow.rule, func.count(), func.max(EntryRow.id))
        .outerjoin(reversal, reversal.reverses_id == EntryRow.id)
        .where(
            EntryRow.program_id == program_id,
            EntryRow.kind == Kind.ACCRUAL,
            reversal.id.is_(None),
        )
        .group_by(EntryRow.occasion, EntryRow.rule)
        .having(func.count() > 1)
    )
    for occasion, rule, count, newest in session.execute(found):
        yield f"entry {newest}", f"is one of {count} accruals of {rule} that stand for {occasion}"


def _reversals(session: Session, program_id: str) -> Found:
    """A reversal takes back as much as there was, to where it came from, after it."""
    reversed_ = aliased(EntryRow)
    wrong = (
        select(EntryRow.id, EntryRow.reverses_id)
        .outerjoin(reversed_, reversed_.id == EntryRow.reverses_id)
        .where(
            EntryRow.program_id == program_id,
            or_(EntryRow.kind == Kind.REVERSAL, EntryRow.reverses_id.is_not(None)),
            or_(
                EntryRow.kind != Kind.REVERSAL,
                reversed_.id.is_(None),
                reversed_.id > EntryRow.id,
                reversed_.program_id != EntryRow.program_id,
                reversed_.holder_id != EntryRow.holder_id,
                reversed_.points != EntryRow.points,
                reversed_.from_account_id != EntryRow.to_account_id,
            ),
        )
    )
    for number, other in session.execute(wrong):
        yield f"entry {number}", f"does not reverse entry {other} as it stands"


CHECKS: dict[str, Callable[[Session, str], Found]] = {
    "seals": _seals,
    "zero sums": _zero_sums,
    "accounts against entries": _accounts,
    "points earned": _earned,
    "lots against movements": _lots,
    "entries against lots": _entries_against_lots,
    "balances against lots": _balances_against_lots,
    "one accrual each": _accruals,
    "reversals": _reversals,
    "lots as opened": lots_as_opened,
    "redemptions": redemptions,
    "reasons": reasons,
    "closed months": closed_months,
}
