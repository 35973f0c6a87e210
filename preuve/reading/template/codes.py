"""Barcodes and QR codes that a template describes, against those on a page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from preuve.reading.page import Code
from preuve.reading.template.fields import PrintedCode
from preuve.reading.template.validate import compile_pattern


def holds(wanted: PrintedCode, code: Code) -> bool:
    """Whether the code on the page is of the format, and its text has the pattern."""
    if wanted.format is not None and wanted.format != code.format:
        return False
    return wanted.pattern is None or bool(_compiled(wanted.pattern).search(code.text))


def described(wanted: PrintedCode) -> str:
    """`EAN13 ^3760`: the code as evidence names it."""
    return " ".join(part for part in (wanted.format, wanted.pattern) if part)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> Any:
    return compile_pattern(pattern)
