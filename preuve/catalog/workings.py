"""What somebody is writing on a template, step by step: nothing of it is lost, any step undone.

It is nobody else's until it is saved as a version; the steps are thrown away then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from preuve.catalog.difference import template_data
from preuve.catalog.effective import Catalog
from preuve.catalog.tables import TemplateStepRow
from preuve.catalog.versions import SHARED, State, newest, published_version, versions
from preuve.store import Ground
from preuve.store.database import take_turns

MOST_STEPS = 200
TYPED = "typed"
"""The change that typing in the text is: what is typed without a pause is one step."""

_PAUSE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Working:
    """The text as its author has it now. `based_on` is the newest version when it was begun;
    `change` what the last step was, as a key (`labels.total`); `steps` how many can be undone."""

    program_id: str
    key: str
    author: str
    text: str
    based_on: int
    receipt_id: str | None
    change: str
    steps: int
    saved_at: datetime


def begun(ground: Ground, key: str, author: str, program_id: str = SHARED) -> Working | None:
    """What this author has begun on the template; None where it is nothing."""
    with ground.database.read() as session:
        return _newest(session, key, author, program_id)


def workings(ground: Ground, program_id: str = SHARED) -> list[Working]:
    """What everybody has begun on this program's templates, by key and author."""
    steps = select(TemplateStepRow).filter_by(program_id=program_id)
    found: dict[tuple[str, str], Working] = {}
    with ground.database.read() as session:
        for row in session.scalars(steps.order_by(TemplateStepRow.id)):
            at = row.key, row.author
            found[at] = _working(row, found[at].steps + 1 if at in found else 0)
    return [found[at] for at in sorted(found)]


def keep(
    ground: Ground,
    key: str,
    text: str,
    *,
    author: str,
    change: str,
    based_on: int,
    receipt_id: str | None,
    program_id: str = SHARED,
) -> Working:
    """Adds a step. `based_on` counts only where it is the first."""
    with ground.database.write() as session:
        take_turns(session, f"steps {program_id}/{key}/{author}")
        now = ground.now()
        rows = list(session.scalars(_steps(key, author, program_id)))
        last = rows[-1] if rows else None
        if last and change == TYPED == last.change and now - last.saved_at < _PAUSE:
            last.text, last.saved_at, last.receipt_id = text, now, receipt_id
        elif last is None or last.text != text:
            row = TemplateStepRow(
                program_id=program_id,
                key=key,
                author=author,
                text=text,
                change=change,
                based_on=last.based_on if last else based_on,
                receipt_id=receipt_id,
                saved_at=now,
            )
            session.add(row)
            for old in rows[1 : len(rows) - MOST_STEPS]:
                session.delete(old)
        else:
            last.receipt_id = receipt_id
        session.flush()
        made = _newest(session, key, author, program_id)
    assert made is not None, "a step that was just added is there"
    return made


def undo(ground: Ground, key: str, author: str, program_id: str = SHARED) -> Working | None:
    """Takes the last step back, but never the first; None where nothing was begun."""
    with ground.database.write() as session:
        take_turns(session, f"steps {program_id}/{key}/{author}")
        rows = list(session.scalars(_steps(key, author, program_id)))
        if len(rows) > 1:
            session.delete(rows[-1])
            session.flush()
        return _newest(session, key, author, program_id)


def discard(ground: Ground, key: str, author: str, program_id: str = SHARED) -> bool:
    """Forgets all that this author has begun on it. Whether there was anything."""
    mine = delete(TemplateStepRow).filter_by(program_id=program_id, key=key, author=author)
    with ground.database.write() as session:
        return session.execute(mine.returning(TemplateStepRow.id)).first() is not None


def starting_text(catalog: Catalog, key: str, program_id: str) -> tuple[str, int] | None:
    """What somebody who opens the template starts from, and the newest version's number.

    The newest draft, else what is in force; None where there is no such template.
    """
    last = newest(catalog.ground, key, program_id)
    number = last.number if last else 0
    if last and last.state is State.DRAFT:
        return last.text, number
    for layer in dict.fromkeys((program_id, SHARED)):
        if current := published_version(catalog.ground, key, layer):
            return current.text, number
    text = catalog.stock_text(key)
    if text is None and (older := versions(catalog.ground, key, program_id)):
        text = older[-1].text
    return (text, number) if text is not None else None


def newest_readable(
    catalog: Catalog, key: str, author: str, program_id: str
) -> dict[str, Any] | None:
    """What stood in the author's newest text that can be read, else in what they started from."""
    with catalog.ground.database.read() as session:
        texts = [row.text for row in session.scalars(_steps(key, author, program_id))]
    if start := starting_text(catalog, key, program_id):
        texts.insert(0, start[0])
    read = (template_data(text) for text in reversed(texts))
    return next((data for data in read if data is not None), None)


def _steps(key: str, author: str, program_id: str) -> Select[TemplateStepRow]:
    found = select(TemplateStepRow).filter_by(program_id=program_id, key=key, author=author)
    return found.order_by(TemplateStepRow.id)


def _newest(session: Session, key: str, author: str, program_id: str) -> Working | None:
    rows = session.scalars(_steps(key, author, program_id)).all()
    return _working(rows[-1], len(rows) - 1) if rows else None


def _working(row: TemplateStepRow, steps: int) -> Working:
    return Working(
        row.program_id,
        row.key,
        row.author,
        row.text,
        row.based_on,
        row.receipt_id,
        row.change,
        steps,
        row.saved_at,
    )
