"""Template files to `Templates`: read, inherit, check, index. All errors at once, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from preuve.reading.registry import Registry
from preuve.reading.template.fold import folded, known_by
from preuve.reading.template.folder import find_files, find_texts
from preuve.reading.template.index import Index
from preuve.reading.template.kept import keep, kept_file, read_kept
from preuve.reading.template.model import Template
from preuve.reading.template.resolve import Resolver, TemplateFile
from preuve.reading.template.shelf import Lazy, Shelf
from preuve.reading.template.source import Mark, Route, Source, TemplateError


class TemplatesInvalidError(Exception):
    """At least one template cannot be used. `errors` has all of them, by file and line."""

    code = "templates_invalid"
    remedy = "Correct the lines named and load again; `preuve templates check` lists them."

    def __init__(self, errors: Sequence[TemplateError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in errors))


@dataclass(frozen=True)
class Templates:
    """Every template, resolved: what a template inherits stands in it. Keys are template keys.

    `retailers` makes a template when it is first asked for, and `sources` reads its file again:
    to go through all of ten thousand takes seconds. `registry` is who sold where no template
    matches: none unless somebody hands one over. `parents` is who extends whom.
    """

    bases: Mapping[str, Template]
    retailers: Mapping[str, Template]
    sources: Mapping[str, Source] = field(repr=False)
    index: Index = field(repr=False)
    registry: Registry = field(default_factory=dict, repr=False)
    parents: Mapping[str, str | None] = field(default_factory=dict, repr=False)

    @cached_property
    def known_by(self) -> Mapping[str, tuple[str, ...]]:
        """Which bases expect a word on a paper, by the word as `fold.words` has it."""
        return known_by((key, folded(base.vocabulary)) for key, base in self.bases.items())

    def get(self, key: str) -> Template | None:
        return self.retailers.get(key) or self.bases.get(key)

    def origin(self, key: str, place: str, phrase: str | None = None) -> str:
        """File and line where a template's value is written, its own or an ancestor's.

        `place` is dotted, as `labels.total`. Gives `templates/base/fr.yaml:23`; for what no file
        writes (a default), the template's own file and line 1.
        """
        route: Route = tuple(place.split("."))
        ancestor: str | None = key
        while ancestor is not None:
            source = self.sources[ancestor]
            if mark := _written(source, route, phrase):
                return f"{mark.file}:{mark.line}"
            ancestor = source.data.get("extends")
        return f"{self.sources[key].file}:1"

    def rule(self, key: str, place: str, phrase: str | None = None) -> str:
        """The line for `Value.rule`: `templates/base/fr.yaml:23 labels.total "net a payer"`."""
        quoted = "" if phrase is None else f' "{phrase}"'
        return f"{self.origin(key, place, phrase)} {place}{quoted}"


def load_templates(
    *folders: Path,
    texts: Mapping[str, str] | None = None,
    cache: Path | None = None,
    keep_new: bool = True,
) -> Templates:
    """All `*.yaml` below the folders. Raises TemplatesInvalidError with every error.

    A template in a later folder replaces the one of the same key in an earlier folder, and one of
    `texts`, which maps how a text is shown to the text, replaces them all. Where a `cache` folder
    is given, what passed the checks once is kept there, and only what was edited since is checked
    again; `keep_new` false looks into it and leaves it as it is.
    """
    path = kept_file(cache, folders) if cache else None
    kept = read_kept(path) if path else {}
    files, errors = find_files(folders, kept)
    others, faults = find_texts(texts or {}, kept)
    files |= others
    resolver = Resolver(files, kept)
    shelf = resolver.resolve()
    if wrong := _all_errors(errors + faults, resolver):
        raise TemplatesInvalidError(wrong)
    if path and keep_new and (resolver.news or len(kept) != len(files)):
        keep(path, shelf.checked)
    return _templates({key: file.forgetful() for key, file in files.items()}, shelf)


def check(*folders: Path) -> list[TemplateError]:
    """Every error in the folders' templates, by file and line; none where they can be used."""
    files, errors = find_files(folders, {})
    resolver = Resolver(files, {})
    resolver.resolve()
    return _all_errors(errors, resolver)


def _all_errors(unread: list[TemplateError], resolver: Resolver) -> list[TemplateError]:
    """Where a base cannot be read, hundreds extend what is not there: its own error will do."""
    return sorted(unread + resolver.errors + (resolver.orphans if not unread else []))


def _templates(files: Mapping[str, TemplateFile], shelf: Shelf) -> Templates:
    bases = {key: shelf.template(key) for key in files if key.startswith("base.")}
    retailers = [key for key in files if key not in bases]
    index = Index.build((shelf.checked[key].known for key in retailers), bases.values())
    return Templates(
        Lazy(bases, bases.__getitem__),
        Lazy(retailers, shelf.template),
        Lazy(files, lambda key: files[key].source(shelf.checked[key])),
        index,
        parents={key: one.parent for key, one in shelf.checked.items()},
    )


def _written(source: Source, route: Route, phrase: str | None) -> Mark | None:
    data: Any = source.data
    for step in route:
        data = data.get(step) if isinstance(data, dict) else None
    if phrase is None:
        return source.keys.get(route) if data is not None else None
    if isinstance(data, list) and phrase in data:
        return source.values[(*route, data.index(phrase))]
    return source.values.get(route) if data == phrase else None
