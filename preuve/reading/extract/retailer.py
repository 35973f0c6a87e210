"""Who sold: the template's retailer where one matched, else the head row that names a shop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.dates import find_times
from preuve.reading.extract.figures import main_role
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, fold, letters_in
from preuve.reading.extract.totals import Evidence, why
from preuve.reading.page import Word
from preuve.reading.result import Candidate
from preuve.reading.template.model import Role, Template

_HEAD_ROWS = 14
_MOST_ROWS = 3
"""A name stands in no more rows than this."""
_LOGO = 1.25
"""Rows higher than this many usual rows are one name over several."""
_ALIKE = 1.12
"""Rows are of one height up to this ratio."""

_LETTERS_A_MISREADING = 8
"""A known company's name may have one letter misread in so many."""

_LEAST_LOGO = 4
"""A shorter name is like too many words."""

_DOMAIN = re.compile(
    r"(?:www[.,]?|https?://|@)\s?([a-z0-9][a-z0-9-]{2,})[.,]\s?(?:[a-z]{2,3}[.,])?[a-z]{2,4}", re.I
)
_PLAIN_DOMAIN = re.compile(
    r"\b([a-z0-9][a-z0-9-]{3,})\.(?:com|fr|ch|de|net|org|co|es|pl|my|be|eu)\b", re.I
)
_MAYBE_DOMAIN = re.compile(r"[.,] ?[A-Za-z]|www|WWW|@|://")
_REGISTRATION = re.compile(
    r"\s*[(\[]?\b(?:\d{4,}(?:[- ]?[A-Z]{1,2}\b)?|[A-Z]{2}\d{5,}-?[A-Z]?)\b[)\]]?\s*"
)
_LEFT_OVER = re.compile(r"[(\[]\s*[)\]]|\bCo\.? ?(?:No|Reg)[.:]*\s*$", re.I)
"""What a registration number leaves behind."""
_ON_THE_WEB = re.compile(r"@|www|https?:", re.I)
_STOPS = re.compile(r"[a-zà-ÿ]{3}[.!?]+ .*[a-zà-ÿ]{3}[.!?]*$|[a-zà-ÿ]{2} .*[a-zà-ÿ]{2}[.!?]+$")
"""A full stop after small letters, more than once or at the end of several words."""
_ADDRESS = re.compile(r"^\W*\d+[,/ ]|,\s*\d|\d{4,6}\s+\w")
_STORE_NUMBER = re.compile(r"\s*(?:#|n[o°º]\.?|nr\.?)?\s?\d{2,}\s*$", re.I)
_PHONE = re.compile(r"(?:\+?\d[\d ().-]{7,}\d)")


@dataclass(frozen=True)
class _Around:
    """What else is printed, all compact: web addresses, the rows below the head, the head's own;
    and the index of the first row of an address."""

    domains: set[str]
    later: Sequence[str]
    others: set[str]
    address: int

    def prints(self, name: str) -> bool:
        """Whether a web address or a row further down is or has just this name."""
        return name in self.domains or any(name in row for row in self.later)


@dataclass(frozen=True)
class NameCandidate:
    """A head row that may name the shop: its text made clean, and the evidence.

    `company` tells that it, or the row that goes on with it, has a legal form.
    """

    name: str
    line: Line
    evidence: tuple[Evidence, ...]
    company: bool

    @property
    def score(self) -> float:
        return sum(e.weight for e in self.evidence)

    def as_candidate(self) -> Candidate:
        return Candidate(self.name, round(self.score, 2), why(self.evidence), self.line.place())


def rank_names(sheet: Sheet) -> tuple[NameCandidate, ...]:
    """The head rows as names of a shop, the best first."""
    head = _head(sheet)
    around = _Around(
        {compact(d) for d in _domains(sheet)} - {""},
        ["".join(x.words) for x in sheet.lines[len(head) :]],
        {compact(_clean(x.text)) for x in head},
        next((x.index for x in head if _is_address(x)), len(head)),
    )
    ranked: list[NameCandidate] = []
    position = joined = 0
    for at, line in enumerate(head):
        if letters_in(line.text) < 3 or at < joined or not sheet.in_zone("retailer", line):
            continue
        name, rows = _name(sheet, head[at : at + _MOST_ROWS], around)
        if len(compact(name)) < 2:
            continue
        company = any(Role.COMPANY in x.roles for x in head[at : at + rows])
        evidence = tuple(_evidence(sheet, line, name, company, position, around))
        ranked.append(NameCandidate(name, line, evidence, company))
        position += rows
        joined = at + rows
    ranked.sort(key=lambda c: (-c.score, c.line.index))
    return (_as_spelled_again(sheet, ranked[0]), *ranked[1:]) if ranked else ()


def _as_spelled_again(sheet: Sheet, best: NameCandidate) -> NameCandidate:
    """The name as another row spells it that was read better: logos are read with holes."""
    key, sure = compact(best.name), best.line.confidence()
    if len(key) < _LEAST_LOGO or any(e.name == "printed again" for e in best.evidence):
        return best
    # No row with the name but for one letter is less alike.
    alike = 100 - 100 * 2 / len(key)
    for line in sheet.lines:
        if line is best.line or not fuzz.partial_ratio(
            key, "".join(line.words), score_cutoff=alike
        ):
            continue
        for words in _nearly(line.row.words, key, len(best.name.split())):
            spelled = _clean(" ".join(word.text for word in words))
            if min(word.confidence for word in words) > sure and spelled:
                evidence = (*best.evidence, Evidence("printed again", 1.0))
                return replace(best, name=spelled, evidence=evidence)
    return best


def _nearly(words: Sequence[Word], key: str, count: int) -> Iterator[Sequence[Word]]:
    """Runs of words that differ from the name, all compact, by a letter that logos lose."""
    parts = [compact(word.text) for word in words]
    for start in range(len(words)):
        for stop in range(start + 1, min(len(words), start + count + 1) + 1):
            run = "".join(parts[start:stop])
            if Levenshtein.distance(run, key, score_cutoff=1) == 1:
                yield words[start:stop]


def legal_name(printed: str, template: Template) -> str:
    """The company's name as its template spells it, where only single letters were misread."""
    key = compact(printed)
    for legal in template.recognize.legal:
        known = compact(legal)
        if Levenshtein.distance(key, known) * _LETTERS_A_MISREADING <= len(known):
            return legal
    return printed


def _is_address(line: Line) -> bool:
    return Role.COMPANY not in line.roles and bool(_ADDRESS.search(line.text))


def _head(sheet: Sheet) -> Sequence[Line]:
    """The first rows, up to the first item or sum."""
    stop = next(
        (x.index for x in sheet.lines[2:] if x.money or main_role(x, 0.6) is Role.ITEMS_START),
        len(sheet.lines),
    )
    return sheet.lines[: max(3, min(stop, _HEAD_ROWS))]


def _domains(sheet: Sheet) -> Iterator[str]:
    for line in sheet.lines:
        if not _MAYBE_DOMAIN.search(line.text):
            continue
        for pattern in (_DOMAIN, _PLAIN_DOMAIN):
            yield from (found for found in pattern.findall(line.text) if len(found) > 3)


def _name(sheet: Sheet, rows: Sequence[Line], around: _Around) -> tuple[str, int]:
    """The first row without registration numbers, with the rows that go on with the name."""
    name, used = _clean(rows[0].text), 1
    for line, follower in pairwise(rows):
        whole = f"{name} {_clean(follower.text)}"
        if main_role(line, 0.5) is Role.NOT_RETAILER:
            break
        spelled = around.prints(compact(whole)) and len(compact(name)) > 1
        if not (spelled and letters_in(follower.text) > 1) and not _goes_on(sheet, line, follower):
            break
        name, used = whole, used + 1
    return name, used


def _goes_on(sheet: Sheet, line: Line, follower: Line) -> bool:
    """Whether the next row goes on with the name in this one, by its words or its letters."""
    if _is_address(follower):
        return False
    words, joining = follower.words, sheet.lexicon.joining
    forms = [x for x in follower.labels if x.role in (Role.COMPANY, Role.TRADE)]
    covered = len({w for x in forms for w in range(x.start, x.stop)})
    all_trade = covered == len(words) and all(x.role is Role.TRADE for x in forms)
    heights = sorted((line.row.box.height, follower.row.box.height))
    below_logo = all_trade and line.row.box.height == heights[1]
    if heights[1] > 1.5 * heights[0] and not below_logo:
        return False
    ends = bool(line.words) and line.words[-1] in joining
    if ends or _clean(line.text).endswith(("&", "-")) or follower.text.startswith("&"):
        return True
    logo = heights[0] > _LOGO * sheet.median_height and heights[1] < _ALIKE * heights[0]
    if logo and (not follower.labels or words[0] in joining):
        return True
    rest = len([w for w in words if not w.isdigit()]) - covered
    legal = any(x.role is Role.COMPANY for x in forms)
    goes_on = rest <= covered if legal else covered > 0 >= rest
    return goes_on and Role.COMPANY not in line.roles


@lru_cache(maxsize=1024)
def _clean(text: str) -> str:
    name = text
    if any(map(str.isdigit, text)):
        name = _PHONE.sub(" ", name)
        name = _REGISTRATION.sub(" ", name)
        name = _STORE_NUMBER.sub("", name)
    name = _LEFT_OVER.sub("", name)
    return " ".join(name.split()).strip(" *-–—_.,:;=|~#'\"()[]<>·•")


def _evidence(
    sheet: Sheet,
    line: Line,
    name: str,
    company: bool,
    position: int,
    around: _Around,
) -> Iterator[Evidence]:
    text, key = line.text, compact(name)
    yield Evidence("place in the head", 2.0 - 0.5 * position)
    ratio = line.row.box.height / max(1.0, sheet.median_height)
    if ratio > 1.15:
        yield Evidence("large letters", min(1.8, 1.8 * (ratio - 1)))
    if company:
        by_company = sheet.lexicon.template.retailer_name == "company"
        # Where shops go by their sign, the company stands under it.
        below = position > 0 or line.index > around.address
        yield Evidence("legal form", 3.5 if by_company else 0.5 if below else 2.0)
        if any(key.startswith(other) for other in around.others if 4 <= len(other) < len(key)):
            yield Evidence("begins with the name above", 2.0)
    elif Role.TRADE in line.roles:
        yield Evidence("kind of shop", 0.5 if position else 1.5)
    # A name may be a letter away from a label: "PROMOD" is no "promo".
    said = replace(line, labels=tuple(x for x in line.labels if x.exact or x.length > 1))
    role = main_role(said, 0.3)
    if role is Role.NOT_RETAILER:
        yield Evidence("no name", -3.0)
    elif any(x.role is Role.NOT_RETAILER and x.start == 0 for x in said.labels):
        yield Evidence("begins as no name", -2.0)
    elif role not in (None, Role.COMPANY, Role.TRADE):
        yield Evidence("a label", -2.0)
    if not _DOMAIN.search(text) and any(_alike(key, domain) for domain in around.domains):
        yield Evidence("as the web address", 2.5)
    if len(key) >= 5 and any(key in other for other in around.later):
        yield Evidence("printed again", 1.0)
    yield from _against(sheet, line, name, text)


def _against(sheet: Sheet, line: Line, name: str, text: str) -> Iterator[Evidence]:
    digits = sum(map(str.isdigit, name))
    letters = letters_in(name)
    if digits > letters or letters_in(text) < 4 <= len(_PHONE.findall(text)):
        yield Evidence("mostly numbers", -3.0)
    elif _ADDRESS.search(text):
        yield Evidence("an address", -2.0)
    if sheet.lexicon.dates.find(text) or find_times(text):
        yield Evidence("a date", -3.0)
    if _ON_THE_WEB.search(text) or _PLAIN_DOMAIN.search(text):
        yield Evidence("an address on the web", -3.0)
    if letters < 4:
        yield Evidence("very short", -1.0)
    if letters * 2 < len(name.replace(" ", "")):
        yield Evidence("few letters", -2.0)
    words = [w for w in fold(name) if w not in sheet.lexicon.joining]
    known = [w for w in words if w in sheet.lexicon.vocabulary]
    if len(known) * 2 > len(words) and Role.COMPANY not in line.roles:
        yield Evidence("ordinary words", -1.0)
    stops = Role.COMPANY not in line.roles and _STOPS.search(text)
    if stops or sum(word[:1].islower() for word in name.split()) > 1:
        yield Evidence("a sentence", -1.0)
    if line.confidence() < 0.75:
        yield Evidence("badly read", -1.0)


def _alike(name: str, domain: str) -> bool:
    if len(name) < 4 or len(domain) < 4:
        return False
    return name in domain or domain in name or fuzz.ratio(name, domain) >= 80
