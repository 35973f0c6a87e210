"""Everything that an installation may set, in one typed object.

Values come from the environment (`PREUVE_DATA_DIR`, ...; `DATABASE_URL` and `REDIS_URL` as
hosts usually give them) and have defaults that run without any server.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

REPOSITORY = Path(__file__).resolve().parent.parent
# A unix socket's path has room for 107 bytes; Redis and kombu cut a longer one silently.
LONGEST_SOCKET_PATH = 100
DRIVERS = {
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}
"""What a database's address may begin with, and the driver that we ship for it."""


class SettingsError(Exception):
    """Variables of the environment that cannot be used; the message has a line for each."""

    remedy = "Correct them, or unset them for their defaults; docs/operations.md explains each."


class Settings(BaseSettings):
    """Where things lie and how they are read. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(
        env_prefix="PREUVE_", env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    data_dir: Path = REPOSITORY / "data"
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
    console_url: str | None = None
    """Where browsers reach the console, as https://preuve.example.com: its cookie is then kept to
    TLS, and requests from any other origin are refused. None: the host that a request names."""
    trusted_proxies: str = ""
    """Addresses and networks of the proxies before the console, with commas between them: what
    they say of who asks (`X-Forwarded-For`) is believed, and nobody else."""
    session_idle: int = Field(default=2 * 3600, ge=60)
    """How long a session of the console lasts after the last thing done in it."""
    session_length: int = Field(default=12 * 3600, ge=60)
    """How long it lasts in all."""
    draft_days: int = Field(default=30, ge=1)
    """After how many days a correction that was left, or a specimen of a template, is dropped."""

    @field_validator("console_url")
    @classmethod
    def _is_an_origin(cls, address: str | None) -> str | None:
        parts = urlsplit(address or "")
        if address and not (parts.scheme in ("http", "https") and parts.netloc):
            raise ValueError("must be https://host or http://host:port")
        return address or None

    @field_validator("trusted_proxies")
    @classmethod
    def _are_addresses(cls, addresses: str) -> str:
        try:
            for one in filter(None, addresses.split(",")):
                ip_network(one.strip())
        except ValueError:
            raise ValueError("must be addresses or networks, as 10.0.0.1,10.1.0.0/16") from None
        return addresses

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, address: str) -> str:
        try:
            known = not address or make_url(address).drivername in DRIVERS
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("must be postgresql://user:password@host/name or sqlite:////path")
        return address

    @field_validator("redis_url")
    @classmethod
    def _is_a_redis(cls, address: str | None) -> str | None:
        if not address:
            return None
        try:
            parts = urlsplit(address)
            by_network = parts.scheme in ("redis", "rediss") and parts.port != 0 and parts.hostname
        except ValueError:
            by_network = None
        if not by_network and not address.startswith("unix:///"):
            raise ValueError("must be redis://host:6379/0, rediss://host:6379/0 or unix:///path")
        return address

    @model_validator(mode="wrap")
    @classmethod
    def _told(cls, given: Any, handler: ModelWrapValidatorHandler[Settings]) -> Settings:
        try:
            return handler(given)
        except ValidationError as invalid:
            raise SettingsError("\n".join(map(_in_words, invalid.errors()))) from invalid

    @cached_property
    def sqlalchemy_url(self) -> str:
        """The database's address with the driver that we ship."""
        if not self.database_url:
            return f"sqlite:///{self.database_file}"
        scheme, separator, rest = self.database_url.partition("://")
        return f"{DRIVERS[scheme]}{separator}{rest}"

    @cached_property
    def database_file(self) -> Path:
        """The SQLite file that is used where no `database_url` is set."""
        return self.data_dir.absolute() / "preuve.sqlite3"

    @cached_property
    def blobs_dir(self) -> Path:
        return self.data_dir.absolute() / "blobs"

    @cached_property
    def cache_dir(self) -> Path:
        """What can be made again: checked templates. It may be emptied at any time."""
        return self.data_dir.absolute() / "cache"

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


def _in_words(mistake: Mapping[str, Any]) -> str:
    name = str(mistake["loc"][0])
    field = Settings.model_fields.get(name)
    variable = str(field.validation_alias or f"PREUVE_{name}") if field else name
    message = mistake["msg"].removeprefix("Value error, ")
    return f"{variable.upper()} is {_without_password(str(mistake['input']))!r}: {message}"


def _without_password(given: str) -> str:
    """What was given, without what stands between a scheme and a host."""
    scheme, _, rest = given.partition(":")
    return f"{scheme}:…@{rest.rpartition('@')[2]}" if "@" in rest else given
