"""`preuve migrate`: the database brought to the tables that this version expects."""

from __future__ import annotations

from rich.console import Console

from preuve import store
from preuve.settings import Settings


def migrate() -> None:
    """Bring the database's tables up to date, before processes of a new version start.

    Running it again changes nothing. `preuve serve` does it by itself.
    """
    store.migrate(Settings())
    Console(stderr=True, highlight=False).print("The database has the newest tables.")
