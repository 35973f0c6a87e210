"""Brings a database to the tables that this version of the code expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from preuve.settings import Settings
from preuve.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do; every process that migrates must use the same one.
TURN = 7_305_001


def migrate(settings: Settings) -> None:
    """Runs the migrations that are missing, all or none. Safe to run again and by several."""
    database = Database(settings.sqlalchemy_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with database.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()
