"""The versions of a template: saving one, and what there is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from preuve.catalog.tables import TemplateEventRow, TemplateVersionRow
from preuve.messages import say
from preuve.reading.template.source import MAX_BYTES
from preuve.store import Ground
from preuve.store import versions as store
from preuve.store.versions import Conflict, Event, Refused, State, Texts, Unchanged

__all__ = ["Conflict", "Event", "Refused", "State", "Unchanged"]

SHARED = ""
"""In place of a program's key: templates for all programs."""

_KEY = re.compile(r"[a-z]{2,5}(\.[a-z0-9_]+)+")


@dataclass(frozen=True, slots=True)
class Version(store.Version):
    """One saved text. `stock_text` is what the stock said then (None: nothing)."""

    key: str
    stock_text: str | None


Saved = Version | Unchanged[Version] | Conflict[Version] | Refused

TEMPLATES = Texts("template", Version, TemplateVersionRow, TemplateEventRow)


def save_text(
    ground: Ground,
    key: str,
    text: str,
    *,
    based_on: int | None,
    stock_text: str | None,
    author: str,
    reason: str,
    program_id: str = SHARED,
) -> Saved:
    """Saves a draft. It need not be valid; what is published must be.

    `based_on` is the number of the newest version that the author has seen, 0 for none; with
    None it comes after whatever is the newest.
    """
    if refused := _refused(key, text):
        return refused
    with ground.database.write() as session:
        return TEMPLATES.save(
            session,
            name_of(key, program_id),
            text,
            based_on=based_on,
            author=author,
            reason=reason,
            now=ground.now(),
            started_from=stock_text,
            stock_text=stock_text,
        )


def get(ground: Ground, key: str, number: int, program_id: str = SHARED) -> Version | None:
    with ground.database.read() as session:
        return TEMPLATES.get(session, name_of(key, program_id), number)


def newest(ground: Ground, key: str, program_id: str = SHARED) -> Version | None:
    """The version that was saved last, whatever its state."""
    with ground.database.read() as session:
        return TEMPLATES.newest(session, name_of(key, program_id))


def published_version(ground: Ground, key: str, program_id: str = SHARED) -> Version | None:
    """The operators' version in force; None where the stock's is, or none."""
    with ground.database.read() as session:
        return TEMPLATES.published(session, name_of(key, program_id))


def published_versions(ground: Ground, program_id: str = SHARED) -> list[Version]:
    """The operators' versions in force, by key."""
    with ground.database.read() as session:
        return TEMPLATES.all(session, program_id=program_id, state=State.PUBLISHED)


def versions(ground: Ground, key: str, program_id: str = SHARED) -> list[Version]:
    """Every version of a template, the first one first."""
    with ground.database.read() as session:
        return TEMPLATES.all(session, **name_of(key, program_id))


def all_newest(ground: Ground, program_id: str = SHARED) -> list[Version]:
    """The newest version of every template that operators have saved, by key."""
    with ground.database.read() as session:
        found = TEMPLATES.all(session, program_id=program_id)
    return list({version.key: version for version in found}.values())


def history(ground: Ground, key: str, program_id: str = SHARED) -> list[Event]:
    """Who did what to a template, and why, the first first."""
    with ground.database.read() as session:
        return TEMPLATES.history(session, name_of(key, program_id))


def name_of(key: str, program_id: str) -> dict[str, str]:
    """The columns that tell this template from the others."""
    return {"program_id": program_id, "key": key}


def _refused(key: str, text: str) -> Refused | None:
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        return Refused(
            say("{key} has {size} bytes, more than {most}", key=key, size=size, most=MAX_BYTES),
            say("Split it: move what several templates share into one that they extend."),
        )
    if not _KEY.fullmatch(key) or len(key) > 80:
        return Refused(
            say('"{key}" is no template key', key=key),
            say("Write one like fr.carrefour, at most 80 letters."),
        )
    return None
