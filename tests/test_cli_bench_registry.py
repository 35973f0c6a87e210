from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from cli.words import Words
from preuve.settings import Settings
from tests.paper import paper

HEADS = ("MAISON NAEGEL", "MAISON NAEGEL", "* * * *")
PAPER = """
{head}
  22 rue du Dome
  67000 STRASBOURG
  Siret 71850045700012
  TARTE CITRON       {n},50
  TOTAL              {n},50 EUR
  CB                 {n},50
  12/11/2026 18:4{n}
"""


def test_a_receipt_without_its_head_is_named_by_what_the_others_taught(tmp_path: Path) -> None:
    folder, kept = tmp_path / "bakery", Words(tmp_path / "words", Settings().engine)
    (folder / "images").mkdir(parents=True)
    labels = []
    for n, head in enumerate(HEADS):
        data = f"photo {n}".encode()
        (folder / "images" / f"{n}.jpg").write_bytes(data)
        kept.put(data, paper(PAPER.format(head=head, n=n + 1)))
        labels.append(json.dumps({"file": f"images/{n}.jpg", "retailer": "MAISON NAEGEL"}))
    (folder / "labels.jsonl").write_text("\n".join(labels))

    arguments = ["bench-registry", str(folder), "--words", str(kept.folder)]
    done = CliRunner().invoke(app, [*arguments, "--received", "2026-11-21"])

    assert done.exit_code == 0, done.output
    by_labels, by_readings = done.stdout.split("taught by")[1:3]
    for taught in (by_labels, by_readings):
        (row,) = [line.split() for line in taught.splitlines() if line.split()[:1] == ["bakery"]]
        assert " ".join(row[5:8]) == "2 → 3"
    kinds = [line.split() for line in done.stdout.splitlines()]
    assert ["siret", "3", "3"] in kinds
