"""The programs in force: the folder's files, and over them what operators published.

What was published elsewhere is seen at the next question: one row says whether there is
anything new. The files are read once a process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import structlog

from preuve.loyalty.programs.versions import Refused, Version, checked, published_versions, revision
from preuve.loyalty.rules.load import ProgramsError, load_programs, parse_program
from preuve.loyalty.rules.program import Program
from preuve.store import Ground

log = structlog.get_logger()


@dataclass
class ProgramsInForce(Mapping[str, Program]):
    """By key, as they are in force when asked. Threads may share it.

    The first question raises ProgramsError where a file or a published text cannot be used; a
    process that has them goes on with what it had.
    """

    ground: Ground
    folder: Path
    _known: tuple[int, Mapping[str, Program]] | None = field(default=None, repr=False)

    def now(self) -> Mapping[str, Program]:
        """All of them at one moment."""
        known = self._known
        with self.ground.database.read() as session:
            number = revision(session)
            if known is not None and known[0] == number:
                return known[1]
            published = published_versions(session)
        before = known[1] if known else None
        laid_over = {one.program_id: _usable(one, before) for one in published}
        current = {**self._files(laid_over), **laid_over}
        self._known = (number, current)
        return current

    def file_text(self, program_id: str) -> str | None:
        """What the program's file says now; None where no file has it."""
        for path in sorted(self.folder.glob("*.yaml")):
            text = path.read_text("utf-8")
            if parse_program(text, str(path)).program == program_id:
                return text
        return None

    def _files(self, laid_over: Mapping[str, Program]) -> Mapping[str, Program]:
        # Without any file there must be something published: then an empty folder is no mistake.
        if laid_over and not any(self.folder.glob("*.yaml")):
            return {}
        return self._stock

    @cached_property
    def _stock(self) -> Mapping[str, Program]:
        return load_programs(self.folder)

    def __getitem__(self, program_id: str) -> Program:
        return self.now()[program_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.now())

    def __len__(self) -> int:
        return len(self.now())


def _usable(published: Version, before: Mapping[str, Program] | None) -> Program:
    """The program as published; after a release that refuses its text, as this process had it."""
    program = checked(published.program_id, published.text, published.number)
    if not isinstance(program, Refused):
        return program
    if before is None or published.program_id not in before:
        raise ProgramsError(list(program.errors))
    log.error("a published program cannot be used", program=published.program_id, why=program.why)
    return before[published.program_id]
