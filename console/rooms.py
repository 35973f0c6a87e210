"""What the pages work with, opened once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from threading import Lock

from preuve.access import Lasting, Person, person_of
from preuve.catalog.effective import Catalog
from preuve.loyalty import Program
from preuve.reading.template.load import Templates
from preuve.settings import Settings
from preuve.store import Ground

BASE = "/console"
"""Where the console lies; every path of its pages begins so."""


@dataclass(frozen=True)
class Rooms:
    settings: Settings
    ground: Ground
    programs: Mapping[str, Program]
    _catalog_turn: Lock = field(default_factory=Lock, repr=False)

    @property
    def lasting(self) -> Lasting:
        return Lasting(
            timedelta(seconds=self.settings.session_idle),
            timedelta(seconds=self.settings.session_length),
        )

    def person_of(self, token: str, *, seen: bool = True) -> Person | None:
        """Whose session it is, as it stands now; asks the database, so not from the event loop."""
        return person_of(self.ground, token, self.lasting, seen=seen)

    def templates(self, program_id: str) -> Templates:
        """What reads a receipt of this program now; the first question loads them all.

        Raises TemplatesInvalidError where they cannot be used. Not from the event loop.
        """
        with self._catalog_turn:
            return self._catalog.published(program_id)

    @cached_property
    def _catalog(self) -> Catalog:
        return Catalog(self.ground, self.settings.templates_dir, self.settings.cache_dir)
