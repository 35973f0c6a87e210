from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import StatementError

import preuve.access
import preuve.catalog.learned_tables
import preuve.catalog.tables
import preuve.intake.tables
import preuve.loyalty.ledger.tables
import preuve.loyalty.occasions.tables
import preuve.loyalty.programs.tables
from preuve.settings import LONGEST_SOCKET_PATH, Settings
from preuve.store import Blobs, Database, Ground, migrate
from preuve.store.database import insert_new, wal_is_safe
from preuve.store.lease import LeaseRow, take_lease
from preuve.store.table import Base

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


def test_migrations_make_the_tables_that_the_models_describe(ground: Ground) -> None:
    with ground.database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": _is_a_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def _is_a_models(name: str | None, kind: str, _: object) -> bool:
    """Full text is in tables that each database has its own way of making."""
    return kind != "table" or not (name or "").startswith("receipt_words")


def test_migrating_again_changes_nothing(settings: Settings, ground: Ground) -> None:
    with ground.database.write() as session:
        insert_new(session, LeaseRow, name="a", holder="b", lease_until=NOON)
    migrate(settings)
    with ground.database.read() as session:
        assert session.get(LeaseRow, "a") is not None


def test_every_table_of_a_program_names_it() -> None:
    whose_number_it_is = {"known_identifiers", "identifier_rulings"}
    whose_programs_they_are = {"users", "sessions", "sign_in_failures", "address_failures"}
    for_all = {
        "leases",
        "learning_marks",
        "programs_revision",
        *whose_number_it_is,
        *whose_programs_they_are,
    }
    missing = {
        table.name
        for table in Base.metadata.tables.values()
        if "program_id" not in table.columns and table.name not in for_all
    }
    assert missing == set()


def test_times_come_back_in_utc(ground: Ground) -> None:
    paris = timezone(timedelta(hours=1))
    with ground.database.write() as session:
        session.add(LeaseRow(name="a", holder="b", lease_until=NOON.astimezone(paris)))
    with ground.database.read() as session:
        found = session.get_one(LeaseRow, "a").lease_until
    assert (found, found.tzinfo) == (NOON, UTC)


def test_a_time_without_a_zone_is_refused(ground: Ground) -> None:
    with pytest.raises(StatementError, match="no time zone"), ground.database.write() as session:
        session.add(LeaseRow(name="a", holder="b", lease_until=NOON.replace(tzinfo=None)))


def test_a_row_with_a_taken_key_is_not_inserted(ground: Ground) -> None:
    with ground.database.write() as session:
        assert insert_new(session, LeaseRow, name="a", holder="first", lease_until=NOON)
        assert not insert_new(session, LeaseRow, name="a", holder="second", lease_until=NOON)
        assert session.get_one(LeaseRow, "a").holder == "first"


def test_a_lease_has_one_holder_until_it_runs_out(ground: Ground) -> None:
    later = NOON + timedelta(seconds=30)
    with ground.database.write() as session:
        assert take_lease(session, "sweeper", "one", NOON, later)
        assert not take_lease(session, "sweeper", "two", NOON, later)
        assert take_lease(session, "sweeper", "one", NOON, later)
        assert take_lease(session, "sweeper", "two", later, later + timedelta(seconds=30))


def test_writers_that_read_first_wait_for_each_other(ground: Ground) -> None:
    """With the driver's own deferred BEGIN most of these fail as busy on SQLite."""
    with ground.database.write() as session:
        session.add(LeaseRow(name="count", holder="0", lease_until=NOON))

    def count_up() -> None:
        for _ in range(10):
            with ground.database.write() as session:
                row = session.get_one(LeaseRow, "count", with_for_update=True)
                row.holder = str(int(row.holder) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ground.database.read() as session:
        assert session.get_one(LeaseRow, "count").holder == "40"


def test_sqlite_is_set_to_survive_a_power_cut(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    migrate(settings)
    database = preuve.store.Database(settings.sqlalchemy_url)
    with database.read() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in (
                "synchronous",
                "foreign_keys",
                "recursive_triggers",
                "busy_timeout",
                "journal_mode",
            )
        }
    database.close()
    journal = found.pop("journal_mode")
    assert found == {
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
    }
    assert journal in ("wal", "truncate")


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_wal_only_where_its_race_is_fixed(version: tuple[int, int, int], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_blobs_are_kept_once_and_for_their_owner(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path / "blobs")
    name = blobs.put(b"a receipt")
    assert blobs.put(b"a receipt") == name
    assert blobs.get(name) == b"a receipt"
    files = [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert files == [blobs.path(name)]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


@pytest.mark.usefixtures("open_umask")
def test_every_folder_that_is_made_is_for_its_owner(tmp_path: Path) -> None:
    Blobs(tmp_path / "a" / "b" / "blobs").put(b"a receipt")
    Database(f"sqlite:///{tmp_path / 'c' / 'd' / 'preuve.sqlite3'}").close()
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert len(made) == 6
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_an_unknown_blob_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Blobs(tmp_path).get("0" * 64)


def test_settings_take_the_urls_that_hosts_give(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path, database_url="postgres://u@h/d", redis_url="unix:///run/redis.sock"
    )
    assert settings.sqlalchemy_url == "postgresql+psycopg://u@h/d"
    assert settings.broker_url == "redis+socket:///run/redis.sock"


def test_a_socket_path_too_long_for_the_kernel_is_moved(tmp_path: Path) -> None:
    deep = Settings(data_dir=tmp_path / ("long" * 40))
    assert len(bytes(deep.redis_socket)) <= LONGEST_SOCKET_PATH
    assert deep.redis_socket == Settings(data_dir=tmp_path / ("long" * 40)).redis_socket
    assert deep.redis_socket != Settings(data_dir=tmp_path / ("other" * 40)).redis_socket


def test_keys_open_what_they_were_made_for(ground: Ground) -> None:
    key = preuve.access.create_key(ground, "demo", "app", ["receipts:write", "receipts:read"])
    access = preuve.access.authenticate(ground, key)
    assert access is not None
    assert access.program_id == "demo"
    assert access.scopes == {"receipts:write", "receipts:read"}
    assert preuve.access.authenticate(ground, key + "x") is None
    assert preuve.access.revoke_key(ground, access.key_id)
    assert preuve.access.authenticate(ground, key) is None


def test_a_key_is_stored_only_as_its_hash(ground: Ground) -> None:
    key = preuve.access.create_key(ground, "demo", "app", [])
    with ground.database.read() as session:
        row = session.execute(text("SELECT * FROM api_keys")).one()
    assert key.removeprefix("prv_") not in str(row)
