"""`preuve serve`: the whole of Preuve on one machine, until it is told to stop."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import redis
import typer
from rich.console import Console

from cli.embedded import Child, ChildFailedError, Supervisor
from preuve import logs
from preuve.access import Scope, authenticate, create_key, list_users
from preuve.loyalty import ProgramsInForce
from preuve.settings import REPOSITORY, Settings
from preuve.store import Ground, make_private, migrate, open_ground

LOCAL = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}

say = Console(stderr=True, highlight=False)


class CannotServeError(Exception):
    """Something is missing or taken; the message says what, and what to do."""


@dataclass(frozen=True)
class Served:
    """A running Preuve: where it listens, and a key for its first program.

    `console` is None where it was not asked for.
    """

    url: str
    console: str | None
    key: str
    settings: Settings
    supervisor: Supervisor


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the API; 0 takes a free one.")] = 8000,
    console_port: Annotated[
        int, typer.Option(help="Port of the console; 0 takes a free one.")
    ] = 8001,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of database, documents, queue and logs.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Reading processes; one a core by default.")
    ] = None,
) -> None:
    """Start the API, the console, the workers and (without REDIS_URL) a Redis, and stay."""
    logs.configure(logging.WARNING)
    try:
        with running(settings_for(data_dir), host, port, workers, console_port) as served:
            _print_addresses(served)
            while True:
                time.sleep(0.5)
                served.supervisor.watch()
    except KeyboardInterrupt:
        say.print("Stopped.")
    except (CannotServeError, ChildFailedError) as error:
        say.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None


def settings_for(data_dir: Path | None) -> Settings:
    """The environment's settings, with a data folder that every child finds."""
    settings = Settings()
    folder = (data_dir or settings.data_dir).absolute()
    return settings.model_copy(update={"data_dir": folder})


@contextmanager
def running(
    settings: Settings,
    host: str = "127.0.0.1",
    port: int = 0,
    workers: int | None = None,
    console_port: int | None = None,
) -> Iterator[Served]:
    """All children, ready; stopped when the block is left, for whatever reason.

    The console is one of them where it has a port.
    Raises CannotServeError or ChildFailedError, and KeyboardInterrupt on a signal to stop.
    """
    with _only_one(settings), _stop_signals():
        address = _free_address(host, port)
        console = None if console_port is None else _free_address(host, console_port)
        _private_folder(settings.redis_socket.parent)
        supervisor = Supervisor(settings.data_dir / "logs")
        try:
            if settings.redis_url is None:
                supervisor.start(redis_server(settings))
            migrate(settings)
            key = demo_key(settings)
            nodes = worker_nodes(settings, workers or os.cpu_count() or 1)
            pages = [] if console is None else [console_server(settings, *console)]
            supervisor.start(api_server(settings, *address), *pages, *nodes)
            url, shown = _url(*address), f"{_url(*console)}/console/" if console else None
            yield Served(url, shown, key, settings, supervisor)
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            supervisor.stop()


def redis_server(settings: Settings) -> Child:
    """A Redis for this data folder alone: a private socket and no port, nothing thrown away."""
    program = shutil.which("redis-server")
    if program is None:
        raise CannotServeError(
            "redis-server is not installed. Install it (Debian: apt-get install redis-server), "
            "or set REDIS_URL to one that runs."
        )
    folder = settings.data_dir / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(settings.redis_socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "save": "",
        "daemonize": "no",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Child("redis", [program, *arguments], ready=partial(_answers_ping, settings))


def api_server(settings: Settings, host: str, port: int) -> Child:
    return Child(
        "api",
        [sys.executable, "-m", "api", "--host", host, "--port", str(port)],
        environment=_environment(settings),
        ready=partial(_answers_http, f"{_url(host, port)}/v1/health"),
    )


def console_server(settings: Settings, host: str, port: int) -> Child:
    return Child(
        "console",
        [sys.executable, "-m", "console", "--host", host, "--port", str(port)],
        environment=_environment(settings),
        ready=partial(_answers_http, f"{_url(host, port)}/console/sign-in"),
    )


def worker_nodes(settings: Settings, processes: int, app: str = "worker.app") -> list[Child]:
    """One process that takes what members sent and nothing else, the others take all."""
    if processes == 1:
        return [_node(settings, app, "worker", "interactive,bulk", 1)]
    return [
        _node(settings, app, "worker-interactive", "interactive", 1),
        _node(settings, app, "worker-bulk", "interactive,bulk", processes - 1),
    ]


def _node(settings: Settings, app: str, name: str, queues: str, processes: int) -> Child:
    command = [sys.executable, "-m", "celery", "--app", app, "worker"]
    command += ["--queues", queues, "--concurrency", str(processes), "--hostname", f"{name}@preuve"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Child(
        name,
        command,
        environment={
            **_environment(settings),
            "OMP_NUM_THREADS": "1",
            "OMP_THREAD_LIMIT": "1",
        },
        notifies=settings.redis_socket.with_name(name),
        start_timeout=120.0,
        # Longer than a node itself waits for what it reads.
        grace=40.0,
        # It would wait for a broker that is gone; what it reads is read again.
        orphaned=signal.SIGKILL,
    )


def demo_key(settings: Settings) -> str:
    """The key in `demo.key` of the data folder, made for the first program where it is not good."""
    file = settings.data_dir / "demo.key"
    ground = open_ground(settings)
    try:
        programs = ProgramsInForce(ground, settings.programs_dir).now()
        key = file.read_text("ascii").strip() if file.exists() else ""
        if authenticate(ground, key) is None:
            key = _new_key(ground, next(iter(sorted(programs))), file)
        return key
    finally:
        ground.close()


def _new_key(ground: Ground, program_id: str, file: Path) -> str:
    key = create_key(ground, program_id, "demo", Scope)
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(key + "\n")
    return key


def _has_users(settings: Settings) -> bool:
    ground = open_ground(settings)
    try:
        return bool(list_users(ground))
    finally:
        ground.close()


def _environment(settings: Settings) -> dict[str, str]:
    above = os.environ.get("PYTHONPATH")
    return {
        "PREUVE_DATA_DIR": str(settings.data_dir),
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), *([above] if above else [])]),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def _only_one(settings: Settings) -> Iterator[None]:
    make_private(settings.data_dir)
    with (settings.data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServeError(
                f"Preuve is running on {settings.data_dir} already. Stop it, or give another "
                "--data-dir."
            ) from None
        yield


@contextmanager
def _stop_signals() -> Iterator[None]:
    """SIGTERM is a Ctrl-C."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _private_folder(folder: Path) -> None:
    """For sockets: where the data folder's path is too long for one, it lies in a shared place."""
    make_private(folder)
    if folder.stat().st_uid != os.getuid():
        raise CannotServeError(f"{folder} belongs to another user; remove it.")


def _free_address(host: str, port: int) -> tuple[str, int]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServeError(
                f"Cannot listen on {host}, port {port} ({error.strerror}). Choose another --port."
            ) from None
        return host, probe.getsockname()[1]


def _answers_ping(settings: Settings) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(settings.redis_socket), socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _answers_http(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _url(host: str, port: int) -> str:
    return f"http://{LOCAL.get(host, host)}:{port}"


def _print_addresses(served: Served) -> None:
    if served.console:
        say.print(f"Console   {served.console}")
        if not _has_users(served.settings):
            say.print("          no account yet: preuve users add LOGIN --role admin")
    say.print(f"API       {served.url}/v1")
    say.print(f"Reference {served.url}/docs")
    say.print(f"Key       {served.key}")
    say.print(f"Logs      {served.supervisor.logs}")
    say.print("Ctrl-C stops everything.")
