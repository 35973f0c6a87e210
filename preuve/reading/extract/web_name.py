"""A name that stands nowhere in the head: the shop's web address, and the row that spells it."""

from __future__ import annotations

from dataclasses import dataclass

from preuve.reading.extract.identifiers import found_in
from preuve.reading.extract.name_rows import trimmed
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact
from preuve.reading.template.model import Role

_SHORTEST = 4
"""Fewer letters stand by chance among other words."""

_MOST_WORDS = 6


@dataclass(frozen=True)
class WebName:
    """As a row spells it in words; else as the address has it. `thanked` says that the row, or the
    one above it, greets or thanks: `Merci de votre visite chez Liseron Rouge`."""

    name: str
    line: Line
    spelled: bool
    thanked: bool = False


def name_on_the_web(sheet: Sheet) -> WebName | None:
    """The name of the paper's web address; None where there is none, or of several none is
    spelled: a till's maker and who settles disputes have theirs, too."""
    addresses: dict[str, Line] = {}
    for line in sheet.lines:
        for kind, domain in found_in(line.row):
            if kind == "domain":
                addresses.setdefault(compact(domain.split(".")[0]), line)
    known = [key for key in addresses if len(key) >= _SHORTEST]
    rows = {line.index for line in addresses.values()}
    for line in sheet.lines if known else ():
        for key in known if line.index not in rows else ():
            if spelled := _spelled(line, key):
                near = sheet.lines[max(0, line.index - 1) : line.index + 1]
                thanked = any(Role.NOT_RETAILER in x.roles and not x.money for x in near)
                return WebName(spelled, line, spelled=True, thanked=thanked)
    if len(addresses) == len(known) == 1:
        return WebName(known[0], addresses[known[0]], spelled=False)
    return None


def _spelled(line: Line, key: str) -> str | None:
    """The words of a row that are the address without its dots and dashes."""
    if key not in "".join(line.words):
        return None
    words = [word.text for word in line.row.words]
    for start in range(len(words)):
        for stop in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
            if compact("".join(words[start:stop])) == key:
                return trimmed(words[start:stop])
    return None
