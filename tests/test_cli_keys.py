"""API keys and the database's tables, by command, on a database of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.access import Access, Scope, authenticate
from preuve.settings import Settings
from preuve.store import open_ground


@pytest.fixture(autouse=True)
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return tmp_path / "preuve.sqlite3"


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})


def opened_by(key: str) -> Access | None:
    ground = open_ground(Settings())
    try:
        return authenticate(ground, key)
    finally:
        ground.close()


def test_migrate_makes_the_tables_and_changes_nothing_again(database: Path) -> None:
    assert run("migrate").exit_code == 0
    assert run("migrate").exit_code == 0
    connection = sqlite3.connect(database)
    assert connection.execute("SELECT count(*) FROM receipts").fetchone() == (0,)
    connection.close()


def test_a_key_is_shown_once_and_opens_its_program() -> None:
    done = run("keys", "create", "demo", "mobile app", "--scope", "receipts:read")
    assert done.exit_code == 0, done.output
    key = done.stdout.strip()
    access = opened_by(key)
    assert access is not None
    assert (access.program_id, access.name) == ("demo", "mobile app")
    assert access.scopes == {"receipts:read"}

    listed = run("keys", "list").stdout
    assert "demo  mobile app  receipts:read" in listed
    assert key not in listed


def test_a_key_without_scopes_named_has_them_all() -> None:
    access = opened_by(run("keys", "create", "demo", "partner").stdout.strip())
    assert access is not None
    assert access.scopes == set(Scope)


def test_a_revoked_key_opens_nothing_and_stays_in_the_list() -> None:
    first, second = (run("keys", "create", "demo", name).stdout.strip() for name in ("a", "b"))
    assert run("keys", "revoke", "1").exit_code == 0
    assert opened_by(first) is None
    assert opened_by(second) is not None
    assert ["revoked" in line for line in run("keys", "list").stdout.splitlines()] == [True, False]

    for number in ("1", "3"):
        again = run("keys", "revoke", number)
        assert again.exit_code == 2
        assert f"No key {number} is good." in again.stderr


def test_a_key_that_was_made_before_a_scope_is_given_it() -> None:
    key = run("keys", "create", "demo", "app", "--scope", "receipts:read").stdout.strip()
    more = ("--add", "members:erase", "--add", "members:read", "--take", "receipts:read")
    changed = run("keys", "scopes", "1", *more)
    assert changed.exit_code == 0, changed.output
    assert "app  members:erase,members:read" in changed.stdout
    access = opened_by(key)
    assert access is not None
    assert access.scopes == {"members:erase", "members:read"}

    run("keys", "revoke", "1")
    assert "No key 1 is good." in run("keys", "scopes", "1", "--add", "receipts:read").stderr


def test_what_is_not_known_is_told() -> None:
    done = run("keys", "create", "nope", "x")
    assert done.exit_code == 2
    assert "No program 'nope'; there are demo." in done.stderr
    done = run("keys", "create", "demo", "x", "--scope", "everything")
    assert done.exit_code == 2
    assert "receipts:write" in done.stderr


def test_no_key_yet_is_told() -> None:
    done = run("keys", "list")
    assert done.stdout == ""
    assert "There is no key yet." in done.stderr
