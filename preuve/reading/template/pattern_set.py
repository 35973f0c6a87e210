"""Many patterns sought in a text at once, in about the time that one of them takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

import re2

T = TypeVar("T")

_MEMORY = 64 << 20
"""Bytes that re2 may use for one set of patterns: with its own 8 MB, 10,000 do not compile."""


class PatternSet(Generic[T]):
    """Things by their patterns, in the syntax of re2. Raises re2.error for what is none."""

    def __init__(self, things: Iterable[tuple[str, T]]) -> None:
        self._sets = tuple(_compiled(list(things)))

    def __bool__(self) -> bool:
        return bool(self._sets)

    def found_in(self, text: str) -> Iterator[T]:
        """The things whose pattern the text holds, once for each pattern."""
        for patterns, things in self._sets:
            for number in patterns.Match(text) or ():
                yield things[number]


def _compiled(things: Sequence[tuple[str, T]]) -> Iterator[tuple[Any, list[T]]]:
    """In as few sets as re2 can compile."""
    if not things:
        return
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    patterns = re2.Set.SearchSet(options)
    try:
        for pattern, _ in things:
            patterns.Add(pattern)
        patterns.Compile()
    except re2.error:
        if len(things) == 1:
            raise
        half = len(things) // 2
        yield from _compiled(things[:half])
        yield from _compiled(things[half:])
    else:
        yield patterns, [thing for _, thing in things]
