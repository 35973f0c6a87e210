"""What the pages work with, opened once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from preuve.access import Lasting, Person, person_of
from preuve.loyalty import Program
from preuve.settings import Settings
from preuve.store import Ground

BASE = "/console"
"""Where the console lies; every path of its pages begins so."""


@dataclass(frozen=True)
class Rooms:
    settings: Settings
    ground: Ground
    programs: Mapping[str, Program]

    @property
    def lasting(self) -> Lasting:
        return Lasting(
            timedelta(seconds=self.settings.session_idle),
            timedelta(seconds=self.settings.session_length),
        )

    def person_of(self, token: str, *, seen: bool = True) -> Person | None:
        """Whose session it is, as it stands now; asks the database, so not from the event loop."""
        return person_of(self.ground, token, self.lasting, seen=seen)
