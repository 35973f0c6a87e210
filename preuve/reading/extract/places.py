"""What a row says of where a shop is: its street and house, its town, its telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact
from preuve.reading.template.model import Role

_ADDRESS = re.compile(
    r"^\W*\d+[,/ -]|^\W*\d{4,6}[^\W\d]{3}|,\s*\d|\d{4,6}\s+\w|\b[A-Z]{2} \d{5}\b"
    r"|[^\W\d]{3}\.? \d{1,3} ?[a-z]?, ?[^\W\d]{3}"
    r"|,\s?[A-Z]{1,2}\d{1,2}[A-Z]? [A-Z\d]{3}$|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b"
)
_NUMBER = re.compile(r"\d")
"""Without one no row tells a house or a post code; most rows of a head have none."""
_LONG_NUMBER = re.compile(r"\d{4}")
_STATE = re.compile(
    r"[a-zA-Z](?:, ?[A-Z]{2}"
    r"| (?:A[KZR]|C[AT]|FL|GA|I[AL]|K[SY]|M[DINST]|N[CDHJMVY]|OH|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]))"
    r"\.?$"
)
"""A town's state at the end of a row: `San Diego, CA`; without a comma those that are no word."""
_STATE_LETTERS = 6
"""With the town's last letter, a comma, a space and a full stop."""
_TOWN = re.compile(r"\W*(?:[A-Z]{1,2}-)?\d{4,6}\s+(\D+)|(\D+?),? [A-Z]{2}\.? \d{5}")
"""With its post code."""
_POST_CODE_LAST = re.compile(r"[^\W\d].*[,–-] ?(?:[A-Z]{1,2}-)?\d{5}$")
"""Of an address in one row, whose town did not fit."""
_POST_CODE = re.compile(r"\W*(?:[A-Z]{1,2}-)?\d{4,5}\s+(?:[A-Z]{2}\s+)?[^\W\d]{2}")
_CODE_LAST = re.compile(r"[^\d,]+,? (?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]{2}\.? \d{5})$")
"""A town with its post code, as British and American addresses end."""
_CODE_ALONE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d")
"""A post code, British or Canadian, that has a row to itself: the town stands above it."""
_HOUSE = re.compile(r"\D+\b\d{1,4} ?[a-z]?\W*$", re.I)
_FRONT_HOUSE = re.compile(r"\d{1,4},? ?(?:[a-z]{1,3} )?[^\W\d]{2}", re.I)
_GLUED = re.compile(r"\d{1,4}([^\W\d]{2,})$")
_YEAR = re.compile(r"(?:1[5-9]|20)(?<!\w..)\d\d\b")
STORE_NUMBER = re.compile(r"\s*(?:#|\bno:)\s?\d+\s*$", re.I)
"""With a mark that no house has."""
PHONE = re.compile(r"(?<![\w/])(?:\+?\d[\d ().-]{7,}\d)")


def is_address(line: Line) -> bool:
    """Whether a row is one of an address. The number behind a company is the one it is registered
    by, and one of a telephone is no street's."""
    if not _NUMBER.search(line.text):
        return False
    if Role.COMPANY in line.roles and Role.NOT_RETAILER not in line.roles:
        return False
    addressed, called = _numbers(line.text)
    return addressed or (not called and _is_house(line))


@lru_cache(maxsize=4096)
def _numbers(text: str) -> tuple[bool, bool]:
    """Whether a text has the number of a house or a post code, numbers of telephones and stores
    left out; and whether it has any of those."""
    rest = STORE_NUMBER.sub("", PHONE.sub(" ", text))
    return bool(_ADDRESS.search(rest)), rest != text


def _is_house(line: Line) -> bool:
    """A word for a street, then a number at the end: `Grüner Weg 41`."""
    last = len(line.words) - 1
    streets = (x for x in line.labels if x.role is Role.NOT_RETAILER)
    return bool(_HOUSE.match(line.text)) and any(x.stop == last for x in streets)


def is_street(sheet: Sheet, line: Line) -> bool:
    """A house's number behind a word that ends in one for a street, `Napfgasse 4`, or in a row
    between a name and a town with its post code: `Westeinde 20`. Above such a town the word is
    enough: `Bahnhofstrasse`."""
    if Role.COMPANY in line.roles:
        return False
    if _runs_into_street(sheet, line):
        return True
    text = line.text
    numbered = len(line.words) > 1 and bool(_NUMBER.search(text) and _HOUSE.match(text))
    if not numbered and Role.TRADE in line.roles:
        return False
    follower = sheet.lines[line.index + 1 : line.index + 2]
    below = follower[0].text if follower else ""
    in_town = bool(_POST_CODE.match(below))
    if numbered and in_town:
        return True
    if not (numbered or in_town or _CODE_LAST.fullmatch(below)):
        return False
    street = next((word for word in reversed(line.words) if word.isalpha() and len(word) > 1), "")
    return street.endswith(sheet.lexicon.nameless)


def _runs_into_street(sheet: Sheet, line: Line) -> bool:
    """Whether the space between a house's number and the word for a street was lost: `3rue`."""
    glued = _GLUED.match(line.words[0]) if len(line.words) > 1 else None
    if not glued:
        return False
    labels = sheet.lexicon.labels.find((glued[1], *line.words[1:]))
    return any(not x.start and x.role is Role.NOT_RETAILER for x in labels)


def is_house_or_town(line: Line) -> bool:
    """Whether a row, or a part of one, begins with the number of a house in a street, or with a
    post code and its town."""
    street = any(x.role is Role.NOT_RETAILER for x in line.labels)
    return bool(_POST_CODE.match(line.text)) or (street and bool(_FRONT_HOUSE.match(line.text)))


def tells_where(line: Line) -> bool:
    """Whether a row has the number of a house, place, telephone or register, or names a street,
    or a town and its state."""
    text = line.text
    numbered = _NUMBER.search(text) and any(map(str.isdigit, _YEAR.sub("", text)))
    edges = (0, len(line.words))
    named = (x for x in line.labels if x.role is Role.NOT_RETAILER)
    return (
        bool(numbered)
        or _ends_in_state(text)
        or any(x.start in edges or x.stop in edges for x in named)
    )


def _ends_in_state(text: str) -> bool:
    return _STATE.search(text, max(0, len(text) - _STATE_LETTERS)) is not None


def towns(head: Sequence[Line]) -> Iterator[str]:
    for line, below in zip_longest(head, head[1:]):
        in_state = _ends_in_state(line.text) and Role.COMPANY not in line.roles
        if in_state or (below and _CODE_ALONE.fullmatch(below.text)):
            yield compact(line.text)
        if not _LONG_NUMBER.search(line.text):
            continue
        if found := _TOWN.match(line.text):
            yield compact(found[1] or found[2])
        elif below and line.text[-1:].isdigit() and _POST_CODE_LAST.search(line.text):
            yield compact(below.text)
