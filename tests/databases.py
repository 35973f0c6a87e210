"""The two databases that the tests run on: a SQLite file, and a PostgreSQL of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from preuve.settings import Settings
from preuve.store import make_private, migrate

numbers = count(1)


class Postgres:
    """A running private cluster, reached by a unix socket in `folder` only."""

    def __init__(self, folder: Path, user: str) -> None:
        self.folder = folder
        self.user = user

    def url(self, database: str) -> str:
        return f"postgresql://{self.user}@/{database}?host={self.folder}"

    def new_database(self, template: str = "template1") -> str:
        """Makes a database and gives its address."""
        name = f"preuve_{next(numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            # As files: quicker than through the log, which nothing here needs.
            create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def in_memory(free: int = 0) -> Path | None:
    """Where files need no disk, if there is such a place with so many bytes free.

    Nothing in the tests outlives a power cut.
    """
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= free else None


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Starts Debian's PostgreSQL, without its promises to survive a power cut."""
    programs = _programs()
    user, become = _owner()
    folder = Path(tempfile.mkdtemp(prefix="preuve-pg-", dir=in_memory(free=1 << 30)))
    shutil.chown(folder, user)
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "-N"]
    subprocess.run([*become, *map(str, initdb)], check=True, capture_output=True, cwd=folder)
    server = [programs / "postgres", "-D", data, "-k", folder, "-h", "", "-F"]
    process = subprocess.Popen(
        [*become, *map(str, server)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        cluster = Postgres(folder, user)
        _wait_for(cluster, process)
        yield cluster
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder)


def migrated(url: str, folder: Path) -> Settings:
    """Settings with an empty database: the one at `url`, or a SQLite file in `folder`.

    The file is a copy of one that was migrated before: quicker than migrating for each test.
    """
    settings = Settings(data_dir=folder, database_url=url)
    if url:
        migrate(settings)
    else:
        make_private(folder)
        settings.database_file.write_bytes(_migrated_file())
    return settings


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url="")
        migrate(settings)
        return settings.database_file.read_bytes()


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major)
    if not found:
        raise FileNotFoundError("the tests need PostgreSQL: apt-get install postgresql")
    return found[-1].parent


def _major(program: Path) -> int:
    return int(program.parts[-3])


def _owner() -> tuple[str, list[str]]:
    """Who runs the server, and what turns us into them: initdb refuses root."""
    # The kernel ends the server with the tests, however these end.
    die_with_us = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name, die_with_us
    as_postgres = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"]
    return "postgres", [*die_with_us, *as_postgres]


def _wait_for(cluster: Postgres, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(cluster.url("postgres")).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
