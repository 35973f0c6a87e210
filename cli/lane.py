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
from collections.abc import Callable
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

START_SECONDS = 120.0

Answer = tuple[Exception | None, Any]


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

    `make` and everything that crosses must be picklable. With `core` the process and all its
    children run on that processor only. An exception that the worker raises is raised here.
    """

    def __init__(
        self,
        make: Callable[[], Callable[..., Any]],
        *,
        core: int | None = None,
        threads: bool = False,
    ) -> None:
        self._make = make
        self._core = core
        self._threads = threads
        self._process: multiprocessing.process.BaseProcess | None = None
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
                self._receive(START_SECONDS)
            except BaseException:
                self.close()
                raise
        try:
            self._pipe.send(arguments)
        except (BrokenPipeError, ConnectionResetError):
            self.close()
            raise LaneDiedError(_how(None)) from None
        return self._receive(seconds)

    def close(self) -> None:
        """End the process at once."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self.kill()
            self._process.join()
            self._process = None

    def kill(self) -> None:
        """End the process from another thread; the call under way raises LaneDiedError."""
        process = self._process
        if process is not None and process.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._make, self._core, self._threads)
        )
        self._process.start()
        theirs.close()
        return ours

    def _receive(self, seconds: float | None) -> Any:
        assert self._pipe is not None
        try:
            if not self._pipe.poll(seconds):
                self.close()
                raise LaneLateError(f"no answer within {seconds:g} seconds")
            error, answer = self._pipe.recv()
        except (EOFError, ConnectionResetError):
            process, self._process = self._process, None
            self.close()
            if process is not None:
                process.join()
            raise LaneDiedError(_how(process.exitcode if process else None)) from None
        if error is not None:
            raise error
        return answer


def _how(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return f"the reading process was ended by {signal.Signals(-exitcode).name}"
    return f"the reading process ended with code {exitcode}"


def _serve(
    pipe: Connection, make: Callable[[], Callable[..., Any]], core: int | None, threads: bool
) -> None:
    # A group of our own: Ctrl-C is the parent's to answer, and what an engine starts ends with us.
    os.setpgrp()
    # Native libraries print; standard output belongs to the parent's results.
    os.dup2(2, 1)
    if core is not None:
        os.sched_setaffinity(0, {core})
    if not threads:
        os.environ.update(OMP_NUM_THREADS="1", OMP_THREAD_LIMIT="1", OPENBLAS_NUM_THREADS="1")
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            worker = make()
        except Exception as error:
            remedy = getattr(error, "remedy", "This is a fault of Preuve: please report it.")
            pipe.send((LaneStartError(str(error) or repr(error), remedy), None))
            return
        pipe.send((None, None))
        while True:
            pipe.send(_answer(worker, pipe.recv()))


def _answer(worker: Callable[..., Any], arguments: tuple[Any, ...]) -> Answer:
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
