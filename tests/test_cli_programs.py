"""`preuve programs`: texts saved, published, compared and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.settings import REPOSITORY

DEMO = (REPOSITORY / "programs/demo.yaml").read_text()


@pytest.fixture
def draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    path = tmp_path / "demo.yaml"
    path.write_text(DEMO + "# version one\n")
    return path


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["programs", *words])
    return done.exit_code, done.output


def test_a_file_becomes_a_draft_and_is_published_and_rolled_back(draft: Path) -> None:
    assert run("push", str(draft), "--reason", "more coffee") == (0, "demo version 1: saved\n")
    code, told = run("diff", "demo", "file")
    assert (code, "+# version one" in told) == (0, True)
    code, told = run("publish", "demo", "--reason", "agreed", "--author", "bo", "--yes")
    assert (code, told.splitlines()[-1]) == (0, "demo version 1: published")
    draft.write_text(DEMO + "# version two\n")
    run("push", str(draft), "--reason", "still more")
    assert run("publish", "demo", "--reason", "agreed", "--yes")[0] == 0
    code, told = run("rollback", "demo", "1", "--reason", "too dear", "--yes")
    assert (code, told.splitlines()[-1]) == (0, "demo version 3: published")
    code, told = run("history", "demo")
    assert [line.split()[2] for line in told.splitlines()[1:]] == [
        "saved", "published", "saved", "published", "saved", "published",
    ]  # fmt: skip
    assert run("retire", "demo", "--reason", "over") == (0, "demo version 3: retired\n")


def test_mistakes_are_told_and_the_draft_is_kept_unpublished(draft: Path) -> None:
    draft.write_text(DEMO + "colour: red\n")
    code, told = run("push", str(draft), "--reason", "try")
    assert code == 1
    assert ": colour: " in told
    assert "kept as a draft" in told
    assert run("publish", "demo", "--reason", "try", "--yes")[0] == 1
    draft.write_text("just text")
    assert "which program it is" in run("push", str(draft), "--reason", "try")[1]


@pytest.mark.usefixtures("draft")
def test_a_version_that_is_not_there_is_told() -> None:
    code, told = run("history", "demo")
    assert (code, "Nobody has saved a version of demo." in told) == (2, True)
    assert run("diff", "demo")[0] == 2
