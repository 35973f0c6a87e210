from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.loyalty import Program
from preuve.settings import Settings
from preuve.store import migrate, open_ground
from tests.shop import Shop


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Program) -> Iterator[Shop]:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    migrate(Settings())
    ground = open_ground(Settings())
    yield Shop(ground, program, lambda _id, _queue: None)
    ground.close()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["templates", "unmatched", *arguments], env={"COLUMNS": "200"})


def test_clusters_are_shown_and_drafted(shop: Shop, tmp_path: Path) -> None:
    assert "Every receipt has a template" in run().stdout
    receipts = shop.sells(), shop.sells()

    shown = run("--program", "demo").stdout
    assert "MAISON NAEGEL" in shown
    assert any(receipt in shown for receipt in receipts)
    assert "0 receipts stand alone" in shown
    assert run("--draft", "2").exit_code == 2
    out = tmp_path / "fr" / "naegel.yaml"
    done = run("--draft", "1", "--out", str(out))
    assert done.exit_code == 0, done.output
    assert "MAISON NAEGEL" in out.read_text()
    assert "template: fr.maison_naegel" in out.read_text()
