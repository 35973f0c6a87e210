"""A member is erased from every room: what a person may ask a program to do with their data."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from preuve.catalog.learned_tables import LearnedReceiptRow
from preuve.catalog.tables import SpecimenRow, TemplateSampleRow
from preuve.intake.erasure import erase_receipts, note_erasure, unused
from preuve.store import Ground
from preuve.store.blobs import files_name

PICTURES = "pictures"
"""The cache's folder of drawn pages; a file's name begins with its documents' `files_name`."""


@dataclass(frozen=True, slots=True)
class Erased:
    """How many receipts and files went."""

    receipts: int
    files: int


def erase_member(
    ground: Ground, cache: Path, program_id: str, member_id: str, *, person: str, reason: str
) -> Erased | None:
    """Erases a member of one program; None where nothing is known of them.

    Receipts with originals and words, purchases, events, gifts' owner and what was told of them
    go; points left expire. Entries of the ledger stay, with nobody's name, and their seals hold.
    """
    if not person or not reason:
        raise ValueError("who erases a member says why")
    now = ground.now()

    def work(session: Session) -> Erased | None:
        found, files = erase_receipts(session, program_id, member_id, now)
        if not found:
            return None
        _unlearn(session, list(files))
        note_erasure(session, program_id, person, reason, len(files), now)
        session.flush()
        # Last, and before the commit: a file that outlived its row would be found by nobody.
        gone = unused(session, [name for names in files.values() for name in names])
        session.execute(delete(SpecimenRow).where(SpecimenRow.sha256.in_(gone)))
        for names in files.values():
            for picture in (cache / PICTURES).glob(f"{files_name(names)}-*"):
                picture.unlink(missing_ok=True)
        for name in gone:
            ground.blobs.remove(name)
        return Erased(len(files), len(gone))

    return ground.database.run(work)


def _unlearn(session: Session, receipts: list[str]) -> None:
    """What was learned of shops stays; that it was one member's is told by a number of no one's."""
    if not receipts:
        return
    learned = update(LearnedReceiptRow).where(LearnedReceiptRow.receipt_id.in_(receipts))
    session.execute(learned.values(witness=secrets.token_hex(16)))
    samples = delete(TemplateSampleRow).where(TemplateSampleRow.receipt_id.in_(receipts))
    session.execute(samples)
