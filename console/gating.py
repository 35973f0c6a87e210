"""The gate in a process of its own: it computes for seconds, and the pages go on meanwhile.

`python -m console.gating` is that process: it reads what to look at from its standard input, and
writes how far it is and what it found to its standard output.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE
from collections.abc import Callable
from typing import Any, BinaryIO

from preuve.catalog import Catalog, Change, Preview, gate
from preuve.intake import sign_stored
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings
from preuve.store import open_ground

Told = Callable[[str, int, int], None]
"""Is told what is being done (signing, searching, replaying), how far it is, and of how much."""

_STEP = 10
"""Documents from one message to the next."""


class GateError(Exception):
    """The gate's process ended without an answer."""

    remedy = "Look into the console's log, and try again."


async def look(settings: Settings, change: Change, told: Told) -> Preview:
    """What publishing `change` would bring. Raises GateError; cancelled, it ends the process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "console.gating", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin, "it is a pipe"
    assert process.stdout, "it is a pipe"
    try:
        process.stdin.write(pickle.dumps((settings, change)))
        process.stdin.close()
        while True:
            size = int.from_bytes(await process.stdout.readexactly(8), "big")
            said = pickle.loads(await process.stdout.readexactly(size))
            if isinstance(said, Preview):
                return said
            told(*said)
    except asyncio.IncompleteReadError:
        raise GateError("the gate ended without an answer") from None
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _main() -> None:
    settings, change = pickle.load(sys.stdin.buffer)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _tell(out, _looked_at(settings, change, lambda *said: _tell(out, said)))


def _looked_at(settings: Settings, change: Change, told: Told) -> Preview:
    ground = open_ground(settings)
    signed = 0
    for number in sign_stored(ground):
        signed += number
        told("signing", signed, 0)

    def progress(what: str, done: int, total: int) -> None:
        if total < 10 * _STEP or done % _STEP == 0 or done == total:
            told(what, done, total)

    catalog = Catalog(ground, settings.templates_dir, settings.cache_dir)
    programs = ProgramsInForce(ground, settings.programs_dir)
    processes = len(os.sched_getaffinity(0))
    found = gate(catalog, [change], programs, progress=progress, processes=processes)
    ground.close()
    return found


def _tell(out: BinaryIO, said: Any) -> None:
    message = pickle.dumps(said)
    out.write(len(message).to_bytes(8, "big") + message)
    out.flush()


if __name__ == "__main__":
    _main()
