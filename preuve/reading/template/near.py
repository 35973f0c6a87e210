"""Names found though some of their letters are damaged, in a time that hardly grows with them.

A name with k errors has k + 1 pieces of which one is intact: names are kept by their pieces, and
only those that share a piece with the print are compared with it letter by letter.
"""

from __future__ import annotations

from functools import cache
from typing import Generic, Literal, TypeVar

from rapidfuzz.distance import Levenshtein

T = TypeVar("T")
Part = Literal["first", "middle", "last"]
_Place = tuple[int, int, tuple[int, ...]]
"""Start, end, and the lengths of the names whose piece may lie there."""

_EDGE, _LONG_EDGE = 3, 4
"""Letters that every piece has, and every piece of a name that a long print may be."""

_LONG = 10
"""Letters from which a print is long, and may be a name that has a middle piece."""


def allowed_errors(length: int) -> int:
    """Letters of a name that OCR may have damaged: none below six, two from twelve on."""
    return 0 if length < 6 else 1 if length < 12 else 2


class NearNames(Generic[T]):
    """Things by the forms of their names."""

    def __init__(self) -> None:
        self._things: dict[str, list[T]] = {}
        self._forms: dict[Part, dict[str, dict[int, list[str]]]] = {
            "first": {},
            "middle": {},
            "last": {},
        }
        """The forms that have a piece there, by what stands in it and by their length."""
        self._begin: set[str] = set()
        self._end: set[str] = set()
        """With which letters the first pieces begin, and the last ones end."""

    def add(self, form: str, thing: T) -> None:
        if things := self._things.get(form):
            things.append(thing)
            return
        self._things[form] = [thing]
        if cuts(len(form)):
            for size in (_EDGE, _LONG_EDGE):
                self._begin.add(form[:size])
                self._end.add(form[-size:])
        for part, start, end in cuts(len(form)):
            pieces, piece = self._forms[part], form[start:end]
            if by_length := pieces.get(piece):
                by_length.setdefault(len(form), []).append(form)
            else:
                pieces[piece] = {len(form): [form]}

    def near(self, form: str) -> list[tuple[T, int, int, bool]]:
        """Each thing near `form`: its name's length, errors (at most one more than is allowed),
        and whether the errors are allowed."""
        size = _EDGE if len(form) < _LONG else _LONG_EDGE
        begins, ends = form[:size] in self._begin, form[-size:] in self._end
        if not (begins or ends or len(form) >= _LONG):
            return []
        near: dict[str, None] = {}
        for part, places in _places(len(form)):
            if not (begins if part == "first" else ends if part == "last" else True):
                continue
            pieces = self._forms[part]
            for first, last, sizes in places:
                if by_length := pieces.get(form[first:last]):
                    for size in sizes:
                        if forms := by_length.get(size):
                            near.update(dict.fromkeys(forms))
        found = []
        for other in near:
            most = allowed_errors(len(other))
            errors = Levenshtein.distance(form, other, score_cutoff=most + 1)
            if errors <= most + 1:
                allowed = errors <= most and not _begins_otherwise(form, other, errors)
                found += [(thing, len(other), errors, allowed) for thing in self._things[other]]
        return found


def _begins_otherwise(form: str, name: str, errors: int) -> bool:
    """Whether one of the errors is another first letter: `Hoxton Market` is no `Boston Market`.

    A first letter that is lost is none, and neither is one too many.
    """
    if form[0] == name[0]:
        return False
    return Levenshtein.distance(form[1:], name[1:], score_cutoff=errors) == errors - 1


@cache
def cuts(length: int) -> tuple[tuple[Part, int, int], ...]:
    """Part, start and end of the pieces that a name of this length is cut into."""
    parts: tuple[Part, ...] = ("first", "middle", "last")
    errors = allowed_errors(length)
    if not errors:
        return ()
    chosen = parts if errors == 2 else parts[::2]
    count = len(chosen)
    return tuple(
        (part, length * number // count, length * (number + 1) // count)
        for number, part in enumerate(chosen)
    )


@cache
def _places(length: int) -> tuple[tuple[Part, tuple[_Place, ...]], ...]:
    """Where an intact piece of each part may lie in a print of this length.

    The first piece, where intact, lies at the beginning, the last one at the end, one between
    them up to a letter beside its place.
    """
    sizes: dict[tuple[Part, int, int], set[int]] = {}
    for size in range(max(length - 2, 1), length + 3):
        if abs(size - length) > allowed_errors(size) + 1:
            continue
        shifts = {"first": (0,), "middle": (-1, 0, 1), "last": (length - size,)}
        for part, start, end in cuts(size):
            for shift in shifts[part]:
                sizes.setdefault((part, start + shift, end + shift), set()).add(size)
    places: dict[Part, list[_Place]] = {}
    for (part, start, end), found in sizes.items():
        places.setdefault(part, []).append((start, end, tuple(sorted(found))))
    return tuple((part, tuple(there)) for part, there in places.items())
