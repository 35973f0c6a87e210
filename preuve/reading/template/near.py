"""Names found though some of their letters are damaged, in a time that hardly grows with them.

A name with k errors has k + 1 pieces of which one is intact: names are kept by their pieces, and
only those that share a piece with the print are compared with it letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Generic, TypeVar

from rapidfuzz.distance import Levenshtein

T = TypeVar("T")


def allowed_errors(length: int) -> int:
    """Letters of a name that OCR may have damaged: none below six, two from twelve on."""
    return 0 if length < 6 else 1 if length < 12 else 2


class NearNames(Generic[T]):
    """Things by the forms of their names."""

    def __init__(self) -> None:
        self._things: dict[str, list[T]] = {}
        self._pieces: dict[tuple[int, int], dict[str, list[str]]] = {}
        """By a name's length and the piece's number: forms by what stands in that piece."""

    def add(self, form: str, thing: T) -> None:
        if things := self._things.get(form):
            things.append(thing)
            return
        self._things[form] = [thing]
        if allowed_errors(len(form)):
            for number, start, end in _cuts(len(form)):
                table = self._pieces.setdefault((len(form), number), {})
                table.setdefault(form[start:end], []).append(form)

    def near(self, form: str) -> Iterator[tuple[T, int, int, bool]]:
        """Each thing near `form`: its name's length, errors (at most one more than is allowed),
        and whether the errors are allowed."""
        tried: set[str] = set()
        for place, first, last in _places(len(form)):
            table = self._pieces.get(place)
            forms = table.get(form[first:last]) if table else None
            for other in forms or ():
                if other not in tried:
                    tried.add(other)
                    size = place[0]
                    most = allowed_errors(size)
                    errors = Levenshtein.distance(form, other, score_cutoff=most + 1)
                    if errors <= most + 1:
                        for thing in self._things[other]:
                            yield thing, size, errors, errors <= most


def _cuts(length: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of the pieces that a name of this length is cut into."""
    parts = allowed_errors(length) + 1
    for number in range(parts):
        yield number, length * number // parts, length * (number + 1) // parts


@cache
def _places(length: int) -> tuple[tuple[tuple[int, int], int, int], ...]:
    """Where the pieces of a name may lie in a print of this length: table, start, end.

    The first piece, where intact, lies at the beginning, the last one at the end, one between
    them up to a letter beside its place.
    """
    found = []
    for size in range(max(length - 2, 1), length + 3):
        errors = allowed_errors(size)
        if abs(size - length) > errors + 1 or not errors:
            continue
        for number, start, end in _cuts(size):
            shifts = [0] if number == 0 else [length - size] if number == errors else [-1, 0, 1]
            found += [((size, number), start + shift, end + shift) for shift in shifts]
    return tuple(found)
