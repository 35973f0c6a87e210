"""What another reading of a stored document would bring, without its coming about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from preuve.intake.amendment import AMENDED
from preuve.intake.context import reading_context
from preuve.intake.decide import decide
from preuve.intake.outcomes import Finished
from preuve.intake.settle import amendment_of, as_amended
from preuve.intake.stored import load_pages
from preuve.intake.tables import ReadingRow, ReceiptRow
from preuve.loyalty import Program
from preuve.reading.page import Pages
from preuve.reading.result import Context, Reading, Verdict
from preuve.store import Ground

Programs = Mapping[str, Program]
"""By their keys."""

BATCH = 200


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """The words of a receipt as they lie in the database, and what was known when it came."""

    receipt_id: str
    program_id: str
    context: Context
    words: bytes

    def pages(self) -> Pages:
        return load_pages(self.words)


def stored_documents(
    ground: Ground, programs: Programs, receipt_ids: Sequence[str]
) -> Iterator[StoredDocument]:
    """Those of these receipts that have words and a program, in this order."""
    decision, held = aliased(ReadingRow), aliased(ReadingRow)
    found = (
        select(ReceiptRow.id, ReceiptRow.program_id, ReceiptRow.received_on, held.pages)
        .join(decision, decision.receipt_id == ReceiptRow.id)
        .join(held, held.receipt_id == ReceiptRow.id)
        .where(
            decision.revision == ReceiptRow.revision,
            held.revision == decision.pages_revision,
            ReceiptRow.program_id.in_(programs),
        )
    )
    for start in range(0, len(receipt_ids), BATCH):
        wanted = receipt_ids[start : start + BATCH]
        with ground.database.read() as session:
            rows = {row.id: row for row in session.execute(found.where(ReceiptRow.id.in_(wanted)))}
        for receipt_id in wanted:
            if row := rows.get(receipt_id):
                context = reading_context(row, programs[row.program_id])
                yield StoredDocument(receipt_id, row.program_id, context, row.pages)


def rehearse(
    ground: Ground,
    program: Program,
    receipt_id: str,
    readings: Sequence[tuple[Reading, Verdict]],
) -> tuple[Finished, ...]:
    """Where the receipt would stand after each of these readings, without writing anything.

    Empty where the receipt is gone.
    """
    with ground.database.read() as session:
        receipt = session.get(ReceiptRow, receipt_id)
        if receipt is None:
            return ()
        amendment, outcomes = amendment_of(receipt), []
        for reading, verdict in readings:
            said, sure = reading, verdict
            if amendment:
                said = as_amended(session, receipt, amendment, reading, again=True)
                sure = AMENDED
            made = decide(session, receipt, said, sure, program, amendment)
            outcomes.append(Finished(receipt_id, made.status, made.reasons, made.award.points))
    return tuple(outcomes)
