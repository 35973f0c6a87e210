"""`preuve reprocess`: what it shows, what it posts, and that it can be interrupted."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import reprocess
from cli.main import app
from preuve.intake import Submission, Submitted, claim, finish, submit, view
from preuve.loyalty import Program, balance, load_programs
from preuve.reading.page import Box, Page, Row, Word
from preuve.reading.result import MatchResult, Reading, Retailer, Value, Verdict
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.databases import migrated

PAPER = """\
SUPERVAL
12 rue des Lilas 75001 PARIS
{day:02}/11/2026 18:43
PAIN COMPLET 3,10
CAFE EN GRAINS 9,40
TOTAL A PAYER 12,50
CARTE BANCAIRE 12,50
"""


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = open_ground(migrated("", tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def program() -> Program:
    return load_programs(Settings().programs_dir)["demo"]


def page(text: str) -> Page:
    """Printed text as an engine gives it: 10 pixels a character, 30 a line."""
    rows = []
    for number, line in enumerate(text.splitlines()):
        words, column = [], 0
        for word in line.split():
            box = Box(column * 10, number * 30, (column + len(word)) * 10, number * 30 + 20)
            words.append(Word(word, box, 0.99, "test"))
            column += len(word) + 1
        rows.append(Row(tuple(words)))
    return Page(1, 400, 800, tuple(rows), "ocr", 400, 800)


def credited(ground: Ground, program: Program, day: int) -> str:
    """A receipt of 12.50 whose total was once taken for 3.10: three points."""
    sent = submit(
        ground,
        program,
        Submission("m-1", (b"\x89PNG\r\n\x1a\n" + bytes([day]),), f"key-{day}"),
        lambda *_: None,
    )
    assert isinstance(sent, Submitted)
    claimed = claim(ground, sent.receipt_id)
    assert claimed is not None
    wrong = Reading(
        kind="receipt",
        language="fr",
        match=MatchResult("base.fr", "1", 0.0),
        country="FR",
        currency=Value("EUR", 0.9, "test"),
        retailer=Value(Retailer("SUPERVAL"), 0.9, "test"),
        purchased_on=Value(date(2026, 11, day), 0.95, "test"),
        total=Value(Decimal("3.10"), 0.97, "test"),
    )
    text = PAPER.format(day=day)
    verdict = Verdict("trusted", 0.95)
    assert finish(ground, program, claimed, (page(text),), wrong, verdict, engine="test 1")
    return sent.receipt_id


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["reprocess", *arguments], env={"COLUMNS": "200"})


def points(ground: Ground, program: Program) -> int:
    held = balance(ground, program.program, "m-1")
    return held.pending + held.available


def total(ground: Ground, program: Program, receipt_id: str) -> Decimal:
    found = view(ground, program.program, receipt_id)
    assert found is not None
    assert found.reading is not None
    assert found.reading.total is not None
    return found.reading.total.value


def test_dry_run_shows_and_changes_nothing(ground: Ground, program: Program) -> None:
    receipt_id = credited(ground, program, 3)
    result = run("--all", "--dry-run")
    assert result.exit_code == 0, result.output
    assert receipt_id in result.stdout
    assert "total: 3.10 → 12.50" in result.stdout
    assert "3 → 12 points" in result.stdout
    assert "demo: 1 receipts replayed, 1 would change, +9 points" in result.stdout
    assert "1 of them were read by a version that looked for less" in result.stdout
    assert total(ground, program, receipt_id) == Decimal("3.10")
    assert points(ground, program) == 3


def test_run_posts_the_difference_once(ground: Ground, program: Program) -> None:
    receipt_id = credited(ground, program, 3)
    assert "1 changed, +9 points" in run("--all").stdout
    assert total(ground, program, receipt_id) == Decimal("12.50")
    assert points(ground, program) == 12
    assert "0 changed, +0 points" in run("--all").stdout
    assert points(ground, program) == 12


def test_only_the_receipts_named(ground: Ground, program: Program) -> None:
    first, second = credited(ground, program, 3), credited(ground, program, 4)
    assert "1 receipts replayed, 1 changed" in run(second).stdout
    assert total(ground, program, first) == Decimal("3.10")
    assert total(ground, program, second) == Decimal("12.50")


def test_interrupted_run_goes_on(
    ground: Ground, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (3, 4, 5):
        credited(ground, program, day)
    make = reprocess._understand

    def interrupting(*given: Any) -> Any:
        understand = make(*given)

        def once(*arguments: Any) -> Any:
            os.kill(os.getpid(), signal.SIGINT)
            return understand(*arguments)

        return once

    monkeypatch.setattr(reprocess, "_understand", interrupting)
    stopped = run("--all")
    assert stopped.exit_code == reprocess.INTERRUPTED
    assert "demo: 1 receipts replayed, 1 changed" in stopped.stdout
    assert points(ground, program) == 12 + 3 + 3
    monkeypatch.setattr(reprocess, "_understand", make)
    rest = run("--all")
    assert "going on with the run that was interrupted" in rest.stdout
    assert "demo: 2 receipts replayed, 2 changed" in rest.stdout
    assert points(ground, program) == 3 * 12


@pytest.mark.usefixtures("ground")
def test_what_lasts_is_set_apart_before_the_first_receipt() -> None:
    gc.unfreeze()
    assert run("--all").exit_code == 0
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


@pytest.mark.usefixtures("ground")
def test_nothing_is_chosen_by_silence() -> None:
    result = run()
    assert result.exit_code == 2
    assert "--all" in result.stderr


@pytest.mark.usefixtures("ground")
def test_unknown_program_is_told() -> None:
    result = run("--all", "--program", "nope")
    assert result.exit_code == 2
    assert "there are demo" in result.stderr


@pytest.mark.usefixtures("ground")
def test_reread_has_no_dry_run() -> None:
    assert run("--all", "--reread", "--dry-run").exit_code == 2


@pytest.mark.usefixtures("ground")
def test_an_invalid_program_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spring.yaml").write_text("program: Spring!\n")
    monkeypatch.setenv("PREUVE_PROGRAMS_DIR", str(tmp_path))
    result = run("--all")
    assert result.exit_code == 2
    assert "spring.yaml:1: program:" in result.stderr
    assert "programs/demo.yaml" in result.stderr
