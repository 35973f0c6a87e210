"""Who sold: the template's retailer where one matched, else the head row that names a shop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.figures import main_role
from preuve.reading.extract.name_evidence import (
    CONFIRMING,
    PHONE,
    Around,
    HeadName,
    domains,
    is_address,
    row_under,
    weigh,
)
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, letters_in
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

_OF = re.compile(r"d['’]\w", re.I)
_REGISTRATION = re.compile(
    r"\s*[(\[]?\b(?:\d{4,}(?:[- ]?[A-Z]{1,2}\b)?|[A-Z]{2}\d{5,}-?[A-Z]?)\b[)\]]?\s*"
)
_LEFT_OVER = re.compile(r"[(\[]\s*[)\]]|\bCo\.? ?(?:No|Reg)[.:]*\s*$", re.I)
"""What a registration number leaves behind."""
_STORE_NUMBER = re.compile(r"\s*(?:#|n[o°º]\.?|nr\.?)?\s?\d{2,}\s*$", re.I)


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

    @property
    def confirmed(self) -> bool:
        """Whether more than its place and its size says that this is the shop's name."""
        return any(e.name in CONFIRMING for e in self.evidence)

    @property
    def is_other(self) -> bool:
        """Whether the row is a date, a number or a welcome: it takes no name's place."""
        return any(e.weight <= -3 for e in self.evidence)

    def as_candidate(self) -> Candidate:
        return Candidate(self.name, round(self.score, 2), why(self.evidence), self.line.place())


def rank_names(sheet: Sheet) -> tuple[NameCandidate, ...]:
    """The head rows as names of a shop, the best first."""
    head = _head(sheet)
    around = Around(
        {compact(d) for d in domains(sheet)} - {""},
        "\n".join("".join(x.words) for x in sheet.lines[len(head) :]),
        [compact(_clean(x.text)) for x in head],
        next((x.index for x in head if is_address(x)), len(head)),
    )
    ranked: list[NameCandidate] = []
    position = joined = 0
    for at, line in enumerate(head):
        if letters_in(line.text) < 3 or at < joined or not sheet.in_zone("retailer", line):
            continue
        text, rows = _name(sheet, head[at : at + _MOST_ROWS], around)
        if len(compact(text)) < 2:
            continue
        used = head[at : at + rows]
        company = any(Role.COMPANY in x.roles for x in used)
        name = HeadName(text, line, company, position, row_under(sheet, used[-1]))
        ranked.append(NameCandidate(text, line, tuple(weigh(sheet, name, around)), company))
        position += 0 if all(one.is_other for one in ranked) else rows
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


def _head(sheet: Sheet) -> Sequence[Line]:
    """The first rows, up to the first item or sum."""
    stop = next(
        (x.index for x in sheet.lines[2:] if x.money or main_role(x, 0.6) is Role.ITEMS_START),
        len(sheet.lines),
    )
    return sheet.lines[: max(3, min(stop, _HEAD_ROWS))]


def _name(sheet: Sheet, rows: Sequence[Line], around: Around) -> tuple[str, int]:
    """The first row without registration numbers, with the rows that go on with the name."""
    name, used = _clean(rows[0].text), 1
    for line, follower in pairwise(rows):
        whole = f"{name} {_clean(follower.text)}"
        if main_role(line, 0.5) is Role.NOT_RETAILER:
            break
        spelled = around.prints(compact(whole)) and len(compact(name)) > 1
        goes_on = _goes_on(sheet, line, follower) or (used == 1 and _is_kind(line, follower))
        if not (spelled and letters_in(follower.text) > 1) and not goes_on:
            break
        name, used = whole, used + 1
    return name, used


def _goes_on(sheet: Sheet, line: Line, follower: Line) -> bool:
    """Whether the next row goes on with the name in this one, by its words or its letters."""
    if is_address(follower):
        return False
    words, joining = follower.words, sheet.lexicon.joining
    forms = [x for x in follower.labels if x.role in (Role.COMPANY, Role.TRADE)]
    covered = len({w for x in forms for w in range(x.start, x.stop)})
    all_trade = covered == len(words) and all(x.role is Role.TRADE for x in forms)
    heights = sorted((line.row.box.height, follower.row.box.height))
    below_logo = all_trade and line.row.box.height == heights[1]
    if heights[1] > 1.5 * heights[0] and not below_logo:
        return False
    if _is_unfinished(line, follower, joining):
        return True
    logo = heights[0] > _LOGO * sheet.median_height and heights[1] < _ALIKE * heights[0]
    if logo and (not follower.labels or words[0] in joining):
        return True
    rest = len([w for w in words if not w.isdigit()]) - covered
    legal = any(x.role is Role.COMPANY for x in forms)
    goes_on = rest <= covered if legal else covered > 0 >= rest
    return goes_on and Role.COMPANY not in line.roles


def _is_unfinished(line: Line, follower: Line, joining: frozenset[str]) -> bool:
    """A row that ends in `et` or `&`, or goes on `D'ORLAN` in the next one."""
    ends = bool(line.words) and line.words[-1] in joining
    goes_on = follower.text.startswith("&") or (not follower.labels and _OF.match(follower.text))
    return ends or _clean(line.text).endswith(("&", "-")) or bool(goes_on)


def _is_kind(line: Line, follower: Line) -> bool:
    """One word for a kind of shop, above a row that may be its name."""
    kinds = {w for x in line.labels if x.role is Role.TRADE for w in range(x.start, x.stop)}
    named = follower.text.replace(" ", "").isalpha() and not follower.labels
    return named and len(kinds) == len(line.words) == 1


@lru_cache(maxsize=1024)
def _clean(text: str) -> str:
    name = text
    if any(map(str.isdigit, text)):
        name = PHONE.sub(" ", name)
        name = _REGISTRATION.sub(" ", name)
        name = _STORE_NUMBER.sub("", name)
    name = _LEFT_OVER.sub("", name)
    return " ".join(name.split()).strip(" *-–—_.,:;=|~#'\"()[]<>·•")
