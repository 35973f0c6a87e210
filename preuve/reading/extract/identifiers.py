"""Numbers and addresses on the paper that belong to one shop or company, and to no other.

What registers give out (SIRET, VAT and company numbers), web domains, and telephone numbers.
They are found by form and checksum (python-stdnum), so a name that nobody can read does not
hide who sold. A number misread by the engine is one that no registry knows: it says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, get_args

from stdnum.ch import uid as swiss
from stdnum.fr import siren, siret
from stdnum.util import get_cc_module

from preuve.reading.page import Pages, Row
from preuve.reading.result import Place

IdentifierKind = Literal["siret", "siren", "vat", "company", "domain", "phone"]
KINDS: tuple[IdentifierKind, ...] = get_args(IdentifierKind)

REGISTERED: frozenset[IdentifierKind] = frozenset({"siret", "siren", "vat", "company"})
"""Kinds that a public register gives out: each to one company only."""

_FRENCH = re.compile(r"(?<!\d)\d{3}[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{5})?(?!\d)")
_FRENCH_REGISTER = re.compile(r"siren|siret|rcs|r\.c\.s", re.I)

_VAT = re.compile(
    r"(ATU\d{8}|BE[01]\d{9}|CHE\d{9}|DE\d{9}|DK\d{8}|ES(?:[A-Z]\d{8}|[A-Z]\d{7}[A-Z]|\d{8}[A-Z])"
    r"|FI\d{8}|FR[0-9A-Z]{2}\d{9}|GB\d{9}|IT\d{11}|LU\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9})(?!\d)"
)

_COMPANY = re.compile(r"(?<![\w-])([A-Z]{2})?(\d{5,9}) ?- ?([A-Z])(?![\w-])")
"""Malaysian companies and businesses: 867388-U, JM0352019-K."""

_LABELLED = re.compile(
    r"\b(?:GST|SST|VAT|TVA|TIN|TAX ?ID|NIP|CIF|NIF|NPWP|ABN|UEN|UID|UST|CO\.?|COMPANY|BUSINESS|"
    r"STEUER\.? ?-?(?:NR|NUMMER))(?![A-Z])"
    r"(?:[ ./-]*(?:ID|IDNR|NR|NO|REG|REGN|GST|NUMBER|N°))*[ .:;#()-]*"
    r"((?:[A-Z]{1,3})?\d[\dA-Z]*(?:[-/.]?[\dA-Z]+)*)",
    re.I,
)
_FEWEST_DIGITS = 8

_PHONE_LABEL = re.compile(r"(?:\bt[eé]l|phone|fon\b|fono\b|\bph\b|\bfax|\bhp\b|\btfno)[a-z]*", re.I)
_PHONE = re.compile(r"\+?\(?\d[\d ().-]{5,}\d")
_PLAIN_PHONE = re.compile(
    r"(?<![\d.,-])(?:\(?\d{3}\)?[-. ]\d{3}[-.]\d{4}|0\d(?:[ .]\d\d){4})(?![\d.,-])"
)
_TRUNK = re.compile(r"\( ?0 ?\)")
_TELLING = 9
"""Digits at a number's end that remain when its country and trunk prefixes are left out."""

_DOMAIN = re.compile(
    r"(?:www\d?[., ]|https?:?//|@) ?([a-z0-9-]+(?:[.,][a-z0-9-]+)+)"
    r"|(?<![\w@.-])([a-z0-9-]{3,}\.(?:com|fr|ch|de|net|org|co|es|pl|my|be|eu|it|at)(?:\.[a-z]{2})?)\b",
    re.I,
)
_SECOND_LEVEL = frozenset({"com", "co", "net", "org", "gov", "edu", "or"})
_EVERYBODYS = frozenset(
    {
        *("gmail", "googlemail", "google", "yahoo", "hotmail", "outlook", "live", "msn", "icloud"),
        *("aol", "gmx", "orange", "wanadoo", "free", "sfr", "laposte", "bluewin"),
        *("facebook", "instagram", "twitter", "whatsapp", "youtube", "tiktok"),
        *("sumup", "zettle", "izettle", "ubereats", "deliveroo", "just-eat", "justeat", "stripe"),
    }
)
"""Domains whose mail boxes and pages belong to anybody, or that serve any shop: those of who
settles its payments or delivers for it."""

_MAILBOX = re.compile(r"([a-z0-9][a-z0-9._-]*[a-z0-9]) ?@ ?([a-z]+)[.,]", re.I)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A printed number or domain in its plain form; equal wherever and however it is printed."""

    kind: IdentifierKind
    number: str
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


def identifiers(pages: Pages) -> tuple[Identifier, ...]:
    """Every identifier on the pages, once each, in the order in which they are printed."""
    found: dict[Identifier, None] = {}
    for page in pages:
        for row in page.rows:
            place = Place(page.number, row.box)
            for kind, number in found_in(row):
                found.setdefault(Identifier(kind, number, place))
    return tuple(found)


def found_in(row: Row) -> Iterator[tuple[IdentifierKind, str]]:
    """The kind and the plain form of each of a row's."""
    text = row.text
    if sum(map(str.isdigit, text)) >= 6:
        numbers = [*_french(text), *_vat(text), *_company(text)]
        yield from numbers
        if not numbers:
            yield from (("phone", number) for number in _phones(text))
    yield from (("domain", domain) for domain in _domains(text))


def _french(text: str) -> Iterator[tuple[IdentifierKind, str]]:
    named = _FRENCH_REGISTER.search(text) is not None
    for printed in _FRENCH.findall(text):
        number = _plain(printed)
        if len(number) == 14 and siret.is_valid(number):
            yield "siret", number
            yield "siren", number[:9]
        elif named and len(number) == 9 and siren.is_valid(number):
            yield "siren", number


def _vat(text: str) -> Iterator[tuple[IdentifierKind, str]]:
    for number in _VAT.findall(_plain(text)):
        country = number[:2]
        valid = swiss.is_valid(number) if country == "CH" else _valid_vat(number)
        if valid:
            yield "vat", number
            if country == "FR" and siren.is_valid(number[4:]):
                yield "siren", number[4:]


def _valid_vat(number: str) -> bool:
    rules = get_cc_module(number[:2], "vat")
    return rules is not None and bool(rules.is_valid(number))


def _company(text: str) -> Iterator[tuple[IdentifierKind, str]]:
    for prefix, digits, letter in _COMPANY.findall(text):
        yield "company", f"{prefix}{digits.lstrip('0') if not prefix else digits}-{letter}"
    for printed in _LABELLED.findall(text):
        number = _plain(printed)
        digits = sum(c.isdigit() for c in number)
        if digits >= _FEWEST_DIGITS and not (_VAT.fullmatch(number) or _COMPANY.fullmatch(printed)):
            yield "company", number


def _phones(text: str) -> Iterator[str]:
    text = _TRUNK.sub("", text)
    labels = list(_PHONE_LABEL.finditer(text))
    if labels:
        found: Iterable[str] = _PHONE.findall(_split(text[labels[0].end() :]))
    else:
        found = _PLAIN_PHONE.findall(text)
    for printed in found:
        number = "".join(c for c in printed if c.isdigit())
        if 7 <= len(number) <= 14:
            yield number[-_TELLING:]


def _split(text: str) -> str:
    """Two numbers with a slash between them apart; one with a slash in it together."""
    parts = text.split("/")
    joined = parts[0]
    for part in parts[1:]:
        whole = all(sum(c.isdigit() for c in p) >= 7 for p in (joined, part))
        joined += (";" if whole else " ") + part
    return joined


def _domains(text: str) -> Iterator[str]:
    for address, plain in _DOMAIN.findall(text):
        labels = (address or plain).lower().replace(",", ".").strip(".-").split(".")
        kept = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 2
        owner = labels[-kept:]
        plausible = len(owner[0]) > 2 and owner[-1].isalpha() and owner[0] not in _EVERYBODYS
        if len(labels) >= kept and plausible:
            yield ".".join(owner)


def mailboxes(text: str) -> Iterator[str]:
    """The names of mail boxes at a domain where anybody has one: `maison.velka@gmail.com`."""
    if "@" in text:
        for name, domain in _MAILBOX.findall(text):
            if domain.lower() in _EVERYBODYS:
                yield name.lower()


def _plain(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum() and c.isascii())
