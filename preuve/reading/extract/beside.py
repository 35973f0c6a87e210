"""The words on one side of a printed phrase: right of it, below it, left of it, above it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preuve.reading.page import Box
from preuve.reading.template.fields import Direction

if TYPE_CHECKING:
    from preuve.reading.extract.sheet import Line

_GAP = 2.0
"""Words further apart than this many row heights belong to different columns."""

_REACH = 4.0
"""How far below or above its label a value may begin, in row heights."""


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` to `stop` of a line."""

    line: Line
    start: int
    stop: int

    @property
    def text(self) -> str:
        return self.line.text[self.start : self.stop]

    @property
    def box(self) -> Box:
        return self.line.box(self.start, self.stop)


def beside(lines: Sequence[Line], label: Span, direction: Direction) -> Iterator[Span]:
    """The printed words on that side of a label, nearest first; none where nothing stands there.

    Words between two wide gaps stand together. Below and above a label only those count that
    stand in its column.
    """
    if direction == "right":
        yield from _runs(label.line, label.stop, len(label.line.text))
    elif direction == "left":
        yield from reversed(_runs(label.line, 0, label.start))
    else:
        yield from _in_column(lines, label, 1 if direction == "below" else -1)


def _in_column(lines: Sequence[Line], label: Span, step: int) -> Iterator[Span]:
    box, height = label.box, max(1.0, label.box.height)
    at = label.line.index + step
    while 0 <= at < len(lines) and lines[at].page == label.line.page:
        line = lines[at]
        away = line.row.box.top - box.bottom if step > 0 else box.top - line.row.box.bottom
        if away > _REACH * height:
            return
        for run in _runs(line, 0, len(line.text)):
            if min(run.box.right, box.right) > max(run.box.left, box.left):
                yield run
        at += step


def _runs(line: Line, start: int, stop: int) -> list[Span]:
    """The words between two characters of a line, split where a wide gap lies between them."""
    runs: list[Span] = []
    at, edge = 0, 0.0
    for word in line.row.words:
        first, last = max(at, start), min(at + len(word.text), stop)
        at += len(word.text) + 1
        if first >= last:
            continue
        if runs and word.box.left - edge <= _GAP * max(1.0, word.box.height):
            runs[-1] = Span(line, runs[-1].start, last)
        else:
            runs.append(Span(line, first, last))
        edge = word.box.right
    return [run for run in runs if any(c.isalnum() for c in run.text)]
