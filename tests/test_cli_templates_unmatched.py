from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from cli.main import app
from tests.shop import Shop


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
