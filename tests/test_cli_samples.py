"""`preuve templates check` with the documents that templates keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.paper import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The base and the invented shop's template, with an order confirmation of words alone."""
    for name in ("base/fr.yaml", "demo/lizeray.yaml"):
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True)
        path.write_text((ROOT / "templates" / name).read_text("utf-8"), "utf-8")
    file = "samples/images/32_fr_commande_web.pdf"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    return tmp_path / "templates"


def check(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["templates", "check", str(folder), *options])
    return done.exit_code, done.stdout


def test_a_sample_that_comes_out_as_expected_is_counted(folder: Path) -> None:
    assert check(folder) == (
        0,
        "1 languages and 1 retailers, no error; 1 of 1 samples as expected\n",
    )


def test_a_sample_tells_each_field_that_differs_with_expected_and_got(folder: Path) -> None:
    template = folder / "demo/lizeray.yaml"
    text = template.read_text("utf-8")
    broken = text.replace("[Retrait]", "[Abholung]").replace("total: 89.80", "total: 98.80")
    template.write_text(broken, "utf-8")
    code, told = check(folder)
    sample = 'sample "../samples/images/32_fr_commande_web.pdf"'
    lines = [line.partition(": ")[2] for line in told.splitlines()[:-1]]
    assert code == 1
    assert lines == [
        f"{sample}: total: expected '98.80', got '89.80'",
        f"{sample}: pickup: expected 'no', got nothing",
    ]
    at = text.splitlines().index("      total: 89.80") + 1
    assert told.startswith(f"templates/demo/lizeray.yaml:{at}:")
    assert check(folder, "--no-samples")[0] == 0


def test_a_sample_that_vanished_is_told(folder: Path) -> None:
    next((folder.parent / "samples/images").iterdir()).unlink()
    code, told = check(folder)
    assert code == 1
    assert 'sample "../samples/images/32_fr_commande_web.pdf" is not there: put it back' in told
