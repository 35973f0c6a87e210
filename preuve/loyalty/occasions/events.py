"""What earns points and is no receipt: sign-ups, and events that a partner tells of.

Each is an occasion with a key of its own, so that it is credited once, however often it is told.
Keys stand in the ledger for ever, so that none holds what a partner calls a member or an event.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from preuve.loyalty.ledger.book import member_number
from preuve.loyalty.ledger.posting import live_accruals
from preuve.loyalty.occasions.birthdays import celebrate_one, is_celebrated, month_days
from preuve.loyalty.occasions.crediting import take_credit_turn
from preuve.loyalty.occasions.following import Follow, judge_and_credit, unheard
from preuve.loyalty.occasions.grants import GrantView, grants_of
from preuve.loyalty.occasions.members import erase_member, keep_member, member_facts
from preuve.loyalty.occasions.tables import OccasionRow
from preuve.loyalty.rules.award import AwardLine, RuleError
from preuve.loyalty.rules.facts import MemberFacts, Occasion, Scalar
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the sender's clock may be before ours."""
LATE_SIGN_UP = timedelta(days=31)
"""Members told of for the first time who joined earlier than this are taken over, not new."""
OLDEST = 130


@dataclass(frozen=True, slots=True)
class Happened:
    """An event: `id` is the sender's own, unique in the program; without `occurred_at`, now."""

    id: str
    member_id: str
    event: str
    occurred_at: datetime | None
    properties: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an occasion brought its member, as it stands now. With `errors` a rule could not be
    judged: nothing is credited before a person has looked (`held.py`)."""

    key: str
    trigger: str
    member_id: str
    occurred_at: datetime
    lines: tuple[AwardLine, ...]
    grants: tuple[GrantView, ...]
    errors: tuple[RuleError, ...]
    repeated: bool = False

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)


@dataclass(frozen=True, slots=True)
class EventReused:
    """Another event was sent under this id; nothing was done."""

    id: str


@dataclass(frozen=True, slots=True)
class Misdated:
    """A day or a time that cannot be: where it stands, and what is wrong with it."""

    where: str
    why: str


def take_event(
    ground: Ground, program: Program, happened: Happened, *, follow: Follow = unheard
) -> Outcome | EventReused | Misdated:
    """Judges an event and credits it. Told again, it answers with what it brought, as it stands."""
    now = ground.now()
    at = happened.occurred_at or now
    if at > now + CLOCKS_DIFFER:
        return Misdated("occurred_at", f"{at.isoformat()} is in the future")
    sent = _digest(happened)
    with ground.database.write() as session:
        take_credit_turn(session, program.program)
        told = select(OccasionRow).filter_by(program_id=program.program, sent_id=happened.id)
        row = session.scalar(told)
        key = row.key if row else f"event:{secrets.token_hex(16)}"
        if row is None:
            member = member_facts(session, program.program, happened.member_id)
            about = dict(happened.properties)
            occasion = Occasion("event", key, at, member, None, happened.event, about)
            judge_and_credit(session, program, occasion, follow, now)
            new = session.get_one(OccasionRow, (program.program, key))
            new.sent_id, new.sent_sha256 = happened.id, sent
        elif row.sent_sha256 != sent:
            return EventReused(happened.id)
    found = outcome(ground, program.program, key, repeated=row is not None)
    assert found is not None
    return found


def take_member(
    ground: Ground, program: Program, facts: MemberFacts, *, follow: Follow = unheard
) -> Outcome | Misdated | None:
    """Keeps what a partner tells of a member. One who is new has signed up: gives what that
    brought, None where it was no sign-up. A birthday that is today is credited at once."""
    now = ground.now()
    today = program.day_of(now)
    if wrong := _misdated(facts, today):
        return wrong
    with ground.database.write() as session:
        take_credit_turn(session, program.program)
        new = keep_member(session, program.program, facts, now)
        signed_up = f"sign_up:{member_number(session, program.program, facts.member_id, now)}"
        known = session.get(OccasionRow, (program.program, signed_up))
        if new and known is None and today - (facts.joined_on or today) <= LATE_SIGN_UP:
            occasion = Occasion("sign_up", signed_up, now, facts)
            judge_and_credit(session, program, occasion, follow, now)
        born = f"{facts.birthday:%m-%d}" if facts.birthday else ""
        if born in month_days(today) and is_celebrated(program):
            celebrate_one(session, program, facts, today, now, follow)
    return outcome(ground, program.program, signed_up)


def forget_member(ground: Ground, program_id: str, member_id: str) -> bool:
    """Erases what a partner told of a member and of their events; whether there was anything."""
    with ground.database.write() as session:
        take_credit_turn(session, program_id)
        return erase_member(session, program_id, member_id)


def outcome(ground: Ground, program_id: str, key: str, *, repeated: bool = False) -> Outcome | None:
    """What an occasion brought; None where the program knows of no such occasion."""
    with ground.database.read() as session:
        row = session.get(OccasionRow, (program_id, key))
        if row is None:
            return None
        lines = tuple(
            AwardLine(entry.rule or "", entry.points, entry.why)
            for entry in live_accruals(session, program_id, key)
        )
    return Outcome(
        key=key,
        trigger=row.trigger,
        member_id=row.member_id,
        occurred_at=row.occurred_at,
        lines=lines,
        grants=tuple(
            one for one in grants_of(ground, program_id, occasion=key) if not one.withdrawn_at
        ),
        errors=() if row.dismissed_at else tuple(RuleError(*error) for error in row.errors),
        repeated=repeated,
    )


def _misdated(facts: MemberFacts, today: date) -> Misdated | None:
    for where, day in (("joined_on", facts.joined_on), ("birthday", facts.birthday)):
        if day is not None and day > today:
            return Misdated(where, f"{day} is in the future")
    if facts.birthday is not None and today.year - facts.birthday.year > OLDEST:
        return Misdated("birthday", f"{facts.birthday} is more than {OLDEST} years ago")
    return None


def _digest(happened: Happened) -> str:
    told = [
        happened.member_id,
        happened.event,
        happened.occurred_at.isoformat() if happened.occurred_at else None,
        dict(happened.properties),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
