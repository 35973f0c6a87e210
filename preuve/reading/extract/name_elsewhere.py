"""A name that stands nowhere in the head: what the foot thanks in, the sign that stands there,
what the card's slip calls the shop, or its address on the web or of mail and the row that spells
it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from preuve.reading.extract.identifiers import found_in, mailboxes
from preuve.reading.extract.name_evidence import LARGE
from preuve.reading.extract.name_rows import (
    called,
    clean,
    greets,
    part_of,
    trimmed,
    without_phrases,
)
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, letters_in
from preuve.reading.template.model import Role
from preuve.reading.template.printed import ON_SLIPS

_SHORTEST = 4
"""Fewer letters stand by chance among other words."""

_MOST_WORDS = 6

_PHRASE = 2
"""Words that thank; one may be of a name."""

_SLIP_ROWS = 4
"""So many rows below it the day stands."""


@dataclass(frozen=True)
class NameElsewhere:
    """As a row spells it in words; else as the address has it. `thanked` says that the row, or the
    one above it, greets or thanks: `Merci de votre visite chez Liseron Rouge`."""

    name: str
    line: Line
    spelled: bool
    thanked: bool = False


def thanked_name(sheet: Sheet, foot: Sequence[Line]) -> NameElsewhere | None:
    """The name that a row below the head thanks or greets in: `Bienvenue chez Liseron Rouge`; or
    that stands above the thanks: `LISERON ROUGE`, `vous remercie de votre visite`."""
    for above, line, below in zip_longest((None, *foot), foot, foot[1:]):
        if line is None or line.money or Role.NOT_RETAILER not in line.roles:
            continue
        if above and _thanks_for(sheet, above, line):
            return NameElsewhere(trimmed(above.text.split()), above, spelled=True, thanked=True)
        said = without_phrases(sheet, line)
        named = _named_below(sheet, line, below) if said is line and below else said
        if named is None or named is line or len(named.words) > _MOST_WORDS:
            continue
        cut = named.words[-1] in sheet.lexicon.joining  # `sur présentation du`, ticket de caisse
        if not cut and _is_of_names(sheet, named) and not any(map(str.isdigit, named.text)):
            return NameElsewhere(clean(named.text), line, spelled=True, thanked=True)
    return None


def _thanks_for(sheet: Sheet, named: Line, line: Line) -> bool:
    """Whether a row goes on with what the row above begins, and says in ordinary words that this
    one thanks: `vous remercie de votre visite`."""
    first = next((x for x in line.labels if not x.start and x.role is Role.NOT_RETAILER), None)
    if not first or first.length < _PHRASE or line.words[0] not in sheet.lexicon.vocabulary:
        return False
    rest = set(line.words[first.stop :]) - sheet.lexicon.joining
    goes_on = rest or line.text[0].islower()
    if not goes_on or not rest <= sheet.lexicon.vocabulary or named.money:
        return False
    digits = sum(map(str.isdigit, named.text))
    return _is_of_names(sheet, named) and digits <= letters_in(named.text)


def _named_below(sheet: Sheet, line: Line, below: Line) -> Line | None:
    """The name behind a small word in the row below one that does no more than thank: `Merci de
    votre visite`, `à l'Atelier Liseron`; below thanks in small letters all of `LES LISERONS`. In
    capitals both what goes on with the thanks looks the same: `A LA SEMAINE PROCHAINE`. Behind
    `Bienvenue chez` the whole row names."""
    if greets(sheet, line) and not below.money:
        return below
    thanks = any(_PHRASE <= x.length == len(line.words) for x in line.labels)
    if not thanks or below.money:
        return None
    if below.text.isupper():
        begins = bool(below.words) and below.words[0] in sheet.lexicon.joining
        return below if begins and not line.text.isupper() else None
    small = next((n for n, w in enumerate(below.words) if w not in sheet.lexicon.joining), 0)
    parts = (part_of(below, n, len(below.words)) for n in range(small, 0, -1))
    named = next(filter(None, parts), None)
    return named if named and not named.text.islower() else None


def _is_of_names(sheet: Sheet, line: Line) -> bool:
    """Whether a row's words are not all ordinary, and none says anything but a kind of shop."""
    words = set(line.words) - sheet.lexicon.joining
    if called(sheet, line) or words <= sheet.lexicon.vocabulary:
        return False
    return letters_in(line.text) >= _SHORTEST


def name_on_the_slip(sheet: Sheet, foot: Sequence[Line]) -> Line | None:
    """The row that names the shop on a card's slip: below its day and time, which stand below the
    card's number or that of its application."""
    since = _SLIP_ROWS
    for line, below in pairwise(foot):
        since = 0 if ON_SLIPS.search(line.text) else since + 1
        if since >= _SLIP_ROWS or not sheet.lexicon.dates.find(line.text):
            continue
        words = [word for word in below.words if not word.isdigit()]
        named = bool(words) and all(map(str.isalpha, words)) and not below.money
        return below if named and _is_of_names(sheet, below) else None
    return None


def sign_at_the_foot(sheet: Sheet, foot: Sequence[Line]) -> Line | None:
    """The row below all sums in the largest letters of those there."""
    last = max((n for n, line in enumerate(foot) if line.money), default=-1)
    below = sorted(foot[last + 1 :], key=lambda line: -line.row.box.height)
    if not below or any(map(str.isdigit, below[0].text)):
        return None
    usual = [sheet.median_height, *(line.row.box.height for line in below[1:])]
    larger = below[0].row.box.height > LARGE * max(usual)
    return below[0] if larger and _is_of_names(sheet, below[0]) else None


def name_on_the_web(sheet: Sheet) -> NameElsewhere | None:
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
                return NameElsewhere(spelled, line, spelled=True, thanked=thanked)
    if len(addresses) == len(known) == 1:
        return NameElsewhere(known[0], addresses[known[0]], spelled=False)
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
