"""What a lane does: one document from its files to an outcome, with an engine loaded once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.lane import Lane, LaneDiedError, LaneLateError
from cli.predictions import failure, prediction
from preuve.reading.document import DocumentError, open_document
from preuve.reading.result import Context

if TYPE_CHECKING:
    from preuve.reading.document import Document
    from preuve.reading.pipeline import Read

LONGEST_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document gave nothing, and what to do about it."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One document: what was read, or the problem. `seconds` runs from opening to verdict."""

    file: str
    seconds: float = 0.0
    read: Read | None = None
    problem: Problem | None = None
    overlays: tuple[Path, ...] = ()

    def line(self) -> dict[str, Any]:
        """Its JSON object."""
        if self.read is None:
            problem = self.problem or Problem("reading_failed", "", "")
            return failure(self.file, problem.code, problem.message, problem.remedy)
        read = self.read
        return prediction(self.file, read.pages, read.reading, read.verdict, self.seconds)


@dataclass(frozen=True, slots=True)
class Request:
    """The files of one document, and where its overlay goes (a name without suffix) if at all."""

    files: tuple[Path, ...]
    overlay: Path | None = None

    @property
    def name(self) -> str:
        return str(self.files[0])


def reading_lane(engine: str, templates: Sequence[Path], context: Context) -> Lane:
    """A lane whose calls take a Request and give an Outcome."""
    return Lane(partial(make_reader, engine, tuple(templates), context))


def ask(lane: Lane, request: Request) -> Outcome:
    """Have the lane read one document; a process that dies or is late becomes a problem."""
    try:
        outcome: Outcome = lane.call(request, seconds=LONGEST_SECONDS)
    except LaneDiedError as error:
        return Outcome(request.name, problem=_crash("reader_crashed", error))
    except LaneLateError as error:
        return Outcome(request.name, problem=_crash("reader_too_slow", error))
    return outcome


def make_reader(
    engine_name: str, templates: tuple[Path, ...], context: Context
) -> Callable[[Request], Outcome]:
    """Load engine and templates; called inside the lane's process."""
    from preuve.reading.ocr import load_engine
    from preuve.reading.pipeline import read
    from preuve.reading.template.load import load_templates

    engine = load_engine(engine_name)
    loaded = load_templates(*templates)

    def read_request(request: Request) -> Outcome:
        started = time.perf_counter()
        try:
            files = [path.read_bytes() for path in request.files]
            document = open_document(files)
            result = read(document, loaded, context, engine)
        except (DocumentError, OSError) as error:
            return Outcome(request.name, problem=_problem(error))
        except Exception as error:
            return Outcome(request.name, problem=_fault(error))
        seconds = time.perf_counter() - started
        overlays = _draw(document, files, result, request.overlay) if request.overlay else ()
        return Outcome(request.name, seconds, result, overlays=overlays)

    return read_request


def _draw(
    document: Document, files: Sequence[bytes], result: Read, target: Path
) -> tuple[Path, ...]:
    from cli.overlay import draw, originals

    target.parent.mkdir(parents=True, exist_ok=True)
    sheets = draw(originals(document, files), result.pages, result.reading, result.verdict)
    drawn = []
    for number, sheet in enumerate(sheets, 1):
        suffix = f"-{number}.jpg" if len(sheets) > 1 else ".jpg"
        path = target.with_name(target.name + suffix)
        sheet.save(path, quality=88)
        drawn.append(path)
    return tuple(drawn)


def _problem(error: DocumentError | OSError) -> Problem:
    if isinstance(error, DocumentError):
        return Problem(error.code, str(error), error.remedy)
    reason = f"The file cannot be opened: {error.strerror or error}."
    return Problem("cannot_open", reason, "Check the path and its permissions.")


def _fault(error: Exception) -> Problem:
    said = f"Reading stopped with {type(error).__name__}: {error}"
    return Problem("reading_failed", said, "This is a fault of Preuve: please report the document.")


def _crash(code: str, error: Exception) -> Problem:
    remedy = "Send the document at a lower resolution, or report it as a fault of Preuve."
    return Problem(code, f"The document was given up: {error}.", remedy)
