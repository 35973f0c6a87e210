"""Each template once, its ancestors first: taken as it was kept, or checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from preuve.messages import Message, say
from preuve.reading.template.hints import nearest
from preuve.reading.template.index import Known, known_by
from preuve.reading.template.kept import Checked, lineage_of
from preuve.reading.template.shelf import Shelf
from preuve.reading.template.source import Source, TemplateError, parse_source, read_content
from preuve.reading.template.validate import validate


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """Where a template is written: its path, how that is shown, the digest of its bytes."""

    path: str
    shown_as: str
    digest: str
    read: Source | None = None
    """What stands in it, where that is not kept from before."""
    content: bytes | None = None
    """The text, where it stands in no file."""

    def source(self, checked: Checked) -> Source:
        """The file with its lines, read again; without lines where it was changed since."""
        if self.read is not None:
            return self.read
        content = (
            self.content if self.content is not None else read_content(self.path, self.shown_as)
        )
        source = parse_source(content, self.shown_as) if isinstance(content, bytes) else content
        own = checked.own()
        if isinstance(source, TemplateError) or source.data != own:
            return Source(self.shown_as, own)
        return source

    def forgetful(self) -> TemplateFile:
        """The same without what was read: lines weigh more than all else together."""
        return TemplateFile(self.path, self.shown_as, self.digest, content=self.content)


class Resolver:
    """Fills a shelf from the files; `errors` has all that is wrong with them.

    `orphans` are the errors of those that extend what is not there: where a file could not be read
    at all, that may be it. `news` tells whether anything had to be checked that was not kept.
    """

    def __init__(self, files: Mapping[str, TemplateFile], kept: Mapping[str, Checked]) -> None:
        self.files = files
        self.kept = kept
        self.errors: list[TemplateError] = []
        self.orphans: list[TemplateError] = []
        self.news = False
        self._shelf = Shelf()
        self._faulty: set[str] = set()
        self._path: list[str] = []

    def resolve(self) -> Shelf:
        for key in self.files:
            self._resolve(key)
        return self._shelf

    def _resolve(self, key: str) -> Checked:
        if done := self._shelf.checked.get(key):
            return done
        file = self.files[key]
        kept = self.kept.get(file.digest)
        self._path.append(key)
        parent = self._parent(file, kept)
        self._path.pop()
        lineage = lineage_of(file.digest, parent.lineage if parent else None)
        if kept is None or kept.lineage != lineage:
            self.news = True
            kept = self._check(key, file, kept, lineage, parent.key if parent else None)
        self._shelf.checked[key] = kept
        return kept

    def _check(
        self, key: str, file: TemplateFile, kept: Checked | None, lineage: str, parent: str | None
    ) -> Checked:
        source = _data(file, kept)
        inherited = self._shelf.inherited(parent)
        faults = validate(source, inherited)
        if faults and kept is not None:
            source = file.source(kept)
            faults = validate(source, inherited)
        self.errors += faults
        if faults or parent in self._faulty:
            self._faulty.add(key)
            known = Known(key, (), ())
        else:
            known = known_by(self._shelf.make(source.data, parent))
        data = json.dumps(source.data, separators=(",", ":")).encode()
        return Checked(file.digest, lineage, key, parent, data, known)

    def _parent(self, file: TemplateFile, kept: Checked | None) -> Checked | None:
        parent = kept.parent if kept else _data(file, None).data.get("extends")
        if not isinstance(parent, str):
            return None
        if parent not in self.files:
            message = no_such_parent(parent, self.files)
            self.orphans.append(self._refusal(file, kept, message))
            return None
        if parent in self._path:
            circle = " → ".join([*self._path[self._path.index(parent) :], parent])
            message = say("extends runs in a circle: {circle}", circle=circle)
            self.errors.append(self._refusal(file, kept, message))
            return None
        return self._resolve(parent)

    def _refusal(self, file: TemplateFile, kept: Checked | None, message: Message) -> TemplateError:
        source = file.source(kept) if kept else _data(file, None)
        return TemplateError(source.mark(("extends",)), message)


def no_such_parent(parent: str, known: Iterable[str]) -> Message:
    """What is told of a template that extends one which is not there."""
    hint = nearest(parent, known)
    return say('extends "{parent}": no such template{hint}', parent=parent, hint=hint)


def other_key(said: str, key: str) -> Message:
    """What is told of a text that says it is another template than the one it is saved as."""
    return say('the text says "{said}" and is saved as {key}: make them agree', said=said, key=key)


def _data(file: TemplateFile, kept: Checked | None) -> Source:
    """What stands in the file, with lines where it had to be read."""
    if file.read is not None:
        return file.read
    assert kept is not None, "a file that is not kept was read"
    return Source(file.shown_as, kept.own())
