"""A process of our own that reads one document at a time, and may die without taking us along.

An engine can crash in native code or never come back. A lane does one call at a time, with a
time limit; where its process dies or is late, a new one takes its place, and only the call that
it was busy with is lost.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

START_SECONDS = 120.0
# Not multiprocessing's own start: it would import the whole command again in every lane.
COMMAND = "import sys; from cli.lane import serve; serve(int(sys.argv[1]))"
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}

Worker = Callable[..., Any]


class LaneDiedError(Exception):
    """The process ended in the middle of a call."""


class LaneLateError(Exception):
    """The call took longer than it may; the process was ended."""


class LaneStartError(Exception):
    """The worker could not be made: the message and the remedy are those of its error."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.remedy = remedy

    def __str__(self) -> str:
        return str(self.args[0])


class Lane:
    """Calls a worker that `make()` builds once, inside a new process with one thread.

    `make` and everything that crosses must be picklable. With `core` the process and all that it
    starts run on that processor only; `threads` leaves their number to the libraries. An
    exception that the worker raises is raised here.
    """

    def __init__(
        self, make: Callable[[], Worker], *, core: int | None = None, threads: bool = False
    ) -> None:
        self._make = make
        self._core = core
        self._threads = threads
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Lane:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def call(self, *arguments: Any, seconds: float | None = None) -> Any:
        """Run the worker on `arguments`, for at most `seconds`.

        Raises LaneDiedError or LaneLateError; the next call then begins with a fresh process.
        Raises LaneStartError where no worker could be made.
        """
        if self._pipe is None:
            self._pipe = self._start()
            try:
                self._exchange((self._make, self._core), START_SECONDS)
            except LaneStartError:
                self.close()
                raise
        return self._exchange(arguments, seconds)

    def close(self) -> None:
        """End the process at once."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self.kill()
            self._process.wait()
            self._process = None

    def kill(self) -> None:
        """End the process from another thread; the call under way raises LaneDiedError."""
        process = self._process
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def _start(self) -> Connection:
        ours, theirs = multiprocessing.Pipe()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", COMMAND, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Native libraries print; standard output belongs to the parent's results.
                stdout=2,
                env=environment if self._threads else {**environment, **ONE_THREAD},
                # A group of its own: Ctrl-C is ours to answer, and what it starts ends with it.
                process_group=0,
            )
        return ours

    def _exchange(self, message: tuple[Any, ...], seconds: float | None) -> Any:
        assert self._pipe is not None
        try:
            self._pipe.send(message)
            if not self._pipe.poll(seconds):
                self.close()
                raise LaneLateError(f"no answer within {seconds:g} seconds")
            error, answer = self._pipe.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            assert self._process is not None
            code = self._process.wait()
            self.close()
            raise LaneDiedError(_how(code)) from None
        if error is not None:
            raise error
        return answer


def serve(descriptor: int) -> None:
    """The other end: make a worker, then answer calls until the pipe is closed."""
    pipe = Connection(descriptor)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        make, core = pipe.recv()
        if core is not None:
            os.sched_setaffinity(0, {core})
        try:
            worker = make()
        except Exception as error:
            remedy = getattr(error, "remedy", "This is a fault of Preuve: please report it.")
            pipe.send((LaneStartError(str(error) or repr(error), remedy), None))
            return
        pipe.send((None, None))
        while True:
            pipe.send(_answer(worker, pipe.recv()))


def _answer(worker: Worker, arguments: tuple[Any, ...]) -> tuple[Exception | None, Any]:
    try:
        return None, worker(*arguments)
    except Exception as error:
        return _portable(error), None


def _portable(error: Exception) -> Exception:
    """The error itself where it survives the pipe, else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _how(code: int) -> str:
    if code < 0:
        return f"the reading process was ended by {signal.Signals(-code).name}"
    return f"the reading process ended with code {code}"
