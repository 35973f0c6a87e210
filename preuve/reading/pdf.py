"""PDF in a process of its own, which may be killed: hostile files exhaust time or memory.

`subprocess` and not `multiprocessing`, because a Celery worker's processes are daemonic and
may have no children of the latter kind.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL.Image import Image, frombytes

from preuve.messages import say
from preuve.reading.document import (
    DamagedFile,
    Limits,
    Picture,
    ProtectedFile,
    TextPage,
    TooManyPages,
    TooManyPixels,
    TooSlow,
    too_many_pages,
)
from preuve.reading.page import TEXT_LAYER, Box, Word


def read_pdf(data: bytes, limits: Limits, where: str) -> list[Picture | TextPage]:
    """Words of every page that brings them, pixels of every other one.

    Raises ProtectedFile, TooManyPages, TooManyPixels, TooSlow or DamagedFile.
    """
    answer, pixels = _asked(data, limits, where)
    return _pages(answer["pages"], memoryview(pixels))


def draw_pdf_page(data: bytes, number: int, limits: Limits, where: str) -> tuple[Image | None, int]:
    """Page `number` (from 1) as a picture, None where there is none; and how many pages there are.

    Raises as `read_pdf`.
    """
    answer, pixels = _asked(data, limits, where, number - 1)
    sizes = [(entry["width"], entry["height"]) for entry in answer["pages"]]
    drawn = frombytes("RGB", sizes[number - 1], pixels) if number <= len(sizes) else None
    return drawn, len(sizes)


def _asked(data: bytes, limits: Limits, where: str, *only: int) -> tuple[dict[str, Any], bytes]:
    """What the child answers: its JSON, and the pixels behind it."""
    command = [
        sys.executable,
        "-I",
        str(Path(__file__).with_name("pdf_child.py")),
        str(limits.pages),
        str(limits.pixels),
        str(limits.pdf_memory),
        str(limits.pdf_seconds),
        *map(str, only),
    ]
    try:
        child = subprocess.run(
            command, input=data, capture_output=True, timeout=limits.pdf_patience, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(
            say(
                "{where} could not be opened within {seconds} seconds.",
                where=where,
                seconds=f"{limits.pdf_patience:g}",
            )
        ) from None
    if child.returncode == -signal.SIGXCPU:
        raise TooSlow(
            say(
                "{where} needs more than {seconds} seconds of a processor.",
                where=where,
                seconds=limits.pdf_seconds,
            )
        )
    header, _, pixels = child.stdout.partition(b"\n")
    try:
        answer: dict[str, Any] = json.loads(header)
    except ValueError:
        # No answer: the memory limit or a crash of a native library ended the child.
        raise TooSlow(
            say("{where} needs too much memory, or crashes its reader.", where=where)
        ) from None
    _raise_fault(answer, limits, where)
    return answer, pixels


def _raise_fault(answer: dict[str, Any], limits: Limits, where: str) -> None:
    match answer.get("fault"):
        case None:
            return
        case "protected":
            raise ProtectedFile(say("{where} is protected by a password.", where=where))
        case "pages":
            raise TooManyPages(too_many_pages(where, answer["count"], limits))
        case "pixels":
            raise TooManyPixels(
                say(
                    "{where}, page {page}, is larger than any receipt.",
                    where=where,
                    page=answer["page"],
                )
            )
        case "memory":
            raise TooSlow(say("{where} needs too much memory.", where=where))
        case _:
            raise DamagedFile(
                say(
                    "{where} cannot be read as PDF: {why}.",
                    where=where,
                    why=answer.get("detail", ""),
                )
            )


def _pages(entries: list[dict[str, Any]], pixels: memoryview) -> list[Picture | TextPage]:
    import numpy as np

    pages: list[Picture | TextPage] = []
    start = 0

    def picture(entry: dict[str, Any]) -> Picture:
        nonlocal start
        height, width = entry["height"], entry["width"]
        end = start + height * width * 3
        array = np.frombuffer(pixels[start:end], np.uint8).reshape(height, width, 3)
        start = end
        return Picture(array, width, height)

    for entry in entries:
        if "words" not in entry:
            pages.append(picture(entry))
            continue
        words = tuple(Word(text, Box(*box), 1.0, TEXT_LAYER) for text, *box in entry["words"])
        logos = tuple((Box(*logo["box"]), picture(logo)) for logo in entry["logos"])
        pages.append(TextPage(words, entry["width"], entry["height"], logos))
    return pages
