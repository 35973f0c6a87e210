"""What the environment may say, and what is told where it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.settings import REPOSITORY, Settings, SettingsError


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    unset = Settings()
    for name in ("DATABASE_URL", "REDIS_URL", "PREUVE_DATA_DIR", "PREUVE_ENGINE", "PREUVE_LEASE"):
        monkeypatch.setenv(name, "")

    assert Settings() == unset
    assert Settings().redis_url is None
    assert Settings(redis_url="").redis_url is None


def test_data_lie_in_one_place_wherever_a_command_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREUVE_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)

    assert Settings().data_dir == REPOSITORY / "data"


@pytest.mark.parametrize(
    ("variable", "given", "allowed"),
    [
        ("PREUVE_ENGINE", "foo", "'rapidocr' or 'tesseract'"),
        ("PREUVE_LEASE", "soon", "integer"),
        ("PREUVE_UPLOAD_LIMIT", "0", "greater than or equal to 1"),
        ("DATABASE_URL", "foo", "postgresql://user:password@host/name"),
        ("DATABASE_URL", "mysql://host/name", "sqlite:////path"),
        ("DATABASE_URL", "postgresql+psycopg2://host/name", "postgresql://"),
        ("DATABASE_URL", "postgresql://host:port/name", "postgresql://"),
        ("REDIS_URL", "localhost:6379", "redis://host:6379/0"),
        ("REDIS_URL", "redis://host:port", "redis://host:6379/0"),
        ("REDIS_URL", "unix:", "unix:///path"),
    ],
)
def test_a_bad_variable_is_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, variable: str, given: str, allowed: str
) -> None:
    monkeypatch.setenv(variable, given)

    with pytest.raises(SettingsError) as told:
        Settings()

    assert str(told.value).startswith(f"{variable} is {given!r}: ")
    assert allowed in str(told.value)


def test_every_bad_variable_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREUVE_ENGINE", "foo")
    monkeypatch.setenv("DATABASE_URL", "foo")

    with pytest.raises(SettingsError, match=r"(?s)DATABASE_URL.*\nPREUVE_ENGINE"):
        Settings()


def test_no_password_is_told() -> None:
    for address in ("mysql://ann:se:c/r@t@host/name", "postgres//ann:se:c/r@t@host/name"):
        with pytest.raises(SettingsError, match="@host/name") as told:
            Settings(database_url=address)
        assert not any(part in str(told.value) for part in ("se:", "c/r", "r@t"))


@pytest.mark.parametrize(
    "arguments", [["read", "a.jpg"], ["reprocess", "--all"], ["serve"], ["templates", "check"]]
)
@pytest.mark.parametrize(("variable", "given"), [("PREUVE_ENGINE", "foo"), ("DATABASE_URL", "foo")])
def test_commands_tell_it_in_words(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], variable: str, given: str
) -> None:
    monkeypatch.setenv(variable, given)

    done = CliRunner().invoke(app, arguments)

    assert done.exit_code == 2
    assert f"{variable} is 'foo'" in done.stderr
    assert "docs/operations.md" in done.stderr


@pytest.mark.parametrize("arguments", [["reprocess", "--all"], ["migrate"], ["keys", "list"]])
def test_a_database_that_does_not_answer_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:secret@127.0.0.1:9/name")

    done = CliRunner().invoke(app, arguments)

    assert done.exit_code == 2
    assert "The database does not answer" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
