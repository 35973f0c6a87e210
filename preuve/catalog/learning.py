"""What the house learns from a decision: whose numbers are printed, and how templates fit.

A door calls `learn` after each decision, and `catch_up` now and then for those that were made
by other doors or whose worker died in between. Either is safe to repeat: every decision of a
receipt is learned from once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.catalog import drift, registry
from preuve.catalog.learned_tables import LearnedReceiptRow, LearningMarkRow
from preuve.intake import decided_since, stored_pages, view
from preuve.store import Ground
from preuve.store.database import take_turns

log = structlog.get_logger(__name__)

AT_ONCE = 20
"""Receipts that one `catch_up` learns from at most: who calls it has other things to do."""

_LOOKED_AT = 5000
_LATE = timedelta(minutes=1)
"""Decisions may appear this much later than they were made: their transaction took so long."""

_MARK = "decisions"


def learn(ground: Ground, program_id: str, receipt_id: str) -> bool:
    """Learns from the receipt's present decision; False where nothing was new."""
    seen = view(ground, program_id, receipt_id)
    if seen is None or seen.reading is None:
        return False
    pages = stored_pages(ground, program_id, receipt_id)
    now = ground.now()
    with ground.database.write() as session:
        take_turns(session, "learning")
        earlier = session.get(LearnedReceiptRow, receipt_id)
        if earlier and earlier.revision >= seen.revision:
            return False
        registry.observe(session, seen, pages, now)
        drift.follow(session, seen, now)
    return True


def catch_up(ground: Ground, most: int = AT_ONCE) -> int:
    """Learns from decisions that nobody learned from, the oldest first; gives how many."""
    now = ground.now()
    with ground.database.read() as session:
        mark = session.get(LearningMarkRow, _MARK)
        decided = decided_since(ground, mark.reached_at if mark else None, _LOOKED_AT)
        learned = _revisions(session, [one.receipt_id for one in decided])
    new = [one for one in decided if learned.get(one.receipt_id, 0) < one.revision]
    done = 0
    for one in new[:most]:
        try:
            done += learn(ground, one.program_id, one.receipt_id)
        # One receipt that breaks the rules must not keep the house from learning of all others.
        except Exception:
            log.exception("nothing was learned", receipt_id=one.receipt_id)
    if not decided:
        return 0
    last = new[most].decided_at if len(new) > most else decided[-1].decided_at
    reached = min(last, now - _LATE)
    if mark is None or mark.reached_at < reached:
        with ground.database.write() as session:
            session.merge(LearningMarkRow(name=_MARK, reached_at=reached))
    return done


def _revisions(session: Session, receipts: Sequence[str]) -> dict[str, int]:
    found = select(LearnedReceiptRow.receipt_id, LearnedReceiptRow.revision)
    rows = session.execute(found.where(LearnedReceiptRow.receipt_id.in_(receipts)))
    return {row.receipt_id: row.revision for row in rows}
