from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from preuve.loyalty import Award, AwardLine, Origin, Program, balance, post_award
from preuve.loyalty.ledger.adjustment import adjust
from preuve.loyalty.ledger.redemption import Redemption, confirm, reserve
from preuve.loyalty.ledger.statements import COLUMNS, Period, Statement, statement_rows
from preuve.store import Ground
from tests.conftest import Clock
from tests.shop import Shop


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["ledger", *arguments])


def earned(shop: Shop, points: int, days_ago: float = 0, **policy: Any) -> None:
    """A receipt's points, of so many days ago."""
    then = datetime.now(UTC) - timedelta(days=days_ago)
    program = Program.model_validate({**shop.program.model_dump(), "points": policy})
    award = Award((AwardLine("base", points, "-"),))
    with shop.ground.database.write() as session:
        post_award(session, program, "ann", Origin(f"r{points}", then), 1, award, then)


def test_what_is_due_is_done_at_once(shop: Shop) -> None:
    earned(shop, 12, days_ago=40, expire={"after_months": 1})
    first = run("tick")
    assert "1 members and reservations brought up to date, 2 entries sealed" in first.stdout
    assert "0 members and reservations brought up to date, 0 entries" in run("tick").stdout


def test_verify_tells_what_is_wrong_and_ends_with_1(shop: Shop) -> None:
    earned(shop, 12)
    run("tick")
    right = run("verify")
    assert right.exit_code == 0
    assert "demo: seal 1 up to entry 1: " in right.stdout
    with shop.ground.database.write() as session:
        session.execute(text("UPDATE lots SET remaining = 11"))
    wrong = run("verify", "--program", "demo")
    assert wrong.exit_code == 1
    assert "demo: lot 1: holds 11, and its movements say 12" in wrong.stdout
    assert "demo: member ann: has 12 available, and the lots hold 11" in wrong.stdout


def test_a_month_is_closed_once(shop: Shop) -> None:
    earned(shop, 12, days_ago=62)
    then = datetime.now(UTC) - timedelta(days=62)
    closed = run("close", f"{then:%Y-%m}", "--program", "demo", "--author", "eve")
    assert closed.exit_code == 0, closed.output
    assert "Members hold 12 points at its end; seal 1." in closed.stdout
    again = run("close", f"{then:%Y-%m}", "--program", "demo")
    assert again.exit_code == 2
    assert "is closed already" in again.output
    early = run("close", f"{datetime.now(UTC):%Y-%m}", "--program", "demo")
    assert early.exit_code == 2
    assert "can be closed from" in early.output


def test_an_unknown_program_is_told(shop: Shop) -> None:
    assert shop
    found = run("export", "entries", "-", "--program", "nope")
    assert found.exit_code == 2
    assert "There is no program nope" in found.output


def test_the_ledger_as_files(shop: Shop, tmp_path: Path) -> None:
    earned(shop, 12)
    written = run("export", "entries", "-", "--program", "demo")
    (row,) = csv.DictReader(io.StringIO(written.stdout))
    assert (row["member_id"], row["points"], row["target"]) == ("ann", "12", "available")
    file = tmp_path / "balances.parquet"
    assert run("export", "balances", str(file), "--program", "demo").exit_code == 0
    (member,) = parquet.read_table(file).to_pylist()
    assert (member["member_id"], member["available"], member["liability"]) == ("ann", 12, 12)
    assert run("export", "balances", "x.txt", "--program", "demo").exit_code == 2


def test_statements_agree_with_balances(ground: Ground, clock: Clock, program: Program) -> None:
    policy = {"available_after_days": 40, "expire": {"after_months": 12, "at": "month_end"}}
    program = Program.model_validate({**program.model_dump(), "points": policy})

    def rows(statement: Statement, period: Period | None = None) -> list[dict[str, Any]]:
        names = [column.name for column in COLUMNS[statement]]
        batches = statement_rows(ground, program, statement, period)
        return [dict(zip(names, row, strict=True)) for batch in batches for row in batch]

    adjust(ground, program, "ann", 100, "k", person="eve", reason="welcome")
    held = reserve(ground, program, "ann", 30, "k")
    assert isinstance(held, Redemption)
    reserve(ground, program, "ann", 20, "k2")
    confirm(ground, "demo", held.id)
    clock.advance(days=30)
    with ground.database.write() as session:
        award = Award((AwardLine("base", 7, "-"),))
        post_award(session, program, "bob", Origin("r1", clock()), 1, award, clock())
    ann, bob = rows("balances")
    assert ann == {
        "member_id": "ann",
        "available": 50,
        "pending": 0,
        "reserved": 20,
        "owed": 0,
        "liability": 70,
    }
    assert bob["pending"] == balance(ground, "demo", "bob").pending == 7
    assert [tuple(row.values()) for row in rows("liability")] == [
        ("available", "2026-03", "2027-03", 1, 50),
        ("pending", "2026-04", "2027-04", 1, 7),
        ("reserved", "", "", 0, 20),
    ]
    assert len(rows("entries")) == 5
    today = program.day_of(clock())
    (last,) = rows("entries", Period(first=today, last=today))
    assert (last["member_id"], last["kind"]) == ("bob", "accrual")
    assert len(rows("entries", Period(last=today - timedelta(days=1)))) == 4


@pytest.mark.parametrize("statement", ["entries", "balances", "liability"])
def test_an_empty_ledger_has_no_rows(
    statement: Statement, ground: Ground, program: Program
) -> None:
    assert list(statement_rows(ground, program, statement)) == []
