"""What is told of a text that is being written: of the newest one, whatever takes longer."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from console.code_editor import PAUSE, Newest


def test_what_is_told_of_an_older_text_never_comes_after_a_newer_ones() -> None:
    told: list[str] = []

    async def look(text: str) -> None:
        await asyncio.sleep(4 * PAUSE if text == "labels" else 0)
        told.append(text)

    async def write() -> None:
        newest = Newest("", look)
        first = asyncio.create_task(newest.typed("labels"))
        await asyncio.sleep(2 * PAUSE)
        await asyncio.gather(first, newest.typed("labels:"), newest.typed("labels: {}"))

    # In a thread of its own: a browser of the tests before may have a loop in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(write())).result()
    assert told == ["labels", "labels: {}"]
