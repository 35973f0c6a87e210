"""One template file as plain data, with the line and column of everything in it.

YAML is read event by event, so that a hostile file is refused before anything grows: no anchors,
aliases or tags, no key twice, 64 KB and sixteen levels at most. Every value is text as it was
written: `no`, `1.0` and `12/03` mean themselves, and nobody has to know YAML's rules for quotes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from preuve.messages import Message, say

MAX_BYTES = 64 * 1024
MAX_DEPTH = 16

Route: TypeAlias = tuple[str | int, ...]
"""The way to a value: `("labels", "total", 2)`."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NOTHING = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in a file; line and column count from 1. `file` is as it is shown to people."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class TemplateError:
    """What is wrong with a template, where, and what to do."""

    mark: Mark
    message: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content: nested dicts and lists of text, and the mark of each route.

    `keys` has the marks of mapping keys, `values` those of values.
    """

    file: str
    data: dict[str, Any]
    keys: dict[Route, Mark] = field(default_factory=dict)
    values: dict[Route, Mark] = field(default_factory=dict)

    def mark(self, route: Route) -> Mark:
        """The mark of the value at `route`, or of the nearest thing around it that exists."""
        while route:
            if found := self.values.get(route) or self.keys.get(route):
                return found
            route = route[:-1]
        return Mark(self.file, 1, 1)


class _RefusedError(Exception):
    def __init__(self, event: Any, message: Message) -> None:
        super().__init__(message)
        self.event, self.message = event, message


def read_content(path: str, shown_as: str) -> bytes | TemplateError:
    """The file's bytes, where it can be read and is not too large."""
    start = Mark(shown_as, 1, 1)
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (a Path each for thousands of files is slow)
            content = file.read(MAX_BYTES + 1)
            size = os.fstat(file.fileno()).st_size
    except OSError as failure:
        return TemplateError(start, say("the file cannot be read: {why}", why=failure.strerror))
    if len(content) > MAX_BYTES:
        message = say(
            "the file has {size} bytes, more than {most}: split it", size=size, most=MAX_BYTES
        )
        return TemplateError(start, message)
    return content


def parse_source(content: bytes, shown_as: str) -> Source | TemplateError:
    """The file's data, or the one error that keeps it from being read at all."""

    def error(message: Message, line: int = 1, column: int = 1) -> TemplateError:
        return TemplateError(Mark(shown_as, line, column), message)

    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = content[: failure.start].count(b"\n") + 1
        return error(say("this line is not UTF-8: save the file as UTF-8"), line)
    source = Source(shown_as, {})
    try:
        _Builder(source).build(yaml.parse(text, Loader=_Loader))
    except _RefusedError as refused:
        start = refused.event.start_mark
        return error(refused.message, start.line + 1, start.column + 1)
    except yaml.MarkedYAMLError as failure:
        mark = failure.problem_mark or failure.context_mark
        problem = what_yaml_says(failure.problem or failure.context)
        return error(problem, mark.line + 1, mark.column + 1) if mark else error(problem)
    except yaml.YAMLError as failure:
        return error(what_yaml_says(str(failure).replace("\n", " ")))
    return source


def what_yaml_says(problem: str | None) -> Message:
    """What the parser of YAML complains of, in words for those who do not know YAML."""
    told = (problem or "").removeprefix("did not find ")
    for start, message in _PROBLEMS.items():
        if told.startswith(start):
            return message
    return say("not valid YAML: {why}", why=told)


_COLON = say("a colon where none may stand: put the text in quotes")
_MARGIN = say("this line begins further left or right than those beside it")
_STRANGE = say("a character that no line begins with: put the text in quotes")
_BACKSLASH = say("a \\ between double quotes: put the text in single ones")
_BLOCK = say("nothing else may stand on a line behind | or >")
_DASH = say("a - where none may stand: begin a line with it, or put the text in quotes")
_STAR = say("a * or & at the beginning: put the text in quotes")
_UNSEEN = say("a character that cannot be seen: delete it")
_NO_DAY = say("there is no such day")

_PROBLEMS = {
    "mapping values are not allowed": say(
        "a colon where none may stand: put the text in quotes, or check where the line begins"
    ),
    "could not find expected ':'": say("this is no key: a colon is missing behind it"),
    "found a tab": say("a tab stands here: begin lines with spaces"),
    "found character '\\t'": say("a tab stands here: begin lines with spaces"),
    "found character": _STRANGE,
    "found unknown directive": _STRANGE,
    "expected '<document start>'": _STRANGE,
    "expected <document start>": _STRANGE,
    "expected <block end>": _MARGIN,
    "expected key": say(
        "something on this line is too much, or it begins further left or right than others"
    ),
    "expected '-' indicator": _MARGIN,
    "expected the node content": say("something is missing here, or a bracket is one too many"),
    "expected node content": say("something is missing here, or a bracket is one too many"),
    "found unexpected end of stream": say("quotes are opened and not closed"),
    "found unexpected ':'": _COLON,
    "found unknown escape": _BACKSLASH,
    "expected escape sequence": _BACKSLASH,
    "expected hexdecimal": _BACKSLASH,
    "expected comment or line break": _BLOCK,
    "expected chomping": _BLOCK,
    "block sequence entries are not allowed": _DASH,
    "sequence entries are not allowed": _DASH,
    "expected ',' or ']'": say("a list in brackets: a comma or the closing ] is missing"),
    "expected ',' or '}'": say("keys in braces: a comma or the closing }} is missing"),
    "found undefined alias": say("a * at the beginning: put the text in quotes"),
    "expected alphabetic or numeric": _STAR,
    "could not determine a constructor": say("a ! at the beginning: put the text in quotes"),
    "but found another document": say("one text only: remove what follows `---`"),
    "special characters are not allowed": _UNSEEN,
    "unacceptable character": _UNSEEN,
    "control characters are not allowed": _UNSEEN,
    "month must be": _NO_DAY,
    "day is out of range": _NO_DAY,
}
"""By what the parsers' complaints begin with: libyaml's, and PyYAML's own."""


class _Builder:
    def __init__(self, source: Source) -> None:
        self.source = source

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            if isinstance(event, yaml.MappingStartEvent):
                break
            if isinstance(event, yaml.NodeEvent | yaml.StreamEndEvent):
                told = say("a template is a list of keys: start with `template: …`")
                raise _RefusedError(event, told)
        self._allow(event, ())
        self.source.data.update(self._mapping(events, ()))
        next(events)
        after = next(events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _RefusedError(after, say("one template a file: remove what follows `---`"))

    def _allow(self, event: Any, route: Route) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _RefusedError(
                event,
                say("anchors and aliases (& and *) are not allowed: write it out, or quote it"),
            )
        if event.tag is not None:
            told = say('tags ({tag}) are not allowed: put the text in "quotes"', tag=event.tag)
            raise _RefusedError(event, told)
        if len(route) >= MAX_DEPTH:
            raise _RefusedError(event, say("nested more than {most} levels deep", most=MAX_DEPTH))

    def _mark(self, event: Any) -> Mark:
        start = event.start_mark
        return Mark(self.source.file, start.line + 1, start.column + 1)

    def _value(self, event: Any, events: Iterator[Any], route: Route) -> Any:
        self._allow(event, route)
        self.source.values[route] = self._mark(event)
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value in _NOTHING else event.value
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, route)
        return self._sequence(events, route)

    def _mapping(self, events: Iterator[Any], route: Route) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._allow(event, route)
                raise _RefusedError(event, say("a key must be a word"))
            self._allow(event, route)
            key = event.value
            if key in found:
                first = self.source.keys[(*route, key)].line
                told = say('"{key}" stands here twice, first on line {first}', key=key, first=first)
                raise _RefusedError(event, told)
            self.source.keys[(*route, key)] = self._mark(event)
            found[key] = self._value(next(events), events, (*route, key))
        return found

    def _sequence(self, events: Iterator[Any], route: Route) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            found.append(self._value(event, events, (*route, len(found))))
        return found
