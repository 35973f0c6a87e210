"""Birthdays: a daily run that makes up for the days on which nothing ran."""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from preuve.loyalty.ledger.book import member_number
from preuve.loyalty.occasions.crediting import take_credit_turn
from preuve.loyalty.occasions.following import Follow, judge_and_credit, unheard
from preuve.loyalty.occasions.members import born_on
from preuve.loyalty.occasions.tables import DailyMarkRow, OccasionRow
from preuve.loyalty.rules.facts import MemberFacts, Occasion
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

WORK = "birthdays"
AT_ONCE = 50
"""Members credited in one transaction, while every other credit of the program waits."""
LONGEST_OUTAGE = timedelta(days=365)


def celebrate(ground: Ground, program: Program, *, follow: Follow = unheard) -> int:
    """Credits birthdays up to today, a few members at a time; gives how many. 0: all are done.

    Each member once a year, on the program's calendar; those of 29 February on the 28th where
    the year has no other. A program begins with today.
    """
    today = program.day_of(ground.now())
    mark = program.program, WORK
    with ground.database.read() as session:
        done = session.get(DailyMarkRow, mark)
        if done is not None and done.done_on >= today:
            return 0
    with ground.database.write() as session:
        take_credit_turn(session, program.program)
        row = session.get(DailyMarkRow, mark)
        if row is None:
            row = DailyMarkRow(program_id=program.program, work=WORK)
            row.done_on = today - timedelta(days=1)
            session.add(row)
        row.done_on = max(row.done_on, today - LONGEST_OUTAGE)
        count = 0
        while row.done_on < today:
            day = row.done_on + timedelta(days=1)
            for member in _due(session, program, day):
                if count == AT_ONCE:
                    return count
                count += celebrate_one(session, program, member, day, ground.now(), follow)
            row.done_on = day
        return count


def celebrate_one(
    session: Session,
    program: Program,
    member: MemberFacts,
    day: date,
    now: datetime,
    follow: Follow,
) -> bool:
    """Credits a member's birthday, unless that was done this year. The caller holds the turn."""
    number = member_number(session, program.program, member.member_id, now)
    key = f"birthday:{number}:{day.year}"
    if session.get(OccasionRow, (program.program, key)) is not None:
        return False
    begins = datetime.combine(day, time(), program.zone).astimezone(UTC)
    occasion = Occasion("birthday", key, begins, member)
    judge_and_credit(session, program, occasion, follow, now)
    return True


def is_celebrated(program: Program) -> bool:
    return any(rule.trigger == "birthday" for rule in program.earn)


def month_days(day: date) -> tuple[str, ...]:
    """The birthdays that are celebrated on `day`, as MM-DD."""
    leap_day = (day.month, day.day) == (2, 28) and not isleap(day.year)
    return (f"{day:%m-%d}", "02-29") if leap_day else (f"{day:%m-%d}",)


def _due(session: Session, program: Program, day: date) -> list[MemberFacts]:
    if not is_celebrated(program):
        return []
    ended = datetime.combine(day + timedelta(days=1), time(), program.zone).astimezone(UTC)
    return born_on(session, program.program, month_days(day), known_before=ended)
