"""What time brings to the ledger: points become available, expire; reservations run out.

Balances tell it at once, and whoever moves a member's points writes it first; this is for the
members who do nothing. Running it twice, late, or in several processes does no harm.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.book import book_of
from preuve.loyalty.ledger.redemption import State, run_out
from preuve.loyalty.ledger.tables import LotRow, RedemptionRow
from preuve.store import Ground

log = structlog.get_logger(__name__)

AT_ONCE = 100


def how_many_are_due(ground: Ground) -> int:
    """Members with something to activate or expire, and reservations that ran out."""
    now = ground.now()
    members = select(func.count(LotRow.holder_id.distinct())).where(_due(now))
    reservations = select(func.count()).where(_ran_out(now))
    with ground.database.read() as session:
        return (session.scalar(members) or 0) + (session.scalar(reservations) or 0)


def do_what_is_due(ground: Ground, at_most: int = AT_ONCE) -> int:
    """Does up to `at_most` of them, each in a transaction of its own; gives how many were done.

    One that fails is logged, and holds up no other.
    """
    now = ground.now()
    with ground.database.read() as session:
        reservations = session.scalars(
            select(RedemptionRow.id).where(_ran_out(now)).limit(at_most)
        ).all()
        left = at_most - len(reservations)
        found = select(LotRow.program_id, LotRow.holder_id).where(_due(now)).distinct()
        members = session.execute(found.limit(left)).all()
    work = [partial(run_out, redemption_id=number, now=now) for number in reservations]
    work += [partial(_catch_up, program_id=one, holder_id=two, now=now) for one, two in members]
    done = 0
    for one in work:
        try:
            ground.database.run(one)
        except Exception:
            log.exception("points could not be brought up to date", **one.keywords)
        else:
            done += 1
    return done


def _catch_up(session: Session, program_id: str, holder_id: int, now: datetime) -> None:
    book_of(session, program_id, holder_id, now).catch_up()


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        LotRow.remaining > 0,
        or_(
            and_(LotRow.pending, LotRow.available_at <= now),
            and_(LotRow.pending.is_(False), LotRow.expires_at <= now),
        ),
    )


def _ran_out(now: datetime) -> ColumnElement[bool]:
    return and_(RedemptionRow.state == State.RESERVED, RedemptionRow.expires_at <= now)
