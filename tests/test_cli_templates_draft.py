"""`preuve templates draft`: from stored words and a file of values to a template file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.words import PAGES
from preuve.reading.template.load import check
from tests.paper import ROOT, paper

TICKET = """
LA FORGERIA VELKA
via Bassa 12
Emesso il 07.03.2026 14:05
PANE RUSTICO            2,40
OLIO VERGINE            8,90
Sommerzahl             11,30
"""
VALUES = """\
ticket.json:
  retailer: Forgeria Velka
  purchased_on: 2026-03-07
  total: 11.30
  currency: EUR
  items:
    - {description: PANE RUSTICO, amount: 2.40}
    - {description: OLIO VERGINE, amount: 8.90}
"""


@pytest.fixture
def ticket(tmp_path: Path) -> Path:
    path = tmp_path / "ticket.json"
    path.write_bytes(PAGES.dump_json(paper(TICKET)))
    return path


def drafted(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["templates", "draft", *map(str, arguments)])


def test_the_draft_is_a_file_that_passes_the_check(ticket: Path, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text(VALUES, "utf-8")
    out = tmp_path / "templates" / "it" / "velka.yaml"

    said = drafted(ticket, "--values", tmp_path / "values.yaml", "--key", "it.velka", "--out", out)

    assert said.exit_code == 0, said.output
    assert "sommerzahl" in out.read_text("utf-8")
    assert check(ROOT / "templates", tmp_path / "templates") == []
    assert "read without it" in said.output
    assert "2 right of 2" in said.output


def test_words_and_values_in_other_forms(ticket: Path, tmp_path: Path) -> None:
    ticket.write_text(json.dumps({"pages": json.loads(ticket.read_bytes())}), "utf-8")
    (tmp_path / "one.json").write_text('{"total": "11.30", "extra": 1}', "utf-8")

    said = drafted(ticket, "--values", tmp_path / "one.json", "--name", "Velka")

    assert said.exit_code == 0, said.output
    assert "name: Velka" in said.stdout


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("v.yaml", "ticket.json: {total: twelve}", "v.yaml: total: input should be"),
        ("v.yaml", "other.jpg: {total: 1.20}", "no values for ticket.json; it has other.jpg"),
        ("v.yaml", "a: [", "v.yaml, line 1"),
        ("v.jsonl", '{"file": "ticket.json"}\n{"file"', "v.jsonl, line 1:"),
        ("v.json", "[1]", "this is no object with values: 1"),
        ("v.txt", "", "is none of .jsonl"),
    ],
)
def test_what_is_wrong_with_the_values_is_told(
    ticket: Path, tmp_path: Path, name: str, content: str, told: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")

    said = drafted(ticket, "--values", tmp_path / name)

    assert said.exit_code == 2
    assert told in said.output.replace("\n", " ")


def test_a_value_that_is_not_on_the_paper_is_told(ticket: Path, tmp_path: Path) -> None:
    (tmp_path / "v.yaml").write_text("total: 99.99", "utf-8")

    said = drafted(ticket, "--values", tmp_path / "v.yaml")

    assert "total 99.99 is not on the paper" in said.output.replace("\n", " ")


def test_a_file_without_words_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"pages": 3}', "utf-8")

    said = drafted(tmp_path / "x.json")

    assert said.exit_code == 2
    assert "holds no stored words" in said.output
