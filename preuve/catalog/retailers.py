"""What an operator sees of the registry, and what they say of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import or_, select

from preuve.catalog.learned_tables import (
    IdentifierRulingRow,
    KnownIdentifierRow,
    LearnedReceiptRow,
    PrintedIdentifierRow,
)
from preuve.catalog.registry import settle
from preuve.reading.extract.identifiers import Identifier, IdentifierKind
from preuve.reading.result import Retailer
from preuve.store import Ground
from preuve.store.database import take_turns


@dataclass(frozen=True, slots=True)
class Entry:
    """One identifier in the registry; `retailer` is None where it speaks for nobody.

    `ruling` tells which operator said so by hand, and why.
    """

    identifier: Identifier
    retailer: Retailer | None
    receipts: int
    confirmed: bool
    changed_at: datetime
    ruling: str | None


@dataclass(frozen=True, slots=True)
class Witness:
    """A receipt that prints an identifier, and the retailer that it names."""

    receipt_id: str
    program_id: str
    retailer: Retailer
    confirmed: bool
    learned_at: datetime


def entries(ground: Ground, target: str | None = None) -> tuple[Entry, ...]:
    """The registry by retailer; with a `target`, the entries of that number or retailer key."""
    rulings = (IdentifierRulingRow.kind == KnownIdentifierRow.kind) & (
        IdentifierRulingRow.number == KnownIdentifierRow.number
    )
    found = (
        select(KnownIdentifierRow, IdentifierRulingRow)
        .outerjoin(IdentifierRulingRow, rulings)
        .order_by(
            KnownIdentifierRow.retailer_key.is_(None),
            KnownIdentifierRow.retailer_key,
            KnownIdentifierRow.kind,
            KnownIdentifierRow.number,
        )
    )
    if target is not None:
        found = found.where(
            or_(
                KnownIdentifierRow.number == target,
                KnownIdentifierRow.retailer_key == target,
                IdentifierRulingRow.retailer_key == target,
            )
        )
    with ground.database.read() as session:
        return tuple(_entry(row, ruling) for row, ruling in session.execute(found))


def witnesses(ground: Ground, identifier: Identifier) -> tuple[Witness, ...]:
    """The receipts that an entry was learned from, the newest first."""
    found = (
        select(LearnedReceiptRow)
        .join(PrintedIdentifierRow, PrintedIdentifierRow.receipt_id == LearnedReceiptRow.receipt_id)
        .where(
            PrintedIdentifierRow.kind == identifier.kind,
            PrintedIdentifierRow.number == identifier.number,
        )
        .order_by(LearnedReceiptRow.learned_at.desc(), LearnedReceiptRow.receipt_id)
    )
    with ground.database.read() as session:
        return tuple(
            Witness(
                row.receipt_id,
                row.program_id,
                Retailer(row.retailer_name or "", row.retailer_key),
                row.confirmed,
                row.learned_at,
            )
            for row in session.scalars(found)
        )


def rule(
    ground: Ground,
    identifiers: Iterable[Identifier],
    retailer: Retailer | None,
    *,
    operator: str,
    reason: str,
) -> None:
    """An operator says whose identifiers these are, or that they are nobody's (None).

    It holds against whatever receipts say, until it is said otherwise.
    """
    now = ground.now()
    ruled = tuple(identifiers)
    with ground.database.write() as session:
        take_turns(session, "learning")
        for one in ruled:
            session.merge(
                IdentifierRulingRow(
                    kind=one.kind,
                    number=one.number,
                    retailer_key=retailer.key if retailer else None,
                    retailer_name=retailer.name if retailer else None,
                    operator=operator,
                    reason=reason,
                    ruled_at=now,
                )
            )
        session.flush()
        settle(session, ruled, now)


def _entry(row: KnownIdentifierRow, ruling: IdentifierRulingRow | None) -> Entry:
    named = row.retailer_name is not None
    return Entry(
        identifier=Identifier(cast(IdentifierKind, row.kind), row.number),
        retailer=Retailer(row.retailer_name or "", row.retailer_key) if named else None,
        receipts=row.receipts,
        confirmed=row.confirmed,
        changed_at=row.changed_at,
        ruling=f"{ruling.operator}: {ruling.reason}" if ruling else None,
    )
