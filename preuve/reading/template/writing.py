"""A template's data as YAML text, and one key of a text written anew.

What a form changes is printed in one way; the rest of the text stays letter for letter, and the
comments of what is printed anew stay with the phrase or key that they were written for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from preuve.reading.template.source import Source, parse_source

Keys: TypeAlias = tuple[str, ...]
"""The way to a value by names alone: an entry of a list goes by its own text."""

ORDER = (
    "template", "name", "version", "extends", "kind", "requires", "language", "country",
    "retailer_name", "notes", "recognize", "countries", "currencies", "vocabulary", "joining",
    "numbers", "dates", "labels", "directions", "row_patterns", "zones", "fields", "layouts",
    "samples",
)  # fmt: skip
"""The keys of a template, from what is asked first to what is asked last."""

_LONGEST = 100
_WIDTH = 60
"""Comments beside a line begin in this column, or where the line ends."""

_PLAIN = re.compile(r"[A-Za-zÀ-ž0-9](?:[A-Za-zÀ-ž0-9 ./_'&+()%€-]*[A-Za-zÀ-ž0-9./_'&+()%€-])?")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Comments:
    """What stands above a key or phrase, line by line, and what stands beside it."""

    above: Mapping[Keys, Sequence[str]] = field(default_factory=dict)
    beside: Mapping[Keys, str] = field(default_factory=dict)

    def with_beside(self, notes: Mapping[Keys, str]) -> Comments:
        return Comments(self.above, {**self.beside, **notes})


def write(data: Mapping[str, Any], comments: Comments | None = None) -> str:
    """YAML that reads back as the same data; every value is text."""
    return "\n".join(_mapping(data, (), comments or Comments())) + "\n"


def with_value(text: str, route: Keys, value: Any, notes: Mapping[Keys, str] | None = None) -> str:
    """The text with another value at `route`; None takes it away, and what it leaves empty.

    `notes` are comments to stand beside keys or phrases. Raises ValueError where the text cannot
    be read, or something else than keys stands on the way.
    """
    source = parse_source(text.encode(), "text")
    if not isinstance(source, Source):
        raise ValueError(str(source))
    old = source.data
    new = _changed(old, route, value)
    top = route[0]
    if new.get(top) == old.get(top) and not notes:
        return text
    comments = _comments(text, source).with_beside(notes or {})
    lines = text.splitlines()
    marks = {key: source.keys[key,] for key in old}
    if any(mark.column > 1 for mark in marks.values()):
        return write({key: new[key] for key in (*old, *new) if key in new}, comments)
    printed = list(_mapping({top: new[top]}, (), comments, heads=False)) if top in new else []
    if top in old:
        first = marks[top].line - 1
        later = [mark.line - 1 for mark in marks.values() if mark.line - 1 > first]
        last = _end(lines, first, min(later, default=len(lines)))
        lines[first:last] = printed
    else:
        at = _place(lines, marks, top)
        lines[at:at] = printed
    return "\n".join(lines) + "\n"


def _changed(data: Mapping[str, Any], route: Keys, value: Any) -> dict[str, Any]:
    key, *rest = route
    changed = dict(data)
    if rest:
        below = changed.get(key) or {}
        if not isinstance(below, dict):
            raise ValueError(f"{key} holds no keys")
        value = _changed(below, tuple(rest), value) or None
    if value is None:
        changed.pop(key, None)
    else:
        changed[key] = value
    return changed


def _end(lines: Sequence[str], first: int, stop: int) -> int:
    """Where the block of a key ends: what is said above the next one is not part of it."""
    while stop > first + 1 and (not (line := lines[stop - 1].strip()) or line.startswith("#")):
        stop -= 1
    return stop


def _place(lines: Sequence[str], marks: Mapping[str, Any], key: str) -> int:
    """The line before which a new key is put."""
    rank = {name: at for at, name in enumerate(ORDER)}
    before = [name for name in marks if rank.get(name, 99) <= rank.get(key, 99)]
    if not before:
        return min((mark.line - 1 for mark in marks.values()), default=len(lines))
    last = max(before, key=lambda name: marks[name].line)
    later = [mark.line - 1 for mark in marks.values() if mark.line > marks[last].line]
    return _end(lines, marks[last].line - 1, min(later, default=len(lines)))


def _mapping(
    data: Mapping[str, Any], route: Keys, comments: Comments, *, heads: bool = True
) -> Iterator[str]:
    pad = "  " * len(route)
    for key, value in data.items():
        at = (*route, key)
        if heads or route:
            yield from (f"{pad}{line}" for line in comments.above.get(at, ()))
        yield from _pair(f"{pad}{scalar(key)}:", value, at, comments)


def _pair(name: str, value: Any, at: Keys, comments: Comments) -> Iterator[str]:
    why = comments.beside.get(at)
    flat = f"{name} {flow(value)}".rstrip() if value is not None else name
    if isinstance(value, Mapping) and value and not (at[:-1] and _is_flat(value, at, comments)):
        yield _noted(name, why)
        yield from _mapping(value, at, comments)
    elif isinstance(value, list) and value and not _is_flat(value, at, comments):
        yield _noted(name, why)
        for entry in value:
            yield from _entry(entry, (*at, named(entry)), len(at), comments)
    elif isinstance(value, list) and len(flat) > _LONGEST:
        yield from _wrapped(name, value, why)
    else:
        yield _noted(flat, why)


def _is_flat(value: Any, at: Keys, comments: Comments) -> bool:
    """Whether it may stand on the line of its key: short where it has keys, nothing said in it."""
    if any(
        len(said) > len(at) and said[: len(at)] == at
        for said in (*comments.above, *comments.beside)
    ):
        return False
    if isinstance(value, Mapping):
        plain = all(isinstance(entry, str) or _is_words(entry) for entry in value.values())
        return plain and len(flow(value)) + 2 * len(at) + len(at[-1]) < _LONGEST - 20
    return _is_words(value) or (
        all(isinstance(entry, Mapping) and _is_words(list(entry.values())) for entry in value)
        and len(flow(value)) + 2 * len(at) + len(at[-1]) < _LONGEST - 10
    )


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)


def _entry(entry: Any, at: Keys, depth: int, comments: Comments) -> Iterator[str]:
    pad = "  " * depth
    yield from (f"{pad}{line}" for line in comments.above.get(at, ()))
    if not isinstance(entry, Mapping) or not entry:
        yield _noted(f"{pad}- {flow(entry)}", comments.beside.get(at))
        return
    inner = "  " * (depth + 1)
    lines = (
        line
        for key, value in entry.items()
        for line in _pair(f"{inner}{scalar(key)}:", value, (*at, key), comments)
    )
    for number, line in enumerate(lines):
        yield f"{pad}- {line[len(inner) :]}" if number == 0 else line


def _wrapped(name: str, value: Sequence[Any], why: str | None) -> Iterator[str]:
    """A long list in brackets, over several lines."""
    pad = " " * (len(name) - len(name.lstrip()) + 2)
    line = f"{name} ["
    for number, entry in enumerate(value):
        piece = flow(entry) + ("," if number < len(value) - 1 else "]")
        if len(line) + len(piece) + 1 > _LONGEST and not line.endswith("["):
            yield line
            line = f"{pad}{piece}"
        else:
            line += piece if line.endswith("[") else f" {piece}"
    yield _noted(line, why)


def flow(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{scalar(key)}: {flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    return "" if value is None else scalar(value)


def scalar(value: Any) -> str:
    """As it is where YAML takes it for text, else in double quotes, which JSON's are too."""
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text != "null"
    return text if plain else json.dumps(text, ensure_ascii=False)


def named(entry: Any) -> str:
    """An entry of a list, as comments know it."""
    return str(entry)


def _noted(line: str, why: str | None) -> str:
    return f"{line:<{_WIDTH}}  # {_one_line(why)}" if why else line


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _comments(text: str, source: Source) -> Comments:
    """Every comment, with the key or phrase that it is said of."""
    starts = _starts(text, source)
    above: dict[Keys, list[str]] = {}
    beside: dict[Keys, str] = {}
    lines = text.splitlines()
    for number, column in _found(text):
        said = lines[number][column:]
        here = [one for one in starts if one[0] == number]
        if lines[number][:column].strip() and here:
            whole = [one for one in here if one[2] == number] or here[-1:]
            depth = min(len(one[3]) for one in whole)
            beside[[one for one in whole if len(one[3]) == depth][-1][3]] = said[1:].strip()
        elif following := [one for one in starts if one[0] >= number]:
            above.setdefault(following[0][3], []).append(said)
    return Comments(above, beside)


def _starts(text: str, source: Source) -> list[tuple[int, int, int, Keys]]:
    """Where each key and entry begins (line and column), the line on which it ends, its name."""
    found: list[tuple[int, int, int, Keys]] = []

    def walk(node: Any, data: Any, route: Keys) -> None:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                at, start = (*route, key.value), key.start_mark
                found.append((start.line, start.column, _last(value), at))
                walk(value, data[key.value], at)
        elif isinstance(node, yaml.SequenceNode):
            for entry, value in zip(node.value, data, strict=True):
                at, start = (*route, named(value)), entry.start_mark
                found.append((start.line, start.column, _last(entry), at))
                walk(entry, value, at)

    def _last(node: Any) -> int:
        end = node.end_mark
        ends_before = end.column == 0 and end.line > node.start_mark.line
        flat = isinstance(node, yaml.ScalarNode) or node.flow_style
        return int(end.line) if flat and not ends_before else -1

    walk(yaml.compose(text, Loader=_Loader), source.data, ())
    return sorted(found)


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Line and column of every comment, counted from 0: what stands in no value."""
    inside: dict[int, list[tuple[int, float]]] = {}
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.ScalarToken):
            start, end = token.start_mark, token.end_mark
            for number in range(start.line, end.line + 1):
                left = start.column if number == start.line else 0
                right = end.column if number == end.line else float("inf")
                inside.setdefault(number, []).append((left, right))
    for number, line in enumerate(text.splitlines()):
        at = 0
        while (found := _COMMENT.search(line, at)) is not None:
            if not any(left <= found.start() < right for left, right in inside.get(number, ())):
                yield number, found.start()
                break
            at = found.start() + 1
