"""The ledger of the first version, brought to the tables of this one."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from preuve.loyalty import Award, AwardLine, Origin, Program, balance, post_award
from preuve.settings import Settings
from preuve.store import Ground, migrate, open_ground
from preuve.store.database import Database
from preuve.store.migrate import MIGRATIONS
from tests.databases import Postgres

DEMO = Program(program="demo", name="Demo", timezone="Europe/Paris")
FIRST = """
INSERT INTO accounts (id, program_id, kind, member_id, created_at) VALUES
  (1, 'demo', 'liability', '', '2026-01-01 00:00:00'),
  (2, 'demo', 'member', 'ann', '2026-01-01 00:00:00');
INSERT INTO entries (id, program_id, kind, from_account_id, to_account_id, points, receipt_id, rule,
  revision, reverses_id, why, created_at, available_at) VALUES
  (1, 'demo', 'accrual', 1, 2, 12, 'r1', 'base', 1, NULL, '-', '2026-01-01', '2026-01-01'),
  (2, 'demo', 'reversal', 2, 1, 12, 'r1', 'base', 2, 1, '-', '2026-01-02', '2026-01-01'),
  (3, 'demo', 'accrual', 1, 2, 9, 'r1', 'base', 2, NULL, '-', '2026-01-02', '2026-01-02'),
  (4, 'demo', 'accrual', 1, 2, 50, 'r2', 'base', 1, NULL, '-', '2026-01-03', '2026-01-03'),
  (5, 'demo', 'reversal', 2, 1, 50, 'r2', 'base', 2, 4, '-', '2026-01-04', '2026-01-03');
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def older(request: pytest.FixtureRequest, folder: Path) -> Settings:
    """A database of version 0009 with entries in it."""
    url = ""
    if request.param == "postgresql":
        cluster: Postgres = request.getfixturevalue("postgres")
        url = cluster.new_database()
    settings = Settings(data_dir=folder, database_url=url)
    database = Database(settings.sqlalchemy_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0009")
        for statement in FIRST.strip().rstrip(";").split(";"):
            connection.execute(text(statement))
        if request.param == "postgresql":
            for table in ("accounts", "entries"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 10)"))
    database.close()
    return settings


def test_a_ledger_of_the_first_version_goes_on(older: Settings) -> None:
    migrate(older)
    ground: Ground = open_ground(older)
    assert balance(ground, "demo", "ann").available == 9
    assert balance(ground, "demo", "ann").lifetime == 9
    with ground.database.read() as session:
        lots = session.execute(text("SELECT occasion, remaining FROM lots ORDER BY occasion"))
        assert lots.all() == [("r1", 9), ("r2", 0)]
        moved = "SELECT lot_id, sum(points) FROM lot_movements GROUP BY lot_id ORDER BY 2"
        assert [points for _, points in session.execute(text(moved))] == [0, 9]
    with ground.database.write() as session:
        now = ground.now()
        for receipt, points in (("r1", 20), ("r2", 7)):
            award = Award((AwardLine("base", points, "-"),))
            post_award(session, DEMO, "ann", Origin(receipt, now, receipt), 3, award, now)
    assert balance(ground, "demo", "ann").available == 27
    ground.close()
