"""Preuve on one machine: the child processes behind `preuve serve`, and how they live and die.

Each child leads its own process group and its own log file, and the kernel ends it when this
process dies, so that nothing is left behind even after `kill -9`.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Child:
    """A program to keep running.

    `ready` is asked until it says yes, for `start_timeout` seconds at most. With `notifies` the
    child says so itself: it sends READY=1 to that socket, whose path it has in NOTIFY_SOCKET
    (sd_notify(3)). `grace` is how long the child may take to end by itself, and `orphaned` the
    signal it gets when we are killed.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    notifies: Path | None = None
    start_timeout: float = 30.0
    grace: float = 10.0
    orphaned: signal.Signals = signal.SIGTERM


class ChildFailedError(Exception):
    """A child did not start, or died too often. The message says which, and what it said."""


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes]
    deaths: deque[float] = field(default_factory=deque)


class Supervisor:
    """Starts children in batches, restarts those that die, stops the last batch first.

    Use it from the main thread: the kernel ties a child to the thread that made it.
    """

    def __init__(self, logs: Path, *, restarts: int = 5, within: float = 60.0) -> None:
        self.logs = logs
        self.restarts = restarts
        self.within = within
        self._batches: list[list[_Running]] = []
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, *children: Child) -> None:
        """Start all of them, then wait until each is ready. Raises ChildFailedError."""
        batch: list[_Running] = []
        self._batches.append(batch)
        with ExitStack() as sockets:
            ready = {child.name: sockets.enter_context(_readiness(child)) for child in children}
            for child in children:
                batch.append(_Running(child, self._spawn(child)))
            for running in batch:
                self._wait_until_ready(running, ready[running.child.name])

    def watch(self) -> None:
        """Restart what died. Raises ChildFailedError for a child that dies again and again."""
        for running in self._all():
            code = running.process.poll()
            if code is None:
                continue
            self._kill_group(running, signal.SIGKILL)
            now = time.monotonic()
            running.deaths.append(now)
            while running.deaths[0] < now - self.within:
                running.deaths.popleft()
            name = running.child.name
            if len(running.deaths) > self.restarts:
                raise ChildFailedError(
                    f"{name} died {len(running.deaths)} times in {self.within:.0f} s, "
                    f"last with {_describe(code)}.\n{self._last_words(running.child)}"
                )
            log.warning("child died, starting it again", child=name, status=_describe(code))
            running.process = self._spawn(running.child)

    def stop(self) -> None:
        """End every child and everything it started; returns when none is left."""
        while self._batches:
            batch = self._batches.pop()
            for running in batch:
                running.process.send_signal(signal.SIGTERM)
            for running in batch:
                try:
                    running.process.wait(running.child.grace)
                except subprocess.TimeoutExpired:
                    log.warning("child did not end in time, killing it", child=running.child.name)
                self._kill_group(running, signal.SIGKILL)
                running.process.wait()

    def pids(self) -> dict[str, int]:
        return {running.child.name: running.process.pid for running in self._all()}

    def _all(self) -> list[_Running]:
        return [running for batch in self._batches for running in batch]

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        parent = os.getpid()

        def tie_to_parent() -> None:
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, int(child.orphaned), 0, 0, 0)
                if os.getppid() != parent:
                    os._exit(1)

        with self._log_file(child).open("ab") as output:
            return subprocess.Popen(
                list(child.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=_environment(child),
                start_new_session=True,
                preexec_fn=tie_to_parent,
            )

    def _wait_until_ready(self, running: _Running, ready: Callable[[], bool]) -> None:
        child = running.child
        deadline = time.monotonic() + child.start_timeout
        while not ready():
            code = running.process.poll()
            if code is not None:
                raise ChildFailedError(
                    f"{child.name} ended with {_describe(code)} while starting.\n"
                    f"{self._last_words(child)}"
                )
            if time.monotonic() > deadline:
                raise ChildFailedError(
                    f"{child.name} was not ready after {child.start_timeout:.0f} s.\n"
                    f"{self._last_words(child)}"
                )
            time.sleep(0.05)

    def _kill_group(self, running: _Running, number: signal.Signals) -> None:
        try:
            os.killpg(running.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    def _log_file(self, child: Child) -> Path:
        return self.logs / f"{child.name}.log"

    def _last_words(self, child: Child, lines: int = 15) -> str:
        path = self._log_file(child)
        text = path.read_text("utf-8", errors="replace").splitlines()[-lines:]
        return "\n".join([f"The end of {path}:", *(f"  {line}" for line in text)])


@contextmanager
def _readiness(child: Child) -> Iterator[Callable[[], bool]]:
    """How to ask whether the child is ready: itself on its socket, else by `ready`."""
    if child.notifies is None:
        yield child.ready
        return
    child.notifies.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as ears:
        ears.bind(str(child.notifies))

        def heard() -> bool:
            try:
                return b"READY=1" in ears.recv(4096)
            except BlockingIOError:
                return False

        yield heard
    child.notifies.unlink(missing_ok=True)


def _environment(child: Child) -> dict[str, str]:
    told = {} if child.notifies is None else {"NOTIFY_SOCKET": str(child.notifies)}
    return {**os.environ, **child.environment, **told}


def _describe(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
