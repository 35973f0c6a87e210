"""What differs between two texts of a template: line by line, and key by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from preuve.reading.template.inherit import REPLACING
from preuve.reading.template.source import Source, parse_source

_Route = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key, dotted, as `labels.total`: what stood there and what stands there now.

    Of a list of phrases, only those that went and came. None: nothing stood, or stands, there.
    """

    key: str
    before: str | None
    after: str | None


def text_difference(before: str, after: str, name_before: str, name_after: str) -> str:
    """A unified difference; empty where the texts are the same."""
    lines = unified_diff(
        before.splitlines(), after.splitlines(), name_before, name_after, lineterm=""
    )
    return "\n".join(lines)


def key_differences(before: str, after: str) -> tuple[KeyChange, ...]:
    """By key, in the order of the keys; none where a text is not valid YAML."""
    old, new = template_data(before), template_data(after)
    if old is None or new is None:
        return ()
    return tuple(_changes(old, new, ()))


def template_data(text: str) -> dict[str, Any] | None:
    """What stands in a text; None where it cannot be read."""
    read = parse_source(text.encode(errors="replace"), "text")
    return read.data if isinstance(read, Source) else None


def is_phrases(key: str, *values: Any) -> bool:
    """Whether these are lists of phrases that add up, rather than one value as a whole."""
    return key not in REPLACING and all(
        value is None
        or (isinstance(value, list) and all(isinstance(entry, str) for entry in value))
        for value in values
    )


def _changes(old: Any, new: Any, route: _Route) -> Iterator[KeyChange]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            yield from _changes(old.get(key), new.get(key), (*route, key))
    elif old is not None and new is not None and is_phrases(route[-1], old, new):
        gone = [entry for entry in old if entry not in new]
        come = [entry for entry in new if entry not in old]
        yield KeyChange(".".join(route), _said(gone or None), _said(come or None))
    else:
        yield KeyChange(".".join(route), _said(old), _said(new))


def _said(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(str(_said(entry)) for entry in value)
    return "; ".join(f"{key}: {_said(entry)}" for key, entry in value.items())
