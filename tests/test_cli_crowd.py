"""`preuve templates bench`, and the retailers that it invents."""

from __future__ import annotations

from pathlib import Path

from stdnum.fr import siren
from typer.testing import CliRunner

from cli.crowd import crowd
from cli.main import app
from cli.words import PAGES
from preuve.reading.template.validate import vat_fault
from tests.typed import pages


def test_invented_retailers_have_valid_numbers_and_families() -> None:
    retailers = crowd(400)
    assert len({one.key for one in retailers}) == 400
    assert all(siren.is_valid(one.siren) for one in retailers if one.siren)
    assert not [vat_fault(one.vat) for one in retailers if one.vat and vat_fault(one.vat)]
    names = {one.name for one in retailers}
    assert any(name.removesuffix(" Express") in names for name in names if "Express" in name)
    assert crowd(50) == retailers[:50]


def test_the_command_measures_and_counts(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_bytes(PAGES.dump_json(pages("CHEZ PAULETTE", "total 4,50")))
    asked = ["templates", "bench", "30", "60", "--papers", "40", "--words", str(tmp_path)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert "Right matches on damaged words" in result.stdout
    assert "taken for one of the crowd" in result.stdout
    rows = [line.split() for line in result.stdout.splitlines() if line.split()[:1] == ["60"]]
    assert rows[1][1] == "40"
    assert float(rows[1][2].rstrip("%")) > 90
    assert rows[2][-1] == "0"
