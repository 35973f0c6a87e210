"""The gate: what publishing would change in documents that were read before. Changes nothing.

The documents that a change could reach are found by their signatures (`affected.py`), read with
the templates in force and with the new ones (`replaying.py`), and where they differ intake says
what would become of them.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from preuve.catalog.affected import Reach
from preuve.catalog.effective import Catalog, stamped
from preuve.catalog.preview import (
    KEPT,
    Change,
    DocumentChange,
    Move,
    NotReplayed,
    Preview,
    SampleResult,
)
from preuve.catalog.replaying import Otherwise, Task, replayer
from preuve.catalog.samples import run_samples
from preuve.catalog.versions import SHARED, Version, published_versions
from preuve.intake import Programs, count_unsigned, rehearse, signatures, stored_documents
from preuve.messages import Message, say
from preuve.reading.template.load import Templates
from preuve.reading.template.signature import having
from preuve.reading.template.source import TemplateError

SECONDS = 24.0
"""How long replaying may take, by default."""

SAMPLE = 100
"""Documents replayed although nothing of the change is printed on them."""

FileSamples = Callable[[str, Templates], Iterable[SampleResult]]
"""Reads the sample files that a template names; asked for its key, with the new templates."""

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and of how much."""


_Entry: TypeAlias = tuple[str, int]


@dataclass
class _Found:
    """Documents by how the change could reach them, as (receipt's id, number of the reach).

    printed: something is printed by which they could change hands
    read_so: they were read by a template that will read otherwise
    nearly_printed: the same with letters damaged, or something alike
    evident: something is printed by which they could be read by such a template now
    """

    stored: int = 0
    printed: list[_Entry] = field(default_factory=list)
    read_so: list[_Entry] = field(default_factory=list)
    nearly_printed: list[_Entry] = field(default_factory=list)
    evident: list[_Entry] = field(default_factory=list)
    others: list[_Entry] = field(default_factory=list)

    @property
    def candidates(self) -> list[_Entry]:
        """Those first that are the likeliest to change."""
        return self.printed + self.read_so + self.nearly_printed + self.evident


def publishing(version: Version) -> Change:
    return Change(version.program_id, version.key, version.number, stamped(version))


def retiring(version: Version) -> Change:
    return Change(version.program_id, version.key, version.number, None)


def gate(
    catalog: Catalog,
    changes: Sequence[Change],
    programs: Programs,
    *,
    seconds: float = SECONDS,
    sample: int = SAMPLE,
    processes: int = 1,
    file_samples: FileSamples = lambda *_: (),
    progress: Progress = lambda *_: None,
) -> Preview:
    """What these changes, all of one program or all shared, would bring together.

    `seconds` is what replaying may take; what is not reached by then is counted. `processes`
    above one are forked: call it so only where no other thread runs. Sample files need an OCR
    engine, which a door has, to be read.
    """
    begun = time.monotonic()
    revision = catalog.revision(changes[0].program_id)
    reaches, errors = _reaches(catalog, changes, programs)
    if errors:
        return Preview(tuple(changes), revision, errors=errors)
    new = {program: reach.new for reach in reaches for program in reach.program_ids}
    found = _search(catalog, reaches, progress)
    replay = _Replay(catalog, reaches, programs, found, begun + seconds, progress)
    replay.run(sample, processes)
    # Last, because an engine may start threads, and what forks must have none.
    samples = _samples(catalog, changes, programs, new, reaches[0].new, file_samples)
    return Preview(
        changes=tuple(changes),
        revision=revision,
        samples=samples,
        documents=tuple(replay.documents[:KEPT]),
        changed=len(replay.documents),
        moves=replay.moves(),
        points={program: moved for program, moved in sorted(replay.points.items()) if moved},
        stored=found.stored,
        candidates=len(found.candidates),
        replayed=replay.done,
        sampled=replay.sampled,
        not_replayed=tuple(replay.not_replayed()),
        seconds=round(time.monotonic() - begun, 1),
    )


def _reaches(
    catalog: Catalog, changes: Sequence[Change], programs: Programs
) -> tuple[list[Reach], tuple[str, ...]]:
    """Programs by the templates that they see; or what is wrong with the new ones."""
    changed_for = changes[0].program_id
    texts = {change.key: change.text for change in changes}
    if changed_for == SHARED:
        own = [program for program in programs if published_versions(catalog.ground, program)]
        common = tuple(program for program in programs if program not in own)
        groups = [common, *((program,) for program in own)]
    else:
        groups = [(changed_for,)]
    reaches, errors = [], {}
    for group in groups:
        layer = group[0] if group else SHARED
        new, faults = catalog.with_changes(texts, layer, changed_for)
        if new is None:
            errors.update(dict.fromkeys(map(_told, faults)))
        else:
            old = catalog.published(layer)
            reaches.append(Reach.of(group, old, new, changes))
    return reaches, tuple(errors)


def _told(fault: TemplateError) -> Message:
    return say("{place}: {told}", place=str(fault.mark), told=fault.message)


def _samples(
    catalog: Catalog,
    changes: Sequence[Change],
    programs: Programs,
    new: dict[str, Templates],
    first: Templates,
    file_samples: FileSamples,
) -> tuple[SampleResult, ...]:
    return tuple(
        result
        for change in changes
        if change.text is not None
        for result in (
            *run_samples(catalog, change, programs, new),
            *file_samples(change.key, first),
        )
    )


def _search(catalog: Catalog, reaches: Sequence[Reach], progress: Progress) -> _Found:
    """Sorts every stored document by its signature. The same change finds the same ones."""
    found, chance = _Found(), random.Random(0)
    for number, reach in enumerate(reaches):
        evidence = [*reach.new_evidence(), reach.all_evidence()]
        for batch in signatures(catalog.ground, reach.program_ids):
            answers = having(batch.signatures, evidence)
            for receipt_id, template, whole, damaged, evident in zip(
                batch.receipt_ids, batch.templates, *answers, strict=True
            ):
                entry = (receipt_id, number)
                if whole:
                    found.printed.append(entry)
                elif template in reach.read_otherwise:
                    found.read_so.append(entry)
                elif damaged:
                    found.nearly_printed.append(entry)
                elif evident:
                    found.evident.append(entry)
                else:
                    found.others.append(entry)
            found.stored += len(batch.receipt_ids)
            progress("searching", found.stored, 0)
    tiers = found.printed, found.read_so, found.nearly_printed, found.evident, found.others
    for entries in tiers:
        chance.shuffle(entries)
    return found


class _Replay:
    """One replay, until all candidates are read or the time is up."""

    def __init__(
        self,
        catalog: Catalog,
        reaches: Sequence[Reach],
        programs: Programs,
        found: _Found,
        until: float,
        progress: Progress,
    ) -> None:
        self.catalog = catalog
        self.reaches = reaches
        self.programs = programs
        self.found = found
        self.until = until
        self.progress = progress
        self.documents: list[DocumentChange] = []
        self.points: Counter[str] = Counter()
        self.done = 0
        self.sampled = 0
        self.unrehearsed = 0
        self._candidates = 0

    def run(self, sample: int, processes: int) -> None:
        engine = self.catalog.ground.database.engine
        ahead = min(sample, len(self.found.others))
        total = ahead + len(self.found.candidates)

        def let_go() -> None:
            engine.dispose(close=False)

        with replayer(self.reaches, processes, let_go) as replay:
            for answer in replay(self._tasks(ahead)):
                self.done += 1
                self.progress("replaying", self.done, total)
                if answer is not None:
                    self._note(answer)

    def moves(self) -> tuple[Move, ...]:
        """The most frequent first."""
        hands = Counter((each.template_before, each.template_after) for each in self.documents)
        return tuple(
            Move(before, after, count)
            for (before, after), count in hands.most_common()
            if before != after
        )

    def not_replayed(self) -> Iterator[NotReplayed]:
        found = self.found
        late = len(found.candidates) - self._candidates
        rest = len(found.others) - self.sampled
        unsigned = count_unsigned(
            self.catalog.ground, [one for reach in self.reaches for one in reach.program_ids]
        )
        everything = any(reach.everything for reach in self.reaches)
        if late:
            yield NotReplayed(late, say("out of time: they could change too"))
        if rest and everything:
            told = say("a language's base changes, and these are of another template")
            yield NotReplayed(rest, told)
        if unsigned:
            told = say("stored by an older version, not yet searchable")
            yield NotReplayed(unsigned, told)
        if self.unrehearsed:
            told = say("read otherwise, points not worked out: no time")
            yield NotReplayed(self.unrehearsed, told)

    def _tasks(self, ahead: int) -> Iterator[Task]:
        """A sample of those that cannot change, then all that could, until the time is up."""
        yield from self._documents(self.found.others[:ahead], thorough=True)
        yield from self._documents(self.found.candidates, thorough=False)

    def _documents(self, entries: Sequence[_Entry], *, thorough: bool) -> Iterator[Task]:
        reach_of = dict(entries)
        documents = stored_documents(self.catalog.ground, self.programs, list(reach_of))
        for document in documents:
            if time.monotonic() > self.until:
                return
            if thorough:
                self.sampled += 1
            else:
                self._candidates += 1
            yield Task(document, reach_of[document.receipt_id], thorough)

    def _note(self, answer: Otherwise) -> None:
        document, program_id = answer.document, answer.document.program_id
        before, after = answer.before, answer.after
        statuses: tuple[str | None, str | None] = None, None
        points = 0, 0
        if time.monotonic() <= self.until:
            outcomes = rehearse(
                self.catalog.ground,
                self.programs[program_id],
                document.receipt_id,
                (before, after),
            )
            if outcomes:
                statuses = outcomes[0].status, outcomes[1].status
                points = outcomes[0].points, outcomes[1].points
                self.points[program_id] += points[1] - points[0]
        else:
            self.unrehearsed += 1
        self.documents.append(
            DocumentChange(
                document.receipt_id,
                program_id,
                before[0].match.template,
                after[0].match.template,
                answer.fields,
                *statuses,
                *points,
            )
        )
