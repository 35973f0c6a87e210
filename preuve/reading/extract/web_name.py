"""A name that stands nowhere in the head: what the foot thanks in, or the shop's address on the
web or of mail and the row that spells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from preuve.reading.extract.identifiers import found_in, mailboxes
from preuve.reading.extract.name_rows import clean, trimmed, without_phrases
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, letters_in
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


def thanked_name(sheet: Sheet, foot: Sequence[Line]) -> WebName | None:
    """The name that a row below the head thanks or greets in: `Bienvenue chez Liseron Rouge`."""
    for line in foot:
        if line.money or Role.NOT_RETAILER not in line.roles:
            continue
        named = without_phrases(sheet, line)
        few = len(named.words) <= _MOST_WORDS and not named.labels
        if named is line or not few or set(named.words) <= sheet.lexicon.vocabulary:
            continue
        if letters_in(named.text) >= _SHORTEST and not any(map(str.isdigit, named.text)):
            return WebName(clean(named.text), line, spelled=True, thanked=True)
    return None


def name_on_the_web(sheet: Sheet) -> WebName | None:
    """The name of the paper's web address; None where there is none, or of several none is
    spelled: a till's maker and who settles disputes have theirs, too. A mail box that anybody may
    have is the customer's where a head names a shop."""
    addresses: dict[str, Line] = {}
    boxes: dict[str, Line] = {}
    for line in sheet.lines:
        for kind, domain in found_in(line.row):
            if kind == "domain":
                addresses.setdefault(compact(domain.split(".")[0]), line)
        for box in mailboxes(line.text):
            boxes.setdefault(compact(box), line)
    known = [key for key in {**addresses, **boxes} if len(key) >= _SHORTEST]
    rows = {line.index for line in (*addresses.values(), *boxes.values())}
    for line in sheet.lines if known else ():
        for key in known if line.index not in rows else ():
            if spelled := _spelled(line, key):
                near = sheet.lines[max(0, line.index - 1) : line.index + 1]
                greeted = any(Role.NOT_RETAILER in x.roles and not x.money for x in near)
                thanked = greeted and key not in boxes
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
