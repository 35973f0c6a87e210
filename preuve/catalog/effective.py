"""The templates in force: the stock's files, and over them what operators published.

A program that has versions of its own sees them over the shared ones. What was published
elsewhere is seen at the next question: one row says whether there is anything new.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import RLock

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from preuve.catalog.registry import LiveRegistry
from preuve.catalog.tables import CatalogRevisionRow
from preuve.catalog.versions import SHARED, Version, published_versions
from preuve.reading.template.load import Templates, TemplatesInvalidError, load_templates
from preuve.reading.template.resolve import other_key
from preuve.reading.template.source import Source, TemplateError, parse_source
from preuve.store import Ground

Revision = tuple[int, int]
"""How often shared templates, and this program's own, were published or retired."""

log = structlog.get_logger()

_VERSION = re.compile(r"(?m)^version:[ \t]*(.*?)[ \t]*$")


@dataclass
class Catalog:
    """Where templates are kept: the database, and the folder of the stock.

    One a process; its threads may share it.
    """

    ground: Ground
    stock: Path
    cache: Path | None = None
    """A folder where checked templates are kept, for a quick start."""
    _loaded: dict[str, tuple[Revision, Templates]] = field(default_factory=dict, repr=False)
    _turn: RLock = field(default_factory=RLock, repr=False)

    @cached_property
    def _registry(self) -> LiveRegistry:
        return LiveRegistry(self.ground)

    def published(self, program_id: str = SHARED) -> Templates:
        """What reads a receipt of this program now: templates, and the registry of retailers.

        Raises TemplatesInvalidError where they cannot be used, as after a release that took a
        template away which an operator's extends. A process that has read before goes on with
        what it had.
        """
        with self._turn:
            now = self.revision(program_id)
            known = self._loaded.get(program_id)
            if known is None or known[0] != now:
                try:
                    known = now, self._in_force(program_id, now)
                except TemplatesInvalidError:
                    if known is None:
                        raise
                    log.exception("templates are invalid, going on with those before")
                    known = now, known[1]
                self._loaded[program_id] = known
            return replace(known[1], registry=self._registry.now())

    def _in_force(self, program_id: str, revision: Revision) -> Templates:
        if program_id == SHARED or revision[1]:
            return self._load(program_id)
        return self.published()

    def revision(self, program_id: str = SHARED, session: Session | None = None) -> Revision:
        """Changes with every publication that this program sees; as `session` sees it, if any."""
        found = select(CatalogRevisionRow).where(
            CatalogRevisionRow.program_id.in_({SHARED, program_id})
        )
        with nullcontext(session) if session else self.ground.database.read() as reading:
            numbers = {row.program_id: row.number for row in reading.scalars(found)}
        return numbers.get(SHARED, 0), numbers.get(program_id, 0)

    def with_changes(
        self, texts: Mapping[str, str | None], program_id: str, changed_for: str
    ) -> tuple[Templates | None, list[TemplateError]]:
        """The program's templates as they would be with these texts for `changed_for`.

        None takes an operator's version away. Gives either the templates or all errors.
        """
        misnamed = [error for key, text in texts.items() if (error := _misnamed(key, text))]
        try:
            templates = self._load(program_id, changed_for, texts)
        except TemplatesInvalidError as invalid:
            return None, [*misnamed, *invalid.errors]
        if misnamed:
            return None, misnamed
        with self._turn:
            return replace(templates, registry=self._registry.now()), []

    def stock_text(self, key: str) -> str | None:
        """What the stock's file says now; None where the stock has no such template."""
        path = self.stock / f"{key.replace('.', '/')}.yaml"
        try:
            return path.read_text("utf-8-sig")
        except FileNotFoundError:
            return None

    def _load(
        self,
        program_id: str,
        changed_for: str | None = None,
        texts: Mapping[str, str | None] | None = None,
    ) -> Templates:
        layers: dict[str, str] = {}
        for layer in dict.fromkeys((SHARED, program_id)):
            current = _texts(published_versions(self.ground, layer))
            if layer == changed_for:
                current |= texts or {}
            layers |= {key: text for key, text in current.items() if text is not None}
        shown = {shown_as(key): text for key, text in layers.items()}
        in_force = changed_for is None and program_id == SHARED
        return load_templates(self.stock, texts=shown, cache=self.cache, keep_new=in_force)


def shown_as(key: str) -> str:
    """How a text that is in no file is named in messages."""
    return f"catalog/{key.replace('.', '/')}.yaml"


def stamped(version: Version) -> str:
    """The text with the catalog's number behind its version: what readings are told by.

    `version: 2` in the operators' fifth version of the template is `2.5`.
    """
    found = _VERSION.search(version.text)
    own = found.group(1).strip("\"'") if found else "1"
    line = f'version: "{own[:12]}.{version.number}"'
    if found:
        return version.text[: found.start()] + line + version.text[found.end() :]
    return f"{version.text.rstrip()}\n{line}\n"


def _misnamed(key: str, text: str | None) -> TemplateError | None:
    """A text that says it is another template than the one that it is saved as."""
    read = parse_source((text or "").encode(), shown_as(key)) if text is not None else None
    said = read.data.get("template", key) if isinstance(read, Source) else key
    if not isinstance(read, Source) or said == key:
        return None
    return TemplateError(read.mark(("template",)), other_key(str(said), key))


def _texts(versions: Iterable[Version]) -> dict[str, str | None]:
    return {version.key: stamped(version) for version in versions}
