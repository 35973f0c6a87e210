"""Labels whose value stands on the side that the template says, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from preuve.reading.extract.beside import Span, beside
from preuve.reading.template.fields import Direction
from preuve.reading.template.model import Role

if TYPE_CHECKING:
    from preuve.reading.extract.labels import Label
    from preuve.reading.extract.sheet import Line


@dataclass(frozen=True, slots=True)
class Pointer:
    """A label on a line, and the words on its value's side, the nearest first."""

    line: Line
    label: Label
    direction: Direction
    spans: tuple[Span, ...]

    def nearest(self, hits: Sequence[Span]) -> Span | None:
        """The hit in the nearest of the words that hold one."""
        for span in self.spans:
            for hit in hits:
                if hit.line is span.line and span.start < hit.stop and hit.start < span.stop:
                    return hit
        return None


def pointers(lines: Sequence[Line], directions: Mapping[Role, Direction]) -> Iterator[Pointer]:
    """Every label on the lines whose role has a direction."""
    for line in lines:
        for label in line.labels:
            direction = directions.get(label.role)
            if direction:
                first, last = line.spans[label.start][0], line.spans[label.stop - 1][1]
                spans = tuple(beside(lines, Span(line, first, last), direction))
                yield Pointer(line, label, direction, spans)
