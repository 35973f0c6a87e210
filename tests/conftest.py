"""Fixtures that several rooms share: a ground on each database, a clock that stands still."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from preuve.loyalty import Program, load_programs
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.databases import Postgres, in_memory, migrated, running_postgres
from tests.shop import Shop

pytest_plugins = ("tests.browser",)


class Clock:
    """Tells the time that the test says."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


class Wakes(list[tuple[str, str]]):
    """A broker that only remembers. While `down` it refuses, as one that cannot be reached."""

    down = False

    def __call__(self, receipt_id: str, queue: str) -> None:
        if self.down:
            raise ConnectionRefusedError("no broker listens there")
        self.append((receipt_id, queue))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that are slow as a whole come first: last, one process would be alone with them."""
    quick = {item.path for item in items if item.get_closest_marker("slow") is None}
    items.sort(key=lambda item: item.path in quick)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hashes that cost as little as argon2 allows: a quarter of a second each is for guessers."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr("preuve.access.passwords._hasher", quick)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database to copy: quicker than migrating for each test."""
    url = postgres.new_database()
    migrated(url, tmp_path_factory.mktemp("template"))
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder, in memory where there is such a place."""
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        yield Path(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    """Settings with an empty, migrated database; each test runs once on either kind."""
    if request.param == "sqlite":
        yield migrated("", folder)
        return
    cluster: Postgres = request.getfixturevalue("postgres")
    url = cluster.new_database(request.getfixturevalue("postgres_template"))
    yield Settings(data_dir=folder, database_url=url)
    cluster.drop(url)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 14, 18, 0, tzinfo=UTC))


@pytest.fixture
def ground(settings: Settings, clock: Clock) -> Iterator[Ground]:
    opened = replace(open_ground(settings), now=clock)
    yield opened
    opened.close()


@pytest.fixture
def wakes() -> Wakes:
    return Wakes()


@pytest.fixture(scope="session")
def program() -> Program:
    return load_programs(Settings().programs_dir)["demo"]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Iterator[Shop]:
    """A shop in an installation of its own, which commands find by their settings."""
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ground = open_ground(migrated("", tmp_path))
    yield Shop(ground, program, lambda _id, _queue: None)
    ground.close()
