"""The documents that a template names as samples, read for the gate with the new templates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cli.reader import Outcome
from cli.sample_check import Kept, compare
from cli.words import Words
from preuve.catalog import SampleResult
from preuve.reading.document import DocumentError, open_document
from preuve.reading.result import Context
from preuve.reading.template.load import Templates
from preuve.settings import Settings

if TYPE_CHECKING:
    from preuve.reading.ocr import Engine
    from preuve.reading.page import Pages


class FileSamples:
    """Reads a template's sample files; words that were read once are kept with the other caches."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.templates_dir
        self.engine_name = settings.engine
        self.words = Words(settings.cache_dir / "words", settings.engine)

    def __call__(self, key: str, templates: Templates) -> Iterator[SampleResult]:
        template = templates.retailers.get(key)
        for number, sample in enumerate(template.samples if template else ()):
            path = self.folder / sample.file
            if not path.is_file():
                problem = "is not there: put it back, or take it out of the template"
                yield SampleResult(key, sample.file, problem=problem)
                continue
            told = self._wrong(Kept(key, number, sample, path), templates)
            yield SampleResult(key, sample.file, problem="; ".join(told))

    def _wrong(self, kept: Kept, templates: Templates) -> list[str]:
        from preuve.reading.pipeline import Read, understand

        assert kept.file is not None
        try:
            pages = self._pages(kept.file)
        except DocumentError as fault:
            return [f"cannot be read: {fault}"]
        outcome = Outcome(
            str(kept.file), read=Read(pages, *understand(pages, templates, Context()))
        )
        source = templates.sources[kept.template]
        at = source.mark(("samples", kept.number))
        return [error.message for error in compare(kept, outcome, {}, at)]

    @cached_property
    def _engine(self) -> Engine:
        from preuve.reading.ocr import load_engine

        return load_engine(self.engine_name)

    def _pages(self, file: Path) -> Pages:
        from preuve.reading.see import see

        data = file.read_bytes()
        pages = self.words.get(data)
        if pages is None:
            pages = see(open_document([data]), self._engine)
            self.words.put(data, pages)
        return pages
