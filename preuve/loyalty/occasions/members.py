"""Members as the program's partner tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from preuve.loyalty.occasions.kept import dump_member
from preuve.loyalty.occasions.tables import MemberRow, OccasionRow
from preuve.loyalty.rules.facts import MemberFacts
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class MemberView:
    """What is known of a member, and since when."""

    facts: MemberFacts
    created_at: datetime
    updated_at: datetime


def member(ground: Ground, program_id: str, member_id: str) -> MemberView | None:
    """None for one of whom the partner told nothing, or who was erased."""
    with ground.database.read() as session:
        row = session.get(MemberRow, (program_id, member_id))
        return MemberView(_facts(row), row.created_at, row.updated_at) if row else None


def member_facts(session: Session, program_id: str, member_id: str) -> MemberFacts:
    """What rules may know of a member; a bare id where nobody told."""
    row = session.get(MemberRow, (program_id, member_id))
    return _facts(row) if row else MemberFacts(member_id)


def keep_member(session: Session, program_id: str, facts: MemberFacts, now: datetime) -> bool:
    """Replaces all that is known of the member; tells whether they are new."""
    row = session.get(MemberRow, (program_id, facts.member_id))
    new = row is None
    if row is None:
        row = MemberRow(program_id=program_id, member_id=facts.member_id, created_at=now)
        session.add(row)
    row.joined_on, row.birthday = facts.joined_on, facts.birthday
    row.birthday_md = f"{facts.birthday:%m-%d}" if facts.birthday else None
    row.segments = sorted(facts.segments)
    row.attributes = dict(facts.attributes)
    row.updated_at = now
    session.flush()
    return new


def erase_member(session: Session, program_id: str, member_id: str) -> bool:
    """Takes away what the partner told of a member, also where it lies beside what was judged.

    Points, purchases and the member's id stay: the ledger is the program's book. Tells whether
    there was anything to take away.
    """
    row = session.get(MemberRow, (program_id, member_id))
    if row is not None:
        session.delete(row)
    nothing: dict[str, Any] = dump_member(MemberFacts(member_id))
    kept = update(OccasionRow).where(
        OccasionRow.program_id == program_id, OccasionRow.member_id == member_id
    )
    touched = session.scalars(
        kept.values(member=nothing, properties={}).returning(OccasionRow.key)
    ).all()
    return row is not None or bool(touched)


def born_on(
    session: Session, program_id: str, days: tuple[str, ...], *, known_before: datetime
) -> list[MemberFacts]:
    """The members whose birthday is on one of `days` (MM-DD), and who were told of in time."""
    found = select(MemberRow).where(
        MemberRow.program_id == program_id,
        MemberRow.birthday_md.in_(days),
        MemberRow.created_at < known_before,
    )
    return [_facts(row) for row in session.scalars(found.order_by(MemberRow.member_id))]


def _facts(row: MemberRow) -> MemberFacts:
    return MemberFacts(
        member_id=row.member_id,
        joined_on=row.joined_on,
        birthday=row.birthday,
        segments=frozenset(row.segments),
        attributes=row.attributes,
    )
