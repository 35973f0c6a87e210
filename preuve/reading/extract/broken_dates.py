"""Dates broken over two rows: the day and the month, and the year in the row below."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from preuve.reading.extract.dates import PrintedDate
from preuve.reading.extract.sheet import Line, Sheet

# The mark behind the month says that the date goes on: "15.10." is no sum of 15.10.
_DAY = re.compile(r"(?<![\w.,/-])\d{1,2}(?P<mark>[./-])\s?\d{1,2}(?P=mark)(?=\s|$)")
_YEAR = re.compile(r"(?<![\w.,:/-])20\d\d(?![\w.,:/-])")
_CENTURY = "20"
"""What few rows have: only those above them can hold the day."""


def broken_dates(sheet: Sheet, order: str | None = None) -> Iterator[tuple[Line, PrintedDate]]:
    """The row of each such date's day, and the date: it starts and stops where its day does.

    The year begins its row, or stands below its day.
    """
    for line, below in pairwise(sheet.lines):
        if _CENTURY not in below.text or line.page != below.page:
            continue
        day = _DAY.search(line.text)
        year = _YEAR.search(below.text) if day else None
        if not day or not year or not (year.start() == 0 or _is_below(line, day, below, year)):
            continue
        for found in sheet.lexicon.dates.find(f"{day.group()}{year.group()}", order):
            yield line, replace(found, start=day.start(), stop=day.end())


def _is_below(line: Line, day: re.Match[str], below: Line, year: re.Match[str]) -> bool:
    upper, lower = line.box(*day.span()), below.box(*year.span())
    return min(upper.right, lower.right) > max(upper.left, lower.left)
