"""The ledger of the first version, brought to the tables of this one."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from preuve.loyalty import Award, AwardLine, Origin, Program, balance, post_award
from preuve.loyalty.ledger.adjustment import Adjustment, adjust
from preuve.loyalty.ledger.verify import verify
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


NAMED = """
INSERT INTO accounts (id, program_id, kind, member_id, points, earned, created_at) VALUES
  (1, 'demo', 'issued', '', NULL, NULL, '2026-01-01 00:00:00'),
  (2, 'demo', 'available', 'ann', 15, 8, '2026-01-01 00:00:00'),
  (3, 'demo', 'adjusted', '', NULL, NULL, '2026-01-01 00:00:00');
INSERT INTO entries (id, program_id, kind, holder_id, from_account_id, to_account_id, points,
  occasion, rule, revision, why, actor, created_at, available_at) VALUES
  (1, 'demo', 'accrual', 2, 1, 2, 3, 'birthday:ann:2026', 'a', 1, '-', NULL, '2026-01-01',
   '2026-01-01'),
  (2, 'demo', 'accrual', 2, 1, 2, 5, 'event:ann-1', 'b', 1, '-', NULL, '2026-01-01', '2026-01-01'),
  (3, 'demo', 'adjustment', 2, 3, 2, 7, 'adjustment:ann', 'adjustment', 1, 'ann called', 'eve',
   '2026-01-01', '2026-01-01');
INSERT INTO lots (id, program_id, holder_id, occasion, rule, earned_at, available_at, pending,
  remaining) VALUES
  (1, 'demo', 2, 'birthday:ann:2026', 'a', '2026-01-01', '2026-01-01', false, 3),
  (2, 'demo', 2, 'event:ann-1', 'b', '2026-01-01', '2026-01-01', false, 5),
  (3, 'demo', 2, 'adjustment:ann', 'adjustment', '2026-01-01', '2026-01-01', false, 7);
INSERT INTO lot_movements (entry_id, lot_id, program_id, points) VALUES
  (1, 1, 'demo', 3), (2, 2, 'demo', 5), (3, 3, 'demo', 7);
INSERT INTO outbox (id, program_id, kind, payload, created_at) VALUES
  (1, 'demo', 'grant.made', '{"occasion": "event:ann-1"}', '2026-01-01');
"""
OCCASION = """
INSERT INTO occasions (program_id, key, trigger, member_id, occurred_at, credited, asked, program,
  member, event, properties, errors, judged, judged_at) VALUES
  ('demo', '{key}', '{trigger}', '{member}', '2026-01-01', true, false, '-', '{{}}', '', '{{}}',
   '[]', 1, '2026-01-01')
"""
OCCASIONS = (
    ("birthday:ann:2026", "birthday", "ann"),
    ("event:ann-1", "event", "ann"),
    ("sign_up:bob", "sign_up", "bob"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, folder: Path) -> Settings:
    url = ""
    if request.param == "postgresql":
        cluster: Postgres = request.getfixturevalue("postgres")
        url = cluster.new_database()
    return Settings(data_dir=folder, database_url=url)


def filled(settings: Settings, version: str, *statements: str) -> None:
    """Makes a database of that version with these rows in it."""
    database = Database(settings.sqlalchemy_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for statement in statements:
            connection.exec_driver_sql(statement)
        if connection.dialect.name == "postgresql":
            for table in ("accounts", "entries"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 10)"))
    database.close()


def test_a_ledger_of_the_first_version_goes_on(empty: Settings) -> None:
    filled(empty, "0009", *FIRST.strip().rstrip(";").split(";"))
    migrate(empty)
    ground: Ground = open_ground(empty)
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


def test_keys_that_held_a_members_id_are_made_anew(empty: Settings) -> None:
    occasions = (
        OCCASION.format(key=key, trigger=trigger, member=member)
        for key, trigger, member in OCCASIONS
    )
    filled(empty, "0016", *NAMED.strip().rstrip(";").split(";"), *occasions)
    migrate(empty)
    ground: Ground = open_ground(empty)
    assert list(verify(ground, "demo")) == []
    with ground.database.read() as session:
        known = [
            {str(key) for key in session.scalars(text(f"SELECT {column} FROM {table}"))}
            for table, column in (("entries", "occasion"), ("lots", "occasion"))
        ]
        keys = set(session.scalars(text("SELECT key FROM occasions")))
        bob = session.scalar(text("SELECT id FROM accounts WHERE member_id = 'bob'"))
        payload = str(session.scalar(text("SELECT payload FROM outbox")))
    assert known[0] == known[1]
    (event,) = (key for key in keys if key.startswith("event:"))
    assert keys == {"birthday:2:2026", f"sign_up:{bob}", event}
    assert keys - known[0] == {f"sign_up:{bob}"}
    assert event in payload
    assert not any("ann" in key for key in (*known[0], *keys, payload))
    told = adjust(ground, DEMO, "ann", 7, "ann", person="eve", reason="ann called")
    assert isinstance(told, Adjustment)
    assert told.entry_id == 3
    with pytest.raises(DatabaseError), ground.database.write() as session:
        session.execute(text("UPDATE entries SET why = 'x'"))
    ground.close()
