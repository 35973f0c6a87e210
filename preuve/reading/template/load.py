"""Template files to `Templates`: read, inherit, check, index. All errors at once, or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from preuve.reading.registry import Registry
from preuve.reading.template.index import Index
from preuve.reading.template.inherit import OWN, inheritable, merge
from preuve.reading.template.model import Template
from preuve.reading.template.source import Mark, Route, Source, TemplateError, read_source
from preuve.reading.template.validate import nearest, validate


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

    `registry` is who sold where no template matches: none unless somebody hands one over.
    """

    bases: Mapping[str, Template]
    retailers: Mapping[str, Template]
    sources: Mapping[str, Source] = field(repr=False)
    index: Index = field(repr=False)
    registry: Registry = field(default_factory=dict, repr=False)

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


def load_templates(*folders: Path) -> Templates:
    """All `*.yaml` below the folders. Raises TemplatesInvalidError with every error.

    A template in a later folder replaces the one of the same key in an earlier folder.
    """
    templates, errors = _load(folders)
    if errors:
        raise TemplatesInvalidError(errors)
    return templates


def check(*folders: Path) -> list[TemplateError]:
    """Every error in the folders' templates, by file and line; none where they can be used."""
    return _load(folders)[1]


def _written(source: Source, route: Route, phrase: str | None) -> Mark | None:
    data: Any = source.data
    for step in route:
        data = data.get(step) if isinstance(data, dict) else None
    if phrase is None:
        return source.keys.get(route) if data is not None else None
    if isinstance(data, list) and phrase in data:
        return source.values[(*route, data.index(phrase))]
    return source.values.get(route) if data == phrase else None


def _load(folders: Sequence[Path]) -> tuple[Templates, list[TemplateError]]:
    sources: dict[str, Source] = {}
    errors: list[TemplateError] = []
    for folder in folders:
        found, faults = _read_folder(folder)
        sources |= found
        errors += faults
    resolver = _Resolver(sources)
    for key in sources:
        resolver.resolve(key)
    templates = resolver.templates
    bases = {key: made for key, made in templates.items() if key.startswith("base.")}
    retailers = {key: made for key, made in templates.items() if key not in bases}
    loaded = Templates(
        MappingProxyType(bases),
        MappingProxyType(retailers),
        MappingProxyType(sources),
        Index.build(retailers.values(), bases.values()),
    )
    return loaded, sorted(errors + resolver.errors)


def _read_folder(folder: Path) -> tuple[dict[str, Source], list[TemplateError]]:
    sources: dict[str, Source] = {}
    errors: list[TemplateError] = []
    if not folder.is_dir():
        return {}, [TemplateError(Mark(str(folder), 1, 1), "there is no such folder")]
    for path in sorted(folder.rglob("*.y*ml")):
        shown_as = f"{folder.resolve().name}/{path.relative_to(folder).as_posix()}"
        if path.suffix != ".yaml":
            errors.append(TemplateError(Mark(shown_as, 1, 1), "name the file .yaml"))
            continue
        read = read_source(path, shown_as)
        if isinstance(read, TemplateError):
            errors.append(read)
            continue
        key = read.data.get("template")
        if not isinstance(key, str):
            errors.append(TemplateError(Mark(shown_as, 1, 1), "template is missing: its key"))
        elif key in sources:
            errors.append(
                TemplateError(
                    read.mark(("template",)), f"{key} is also in {sources[key].file}: rename one"
                )
            )
        else:
            sources[key] = read
    return sources, errors


class _Resolver:
    """Resolves each template once, its ancestors first."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        self.templates: dict[str, Template] = {}
        self.errors: list[TemplateError] = []
        self._merged: dict[str, dict[str, Any]] = {}
        self._path: list[str] = []

    def resolve(self, key: str) -> dict[str, Any]:
        """The template's data with all that it inherits; an invalid one gives what it can."""
        if key in self._merged:
            return self._merged[key]
        source = self.sources[key]
        self._path.append(key)
        parent = self._parent(source)
        self._path.pop()
        inherited = inheritable(self._merged[parent]) if parent else {}
        faults = validate(source, inherited)
        self.errors += faults
        merged: dict[str, Any] = merge(inherited, source.data)
        self._merged[key] = merged
        if not faults and (parent is None or parent in self.templates):
            self.templates[key] = self._build(source.data, merged, parent)
        return merged

    def _parent(self, source: Source) -> str | None:
        parent = source.data.get("extends")
        if not isinstance(parent, str):
            return None
        mark = source.mark(("extends",))
        if parent not in self.sources:
            hint = nearest(parent, self.sources)
            self.errors.append(TemplateError(mark, f'extends "{parent}": no such template{hint}'))
            return None
        if parent in self._path:
            circle = " → ".join([*self._path[self._path.index(parent) :], parent])
            self.errors.append(TemplateError(mark, f"extends runs in a circle: {circle}"))
            return None
        self.resolve(parent)
        return parent

    def _build(self, own: dict[str, Any], merged: dict[str, Any], parent: str | None) -> Template:
        """Only what the file itself touches is made anew; the rest is shared with the parent."""
        touched = {key: merged[key] for key in own}
        if "recognize" in merged:
            touched["recognize"] = merged["recognize"]
        made = Template.model_validate(touched)
        if parent is None:
            return made
        changes = {name: getattr(made, name) for name in made.model_fields_set | OWN}
        changes["recognize"] = made.recognize
        return self.templates[parent].model_copy(update=changes)
