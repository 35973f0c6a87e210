"""Publishing and taking away, once the gate has said what that brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.catalog.effective import Catalog
from preuve.catalog.preview import Change, Preview, dump_preview, load_preview
from preuve.catalog.tables import CatalogRevisionRow, TemplateVersionRow
from preuve.catalog.versions import (
    SHARED,
    Conflict,
    Refused,
    State,
    Unchanged,
    Version,
    get,
    note_event,
    save_text,
    version_of,
)
from preuve.store import Ground
from preuve.store.database import insert_new, take_turns


@dataclass(frozen=True, slots=True)
class Stale:
    """Something else was published since the preview was made: look again."""

    why: str


def save_draft(
    catalog: Catalog,
    key: str,
    text: str,
    *,
    based_on: int,
    author: str,
    reason: str,
    program_id: str = SHARED,
) -> Version | Unchanged | Conflict | Refused:
    """Saves a text as the template's newest version, a draft; it need not be valid yet.

    `based_on` is the number of the newest version that the author has seen, 0 for none: of two
    who change the same one, the second gets both texts back.
    """
    return save_text(
        catalog.ground,
        key,
        text,
        based_on=based_on,
        stock_text=catalog.stock_text(key),
        author=author,
        reason=reason,
        program_id=program_id,
    )


def roll_back(
    catalog: Catalog, key: str, number: int, *, author: str, reason: str, program_id: str = SHARED
) -> Version | Unchanged | Conflict | Refused:
    """Saves an older version's text as a new draft, to go through the gate as any other."""
    older = get(catalog.ground, key, number, program_id)
    if older is None:
        return Refused(
            f"{key} has no version {number}", f"`preuve templates history {key}` has all of them."
        )
    return save_text(
        catalog.ground,
        key,
        older.text,
        based_on=None,
        stock_text=older.stock_text,
        author=author,
        reason=reason,
        program_id=program_id,
    )


def publish(
    catalog: Catalog, preview: Preview, *, actor: str, reason: str
) -> tuple[Version, ...] | Refused | Stale:
    """Does what `preview` is about: all of its changes, or none.

    Running workers read with them from their next receipt on. Gives the versions that were
    published or retired.
    """
    if not preview.passed:
        return Refused(
            "errors, or samples that fail, keep it from being published",
            "Correct the template, or the samples where they are wrong.",
        )
    if not actor.strip() or not reason.strip():
        return Refused("nobody says who publishes, or why", "Give the author and the reason.")
    now = catalog.ground.now()
    program_id = preview.changes[0].program_id
    with catalog.ground.database.write() as session:
        take_turns(session, "publish templates")
        if catalog.revision(program_id, session) != preview.revision:
            return Stale("another template was published after the preview: look again")
        rows = [_row(session, change) for change in preview.changes]
        for change, row in zip(preview.changes, rows, strict=True):
            wanted = State.DRAFT if change.text is not None else State.PUBLISHED
            if row is None or row.state != wanted:
                stands = row.state if row else "gone"
                return Refused(
                    f"{change.key} version {change.number} is {stands}, not {wanted}",
                    f"`preuve templates history {change.key}` tells what happened.",
                )
        done = [row for row in rows if row is not None]
        for change, row in zip(preview.changes, done, strict=True):
            _change(session, change, row, preview, actor, reason, now)
        _count_up(session, program_id)
        return tuple(version_of(row) for row in done)


def preview_of(ground: Ground, key: str, number: int, program_id: str = SHARED) -> Preview | None:
    """What the gate said before this version was published; None where it never was."""
    with ground.database.read() as session:
        row = session.get(TemplateVersionRow, (program_id, key, number))
        return load_preview(row.preview) if row and row.preview else None


def _row(session: Session, change: Change) -> TemplateVersionRow | None:
    return session.get(TemplateVersionRow, (change.program_id, change.key, change.number))


def _change(
    session: Session,
    change: Change,
    row: TemplateVersionRow,
    preview: Preview,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    if change.text is None:
        row.state, row.retired_at = State.RETIRED, now
        note_event(session, row, "retired", actor, reason, now)
        return
    before = select(TemplateVersionRow).filter_by(
        program_id=change.program_id, key=change.key, state=State.PUBLISHED
    )
    for old in session.scalars(before):
        old.state, old.retired_at = State.RETIRED, now
    row.state, row.published_at, row.preview = State.PUBLISHED, now, dump_preview(preview)
    note_event(session, row, "published", actor, reason, now)


def _count_up(session: Session, program_id: str) -> None:
    insert_new(session, CatalogRevisionRow, program_id=program_id, number=0)
    counter = session.get_one(CatalogRevisionRow, program_id, with_for_update=True)
    counter.number += 1
