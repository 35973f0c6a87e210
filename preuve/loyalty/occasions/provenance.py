"""From an entry of the ledger to the rule, its version and the line items, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from preuve.loyalty.ledger.posting import live_accruals
from preuve.loyalty.ledger.tables import EntryRow, Kind
from preuve.loyalty.occasions.used import used_program_of_version
from preuve.loyalty.rules.award import AwardLine
from preuve.loyalty.rules.rule import EarnRule
from preuve.store import Ground


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the points of one entry come from.

    `program_version` is a published version's number or `file-…`; `reading` the revision of the
    receipt's reading that was judged, `lines` the numbers of the items in it that count.
    """

    entry_id: int
    occasion: str
    line: AwardLine
    program_version: str | None
    reading: int | None
    lines: tuple[int, ...]
    posted_at: datetime


def provenance(ground: Ground, program_id: str, entry_id: int) -> Provenance | None:
    """Of an accrual; None for another entry, and for one of another program."""
    found = select(EntryRow).filter_by(id=entry_id, program_id=program_id, kind=Kind.ACCRUAL)
    with ground.database.read() as session:
        row = session.scalar(found)
    return _of(row) if row else None


def standing_provenance(ground: Ground, program_id: str, occasion: str) -> tuple[Provenance, ...]:
    """Of what an occasion was credited and no reversal took back, in the order of posting."""
    with ground.database.read() as session:
        return tuple(map(_of, live_accruals(session, program_id, occasion)))


def entries_of_rule(
    ground: Ground, program_id: str, rule: str, program_version: str, *, limit: int = 1000
) -> tuple[Provenance, ...]:
    """The accruals that one version of a rule gave, the newest first."""
    found = select(EntryRow).filter_by(program_id=program_id, rule=rule, kind=Kind.ACCRUAL)
    with ground.database.read() as session:
        rows = session.scalars(found.order_by(EntryRow.id.desc()).execution_options(yield_per=500))
        return _first(
            limit, (one for one in map(_of, rows) if one.program_version == program_version)
        )


def entries_of_readings(
    ground: Ground, program_id: str, readings: Iterable[tuple[str, int]]
) -> tuple[Provenance, ...]:
    """The accruals that were judged on these readings, a thousand at most: pairs of a receipt's
    id and a revision."""
    wanted = set(readings)
    receipts = {receipt_id for receipt_id, _ in wanted}
    found = select(EntryRow).filter_by(program_id=program_id, kind=Kind.ACCRUAL)
    found = found.where(EntryRow.receipt_id.in_(receipts)).order_by(EntryRow.id)
    with ground.database.read() as session:
        rows = map(_of, session.scalars(found))
        return tuple(one for one in rows if (one.occasion, one.reading) in wanted)


def rule_as_it_was(
    ground: Ground, program_id: str, program_version: str, rule: str
) -> EarnRule | None:
    """The rule as the version that entries name had it; None where there is no such one."""
    with ground.database.read() as session:
        program = used_program_of_version(session, program_id, program_version)
    return next((one for one in program.earn if one.rule == rule), None) if program else None


def _of(row: EntryRow) -> Provenance:
    detail: dict[str, Any] = row.detail or {}
    return Provenance(
        entry_id=row.id,
        occasion=row.occasion or "",
        line=AwardLine(row.rule or "", row.points, row.why, detail),
        program_version=detail.get("program_version"),
        reading=detail.get("reading"),
        lines=tuple(sorted({line["line"] for line in detail.get("lines", ())})),
        posted_at=row.created_at,
    )


def _first(limit: int, found: Iterable[Provenance]) -> tuple[Provenance, ...]:
    return tuple(one for _, one in zip(range(limit), found, strict=False))
