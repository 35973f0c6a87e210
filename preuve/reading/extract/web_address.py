"""Addresses on the web that are printed, and how like a name one is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from preuve.reading.extract.identifiers import mailboxes
from preuve.reading.extract.sheet import Sheet

WEB_ADDRESS = re.compile(
    r"(?:www[.,]?|https?://|@)\s?([a-z0-9][a-z0-9-]{2,})[.,]\s?(?:[a-z]{2,3}[.,])?[a-z]{2,4}", re.I
)
_PLAIN_DOMAIN = re.compile(
    r"\b([a-z0-9][a-z0-9-]{3,})\.(?:com|fr|ch|de|net|org|co|es|pl|my|be|eu)\b", re.I
)
_HANDLE = re.compile(r"(?:^|\s)@ ?([a-z0-9][a-z0-9_.-]{3,})$", re.I)
_MAYBE_DOMAIN = re.compile(r"\. ?[A-Za-z]|, ?[A-Za-z]|www|WWW|@|://")
_ON_THE_WEB = re.compile(r"@|www|https?:", re.I)
_LONG = 10
_READ_WRONG = 90.0
"""A name of ten letters or more may stand in an address with one of ten misread."""


def is_on_the_web(text: str) -> bool:
    """Whether a row has an address on the web, or of mail."""
    return bool(_ON_THE_WEB.search(text) or ("." in text and _PLAIN_DOMAIN.search(text)))


def domains(sheet: Sheet) -> Iterator[str]:
    """The names in the addresses of a sheet, as they are printed."""
    for line in sheet.lines:
        if not _MAYBE_DOMAIN.search(line.text):
            continue
        for pattern in (WEB_ADDRESS, _PLAIN_DOMAIN, _HANDLE):
            yield from (found for found in pattern.findall(line.text) if len(found) > 2)
        yield from mailboxes(line.text)


def likeness(words: Sequence[str], domain: str) -> float:
    """0 to 100, where one is all of the other or stands in it: in a name as words of their own."""
    name = "".join(words)
    if len(name) < 4 or len(domain) < 4:
        return 100.0 if name == domain else 0.0
    if name in domain:
        return 100.0
    at = name.find(domain)
    if at >= 0:
        starts = {len("".join(words[:n])) for n in range(len(words) + 1)}
        if len(domain) * 2 >= len(name) or (at in starts and at + len(domain) in starts):
            return 100.0
    inside_it = fuzz.partial_ratio(name, domain) if _LONG <= len(name) < len(domain) else 0.0
    return fuzz.ratio(name, domain) if inside_it < _READ_WRONG else inside_it
