"""Everything that an installation may set, in one typed object.

Values come from the environment (`PREUVE_DATA_DIR`, ...; `DATABASE_URL` and `REDIS_URL` as
hosts usually give them) and have defaults that run without any server.
"""

from __future__ import annotations

import hashlib
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent
# A unix socket's path has room for 107 bytes; Redis and kombu cut a longer one silently.
LONGEST_SOCKET_PATH = 100


class Settings(BaseSettings):
    """Where things lie and how they are read. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="PREUVE_", frozen=True, populate_by_name=True)

    data_dir: Path = Path("data")
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """Empty: a SQLite file in `data_dir`."""
    redis_url: str | None = Field(default=None, validation_alias="REDIS_URL")
    """None: `preuve serve` starts a `redis-server` of its own on `redis_socket`."""
    templates_dir: Path = REPOSITORY / "templates"
    programs_dir: Path = REPOSITORY / "programs"
    engine: Literal["rapidocr", "tesseract"] = "rapidocr"
    visibility_timeout: int = Field(default=180, ge=1)
    """How long Redis waits before it hands an unacknowledged task to another worker."""
    lease: int = Field(default=120, ge=1)
    """How long a worker may hold a receipt; longer than the task's hard time limit."""
    upload_limit: int = Field(default=20_000_000, ge=1)

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The database's address with the driver that we ship."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir.absolute() / 'preuve.sqlite3'}"
        scheme, separator, rest = self.database_url.partition("://")
        if scheme in ("postgres", "postgresql"):
            return f"postgresql+psycopg{separator}{rest}"
        return self.database_url

    @cached_property
    def blobs_dir(self) -> Path:
        return self.data_dir.absolute() / "blobs"

    @cached_property
    def redis_socket(self) -> Path:
        """Where the embedded Redis listens: API and workers of one data folder agree on it."""
        socket = self.data_dir.absolute() / "redis" / "redis.sock"
        if len(bytes(socket)) <= LONGEST_SOCKET_PATH:
            return socket
        name = hashlib.sha256(bytes(socket)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"preuve-{name}" / "redis.sock"

    @cached_property
    def broker_url(self) -> str:
        """What Celery connects to: `redis_url`, or the embedded Redis."""
        if self.redis_url is None:
            return f"redis+socket://{self.redis_socket}"
        if self.redis_url.startswith("unix://"):
            return "redis+socket://" + self.redis_url.removeprefix("unix://")
        return self.redis_url
