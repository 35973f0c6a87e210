"""Programs as they were when something was judged by them: kept, so that it can be shown."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.loyalty.programs.tables import ProgramUsedRow
from preuve.loyalty.programs.versions import Refused, checked, ever_published
from preuve.loyalty.rules.program import Program
from preuve.store.database import insert_new


@lru_cache(maxsize=64)
def digest_of(program: Program) -> str:
    """Equal for programs that say the same; the cache knows a program by its identity."""
    return hashlib.sha256(_content(program)).hexdigest()[:16]


def note_used(session: Session, program: Program, now: datetime) -> str:
    """Keeps the program as it is now; gives its version: a published one's number, or `file-…`."""
    program_id, digest = program.program, digest_of(program)
    row = session.get(ProgramUsedRow, (program_id, digest))
    if row is not None:
        return row.version
    version = _version_of(session, program, digest)
    insert_new(
        session,
        ProgramUsedRow,
        program_id=program_id,
        digest=digest,
        version=version,
        content=_content(program),
        first_used_at=now,
    )
    return version


def used_program(session: Session, program_id: str, digest: str) -> Program | None:
    """The program of that digest; None where a release no longer understands it."""
    row = session.get(ProgramUsedRow, (program_id, digest))
    return _load(row.content) if row else None


def used_program_of_version(session: Session, program_id: str, version: str) -> Program | None:
    """The program that a version named in an entry was, the first one used under that name."""
    found = select(ProgramUsedRow).filter_by(program_id=program_id, version=version)
    row = session.scalars(found.order_by(ProgramUsedRow.first_used_at).limit(1)).first()
    return _load(row.content) if row else None


@lru_cache(maxsize=64)
def _load(content: bytes) -> Program | None:
    try:
        return Program.model_validate_json(content)
    except ValidationError:
        return None


def _content(program: Program) -> bytes:
    return program.model_dump_json(exclude_unset=True).encode()


def _version_of(session: Session, program: Program, digest: str) -> str:
    for version in ever_published(session, program.program):
        said = checked(program.program, version.text, version.number)
        if not isinstance(said, Refused) and digest_of(said) == digest:
            return str(version.number)
    return f"file-{digest[:8]}"
