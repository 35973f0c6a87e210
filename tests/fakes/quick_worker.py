"""The worker's Celery application with a reader that needs no engine.

`celery --app quick_worker` runs it. What a document says after its PNG signature is done:
`sleep 0.2`, `die`, `memory`, `fail`, `hang`, `damaged`; with `once` before it, only the first
time. Then a trusted reading comes out, whose total depends on the bytes. `print` and a name make
a receipt of that shop, which is understood with the templates in force.
"""

from __future__ import annotations

import os
import signal
import time
from functools import cache
from zlib import crc32

import worker.child
import worker.reader
import worker.sweeper
from preuve.catalog import Catalog
from preuve.intake import Claim
from preuve.loyalty import ProgramsInForce
from preuve.reading.document import DamagedFile
from preuve.reading.pipeline import Read, understand
from preuve.reading.result import Context
from preuve.settings import Settings
from preuve.store import open_ground
from tests.house import PNG, page, reading, trusted
from tests.paper import paper
from worker.app import app

SOFT_LIMIT = 2.0


class QuickEngine:
    name, version = "quick", "1"


class QuickReader(worker.reader.Reader):
    def read(self, claim: Claim) -> Read:
        content = self.ground.blobs.get(claim.blobs[0])
        match content.removeprefix(PNG).decode().split():
            case ["print", *name, _]:
                return self.understand(" ".join(name), claim)
        self.act(content.removeprefix(PNG).decode().split(), claim)
        number = crc32(content)
        said = reading(f"{number % 10_000}.00", on=claim.received_on, number=f"{number:010}")
        return Read((page(),), said, trusted())

    def understand(self, name: str, claim: Claim) -> Read:
        words = paper(f"# {name}\nPAIN 3,10\nTOTAL 3,10")
        templates = self.catalog.published(claim.program_id)
        return Read(words, *understand(words, templates, Context(claim.received_on)))

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
    ground = open_ground(settings)
    return QuickReader(
        settings=settings,
        ground=ground,
        catalog=Catalog(ground, settings.templates_dir),
        programs=ProgramsInForce(ground, settings.programs_dir),
        engine=QuickEngine(),  # type: ignore[arg-type]
    )


worker.reader.reader = quick_reader  # type: ignore[assignment]
worker.child.warm_up = lambda _: None
worker.sweeper.INTERVAL = 1.0
app.conf.task_soft_time_limit = SOFT_LIMIT
