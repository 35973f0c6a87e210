"""The ground that every room stands on: database, migrations, blobs and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from preuve.settings import Settings
from preuve.store.blobs import Blobs
from preuve.store.database import Database
from preuve.store.folders import make_private
from preuve.store.migrate import migrate

__all__ = ["Blobs", "Database", "Ground", "make_private", "migrate", "open_ground"]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Ground:
    """What a room needs to remember things. Open one in each process, after any fork."""

    database: Database
    blobs: Blobs
    now: Callable[[], datetime] = utc_now

    def close(self) -> None:
        self.database.close()


def open_ground(settings: Settings) -> Ground:
    """Connects to the database and the blobs that `settings` name; creates no table.

    `migrate(settings)` does that, once, before the first process starts.
    """
    return Ground(Database(settings.sqlalchemy_url), Blobs(settings.blobs_dir))
