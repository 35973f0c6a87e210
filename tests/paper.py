"""Receipts typed as on a till: each character takes its column, so that amounts stand in one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from preuve.reading.page import Alternative, Box, Page, Pages, Row, Word
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading, Verdict
from preuve.reading.template.load import Templates, load_templates

ROOT = Path(__file__).parent.parent
RECEIVED = date(2026, 11, 21)
_LETTER, _LINE, _HEIGHT = 12.0, 30.0, 20.0
_PITCH = 13.0


def paper(text: str, number: int = 1, *, sure: float = 0.98) -> Pages:
    """One page of the rows of `text`; a row that begins with `#` is twice as high.

    `sure` is the confidence of each word: below 0.97 a letter may be taken for another.
    """
    rows = []
    lines = [line for line in text.splitlines() if line.strip()]
    for at, line in enumerate(lines):
        large = line.lstrip().startswith("# ")
        printed = line.replace("# ", "  ", 1) if large else line
        height = _HEIGHT * (2 if large else 1)
        words = [
            Word(
                found.group(),
                Box(
                    found.start() * _LETTER, at * _LINE, found.end() * _LETTER, at * _LINE + height
                ),
                sure,
                "typed",
            )
            for found in re.finditer(r"\S+", printed)
        ]
        rows.append(Row(tuple(words)))
    width, height = 48 * _LETTER, len(lines) * _LINE
    return (Page(number, width, height, tuple(rows), "ocr", width, height),)


def letter(text: str) -> Pages:
    """A page as wide as a letter, its words from a PDF; an empty line is a gap."""
    rows = []
    for at, line in enumerate(text.splitlines()):
        top = at * _PITCH
        words = [
            Word(x.group(), Box(x.start() * 6.0, top, x.end() * 6.0, top + 11), 1.0, "pdf")
            for x in re.finditer(r"\S+", line)
        ]
        if words:
            rows.append(Row(tuple(words)))
    return (Page(1, 595.0, 842.0, tuple(rows), "text_layer", 595.0, 842.0),)


def doubted(pages: Pages, other: dict[str, tuple[str, float]]) -> Pages:
    """The page with other readings of words: by the word, its second reading and how sure it is."""
    (page,) = pages
    rows = tuple(
        replace(
            row,
            words=tuple(
                replace(w, alternatives=(Alternative(*other[w.text], "typed"),))
                if w.text in other
                else w
                for w in row.words
            ),
        )
        for row in page.rows
    )
    return (replace(page, rows=rows),)


@cache
def stock() -> Templates:
    """The templates that come with Preuve."""
    return load_templates(ROOT / "templates")


def understood(text: str, received_on: date = RECEIVED) -> tuple[Reading, Verdict]:
    return understand(paper(text), stock(), Context(received_on=received_on))
