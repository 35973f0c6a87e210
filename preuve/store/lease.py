"""A lease by name: one process at a time does what everybody could do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from preuve.store.database import insert_new
from preuve.store.table import Base


class LeaseRow(Base):
    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    lease_until: Mapped[datetime]


def take_lease(session: Session, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Whether `holder` has the lease until `until`: it was free, run out or already theirs."""
    if insert_new(session, LeaseRow, name=name, holder=holder, lease_until=until):
        return True
    free = or_(LeaseRow.lease_until <= now, LeaseRow.holder == holder)
    taken = session.execute(
        update(LeaseRow)
        .where(LeaseRow.name == name, free)
        .values(holder=holder, lease_until=until)
        .returning(LeaseRow.name)
    )
    return taken.first() is not None
