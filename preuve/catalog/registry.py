"""The registry of retailers as it is kept: receipts add to it, operators rule over it.

Every trusted receipt that names its retailer says so of each identifier that it prints; what
the receipts agree on (`consensus`) is the registry. Only what a receipt touches is counted
anew, and every change has a version, so that workers ask for what is new and no more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import cast

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from preuve.catalog.consensus import Claim, consensus, same_retailer
from preuve.catalog.learned_tables import (
    IdentifierRulingRow,
    KnownIdentifierRow,
    LearnedReceiptRow,
    PrintedIdentifierRow,
)
from preuve.intake import ReceiptView, Status
from preuve.intake.amendment import RULE as AMENDED
from preuve.reading.extract.identifiers import (
    REGISTERED,
    Identifier,
    IdentifierKind,
    identifiers,
)
from preuve.reading.page import Pages
from preuve.reading.registry import RULE as BY_REGISTRY
from preuve.reading.registry import Known, Registry
from preuve.reading.result import Retailer, Value, is_borne_out
from preuve.store import Ground

LEAST_SURE = 0.5
"""The confidence from which a name that something bears out counts as what the paper says."""

ENOUGH = 50
"""Receipts that agree on an identifier; more of them teach nothing and are not kept."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The registry as of a version; workers ask with theirs for a newer one."""

    version: int = 0
    entries: Registry = field(default_factory=lambda: MappingProxyType({}))


def snapshot(ground: Ground, known: Snapshot | None = None) -> Snapshot:
    """The registry now. With the one that is `known`, only what changed since is loaded."""
    known = known or Snapshot()
    changed = select(KnownIdentifierRow).where(KnownIdentifierRow.version > known.version)
    with ground.database.read() as session:
        rows = session.scalars(changed).all()
    if not rows:
        return known
    entries = dict(known.entries)
    for row in rows:
        if retailer := _retailer_of(row):
            entries[_identifier(row)] = Known(retailer, row.receipts, row.sure, row.confirmed)
        else:
            entries.pop(_identifier(row), None)
    return Snapshot(max(row.version for row in rows), MappingProxyType(entries))


class LiveRegistry:
    """The registry for a process that reads on and on: what is new is there at the next look."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._known = Snapshot()

    def now(self) -> Registry:
        self._known = snapshot(self._ground, self._known)
        return self._known.entries


def observe(session: Session, seen: ReceiptView, pages: Pages | None, now: datetime) -> None:
    """Notes what the receipt's present decision says, in place of what an earlier one said.

    The caller holds the turn of learning, and has seen that this decision is new.
    """
    before = _printed_on(session, seen.id)
    session.execute(delete(PrintedIdentifierRow).where(PrintedIdentifierRow.receipt_id == seen.id))
    retailer, sure, confirmed = _named(seen)
    session.merge(
        LearnedReceiptRow(
            receipt_id=seen.id,
            program_id=seen.program_id,
            revision=seen.revision,
            retailer_key=retailer.key if retailer else None,
            retailer_name=retailer.name if retailer else None,
            sure=sure,
            confirmed=confirmed,
            witness=_digest(f"{seen.program_id} {seen.member_id}"),
            picture=_digest(" ".join(seen.blobs)),
            learned_at=now,
        )
    )
    printed = identifiers(pages or ()) if retailer else ()
    for one in printed:
        if confirmed or not _is_said_enough(session, one, cast(Retailer, retailer)):
            session.add(
                PrintedIdentifierRow(
                    receipt_id=seen.id, kind=one.kind, number=one.number, program_id=seen.program_id
                )
            )
    session.flush()
    settle(session, dict.fromkeys([*before, *printed]), now)


def settle(session: Session, touched: Iterable[Identifier], now: datetime) -> None:
    """Counts these identifiers' receipts anew and notes what became of each."""
    together = tuple(touched)
    version = (session.scalar(select(func.max(KnownIdentifierRow.version))) or 0) + 1
    for one in together:
        row = session.get(KnownIdentifierRow, (one.kind, one.number))
        known = _ruled(session, one) or consensus(
            claims_on(session, one), registered=one.kind in REGISTERED
        )
        if known is None:
            known = Known(None, 0)
            if row is None:
                continue
        retailer = _as_before(session, known, together)
        if row and Known(_retailer_of(row), row.receipts, row.sure, row.confirmed) == replace(
            known, retailer=retailer
        ):
            continue
        session.merge(
            KnownIdentifierRow(
                kind=one.kind,
                number=one.number,
                retailer_key=retailer.key if retailer else None,
                retailer_name=retailer.name if retailer else None,
                receipts=known.receipts,
                sure=known.sure,
                confirmed=known.confirmed,
                version=version,
                changed_at=now,
            )
        )
        session.flush()


def claims_on(session: Session, one: Identifier) -> list[Claim]:
    """What receipts say of an identifier, one claim a picture."""
    rows = session.scalars(
        select(LearnedReceiptRow)
        .join(PrintedIdentifierRow, PrintedIdentifierRow.receipt_id == LearnedReceiptRow.receipt_id)
        .where(PrintedIdentifierRow.kind == one.kind, PrintedIdentifierRow.number == one.number)
        .order_by(LearnedReceiptRow.learned_at, LearnedReceiptRow.receipt_id)
    )
    by_picture = {(row.picture, row.confirmed): row for row in rows}
    return [
        Claim(
            Retailer(row.retailer_name or "", row.retailer_key),
            row.witness,
            row.sure,
            row.confirmed,
        )
        for row in by_picture.values()
    ]


def teaches(name: Value[Retailer]) -> bool:
    """Whether a name that was read counts as what the paper says."""
    return name.confidence >= LEAST_SURE and is_borne_out(name)


def _named(seen: ReceiptView) -> tuple[Retailer | None, float, bool]:
    """Whom a valid, trusted receipt names, how surely, and whether an operator said so.

    Where the registry gave the retailer, the name that the paper prints is taken: else it would
    hear its own voice.
    """
    trusted = seen.verdict is not None and seen.verdict.status == "trusted"
    if seen.reading is None or not trusted or seen.status is not Status.VALID:
        return None, 0.0, False
    value = seen.reading.retailer
    if value and value.rule == AMENDED:
        return value.value, 1.0, True
    if value is None or value.rule.startswith(BY_REGISTRY):
        value = seen.reading.printed_name
    if value is None or not teaches(value):
        return None, 0.0, False
    return value.value, value.confidence, False


def _is_said_enough(session: Session, one: Identifier, retailer: Retailer) -> bool:
    row = session.get(KnownIdentifierRow, (one.kind, one.number))
    known = _retailer_of(row) if row else None
    return bool(row and known and row.receipts >= ENOUGH and same_retailer(known, retailer))


def _ruled(session: Session, one: Identifier) -> Known | None:
    ruling = session.get(IdentifierRulingRow, (one.kind, one.number))
    if ruling is None:
        return None
    receipts = len({claim.witness for claim in claims_on(session, one)})
    return Known(_retailer_of(ruling), receipts, 1.0, confirmed=True)


def _as_before(session: Session, known: Known, together: Sequence[Identifier]) -> Retailer | None:
    """The retailer under the key and name by which the numbers printed beside it are known.

    Without it, a spelling that becomes the more common one would make another retailer of it.
    """
    if known.retailer is None or known.confirmed:
        return known.retailer
    for one in together:
        row = session.get(KnownIdentifierRow, (one.kind, one.number))
        earlier = _retailer_of(row) if row else None
        if earlier and same_retailer(Retailer(earlier.name), Retailer(known.retailer.name)):
            return earlier
    return known.retailer


def _printed_on(session: Session, receipt_id: str) -> list[Identifier]:
    rows = session.scalars(
        select(PrintedIdentifierRow).where(PrintedIdentifierRow.receipt_id == receipt_id)
    )
    return [_identifier(row) for row in rows]


def _identifier(row: PrintedIdentifierRow | KnownIdentifierRow) -> Identifier:
    return Identifier(cast(IdentifierKind, row.kind), row.number)


def _retailer_of(row: KnownIdentifierRow | IdentifierRulingRow) -> Retailer | None:
    if row.retailer_name is None:
        return None
    return Retailer(row.retailer_name, row.retailer_key)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
