"""The database, SQLite or PostgreSQL, and its two kinds of transaction.

Sources: sqlite.org/wal.html for the versions whose WAL mode can corrupt a file, and
SQLAlchemy's pysqlite notes for taking BEGIN out of the driver's hands.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from preuve.store.folders import make_private
from preuve.store.table import Base

BUSY_SECONDS = 10
ATTEMPTS = 5
WORTH_REPEATING = ("40P01", "40001")
"""PostgreSQL's deadlock_detected and serialization_failure: nothing was done."""

T = TypeVar("T")

log = structlog.get_logger(__name__)


class Database:
    """One pool of connections. Threads may share it; processes may not (open it after a fork)."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's; a SQLite file's folder is made, for its owner alone."""
        address = make_url(url)
        options: dict[str, Any] = {}
        if address.get_backend_name() == "sqlite":
            if address.database:
                make_private(Path(address.database).parent)
            options["connect_args"] = {"timeout": BUSY_SECONDS}
        else:
            options["pool_pre_ping"] = True
        self.engine = create_engine(address, **options)
        self._reading = self.engine.execution_options(preuve_read=True)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that commits at the end, or rolls back on any exception.

        On SQLite it holds the only write lock from its first statement on.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only looks: on SQLite it never waits for another reader."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def run(self, work: Callable[[Session], T]) -> T:
        """`work` in a write transaction; once more where the database ended it as a deadlock."""
        for _ in range(ATTEMPTS - 1):
            try:
                with self.write() as session:
                    return work(session)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in WORTH_REPEATING:
                    raise
                log.warning("deadlock, trying again")
        with self.write() as session:
            return work(session)

    def close(self) -> None:
        self.engine.dispose()


def take_turns(session: Session, name: str, *, shared: bool = False) -> None:
    """Lets one transaction at a time go on past this line, for each `name`.

    Those that come `shared` go on together, and wait only for one that does not.
    PostgreSQL: an advisory lock until the transaction ends. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session.execute(text(f"SELECT {lock}(:key)"), {"key": zlib.crc32(name.encode())})


def insert_new(session: Session, table: type[Base], **values: Any) -> bool:
    """Inserts a row unless one of its unique keys is taken. Tells whether it did."""
    insert: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = insert.insert(table).values(**values).on_conflict_do_nothing()
    inserted = session.execute(statement.returning(*table.__table__.primary_key))
    return inserted.first() is not None


def wal_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite is free of the WAL-reset race that can corrupt a database."""
    return version >= (3, 51, 3) or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in ((3, 50, 7), (3, 44, 6))
    )


def _prepare_sqlite(engine: Engine) -> None:
    journal = "WAL" if wal_is_safe(sqlite3.sqlite_version_info) else "TRUNCATE"

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, _: object) -> None:
        # The driver would begin by itself, deferred: a read that turns into a write is then
        # refused as busy without waiting.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA journal_mode={journal}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # Else INSERT OR REPLACE would remove a row past the triggers that refuse it.
        cursor.execute("PRAGMA recursive_triggers=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reads = connection.get_execution_options().get("preuve_read", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
