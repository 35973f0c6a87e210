"""`preuve programs check`, `explain`, `bench`: what an engineer sees of a program's text."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import programs_check
from cli.main import app
from preuve.reading.result import Reading
from tests.factories import reading
from tests.occasions import HEAD

BROKEN = HEAD + (
    "earn:\n"
    "  - rule: a\n"
    "    name: A\n"
    "    condition: {when: recept.total > 1}\n"
    "    caps: [{per: day, points: 0}]\n"
    "    effect: {kind: fixed, points: 1}\n"
)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["programs", *arguments])
    return done.exit_code, done.output


def written(folder: Path, text: str) -> str:
    path = folder / "spring.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_the_programs_of_the_repository_are_sound() -> None:
    code, told = run("check")
    assert code == 0
    assert "no error" in told


def test_every_mistake_is_told_with_file_line_and_field(tmp_path: Path) -> None:
    file = written(tmp_path, BROKEN)
    code, told = run("check", file)
    assert code == 1
    assert f"{file}:8: earn.0.caps.0.points: 0 would give nothing" in told
    file = written(tmp_path, BROKEN.replace("points: 0", "points: 1"))
    code, told = run("check", file)
    assert f"{file}:7: earn.0.condition.when: recept is unknown; did you mean" in told


def test_a_field_that_no_template_has_is_warned_of(tmp_path: Path) -> None:
    rule = (
        "earn:\n  - rule: a\n    name: A\n    condition: {fields: {serial_numbre: {}}}\n"
        "    effect: {kind: fixed, points: 1}\n"
    )
    code, told = run("check", written(tmp_path, HEAD + rule))
    assert code == 0
    assert "field serial_numbre, which no template has; did you mean" in told


@pytest.fixture
def _read_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands on the document is known: no engine has to be loaded."""

    def known(*_: object) -> Reading:
        return reading()

    monkeypatch.setattr(programs_check, "_read", known)


@pytest.mark.usefixtures("_read_before")
def test_each_rule_is_explained_on_a_receipt(tmp_path: Path) -> None:
    rules = (
        "earn:\n"
        "  - {rule: base, name: Base, effect: {kind: per_amount, points: 1}}\n"
        "  - {rule: gold, name: G, condition: {segments: [gold]},"
        " effect: {kind: fixed, points: 5}}\n"
        "  - {rule: shop, name: S, condition: {retailers: [fr.x]},"
        " effect: {kind: fixed, points: 5}}\n"
        "  - {rule: star, name: S, grants: [{kind: badge, key: star, name: Star}]}\n"
    )
    document = tmp_path / "ticket.jpg"
    document.write_bytes(b"")
    code, told = run("explain", written(tmp_path, HEAD + rules), str(document), "--language", "en")
    assert code == 0
    lines = {line.split()[0]: line for line in told.splitlines() if line.split()}
    assert "Base: 12 x 1 for 12.50" in lines["base"]
    assert "`segments` does not hold" in lines["gold"]
    assert "`retailers` does not hold" in lines["shop"]
    assert "gives Star" in lines["star"]
    assert "12 points: 1 for each euro on €12.50" in told
    assert "A badge: Star" in told


@pytest.mark.usefixtures("_read_before")
def test_a_rule_error_ends_with_1(tmp_path: Path) -> None:
    rule = (
        "earn:\n  - rule: a\n    name: A\n"
        "    condition: {when: 'receipt.total != 1250 || int(receipt.retailer_name) > 1'}\n"
        "    effect: {kind: fixed, points: 1}\n"
    )
    document = tmp_path / "ticket.jpg"
    document.write_bytes(b"")
    code, told = run("explain", written(tmp_path, HEAD + rule), str(document))
    assert code == 1
    assert "rule error in a" in told


def test_the_bench_judges_without_an_error() -> None:
    code, told = run("bench", "--rules", "24", "--receipts", "50")
    assert code == 0
    assert "receipts a second" in told
