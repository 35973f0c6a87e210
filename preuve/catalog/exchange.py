"""Templates out to files and back in, so that git and the database both hold them.

What was pulled is noted in the folder (`catalog.json`), with the version it came from: so a push
knows what a file was changed from, and two who changed one template hear of each other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from preuve.catalog.effective import Catalog
from preuve.catalog.publish import save_draft
from preuve.catalog.versions import (
    SHARED,
    Saved,
    Unchanged,
    Version,
    all_newest,
    newest,
    published_versions,
)
from preuve.reading.template.source import (
    Source,
    TemplateError,
    parse_source,
    read_content,
)

NOTE = "catalog.json"


@dataclass(frozen=True, slots=True)
class Pulled:
    """A version and its file. `written` false: the file has it already, or, where
    `changed_here`, was changed since it was pulled and is left as it is."""

    version: Version
    path: Path
    written: bool
    changed_here: bool = False


@dataclass(frozen=True, slots=True)
class Behind:
    """The file is as it was pulled, and there is a newer version: pull again."""

    version: Version


@dataclass(frozen=True, slots=True)
class Pushed:
    """A file, and what became of it; a TemplateError where no text could be got out of it."""

    path: Path
    key: str
    result: Saved | Behind | TemplateError


class FolderError(Exception):
    """The folder cannot be pulled into or pushed from."""

    remedy = "Name a folder of template files; a pull makes it where there is none."


def pull(
    catalog: Catalog,
    folder: Path,
    *,
    program_id: str = SHARED,
    drafts: bool = False,
    force: bool = False,
) -> Iterator[Pulled]:
    """Writes the published versions as files, or with `drafts` the newest ones.

    A file that was changed here is left alone unless `force`. Raises OSError.
    """
    note = _read_note(folder, program_id)
    found = (all_newest if drafts else published_versions)(catalog.ground, program_id)
    folder.mkdir(parents=True, exist_ok=True)
    for version in found:
        path = folder / f"{version.key.replace('.', '/')}.yaml"
        held = _text(path)
        if held == version.text:
            note[version.key] = _noted(version.number, version.text)
            yield Pulled(version, path, written=False)
            continue
        untouched = held is None or _digest(held) == note.get(version.key, {}).get("sha256")
        if not (untouched or force or held == catalog.stock_text(version.key)):
            yield Pulled(version, path, written=False, changed_here=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(version.text.encode())
        note[version.key] = _noted(version.number, version.text)
        yield Pulled(version, path, written=True)
    _write_note(folder, program_id, note)


def push(
    catalog: Catalog, folder: Path, *, author: str, reason: str, program_id: str = SHARED
) -> Iterator[Pushed]:
    """Saves every file that was changed as a draft.

    Files that say what the stock says, and no version does otherwise, are left alone. Raises
    FolderError where there is no such folder.
    """
    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}.")
    note = _read_note(folder, program_id)
    for path in sorted(folder.rglob("*.yaml")):
        shown_as = path.relative_to(folder).as_posix()
        content = read_content(str(path), shown_as)
        read = parse_source(content, shown_as) if isinstance(content, bytes) else content
        if not isinstance(read, Source) or not isinstance(content, bytes):
            assert isinstance(read, TemplateError)
            yield Pushed(path, "", read)
            continue
        key = read.data.get("template")
        if not isinstance(key, str):
            missing = TemplateError(read.mark(()), "template is missing: its key")
            yield Pushed(path, "", missing)
            continue
        text = content.decode("utf-8-sig")
        result = _push(catalog, key, text, note, author, reason, program_id)
        if isinstance(result, Version | Unchanged):
            saved = result if isinstance(result, Version) else result.version
            note[key] = _noted(saved.number, text)
        if result is not None:
            yield Pushed(path, key, result)
    _write_note(folder, program_id, note)


def _push(
    catalog: Catalog,
    key: str,
    text: str,
    note: dict[str, Any],
    author: str,
    reason: str,
    program_id: str,
) -> Saved | Behind | None:
    kept = newest(catalog.ground, key, program_id)
    if kept is None and text == catalog.stock_text(key):
        return None
    noted = note.get(key, {})
    if kept is not None and text != kept.text and noted.get("sha256") == _digest(text):
        return Behind(kept)
    return save_draft(
        catalog,
        key,
        text,
        based_on=int(noted.get("version", 0)),
        author=author,
        reason=reason,
        program_id=program_id,
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except FileNotFoundError:
        return None


def _read_note(folder: Path, program_id: str) -> dict[str, Any]:
    path = folder / NOTE
    try:
        noted = json.loads(path.read_bytes())
        if noted["program"] != program_id:
            whose = noted["program"] or "all programs"
            raise FolderError(f"{folder} holds the templates of {whose}.")
        templates: dict[str, Any] = dict(noted["templates"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError) as fault:
        raise FolderError(f"{path} cannot be read: remove it, and pull again.") from fault
    return templates


def _write_note(folder: Path, program_id: str, templates: dict[str, Any]) -> None:
    if templates:
        noted = {"program": program_id, "templates": dict(sorted(templates.items()))}
        (folder / NOTE).write_text(json.dumps(noted, indent=1) + "\n")


def _noted(number: int, text: str) -> dict[str, Any]:
    return {"version": number, "sha256": _digest(text)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
