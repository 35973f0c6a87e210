"""A template as it is drafted: its own data so far, and why each line stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from preuve.reading.template.inherit import inheritable, merge
from preuve.reading.template.model import Template

Route: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One line more: a key that is set, or a phrase that is added to the list at `route`."""

    route: Route
    value: Any
    why: str
    adds: bool = False


@dataclass(frozen=True)
class Sketch:
    """The data of a template file, and a reason for each value, by its route and its text."""

    data: Mapping[str, Any]
    why: Mapping[Route, str] = field(default_factory=dict)

    def with_edits(self, edits: Iterable[Edit]) -> Sketch:
        data, why = dict(self.data), dict(self.why)
        for edit in edits:
            data = _laid(data, edit.route, edit.value, edit.adds)
            at = (*edit.route, str(edit.value)) if edit.adds else edit.route
            why.setdefault(at, edit.why)
        return Sketch(data, why)

    def template(self, base: Template) -> Template:
        """The template with all that it inherits from `base`."""
        inherited = inheritable(base.model_dump(mode="json", by_alias=True, exclude_unset=True))
        return Template.model_validate(merge(inherited, dict(self.data)))


def _laid(data: dict[str, Any], route: Route, value: Any, adds: bool) -> dict[str, Any]:
    key, *rest = route
    changed = dict(data)
    if rest:
        changed[key] = _laid(dict(changed.get(key) or {}), tuple(rest), value, adds)
    elif adds:
        known = list(changed.get(key) or [])
        changed[key] = known if value in known else [*known, value]
    else:
        changed[key] = value
    return changed


def added(before: Sketch, after: Sketch) -> tuple[Edit, ...]:
    """What the one has and the other has not, as edits."""
    return tuple(_differing((), before.data, after.data, after.why))


def _differing(route: Route, old: Any, new: Any, why: Mapping[Route, str]) -> Iterator[Edit]:
    for key, value in new.items():
        at, was = (*route, key), old.get(key)
        if isinstance(value, dict) and isinstance(was, dict | None):
            yield from _differing(at, was or {}, value, why)
        elif isinstance(value, list) and value != was:
            known = was if isinstance(was, list) else []
            for entry in value:
                if entry not in known:
                    yield Edit(at, entry, why.get((*at, str(entry)), ""), adds=True)
        elif value != was:
            yield Edit(at, value, why.get(at, ""))
