"""Stored words read with the templates in force and with the new ones, in several processes.

Nothing here asks the database: a process gets words and gives readings.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.pool import AsyncResult

from preuve.catalog.affected import Reach
from preuve.intake import FieldChange, StoredDocument, differences
from preuve.reading.pipeline import understand
from preuve.reading.result import Reading, Verdict

CHUNK = 8
LONGEST_SECONDS = 60.0
"""A chunk that takes longer has lost its process."""


@dataclass(frozen=True, slots=True)
class Task:
    """A document to be replayed, as it concerns `reaches[reach]`.

    `thorough`: also where nothing of the change is printed on it.
    """

    document: StoredDocument
    reach: int
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A document that is read otherwise."""

    document: StoredDocument
    before: tuple[Reading, Verdict]
    after: tuple[Reading, Verdict]
    fields: tuple[FieldChange, ...]


Answer = Otherwise | None
"""None: it is read as before."""

Replay = Callable[[Iterable[Task]], Iterator[Answer]]


@contextmanager
def replayer(
    reaches: Sequence[Reach], processes: int, close: Callable[[], None]
) -> Iterator[Replay]:
    """Gives what replays tasks in their order, taking only as many ahead as keep it busy.

    More than one process are forked at once: no other thread may be running. Each calls `close`
    first, to let go of connections that are not its own.
    """
    if processes <= 1:
        yield lambda tasks: (replay_one(reaches, task) for task in tasks)
        return
    fork = multiprocessing.get_context("fork")
    with fork.Pool(processes, _begin, (reaches, close)) as pool:

        def replay(tasks: Iterable[Task]) -> Iterator[Answer]:
            waiting: deque[AsyncResult[list[Answer]]] = deque()
            stream = iter(tasks)
            while chunk := list(islice(stream, CHUNK)):
                waiting.append(pool.apply_async(_replay_chunk, (chunk,)))
                if len(waiting) > 2 * processes:
                    yield from waiting.popleft().get(LONGEST_SECONDS)
            while waiting:
                yield from waiting.popleft().get(LONGEST_SECONDS)

        yield replay


def replay_one(reaches: Sequence[Reach], task: Task) -> Answer:
    reach, document = reaches[task.reach], task.document
    pages = document.pages()
    quickly = not task.thorough
    if quickly and not reach.concerns(pages, document.context):
        return None
    if quickly and reach.decides_alike(pages, document.context):
        return None
    before = understand(pages, reach.old, document.context)
    after = understand(pages, reach.new, document.context)
    fields = differences(before[0], after[0])
    if not fields and _standing(before[1]) == _standing(after[1]):
        return None
    return Otherwise(document, before, after, fields)


def _standing(verdict: Verdict) -> tuple[object, ...]:
    return verdict.status, {(reason.code, reason.field) for reason in verdict.reasons}


_reaches: Sequence[Reach] = ()


def _begin(reaches: Sequence[Reach], close: Callable[[], None]) -> None:
    global _reaches
    _reaches = reaches
    close()


def _replay_chunk(tasks: list[Task]) -> list[Answer]:
    return [replay_one(_reaches, task) for task in tasks]
