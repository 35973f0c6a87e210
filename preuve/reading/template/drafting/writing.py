"""A sketch as a file: YAML that `preuve templates check` passes, a comment beside each line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from preuve.reading.template.drafting.sketch import Sketch

_PLAIN = re.compile(r"[A-Za-zÀ-ž0-9](?:[A-Za-zÀ-ž0-9 ./_'&+()%€-]*[A-Za-zÀ-ž0-9./_'&+()%€-])?")
_WIDTH = 60
"""Comments begin in this column, or where the line ends."""


def written(sketch: Sketch, heading: Sequence[str]) -> str:
    """The whole file; `heading` are its first lines of comment."""
    lines = [f"# {line}".rstrip() for line in heading]
    lines += _mapping(sketch, sketch.data, ())
    return "\n".join(lines) + "\n"


def _mapping(sketch: Sketch, data: Mapping[str, Any], route: tuple[str, ...]) -> Iterator[str]:
    pad = "  " * len(route)
    for key, value in data.items():
        at = (*route, key)
        name = f"{pad}{_scalar(key)}:"
        why = sketch.why.get(at)
        if isinstance(value, Mapping):
            yield _noted(name, why)
            yield from _mapping(sketch, value, at)
        elif isinstance(value, list) and any((*at, str(entry)) in sketch.why for entry in value):
            yield name
            for entry in value:
                yield from _entry(entry, sketch.why.get((*at, str(entry))), pad)
        elif isinstance(value, list):
            yield _noted(f"{name} [{', '.join(map(_scalar, value))}]", why)
        else:
            yield _noted(f"{name} {_scalar(value)}", why)


def _entry(entry: Any, why: str | None, pad: str) -> Iterator[str]:
    if not isinstance(entry, Mapping):
        yield _noted(f"{pad}  - {_scalar(entry)}", why)
        return
    for number, (key, value) in enumerate(entry.items()):
        dash = "- " if number == 0 else "  "
        yield f"{pad}  {dash}{key}: {_scalar(value)}"


def _noted(line: str, why: str | None) -> str:
    return f"{line:<{_WIDTH}}  # {_one_line(why)}" if why else line


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _scalar(value: Any) -> str:
    """As it is where YAML takes it for text, else in double quotes, which JSON's are too."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
