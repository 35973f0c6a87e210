"""`preuve programs check`, `explain`, `bench`: what an engineer sees of a program's text."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import programs_check
from cli.main import app
from preuve.loyalty import credit_occasion, judge_purchase, parse_program
from preuve.loyalty.occasions.members import keep_member
from preuve.loyalty.rules.facts import MemberFacts
from preuve.reading.result import Reading
from preuve.settings import Settings
from preuve.store import migrate, open_ground
from tests.factories import reading
from tests.occasions import HEAD, SENT, purchase

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
def test_a_receipt_is_explained_as_the_next_one_of_a_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    rules = (
        "earn:\n"
        "  - {rule: first, name: F, trigger: first_receipt, effect: {kind: fixed, points: 9}}\n"
        "  - {rule: second, name: S, trigger: nth_receipt, nth: {number: 2},"
        " condition: {segments: [gold]}, effect: {kind: fixed, points: 7}}\n"
    )
    migrate(Settings())
    ground = open_ground(Settings())
    program = parse_program(HEAD + rules, "spring.yaml")
    with ground.database.write() as session:
        keep_member(session, "spring", MemberFacts("ann", segments=frozenset({"gold"})), SENT)
        earlier = purchase("5.00", member_id="ann", received_at=SENT - timedelta(days=1000))
        judged = judge_purchase(session, program, earlier)
        credit_occasion(session, judged, SENT, reading=1)
    ground.close()
    document = tmp_path / "ticket.jpg"
    document.write_bytes(b"")
    asked = ("explain", written(tmp_path, HEAD + rules), str(document))
    code, told = run(*asked, "--member", "ann")
    assert code == 0
    assert "as the next receipt of ann, after 1 that were credited" in told
    assert "\n7 points, counted on" in told
    code, told = run(*asked)
    assert "as the first receipt of a member" in told
    assert "\n9 points, counted on" in told


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
