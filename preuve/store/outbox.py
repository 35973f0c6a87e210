"""The outbox: what is to be told to the outside, written with the change that it tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from preuve.store.table import Base, Serial


class OutboxRow(Base):
    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    program_id: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]


def untell(session: Session, program_id: str, member_id: str) -> None:
    """Takes back what tells of a member, whether it went out or not."""
    of_member = OutboxRow.payload["member_id"].as_string() == member_id
    session.execute(
        delete(OutboxRow).where(OutboxRow.program_id == program_id, of_member),
        execution_options={"synchronize_session": False},
    )


def tell(
    session: Session, program_id: str, kind: str, payload: Mapping[str, Any], now: datetime
) -> None:
    """Puts an event into the outbox; it goes out only if this transaction commits."""
    session.add(OutboxRow(program_id=program_id, kind=kind, payload=dict(payload), created_at=now))
