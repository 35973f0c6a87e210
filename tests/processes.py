"""Processes of the tests' own, forked from one that has imported the house: that takes seconds."""

from __future__ import annotations

import multiprocessing
import os
import sys
import warnings
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(["console.__main__"])


def console(port: int, environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """A console in which warnings are errors; what it prints goes to `log`."""
    process = forked.Process(target=_console, args=(port, dict(environment), str(log)))
    process.start()
    return process


def _console(port: int, environment: dict[str, str], log: str) -> None:
    from console.__main__ import main

    warnings.simplefilter("error")
    os.environ.clear()
    os.environ.update(environment)
    for stream in (1, 2):
        os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    sys.argv = ["console", "--port", str(port)]
    main()
