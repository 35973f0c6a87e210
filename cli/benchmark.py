"""The benchmark's runs: documents to pages, against stock engines where speed is asked for."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from cli.lane import Lane, LaneDiedError, LaneLateError
from cli.reader import LONGEST_SECONDS, Problem
from preuve.reading.document import DocumentError, open_document
from preuve.reading.page import Pages
from preuve.reading.result import Context

if TYPE_CHECKING:
    from cli.words import Words


class NotLabelledError(Exception):
    remedy = "Give a folder with `labels.jsonl` and `images/`, or one that holds such folders."


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document of a set and what is known to stand on it; `made` by our own generator."""

    set: str
    path: Path
    label: Mapping[str, Any]
    made: bool = False

    @property
    def fitted_on(self) -> bool:
        """Whether it is of the half that confidences are fitted on, by its file's name; the
        other half is for drawing what they give."""
        return hashlib.sha256(self.path.name.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one document: its pages or its problem.

    `seconds` is the time from path to verdict on one core, `stock` that of each stock engine
    from path to result, `peak` the most memory (bytes) that our process had used by then; none
    of them where the words were kept from before.
    """

    pages: Pages = ()
    problem: Problem | None = None
    seconds: float | None = None
    stock: Mapping[str, float] = field(default_factory=dict)
    peak: int = 0


@dataclass(frozen=True, slots=True)
class Setup:
    """How documents are read: the engine, the templates, the context and the processor.

    `at_least` documents are read in all, the same ones again where there are fewer, so that
    the memory that a long life takes is seen.
    """

    engine: str
    templates: tuple[Path, ...]
    context: Context
    core: int | None = None
    at_least: int = 0

    def lane(self) -> Lane:
        make = partial(_make_measured, self.engine, self.templates, self.context)
        return Lane(make, core=self.core)


def labelled(folder: Path, limit: int | None = None, *, made: bool = False) -> list[Labelled]:
    """The documents of a folder with `labels.jsonl`, or of every such folder right below it.

    Raises NotLabelledError where there is none.
    """
    sets = sorted(path.parent for path in folder.glob("*/labels.jsonl"))
    if (folder / "labels.jsonl").is_file():
        sets = [folder]
    if not sets:
        raise NotLabelledError(f"There is no labels.jsonl in {folder}, nor right below it.")
    return [
        Labelled(one.resolve().name, one / label["file"], label, made)
        for one in sets
        for label in _labels(one / "labels.jsonl")[:limit]
    ]


def see_all(
    documents: Sequence[Labelled], setup: Setup, words: Words | None, stock: bool
) -> Iterator[Seen]:
    """Each document in turn by every engine on the same core, so that noise hits all alike."""
    with setup.lane() as ours, Stock(setup.core, stock) as others:
        warm, read = False, []
        for number, document in enumerate(documents, 1):
            data = document.path.read_bytes()
            kept = words.get(data) if words else None
            if kept is not None:
                yield Seen(kept)
                continue
            if not warm:
                _ask(ours, document.path)
                others.seconds(document.path)
                warm = True
            seen = _ask(ours, document.path)
            read.append(document.path)
            if words and seen.problem is None:
                words.put(data, seen.pages)
            if number == len(documents):
                seen = replace(seen, peak=_lived(ours, read, setup.at_least, seen.peak))
            yield replace(seen, stock=others.seconds(document.path))


def _lived(lane: Lane, read: Sequence[Path], at_least: int, peak: int) -> int:
    """The most memory after so many documents; `read` are those that it has read already."""
    for path in islice(cycle(read), max(0, at_least - len(read))):
        peak = max(peak, _ask(lane, path).peak)
    return peak


def see_quickly(
    documents: Sequence[Labelled], setup: Setup, words: Words | None, jobs: int
) -> Iterator[Seen]:
    """The same by several processes side by side: sooner done, and nothing can be timed."""
    idle: SimpleQueue[Lane] = SimpleQueue()

    def see(document: Labelled) -> Seen:
        data = document.path.read_bytes()
        kept = words.get(data) if words else None
        if kept is not None:
            return Seen(kept)
        lane = idle.get()
        try:
            seen = _ask(lane, document.path)
        finally:
            idle.put(lane)
        if words and seen.problem is None:
            words.put(data, seen.pages)
        return replace(seen, seconds=None)

    with ExitStack() as stack:
        for _ in range(jobs):
            idle.put(stack.enter_context(setup.lane()))
        threads = stack.enter_context(ThreadPoolExecutor(jobs))
        try:
            yield from threads.map(see, documents)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


class Stock:
    """The engines as they come out of the box, each in a process of its own on the same core."""

    def __init__(self, core: int | None, wanted: bool) -> None:
        makers = {"rapidocr": _make_stock_rapidocr, "tesseract": _make_stock_tesseract}
        self._lanes = {
            name: Lane(maker, core=core, threads=True) for name, maker in makers.items() if wanted
        }

    def __enter__(self) -> Stock:
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes.values():
            lane.close()

    def seconds(self, path: Path) -> dict[str, float]:
        """From path to result, by engine; a file that an engine cannot take is left out."""
        times: dict[str, float] = {}
        if path.suffix.lower() == ".pdf":
            return times
        for name, lane in self._lanes.items():
            try:
                taken = lane.call(str(path), seconds=LONGEST_SECONDS)
            except (LaneDiedError, LaneLateError):
                continue
            if taken is not None:
                times[name] = taken
        return times


def _labels(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _ask(lane: Lane, path: Path) -> Seen:
    try:
        seen: Seen = lane.call(path, seconds=LONGEST_SECONDS)
    except (LaneDiedError, LaneLateError) as error:
        return Seen(problem=Problem("reader_crashed", str(error), ""))
    return seen


def _make_measured(
    engine_name: str, templates: tuple[Path, ...], context: Context
) -> Callable[[Path], Seen]:
    from preuve.reading.ocr import load_engine
    from preuve.reading.pipeline import understand
    from preuve.reading.see import see
    from preuve.reading.template.load import load_templates

    engine = load_engine(engine_name)
    loaded = load_templates(*templates)

    def measure(path: Path) -> Seen:
        started = time.perf_counter()
        try:
            pages = see(open_document([path.read_bytes()]), engine)
        except DocumentError as error:
            return Seen(problem=Problem(error.code, str(error), error.remedy))
        # A fault of the rules shows when the words are replayed; the words are good without them.
        with contextlib.suppress(Exception):
            understand(pages, loaded, context)
        seconds = time.perf_counter() - started
        return Seen(pages, seconds=seconds, peak=_peak_memory())

    return measure


def _peak_memory() -> int:
    """Highest resident size of this process so far, in bytes (VmHWM)."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _make_stock_rapidocr() -> Callable[[str], float | None]:
    from rapidocr import RapidOCR

    engine = RapidOCR()
    logging.disable()
    return partial(_timed, engine)


def _make_stock_tesseract() -> Callable[[str], float | None]:
    import pytesseract

    return partial(_timed, pytesseract.image_to_string)


def _timed(engine: Callable[[str], object], path: str) -> float | None:
    started = time.perf_counter()
    try:
        engine(path)
    # Whatever a stock engine raises, it did not read this file.
    except Exception:
        return None
    return time.perf_counter() - started
