"""The worker's Celery application with a reader that needs no engine.

`celery --app quick_worker` runs it. What a document says after its PNG signature is done:
`sleep 0.2`, `die`, `memory`, `fail`, `hang`, `damaged`; with `once` before it, only the first
time. Then a trusted reading comes out, whose total depends on the bytes.
"""

from __future__ import annotations

import os
import signal
import time
from functools import cache
from typing import Any
from zlib import crc32

import worker.child
import worker.reader
import worker.sweeper
from preuve.intake import Claim
from preuve.loyalty import load_programs
from preuve.reading.document import DamagedFile
from preuve.reading.pipeline import Read
from preuve.settings import Settings
from preuve.store import open_ground
from tests.house import PNG, page, reading, trusted
from worker.app import app

SOFT_LIMIT = 2.0


class QuickEngine:
    name, version = "quick", "1"


class QuickReader(worker.reader.Reader):
    def read(self, claim: Claim) -> Read:
        content = self.ground.blobs.get(claim.blobs[0])
        self.act(content.removeprefix(PNG).decode().split(), claim)
        number = crc32(content)
        said = reading(f"{number % 10_000}.00", on=claim.received_on, number=f"{number:010}")
        return Read((page(),), said, trusted())

    def act(self, words: list[str], claim: Claim) -> None:
        folder = self.settings.data_dir
        (folder / "reading").write_text(str(os.getpid()))
        if words[:1] == ["once"]:
            mark = folder / f"once-{claim.receipt_id}"
            if mark.exists():
                return
            mark.touch()
            words = words[1:]
        match words:
            case ["sleep", seconds, *_]:
                time.sleep(float(seconds))
            case ["die", *_]:
                os.kill(os.getpid(), signal.SIGKILL)
            case ["memory", *_]:
                raise MemoryError
            case ["fail", *_]:
                raise RuntimeError("the engine gave up")
            case ["hang", *_]:
                time.sleep(60)
            case ["damaged", *_]:
                raise DamagedFile("The file cannot be decoded.")


@cache
def quick_reader() -> QuickReader:
    settings = Settings()
    nothing: Any = None
    return QuickReader(
        settings=settings,
        ground=open_ground(settings),
        templates=nothing,
        programs=load_programs(settings.programs_dir),
        engine=QuickEngine(),  # type: ignore[arg-type]
    )


worker.reader.reader = quick_reader  # type: ignore[assignment]
worker.child.warm_up = lambda _: None
worker.sweeper.INTERVAL = 1.0
app.conf.task_soft_time_limit = SOFT_LIMIT
