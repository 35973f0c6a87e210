"""A member is erased from a program's points: entries and sums stay, and are nobody's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from preuve.loyalty.ledger.closing import close_accounts
from preuve.loyalty.occasions.tables import GivenRow, GrantRow, MemberRow, OccasionRow


def erase_points(session: Session, program_id: str, member_id: str, now: datetime) -> bool:
    """Takes away whose the points were, and all that they were given for; whether there was any.

    What rules gave stays without a name: caps and budgets count it. The caller holds the turn
    of the program's credits.
    """
    name = close_accounts(session, program_id, member_id, now)
    mine = {"program_id": program_id, "member_id": member_id}
    gone = [
        session.execute(delete(table).filter_by(**mine).returning(table.program_id)).all()
        for table in (OccasionRow, MemberRow)
    ]
    for table in (GivenRow, GrantRow):
        # Whoever was given something had an account.
        session.execute(update(table).filter_by(**mine).values(member_id=name or ""))
    return name is not None or any(gone)
