"""What the gate says before anything is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from preuve.catalog.effective import Revision
from preuve.intake import FieldChange

KEPT = 500
"""Changed documents that are told one by one; all of them count in the sums."""


@dataclass(frozen=True, slots=True)
class Change:
    """A version to be published, or, where `text` is None, a published one to be taken away."""

    program_id: str
    key: str
    number: int
    text: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SampleResult:
    """What became of a sample of a template. `fields`: what was expected, what was read.

    `problem` tells why it could not be read at all.
    """

    key: str
    sample: str
    fields: tuple[FieldChange, ...] = ()
    problem: str = ""

    @property
    def passed(self) -> bool:
        return not self.fields and not self.problem


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A stored document that would be read otherwise; statuses and points as a replay gives them.

    `base.…` as a template: no retailer's matched. Statuses are None where there was no time to
    work them out.
    """

    receipt_id: str
    program_id: str
    template_before: str
    template_after: str
    fields: tuple[FieldChange, ...]
    status_before: str | None = None
    status_after: str | None = None
    points_before: int = 0
    points_after: int = 0


@dataclass(frozen=True, slots=True)
class Move:
    """How many documents go from one template to another."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """Documents that could have changed and were not looked at, and why."""

    count: int
    why: str


@dataclass(frozen=True)
class Preview:
    """`stored` documents have words; in `candidates` of them something of the change is printed.

    `replayed` were read with the templates in force and with the new ones, `sampled` of them
    without being candidates. `changed` counts all changed documents, of which `documents` has
    the first, and `moves` those that change hands; `points` is what would move in each program.
    Nothing else could change but what `not_replayed` counts.
    """

    changes: tuple[Change, ...]
    revision: Revision
    errors: tuple[str, ...] = ()
    samples: tuple[SampleResult, ...] = ()
    documents: tuple[DocumentChange, ...] = ()
    changed: int = 0
    moves: tuple[Move, ...] = ()
    points: dict[str, int] = field(default_factory=dict)
    stored: int = 0
    candidates: int = 0
    replayed: int = 0
    sampled: int = 0
    not_replayed: tuple[NotReplayed, ...] = ()
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether it may be published: no error, and no sample that fails."""
        return not self.errors and all(sample.passed for sample in self.samples)


_PREVIEW: TypeAdapter[Preview] = TypeAdapter(Preview)


def dump_preview(preview: Preview) -> dict[str, Any]:
    """As it is stored; the texts stand in their versions."""
    dumped: dict[str, Any] = _PREVIEW.dump_python(preview, mode="json")
    for change in dumped["changes"]:
        change["text"] = None
    return dumped


def load_preview(stored: dict[str, Any]) -> Preview:
    return _PREVIEW.validate_python(stored)
