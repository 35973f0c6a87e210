"""What the pages work with, opened once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock

import structlog

from console.recent import Recent
from preuve.access import Lasting, Person, person_of
from preuve.catalog import Catalog
from preuve.intake import Waker
from preuve.intake.overview.statistics import prepare_figures
from preuve.loyalty import Program, ProgramsInForce
from preuve.reading.template.load import Templates, TemplatesInvalidError
from preuve.settings import Settings
from preuve.store import Ground

log = structlog.get_logger(__name__)

BASE = "/console"
"""Where the console lies; every path of its pages begins so."""


@dataclass(frozen=True)
class Asking:
    """Who is asking, and the programs in force at that moment."""

    person: Person
    programs: Mapping[str, Program]


@dataclass(frozen=True)
class Rooms:
    """`programs` are as they are in force; who asks them asks the database, as with all else
    here: do it off the event loop, by `Visit.run`."""

    settings: Settings
    ground: Ground
    programs: ProgramsInForce
    wake: Waker
    catalog: Catalog
    recent: Recent = field(default_factory=Recent, repr=False)
    _catalog_turn: Lock = field(default_factory=Lock, repr=False)

    @property
    def lasting(self) -> Lasting:
        return Lasting(
            timedelta(seconds=self.settings.session_idle),
            timedelta(seconds=self.settings.session_length),
        )

    def asking(self, token: str, *, seen: bool = True) -> Asking | None:
        """Whose session it is, as all stands now; None for one that ended."""
        person = person_of(self.ground, token, self.lasting, seen=seen)
        return Asking(person, self.programs.now()) if person else None

    def prepare(self) -> None:
        """Loads and adds up what the first person who opens a page would wait for."""
        for program in self.programs.now().values():
            try:
                self.templates(program.program)
            except TemplatesInvalidError as error:
                log.warning("templates cannot be used", program=program.program, error=str(error))
            prepare_figures(self.ground, program.program)

    def templates(self, program_id: str) -> Templates:
        """What reads a receipt of this program now; the first question loads them all.

        Raises TemplatesInvalidError where they cannot be used.
        """
        with self._catalog_turn:
            return self.catalog.published(program_id)
