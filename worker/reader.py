"""What a child process reads with: loaded after the fork, once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from preuve.catalog import Catalog
from preuve.intake import Claim, reading_context
from preuve.loyalty import Program, ProgramsInForce
from preuve.reading.document import Limits, open_document
from preuve.reading.ocr import Engine, load_engine
from preuve.settings import Settings
from preuve.store import Ground, open_ground

if TYPE_CHECKING:
    from preuve.reading.page import Pages
    from preuve.reading.pipeline import Read


@dataclass(frozen=True)
class Reader:
    """The ground, templates and programs as they are in force, and an engine."""

    settings: Settings
    ground: Ground
    catalog: Catalog
    programs: Mapping[str, Program]
    engine: Engine

    def program(self, claim: Claim) -> Program:
        return self.programs[claim.program_id]

    def see(self, sha256: str) -> Pages:
        """The words of one stored file. Raises DocumentError."""
        # Not above: the node's main process, which forks, must not load OpenCV.
        from preuve.reading.see import see

        data = self.ground.blobs.get(sha256)
        return see(open_document([data], Limits(bytes=self.settings.upload_limit)), self.engine)

    def read(self, claim: Claim) -> Read:
        """Reads the claimed document, outside any transaction. Raises DocumentError.

        What was published meanwhile is read with: the catalog looks before each document.
        """
        # Not above: the node's main process, which forks, must not load OpenCV.
        from preuve.reading.pipeline import read

        files = [self.ground.blobs.get(sha256) for sha256 in claim.blobs]
        document = open_document(files, Limits(bytes=self.settings.upload_limit))
        context = reading_context(claim, self.program(claim))
        templates = self.catalog.published(claim.program_id)
        return read(document, templates, context, self.engine)


@cache
def reader() -> Reader:
    """The one of this process; the first call loads it."""
    settings = Settings()
    ground = open_ground(settings)
    catalog = Catalog(ground, settings.templates_dir, settings.cache_dir)
    catalog.published()  # so that no member's receipt waits for them
    programs = ProgramsInForce(ground, settings.programs_dir)
    programs.now()
    return Reader(
        settings=settings,
        ground=ground,
        catalog=catalog,
        programs=programs,
        engine=load_engine(settings.engine),
    )
