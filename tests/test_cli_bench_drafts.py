"""The strange tills of the samples, and the benchmark of drafts on two of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.templates_draft import stored_words
from tests.paper import ROOT

TILLS = {"xx_quorvel", "nl_waterkers"}


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("layouts")
    make = [sys.executable, str(ROOT / "samples" / "make.py"), "--layouts", "2", "--seed", "4"]
    subprocess.run([*make, "--out", str(folder)], check=True, timeout=60)
    return folder


def labels(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text("utf-8").splitlines()]


def test_twenty_tills_print_what_their_labels_say(layouts: Path) -> None:
    made = labels(layouts)

    assert len({label["layout"] for label in made}) == 20
    for label in made:
        (page,) = stored_words(layouts / label["file"])
        printed = " ".join(row.text for row in page.rows)
        digits = "".join(c for c in printed if c.isdigit())
        assert label["total"].replace(".", "").removesuffix("00") in digits, label["file"]


def test_drafts_read_what_the_bases_cannot(layouts: Path) -> None:
    chosen = [label for label in labels(layouts) if label["layout"] in TILLS]
    lines = (json.dumps(label) + "\n" for label in chosen)
    (layouts / "labels.jsonl").write_text("".join(lines), "utf-8")

    said = CliRunner().invoke(app, ["templates", "bench-drafts", str(layouts), "--misses"])

    assert said.exit_code == 0, said.output
    assert "4 drafts of 2 retailers, tried on 4 other documents; 4 were recognized" in said.output
    shares = [int(word[:-1]) for row in _row(said.output) for word in row.split() if "%" in word]
    drafts, bases = shares
    assert drafts >= 90
    assert drafts > bases


def _row(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.strip().startswith("all ")]
