"""The ledger as rows for accountants: entries, balances, and what the program owes by age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from preuve.loyalty.ledger.said import why, with_said
from preuve.loyalty.ledger.tables import (
    OF_MEMBERS,
    AccountRow,
    EntryRow,
    LotRow,
    Side,
)
from preuve.loyalty.rules.program import Program
from preuve.sheets import Cell, Column
from preuve.store import Ground

BATCH = 1000

Statement = Literal["entries", "balances", "liability"]

COLUMNS: Mapping[Statement, tuple[Column, ...]] = {
    "entries": (
        Column("entry_id", "whole"),
        Column("created_at", "moment"),
        Column("kind"),
        Column("member_id"),
        Column("points", "whole"),
        Column("source"),
        Column("target"),
        Column("occasion"),
        Column("receipt_id"),
        Column("rule"),
        Column("revision", "whole"),
        Column("reverses_entry_id", "whole"),
        Column("why"),
        Column("actor"),
        Column("available_at", "moment"),
        Column("expires_at", "moment"),
    ),
    "balances": (
        Column("member_id"),
        Column("available", "whole"),
        Column("pending", "whole"),
        Column("reserved", "whole"),
        Column("owed", "whole"),
        Column("liability", "whole"),
    ),
    "liability": (
        Column("state"),
        Column("earned_in"),
        Column("expires_in"),
        Column("lots", "whole"),
        Column("points", "whole"),
    ),
}
"""`points` of an entry go from `source` to `target`. `owed` is below zero. Months are 2026-10,
in the program's zone; together the rows of `liability` are what the program owes."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in the program's zone, both included; None is open."""

    first: date | None = None
    last: date | None = None


def statement_rows(
    ground: Ground, program: Program, statement: Statement, period: Period | None = None
) -> Iterator[list[list[Cell]]]:
    """The rows in batches, as they stand; of entries only those written in `period`.

    Each batch of entries is a transaction of its own, so that a long export holds up nobody.
    """
    if statement == "entries":
        return _entries(ground, program, period or Period())
    if statement == "balances":
        return _balances(ground, program.program)
    return _liability(ground, program)


def _entries(ground: Ground, program: Program, period: Period) -> Iterator[list[list[Cell]]]:
    after = 0
    while rows := _next_entries(ground, program, period, after):
        yield [_entry_cells(*row) for row in rows]
        after = rows[-1][0].id


def _next_entries(
    ground: Ground, program: Program, period: Period, after: int
) -> list[tuple[EntryRow, str, str, str, str]]:
    holder, source, target = aliased(AccountRow), aliased(AccountRow), aliased(AccountRow)
    found = (
        with_said(select(EntryRow, holder.member_id, source.kind, target.kind, why()))
        .join(holder, holder.id == EntryRow.holder_id)
        .join(source, source.id == EntryRow.from_account_id)
        .join(target, target.id == EntryRow.to_account_id)
        .where(EntryRow.program_id == program.program, EntryRow.id > after)
        .order_by(EntryRow.id)
        .limit(BATCH)
    )
    if period.first:
        found = found.where(EntryRow.created_at >= _begin(program, period.first))
    if period.last:
        found = found.where(EntryRow.created_at < _begin(program, period.last + timedelta(days=1)))
    with ground.database.read() as session:
        return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(found)]


def _entry_cells(entry: EntryRow, member_id: str, source: str, target: str, why: str) -> list[Cell]:
    return [
        entry.id,
        entry.created_at,
        entry.kind,
        member_id,
        entry.points,
        source,
        target,
        entry.occasion,
        entry.receipt_id,
        entry.rule,
        entry.revision,
        entry.reverses_id,
        why,
        entry.actor,
        entry.available_at,
        entry.expires_at,
    ]


def _balances(ground: Ground, program_id: str) -> Iterator[list[list[Cell]]]:
    found = (
        select(AccountRow.member_id, AccountRow.kind, AccountRow.points)
        .where(AccountRow.program_id == program_id, AccountRow.kind.in_(OF_MEMBERS))
        .order_by(AccountRow.member_id)
        .execution_options(yield_per=BATCH)
    )
    batch: list[list[Cell]] = []
    with ground.database.read() as session:
        for member_id, accounts in groupby(session.execute(found), lambda row: row[0]):
            has = {kind: points or 0 for _, kind, points in accounts}
            points = [has.get(side, 0) for side in OF_MEMBERS]
            batch.append([member_id, *points, sum(points)])
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _liability(ground: Ground, program: Program) -> Iterator[list[list[Cell]]]:
    lots: Counter[tuple[str, str, str]] = Counter()
    points: Counter[tuple[str, str, str]] = Counter()
    found = (
        select(LotRow.pending, LotRow.earned_at, LotRow.expires_at, LotRow.remaining)
        .where(LotRow.program_id == program.program, LotRow.remaining > 0)
        .execution_options(yield_per=BATCH)
    )
    rest = select(AccountRow.kind, AccountRow.points).where(
        AccountRow.program_id == program.program,
        AccountRow.kind.in_((Side.RESERVED, Side.OWED)),
        AccountRow.points != 0,
    )
    with ground.database.read() as session:
        for pending, earned_at, expires_at, remaining in session.execute(found):
            state = Side.PENDING if pending else Side.AVAILABLE
            # What expires as April begins expires in March.
            ends_at = expires_at - timedelta(microseconds=1) if expires_at else None
            age = (state, _month(program, earned_at), _month(program, ends_at))
            lots[age] += 1
            points[age] += remaining
        for kind, held in session.execute(rest):
            points[kind, "", ""] += held or 0
    if points:
        yield [[*age, lots[age], total] for age, total in sorted(points.items())]


def _month(program: Program, moment: datetime | None) -> str:
    return f"{moment.astimezone(program.zone):%Y-%m}" if moment else ""


def _begin(program: Program, day: date) -> datetime:
    return datetime.combine(day, time(), program.zone)
