"""Three texts of a template put together: what both sides changed since they were one.

Key by key: what one side alone changed is taken, and lists of phrases take both sides' phrases.
Only where both changed one value differently is there a conflict, and a person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from preuve.catalog.difference import is_phrases, template_data

_GONE: Any = object()
"""In place of a value that is not there."""


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """One key, dotted, that both sides changed; None where a side has removed it."""

    key: str
    base: str | None
    theirs: str | None
    yours: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """`text` has what could be put together, and *your* value wherever there is a conflict."""

    text: str
    conflicts: tuple[MergeConflict, ...] = ()


def merge_texts(base: str | None, theirs: str, yours: str) -> Merged | None:
    """Both sides' changes since `base` (None: nothing) in one text.

    None where a text is not valid YAML: lines alone cannot be merged safely. A text that only
    one side changed comes back letter for letter; one that is put together has no comments.
    """
    if base == theirs or theirs == yours:
        return Merged(yours)
    if base == yours:
        return Merged(theirs)
    sides = [template_data(text) if text is not None else {} for text in (base, theirs, yours)]
    if any(side is None for side in sides):
        return None
    conflicts: list[MergeConflict] = []
    merged = _merge(sides[0], sides[1], sides[2], (), conflicts)
    if merged == sides[2]:
        return Merged(yours, tuple(conflicts))
    return Merged(write_data(merged), tuple(conflicts))


def write_data(data: dict[str, Any]) -> str:
    """A template's data as YAML that reads back the same; lists of words on one line."""
    written: str = yaml.safe_dump(
        data, allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )
    return written


def _merge(
    base: Any, theirs: Any, yours: Any, route: tuple[str, ...], conflicts: list[MergeConflict]
) -> Any:
    if theirs in (yours, base):
        return yours
    if yours == base:
        return theirs
    if isinstance(theirs, dict) and isinstance(yours, dict):
        common = base if isinstance(base, dict) else {}
        merged = {}
        for key in dict.fromkeys((*yours, *theirs)):
            was, their, your = (side.get(key, _GONE) for side in (common, theirs, yours))
            value = _merge(was, their, your, (*route, key), conflicts)
            if value is not _GONE:
                merged[key] = value
        return merged
    known = [None if side is _GONE else side for side in (base, theirs, yours)]
    if isinstance(theirs, list) and isinstance(yours, list) and is_phrases(route[-1], *known):
        return _merge_phrases(known[0] or [], theirs, yours)
    conflicts.append(MergeConflict(".".join(route), *map(_said, (base, theirs, yours))))
    return yours


def _merge_phrases(base: list[str], theirs: list[str], yours: list[str]) -> list[str]:
    """Yours, without what they took away and with what they put in."""
    kept = [entry for entry in yours if entry in theirs or entry not in base]
    return kept + [entry for entry in theirs if entry not in base and entry not in kept]


def _said(value: Any) -> str | None:
    if value is _GONE or value is None:
        return None
    return value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True).strip()
