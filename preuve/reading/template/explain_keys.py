"""What of a template's keys for reading has an effect on a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from preuve.reading.extract.fields import read_fields
from preuve.reading.extract.layout import choose_layout
from preuve.reading.extract.lexicon import Lexicon, lexicon_of
from preuve.reading.extract.lines import lay_out
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.whole_rows import fits
from preuve.reading.extract.zones import Region
from preuve.reading.page import Pages
from preuve.reading.template.model import Role, Template
from preuve.reading.template.row_pattern import WholeRow, compile_row_pattern


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key, as `labels.total`, what it does here in words, and in how many rows.

    `rows` is 0 where it has no effect: nothing is printed that it speaks of.
    """

    key: str
    told: str
    rows: int


def explain_keys(pages: Pages, template: Template) -> tuple[KeyUse, ...]:
    """How the template's labels, zones, row patterns and own fields do on the pages."""
    laid_out = choose_layout(pages, lexicon_of(template))
    sheet = lay_out(pages, laid_out.lexicon)
    layout = [KeyUse("layouts", told, 1) for told in laid_out.evidence]
    return (
        *layout,
        *_labels(sheet),
        *_row_patterns(sheet, laid_out.lexicon),
        *_zones(pages, sheet),
        *_fields(sheet),
    )


def _labels(sheet: Sheet) -> Iterator[KeyUse]:
    for role in Role:
        if role not in sheet.lexicon.template.labels:
            continue
        found = [
            f'"{label.phrase}" in row {line.index + 1}' + ("" if label.exact else " (misread)")
            for line in sheet.lines
            for label in line.labels
            if label.role is role
        ]
        yield KeyUse(f"labels.{role}", "; ".join(found) or "none is printed", len(found))


def _row_patterns(sheet: Sheet, lexicon: Lexicon) -> Iterator[KeyUse]:
    for pattern in lexicon.template.row_patterns:
        compiled = compile_row_pattern(pattern)
        rows = [line.index + 1 for line in sheet.lines if _has_form(line, compiled)]
        told = f"rows {', '.join(map(str, rows))}" if rows else "no row has this form"
        yield KeyUse(f'row_patterns "{pattern}"', told, len(rows))


def _has_form(line: Line, pattern: re.Pattern[str] | WholeRow) -> bool:
    if isinstance(pattern, WholeRow):
        return any(fits(line, pattern))
    return pattern.search(line.text) is not None


def _zones(pages: Pages, sheet: Sheet) -> Iterator[KeyUse]:
    for name, zone in sheet.lexicon.template.zones.items():
        region = Region(sheet.lines, pages, zone)
        rows = [line.index + 1 for line in sheet.lines if region.holds(line)]
        told = f"rows {rows[0]} to {rows[-1]} lie in it" if rows else "no row lies in it"
        yield KeyUse(f"zones.{name}", told, len(rows))


def _fields(sheet: Sheet) -> Iterator[KeyUse]:
    for field in read_fields(sheet, None):
        value = field.value
        told = f'"{value.raw_text}": {value.rule}' if value else "not found"
        yield KeyUse(f"fields.{field.name}", told, 1 if value else 0)
