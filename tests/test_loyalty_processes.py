"""Real processes write one ledger on PostgreSQL at the same time."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from preuve.loyalty.ledger.seals import seal
from preuve.loyalty.ledger.verify import verify
from preuve.settings import Settings
from preuve.store import open_ground
from tests.databases import Postgres
from tests.ledger_load import PROGRAM, write, written
from tests.processes import forked


@pytest.mark.slow
def test_writers_at_once_leave_a_ledger_that_adds_up(
    postgres: Postgres, postgres_template: str, folder: Path
) -> None:
    """Eight of them; `make bench-ledger` writes more entries and says how fast."""
    settings = Settings(data_dir=folder, database_url=postgres.new_database(postgres_template))
    writers = [forked.Process(target=write, args=(settings, number, 500)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 8
    ground = open_ground(settings)
    seal(ground, PROGRAM.program)
    assert list(verify(ground, PROGRAM.program)) == []
    assert written(ground) >= 500
    with ground.database.read() as session:
        kinds = set(session.scalars(text("SELECT DISTINCT kind FROM entries")))
    assert kinds >= {"accrual", "redemption", "reversal", "adjustment", "expiry"}
    ground.close()
