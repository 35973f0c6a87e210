"""Gifts, vouchers, badges and messages: recorded once, and told to the outside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.occasions.tables import GrantRow, OccasionRow
from preuve.loyalty.rules.award import Grant
from preuve.store import Ground
from preuve.store.outbox import tell

GrantKind = Literal["gift", "voucher", "badge", "message"]
MADE, WITHDRAWN = "grant.made", "grant.withdrawn"


@dataclass(frozen=True, slots=True)
class GrantView:
    """What a member was given. `withdrawn_at`: the occasion earns it no more, since then.

    `value` is a voucher's worth in minor units of `currency`.
    """

    id: int
    occasion: str
    rule: str
    member_id: str
    kind: str
    key: str
    name: str
    why: str
    value: int | None
    currency: str | None
    made_at: datetime
    withdrawn_at: datetime | None

    @property
    def grant(self) -> Grant:
        """As the rule gave it."""
        kind = cast("GrantKind", self.kind)
        return Grant(self.rule, kind, self.key, self.name, self.why, self.value, self.currency)


def grants_of(
    ground: Ground,
    program_id: str,
    *,
    member_id: str | None = None,
    occasion: str | None = None,
    limit: int = 100,
) -> tuple[GrantView, ...]:
    """A member's or an occasion's grants, the newest first."""
    found = select(GrantRow).filter_by(program_id=program_id).order_by(GrantRow.id.desc())
    if member_id is not None:
        found = found.filter_by(member_id=member_id)
    if occasion is not None:
        found = found.filter_by(occasion=occasion)
    with ground.database.read() as session:
        return tuple(map(_view, session.scalars(found.limit(limit))))


def keep_grants(
    session: Session, occasion: OccasionRow, wanted: Iterable[Grant], now: datetime
) -> None:
    """Makes the occasion's grants those that are wanted, and tells what changed.

    One that was withdrawn and is earned again is the same grant, under the same id.
    """
    held = {
        (row.rule, row.kind, row.grant_key): row
        for row in session.scalars(
            select(GrantRow).filter_by(program_id=occasion.program_id, occasion=occasion.key)
        )
    }
    for grant in {(one.rule, one.kind, one.key): one for one in wanted}.values():
        row = held.pop((grant.rule, grant.kind, grant.key), None)
        if row is None:
            row = _new(occasion, grant, now)
            session.add(row)
            session.flush()
        elif row.withdrawn_at is None:
            continue
        row.withdrawn_at = None
        tell(session, row.program_id, MADE, _told(row), now)
    for row in held.values():
        if row.withdrawn_at is None:
            row.withdrawn_at = now
            tell(session, row.program_id, WITHDRAWN, _told(row), now)


def _new(occasion: OccasionRow, grant: Grant, now: datetime) -> GrantRow:
    return GrantRow(
        program_id=occasion.program_id,
        occasion=occasion.key,
        rule=grant.rule,
        member_id=occasion.member_id,
        kind=grant.kind,
        grant_key=grant.key,
        name=grant.name,
        why=grant.why,
        value=grant.value,
        currency=grant.currency,
        detail=dict(grant.detail),
        made_at=now,
        withdrawn_at=None,
    )


def _told(row: GrantRow) -> dict[str, Any]:
    return {
        "grant_id": row.id,
        "occasion": row.occasion,
        "member_id": row.member_id,
        "rule": row.rule,
        "kind": row.kind,
        "key": row.grant_key,
        "name": row.name,
        "value": row.value,
        "currency": row.currency,
    }


def _view(row: GrantRow) -> GrantView:
    return GrantView(
        id=row.id,
        occasion=row.occasion,
        rule=row.rule,
        member_id=row.member_id,
        kind=row.kind,
        key=row.grant_key,
        name=row.name,
        why=row.why,
        value=row.value,
        currency=row.currency,
        made_at=row.made_at,
        withdrawn_at=row.withdrawn_at,
    )
