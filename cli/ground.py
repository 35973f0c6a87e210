"""This installation's database and documents, for the length of one command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from preuve.settings import Settings
from preuve.store import Ground, migrate, open_ground


@contextmanager
def opened_ground(settings: Settings) -> Iterator[Ground]:
    """The ground, its tables as this version needs them."""
    migrate(settings)
    ground = open_ground(settings)
    try:
        yield ground
    finally:
        ground.close()
