"""Words to readings to marks: the half of the benchmark that needs no engine."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli.benchmark import Labelled, Seen
from cli.predictions import failure, prediction
from cli.scoring import Marks, Score, mark
from cli.words import PAGES
from preuve.lasting import set_apart_what_lasts
from preuve.reading.result import Context, Reading, Value, Verdict

if TYPE_CHECKING:
    from preuve.reading.template.load import Templates


_TIMED = 300


@dataclass(frozen=True)
class Scored:
    """One document judged: `line` is what `preuve read --jsonl` prints for it.

    `reading` and `verdict` are None where it could not be read.
    """

    document: Labelled
    marks: Marks
    line: dict[str, Any]
    reading: Reading | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Miss:
    """A labelled value that came out wrong. `said` is None where nothing was read."""

    document: Labelled
    field: str
    want: str
    said: str | None
    accepted: bool
    why: tuple[str, ...] = ()


def replay(
    documents: Sequence[Labelled], seen: Sequence[Seen], templates: Templates, context: Context
) -> list[Scored]:
    """Understand every document's words with these templates, and mark the result."""
    return [
        _replay(document, one, templates, context)
        for document, one in zip(documents, seen, strict=True)
    ]


def understood_in_a_second(seen: Sequence[Seen], templates: Templates, context: Context) -> float:
    """Of how many documents the words are understood in a second of processor time.

    The words are taken from their stored form, and what lasts is set apart, as a replay does;
    neither is timed. The templates are to have understood them before, because a replay goes
    through thousands. The first 300 will do.
    """
    from preuve.reading.pipeline import understand

    stored = [PAGES.dump_json(one.pages) for one in seen[:_TIMED] if one.problem is None]
    spent = 0.0
    set_apart_what_lasts()
    for words in stored:
        pages = PAGES.validate_json(words)
        started = time.process_time()
        with suppress(Exception):
            understand(pages, templates, context)
        spent += time.process_time() - started
    return len(stored) / spent if spent else 0.0


def score(scored: Sequence[Scored]) -> Score:
    return Score.of(one.marks for one in scored)


def by_set(scored: Sequence[Scored]) -> dict[str, list[Scored]]:
    sets: dict[str, list[Scored]] = {}
    for one in scored:
        sets.setdefault(one.document.set, []).append(one)
    return sets


def misses(scored: Sequence[Scored]) -> Iterator[Miss]:
    """Every labelled value that is wrong, with the rule that chose it and what it preferred."""
    for one in scored:
        for name, right in one.marks.right.items():
            if right or name in ("header", "retailer_exact"):
                continue
            label = one.document.label
            said = one.line.get(name)
            accepted = bool(one.line["accepted"])
            yield Miss(one.document, name, str(label[name]), said, accepted, _why(one, name))
        items = one.marks.items
        if items and items.paired < max(items.labelled, items.predicted):
            want = f"{items.labelled} items"
            said = f"{items.predicted} read, {items.paired} right"
            yield Miss(one.document, "items", want, said, bool(one.line["accepted"]))


def _replay(document: Labelled, seen: Seen, templates: Templates, context: Context) -> Scored:
    from preuve.reading.pipeline import understand

    file = document.path.name
    if seen.problem is not None:
        line = failure(file, seen.problem.code, seen.problem.message, seen.problem.remedy)
        return Scored(document, mark(document.label, {}), line)
    try:
        reading, verdict = understand(seen.pages, templates, context)
    # One document that breaks the rules must not hide the figures of all the others.
    except Exception as error:
        line = failure(file, "reading_failed", f"{type(error).__name__}: {error}", "")
        return Scored(document, mark(document.label, {}), line)
    line = prediction(file, seen.pages, reading, verdict, seen.seconds)
    return Scored(document, mark(document.label, line), line, reading, verdict)


def _why(one: Scored, name: str) -> tuple[str, ...]:
    if "error" in one.line:
        return (f"{one.line['error']['code']}: {one.line['error']['message']}",)
    value: Value[Any] | None = getattr(one.reading, name)
    if value is None:
        return ()
    others = [f"rather than {c.text!r} ({c.score:.2f}, {c.why})" for c in value.rejected[:3]]
    return (f"{value.confidence:.2f} {value.rule}", *others)
