"""Publishing and taking away, once the gate has said what that brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from preuve.catalog.effective import Catalog
from preuve.catalog.preview import Change, Preview, dump_preview, load_preview
from preuve.catalog.tables import CatalogRevisionRow, TemplateVersionRow
from preuve.catalog.versions import (
    SHARED,
    TEMPLATES,
    Refused,
    Saved,
    State,
    Version,
    get,
    name_of,
    save_text,
)
from preuve.messages import say
from preuve.store import Ground
from preuve.store.database import take_turns
from preuve.store.versions import count_up, unsaid


@dataclass(frozen=True, slots=True)
class Stale:
    """Something else was published since the preview was made: look again."""

    why: str


_STANDS = {
    State.DRAFT: say("draft"),
    State.PUBLISHED: say("published"),
    State.RETIRED: say("retired"),
    "gone": say("gone"),
}


def save_draft(
    catalog: Catalog,
    key: str,
    text: str,
    *,
    based_on: int,
    author: str,
    reason: str,
    program_id: str = SHARED,
) -> Saved:
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
) -> Saved:
    """Saves an older version's text as a new draft, to go through the gate as any other."""
    older = get(catalog.ground, key, number, program_id)
    if older is None:
        return Refused(
            say("{key} has no version {number}", key=key, number=number),
            say("`preuve templates history {key}` has all of them.", key=key),
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
            say("errors, or samples that fail, keep it from being published"),
            say("Correct the template, or the samples where they are wrong."),
        )
    if refused := unsaid(actor, reason):
        return refused
    now = catalog.ground.now()
    program_id = preview.changes[0].program_id
    with catalog.ground.database.write() as session:
        take_turns(session, "publish templates")
        if catalog.revision(program_id, session) != preview.revision:
            return Stale("another template was published after the preview: look again")
        rows = [_row_of(session, change) for change in preview.changes]
        for change, row in zip(preview.changes, rows, strict=True):
            wanted = State.DRAFT if change.text is not None else State.PUBLISHED
            if row is None or row.state != wanted:
                stands = row.state if row else "gone"
                return Refused(
                    say(
                        "{key} version {number} is {stands}, not {wanted}",
                        key=change.key,
                        number=change.number,
                        stands=_STANDS[stands],
                        wanted=_STANDS[wanted],
                    ),
                    say("`preuve templates history {key}` tells what happened.", key=change.key),
                )
        done = [row for row in rows if row is not None]
        for change, row in zip(preview.changes, done, strict=True):
            _change(session, change, row, preview, actor, reason, now)
        count_up(session, CatalogRevisionRow, program_id=program_id)
        return tuple(TEMPLATES.told(row) for row in done)


def preview_of(ground: Ground, key: str, number: int, program_id: str = SHARED) -> Preview | None:
    """What the gate said before this version was published; None where it never was."""
    with ground.database.read() as session:
        row = _row(session, name_of(key, program_id), number)
        return load_preview(row.preview) if row and row.preview else None


def _row(session: Session, name: Mapping[str, str], number: int) -> TemplateVersionRow | None:
    return session.get(TemplateVersionRow, {**name, "number": number})


def _row_of(session: Session, change: Change) -> TemplateVersionRow | None:
    return _row(session, name_of(change.key, change.program_id), change.number)


def _change(
    session: Session,
    change: Change,
    row: TemplateVersionRow,
    preview: Preview,
    actor: str,
    reason: str,
    now: datetime,
) -> None:
    name = name_of(change.key, change.program_id)
    if change.text is None:
        TEMPLATES.take_out_of_force(session, name, row, actor, reason, now)
        return
    TEMPLATES.put_in_force(session, name, row, actor, reason, now)
    row.preview = dump_preview(preview)
