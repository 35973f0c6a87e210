"""Events, sign-ups and birthdays that earn nothing because a rule failed: a person decides.

Receipts that a rule fails on wait in intake's queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from preuve.loyalty.occasions.crediting import take_credit_turn
from preuve.loyalty.occasions.following import Follow, judge_and_credit, unheard
from preuve.loyalty.occasions.kept import load_occasion
from preuve.loyalty.occasions.tables import OccasionRow
from preuve.loyalty.rules.award import RuleError
from preuve.loyalty.rules.program import Program
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Held:
    """`trigger` is `event`, `sign_up` or `birthday`; `event` the event's name.

    `errors` are the rules that could not be judged, and why.
    """

    key: str
    trigger: str
    event: str
    member_id: str
    occurred_at: datetime
    judged_at: datetime
    errors: tuple[RuleError, ...]


def held(ground: Ground, program_id: str, limit: int = 100) -> tuple[Held, ...]:
    """Those of a program that wait, the longest first."""
    found = select(OccasionRow).where(_waits(program_id))
    found = found.order_by(OccasionRow.occurred_at, OccasionRow.key).limit(limit)
    with ground.database.read() as session:
        return tuple(map(_held, session.scalars(found)))


def how_many_are_held(ground: Ground, program_id: str) -> int:
    found = select(func.count()).select_from(OccasionRow).where(_waits(program_id))
    with ground.database.read() as session:
        return session.scalar(found) or 0


def judge_again(
    ground: Ground, program: Program, keys: Sequence[str], *, follow: Follow = unheard
) -> tuple[Held, ...]:
    """Judges those of `keys` that wait anew, as after a rule was corrected.

    Gives those whose rules still fail.
    """
    left = []
    for key in keys:
        with ground.database.write() as session:
            take_credit_turn(session, program.program)
            row = _waiting(session, program.program, key)
            if row is None:
                continue
            judge_and_credit(session, program, load_occasion(row), follow, ground.now())
            if row.errors:
                left.append(_held(row))
    return tuple(left)


def dismiss(ground: Ground, program_id: str, key: str, *, person: str, reason: str) -> bool:
    """It earns nothing, and waits no more; False where it does not wait."""
    if not person or not reason:
        raise ValueError("who dismisses an occasion says why")
    with ground.database.write() as session:
        take_credit_turn(session, program_id)
        row = _waiting(session, program_id, key)
        if row is None:
            return False
        row.dismissed_at, row.dismissed_by, row.dismissed_why = ground.now(), person, reason
        return True


def _waits(program_id: str) -> ColumnElement[bool]:
    return and_(
        OccasionRow.program_id == program_id,
        OccasionRow.trigger != "receipt",
        OccasionRow.credited.is_(False),
        OccasionRow.dismissed_at.is_(None),
    )


def _waiting(session: Session, program_id: str, key: str) -> OccasionRow | None:
    return session.scalar(select(OccasionRow).where(_waits(program_id), OccasionRow.key == key))


def _held(row: OccasionRow) -> Held:
    return Held(
        key=row.key,
        trigger=row.trigger,
        event=row.event,
        member_id=row.member_id,
        occurred_at=row.occurred_at,
        judged_at=row.judged_at,
        errors=tuple(RuleError(*error) for error in row.errors),
    )
