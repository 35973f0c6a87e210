"""What a child process reads with: loaded after the fork, once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

from preuve.catalog.registry import LiveRegistry
from preuve.intake import Claim, reading_context
from preuve.loyalty import Program, load_programs
from preuve.reading.document import Limits, open_document
from preuve.reading.ocr import Engine, load_engine
from preuve.reading.template.load import Templates, load_templates
from preuve.settings import Settings
from preuve.store import Ground, open_ground

if TYPE_CHECKING:
    from preuve.reading.pipeline import Read


@dataclass(frozen=True)
class Reader:
    """The ground, the published templates, the programs and an engine."""

    settings: Settings
    ground: Ground
    templates: Templates
    programs: Mapping[str, Program]
    engine: Engine

    @cached_property
    def _registry(self) -> LiveRegistry:
        return LiveRegistry(self.ground)

    def program(self, claim: Claim) -> Program:
        return self.programs[claim.program_id]

    def read(self, claim: Claim) -> Read:
        """Reads the claimed document, outside any transaction. Raises DocumentError."""
        # Not above: the node's main process, which forks, must not load OpenCV.
        from preuve.reading.pipeline import read

        files = [self.ground.blobs.get(sha256) for sha256 in claim.blobs]
        document = open_document(files, Limits(bytes=self.settings.upload_limit))
        context = reading_context(claim, self.program(claim))
        templates = replace(self.templates, registry=self._registry.now())
        return read(document, templates, context, self.engine)


@cache
def reader() -> Reader:
    """The one of this process; the first call loads it."""
    settings = Settings()
    return Reader(
        settings=settings,
        ground=open_ground(settings),
        templates=load_templates(settings.templates_dir, cache=settings.cache_dir),
        programs=load_programs(settings.programs_dir),
        engine=load_engine(settings.engine),
    )
