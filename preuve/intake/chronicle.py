"""What became of one receipt, from its submission on: decisions, and what people did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import select

from preuve.intake.stored import load_verdict
from preuve.intake.tables import AuditEventRow, ReadingRow
from preuve.reading.result import Verdict
from preuve.store import Ground

Source = Literal["read", "reread", "replay", "amend"]


@dataclass(frozen=True, slots=True)
class Revision:
    """A decision: how it came about, on what it was made, and its verdict."""

    at: datetime
    number: int
    source: Source
    engine: str
    template: str
    template_version: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did by hand; `detail` is as the audit event has it."""

    at: datetime
    actor: str
    action: str
    reason: str
    detail: Mapping[str, Any]


def chronicle(ground: Ground, program_id: str, receipt_id: str) -> tuple[Revision | Deed, ...]:
    """Everything that happened to a receipt of the program, the newest first."""
    row, deed = ReadingRow, AuditEventRow
    decisions = select(
        row.created_at,
        row.revision,
        row.source,
        row.engine,
        row.template,
        row.template_version,
        row.verdict,
    ).where(row.program_id == program_id, row.receipt_id == receipt_id)
    deeds = select(deed.created_at, deed.actor, deed.action, deed.reason, deed.detail).where(
        deed.program_id == program_id, deed.receipt_id == receipt_id
    )
    with ground.database.read() as session:
        found: list[Revision | Deed] = [
            Revision(at, number, cast(Source, how), engine, template, version, load_verdict(told))
            for at, number, how, engine, template, version, told in session.execute(decisions)
        ]
        found += [Deed(*values) for values in session.execute(deeds.order_by(deed.id))]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))
