from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from preuve.catalog.learned_tables import TemplateAlarmRow
from preuve.store import Ground, open_ground
from tests.databases import migrated

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = open_ground(migrated("", tmp_path))
    yield opened
    opened.close()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["templates", "drift", *arguments], env={"COLUMNS": "200"})


def test_an_alarm_is_told_with_its_field_until_it_is_accepted(ground: Ground) -> None:
    assert run().exit_code == 0
    detail = {
        "usual": {"words amount": 38, "amount": 2},
        "known": ["words amount"],
        "lately": {"amount": 9, "words amount": 1},
        "examples": ["rcp_1", "rcp_2"],
    }
    alarm = TemplateAlarmRow(
        program_id="demo",
        template="fr.picard",
        version="1",
        field="total",
        aspect="row",
        since_at=NOON,
        raised_at=NOON,
        ended_at=None,
        ended_by=None,
        detail=detail,
    )
    with ground.database.write() as session:
        session.add(alarm)

    told = run("fr.picard")
    assert told.exit_code == 1
    for part in ("fr.picard: total", "2026-03-14", "95% as usual", "10% as usual", "rcp_1, rcp_2"):
        assert part in told.stdout
    assert run("--accept").exit_code == 2
    assert "1 alarms ended" in run("fr.picard", "--accept", "--by", "ana").stdout
    assert run().exit_code == 0
