"""Checked templates at hand, each made ready when it is first asked for.

Of ten thousand templates a process meets a few; the others stay text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from preuve.reading.template.inherit import OWN, inheritable, merge
from preuve.reading.template.kept import Checked
from preuve.reading.template.model import Template

T = TypeVar("T")


class Shelf:
    """Templates by key. Safe to ask from several threads: at worst one is made twice."""

    def __init__(self, checked: Mapping[str, Checked] | None = None) -> None:
        self.checked: dict[str, Checked] = dict(checked or {})
        self._made: dict[str, Template] = {}
        self._inherited: dict[str, dict[str, Any]] = {}

    def template(self, key: str) -> Template:
        """The template with all that it inherits. Raises KeyError."""
        made = self._made.get(key)
        if made is None:
            one = self.checked[key]
            made = self._made.setdefault(key, self.make(one.own(), one.parent))
        return made

    def make(self, own: dict[str, Any], parent: str | None) -> Template:
        """A template from its own data. Only what these touch is made anew; the rest is shared
        with the parent. Raises pydantic's ValidationError."""
        merged = merge(self.inherited(parent), own)
        touched = {key: merged[key] for key in own}
        if "recognize" in merged:
            touched["recognize"] = merged["recognize"]
        made = Template.model_validate(touched)
        if parent is None:
            return made
        changes = {name: getattr(made, name) for name in made.model_fields_set | OWN}
        changes["recognize"] = made.recognize
        return self.template(parent).model_copy(update=changes)

    def inherited(self, parent: str | None) -> dict[str, Any]:
        """The data that the children of `parent` start from."""
        if parent is None:
            return {}
        known = self._inherited.get(parent)
        if known is None:
            one = self.checked[parent]
            known = inheritable(merge(self.inherited(one.parent), one.own()))
            self._inherited[parent] = known
        return known


class Lazy(Mapping[str, T]):
    """A mapping whose values are made by a function when they are asked for."""

    def __init__(self, keys: Iterable[str], make: Callable[[str], T]) -> None:
        self._keys = dict.fromkeys(keys)
        self._make = make

    def __getitem__(self, key: str) -> T:
        if key not in self._keys:
            raise KeyError(key)
        return self._make(key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: object) -> bool:
        return key in self._keys
