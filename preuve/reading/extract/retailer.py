"""Who sold: the template's retailer where one matched, else the head row that names a shop."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from preuve.reading.extract.labels import covered, trade_words
from preuve.reading.extract.letterhead import read_letterhead
from preuve.reading.extract.name_elsewhere import (
    name_on_the_slip,
    name_on_the_web,
    sign_at_the_foot,
    thanked_name,
)
from preuve.reading.extract.name_evidence import (
    BY_PLACE,
    CONFIRMING,
    LARGE,
    SAME_LETTERS,
    Around,
    HeadName,
    ends_the_head,
    is_doubtful_logo,
    row_under,
    weigh,
)
from preuve.reading.extract.name_rows import (
    BETWEEN_TRADES,
    TRADES,
    called,
    clean,
    greets,
    head_of,
    name_of,
)
from preuve.reading.extract.places import is_address, is_house_or_town, tells_where, towns
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, letters_in
from preuve.reading.extract.totals import Evidence, why
from preuve.reading.extract.web_address import domains
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.page import Word
from preuve.reading.result import Candidate
from preuve.reading.template.model import Role, Template

_MOST_ROWS = 3
"""A name stands in no more rows than this."""

_FEWEST = 3
"""Rows of fewer letters name a shop only where more speaks for it."""

_FOOT = 4
"""Names of a letter lose no more by their place than the fifth one does."""

_LETTERS_A_MISREADING = 8
"""A known company's name may have one letter misread in so many."""

_LEAST_LOGO = 4
"""A shorter name is like too many words."""

_LEAST_NAME = 1.0
"""A head whose rows all have less names nobody."""

_SURE_NAME = 2.5
"""One with less may be a row of the address, where a row below thanks in the shop's name."""

_WEB_ONLY = {
    True: (Evidence("as the web address", 2.5), Evidence("printed again", 1.0)),
    False: (Evidence("a web address alone", 1.0),),
}
"""By whether a row spells it."""

_THANKED = {True: Evidence("thanks in its name", 5.5), False: Evidence("thanks in its name", 4.5)}
"""By whether a company stands at the head: it goes before that, too."""

_AT_THE_FOOT = (Evidence("the sign at the foot", 3.0),)

_ON_THE_SLIP = {
    True: Evidence("on the card's slip", 4.5),
    False: Evidence("on the card's slip", 3.0),
}
"""By whether a company stands at the head; else it goes before a kind of shop there."""

_SAME_LOGO = 70.0
"""A logo read badly is so like the company's name below it, where that is the same."""

_LARGER = 1.3
"""A row of letters so many times as high is no slogan of the same size."""

_BETWEEN_MARKS = re.compile(r"[^\w\s].*[^\w\s.!?]$")
"""As `~ Marée du jour ~`; a full stop ends a sentence alone."""

_INITIAL = re.compile(r"[A-Z]\. ?[^\W\d]{2}")

_FOUNDED = re.compile(r"\b(?:1[5-9]|20)\d\d$")


@quickly_made
@dataclass(frozen=True, slots=True)
class NameCandidate(Keeping):
    """A head row that may name the shop: its text made clean, and the evidence.

    `company` tells that it, or the row that goes on with it, has a legal form.
    """

    name: str
    line: Line
    evidence: tuple[Evidence, ...]
    company: bool

    @cached_property
    def score(self) -> float:
        return sum([e.weight for e in self.evidence])

    @cached_property
    def told(self) -> frozenset[str]:
        """What its evidence says, without the weights."""
        return frozenset([e.name for e in self.evidence])

    @cached_property
    def confirmed(self) -> bool:
        """Whether more than its place and its size says that this is the shop's name. Where few
        letters were read, one is easily lost: they must stand there again. A slogan stands above
        an address, too; and what is no more than a kind of shop stands under a logo that is a
        picture."""
        if self.is_bare:
            return False
        if "very short" in self.told:
            return not self.told.isdisjoint(SAME_LETTERS)
        by_place = BY_PLACE if "a sentence" in self.told else frozenset()
        return not self.told.isdisjoint(CONFIRMING - by_place)

    @property
    def is_bare(self) -> bool:
        """Whether the row says nothing but a kind of shop."""
        return "no more than its kind" in self.told

    @property
    def is_kind(self) -> bool:
        """Whether it says that in one word: the name may stand right below."""
        return self.is_bare and len(self.line.words) == 1

    @cached_property
    def _worst(self) -> float:
        return min([e.weight for e in self.evidence], default=0.0)

    @property
    def is_doubted(self) -> bool:
        """Whether anything speaks against it."""
        return self._worst < 0

    @property
    def is_other(self) -> bool:
        """Whether the row is a date, a number or a welcome: it takes no name's place."""
        return self._worst <= -3

    @cached_property
    def candidate(self) -> Candidate:
        """As it is told, among the names that were rejected."""
        return Candidate(self.name, round(self.score, 2), why(self.evidence), self.line.place())


def rank_names(sheet: Sheet) -> tuple[NameCandidate, ...]:
    """The head rows as names of a shop, the best first; on a letter those of its blocks."""
    letter = read_letterhead(sheet)
    sheet = letter.sheet if letter else sheet
    head = sheet.lines[: letter.head] if letter else tuple(head_of(sheet))
    foot = sheet.lines[head[-1].index + 1 :] if head else sheet.lines
    around = Around(
        {compact(d) for d in domains(sheet)} - {""},
        "\n".join(["".join(x.words) for x in foot]),
        [compact(clean(x.text)) for x in head],
        sheet.lexicon.towns.union(towns(head)),
        next((x.index for x in head if is_address(x)), len(head)),
    )
    ranked: list[NameCandidate] = []
    position = joined = 0
    named = False
    for at, line in enumerate(head):
        if at < joined or not sheet.in_zone("retailer", line):
            continue
        if not _may_name(sheet, line):
            continue
        below = letter.together(at) if letter else head[at:]
        most = 1 if _is_kind_of(line, ranked) else _MOST_ROWS
        text, rows = name_of(sheet, below[:most], around)
        if len(compact(text)) < 2:
            continue
        joined_to = at + rows
        used = head[at:joined_to]
        over_sign = _is_over_sign(sheet, used, head[joined_to : joined_to + _MOST_ROWS], around)
        place = min(position, _FOOT) if letter else position
        if place and _is_first_sign(line, ranked):
            place = 0
        name = HeadName(text, used, place, row_under(sheet, used[-1]), over_sign)
        evidence = (*weigh(sheet, name, around), *(letter.told(at) if letter else ()))
        if at and greets(sheet, head[at - 1]):
            evidence = (*evidence, Evidence("behind a welcome", 2.0))
        if _is_kind_above(ranked, line):
            evidence = (*evidence, Evidence("below its kind of shop", 1.5))
        if name.company and ranked and _is_its_sign(sheet, ranked[-1], line):
            evidence = (*evidence, Evidence("below its sign", -1.0))
        trades = rows == 1 and _tells_trades(sheet, head, line)
        if trades:
            evidence = (*evidence, Evidence("a row of trades", -2.0))
        ranked.append(NameCandidate(text, line, evidence, name.company))
        named = named or not ranked[-1].is_other
        unnamed = over_sign or trades or ranked[-1].is_kind
        position += rows if named and not unnamed else 0
        joined = joined_to
    ranked = [_as_owner(one, ranked) for one in ranked]
    ranked += _below_the_head(sheet, foot, around, ranked)
    ranked = [_alone(sheet, head, one, ranked) for one in ranked]
    ranked.sort(key=lambda c: (-c.score, not c.confirmed, c.line.index))
    if not ranked:
        return ()
    best, *others = _in_full_first(sheet, ranked)
    best = _as_its_company(best, others) or _as_spelled_again(sheet, best)
    return best, *others


def _below_the_head(
    sheet: Sheet, foot: Sequence[Line], around: Around, ranked: Sequence[NameCandidate]
) -> Iterator[NameCandidate]:
    """A name that stands nowhere in a head that names nobody surely, or the company alone."""
    named = (one for one in ranked if not one.is_bare)
    best = max(named, key=lambda one: one.score, default=None)
    most = best.score if best else 0.0
    by_company = sheet.lexicon.template.retailer_name == "company"
    company = best is not None and best.company and not by_company
    if company or most < _SURE_NAME:
        thanked = thanked_name(sheet, foot)
        if thanked and not any(compact(one.name) == compact(thanked.name) for one in ranked):
            yield NameCandidate(thanked.name, thanked.line, (_THANKED[company],), False)
            return
    borne_out = any(one.confirmed for one in ranked if one.score >= _LEAST_NAME)
    unnamed = most < _SURE_NAME and not borne_out
    sign = sign_at_the_foot(sheet, foot) if unnamed else None
    if sign:
        yield NameCandidate(clean(sign.text), sign, _AT_THE_FOOT, False)
        return
    found = name_on_the_web(sheet) if around.domains and most < _SURE_NAME else None
    if found and found.spelled and (most < _LEAST_NAME or found.thanked):
        yield NameCandidate(found.name, found.line, _WEB_ONLY[True], False)
        return
    slip = name_on_the_slip(sheet, foot) if company or most < _LEAST_NAME else None
    if slip and not any(compact(slip.text) in compact(one.name) for one in ranked):
        kind = (Evidence("kind of shop", 0.5),) if Role.TRADE in slip.roles else ()
        yield NameCandidate(clean(slip.text), slip, (_ON_THE_SLIP[company], *kind), False)
    elif found and most < _LEAST_NAME:
        yield NameCandidate(found.name, found.line, _WEB_ONLY[False], False)


def _is_first_sign(line: Line, ranked: Sequence[NameCandidate]) -> bool:
    """Whether a row's letters, read clearly, are so much larger than all above, which are what is
    said over a sign: a kind of shop, or words between marks: `~ Marée du jour ~`."""
    above = [one for one in ranked if not one.is_other]
    if Role.COMPANY in line.roles or not above or not line.row.is_sure:
        return False
    if not all("kind of shop" in one.told or _BETWEEN_MARKS.match(one.line.text) for one in above):
        return False
    return line.row.box.height > _LARGER * max(one.line.row.box.height for one in above)


def _is_kind_of(line: Line, ranked: Sequence[NameCandidate]) -> bool:
    """Whether a row says the kind of the shop that the row right above it names, in larger letters
    or in capitals: what stands below is no more of a name."""
    above = ranked[-1].line if ranked and not ranked[-1].is_doubted else None
    if above is None or above.index != line.index - 1:
        return False
    kinds = trade_words(line.labels)
    larger = above.row.box.height > _LARGER * line.row.box.height
    capitals = above.text.isupper() and not line.text.isupper()
    return (larger or capitals) and len(kinds) == len(line.words)


def _is_kind_above(ranked: Sequence[NameCandidate], line: Line) -> bool:
    """Whether the row right above says in one word what kind of shop the row names, and none above
    that names any."""
    if not ranked or not all(one.is_bare or one.is_other for one in ranked):
        return False
    return ranked[-1].is_kind and ranked[-1].line.index == line.index - 1


def _may_name(sheet: Sheet, line: Line) -> bool:
    """Whether a row has three letters, small words before a number or more of the name, or as few
    as two, read clearly, as a logo has them: `Le 17`, `GÜ`."""
    if letters_in(line.text) >= _FEWEST:
        return True
    small = [word for word in line.words if not word.isdigit()]
    if small and set(small) < sheet.lexicon.joining:
        return True
    large = line.row.box.height > LARGE * sheet.median_height
    return large and line.row.is_sure and line.text.isalpha() and line.index == 0


def _tells_trades(sheet: Sheet, head: Sequence[Line], line: Line) -> bool:
    """Whether a row says what is done here: three trades beside each other; or kinds of shop
    alone or with ordinary words, in smaller letters than another row or right above a name."""
    if line.roles - {Role.TRADE} or any(map(str.isdigit, line.text)):
        return False
    parts = BETWEEN_TRADES.split(line.text)
    if len(parts) >= TRADES and all(letters_in(part) > 2 for part in parts):
        return True
    kinds = covered(line.labels)
    others = {word for at, word in enumerate(line.words) if at not in kinds}
    if len(line.words) < 2 or not kinds or not others <= sheet.lexicon.vocabulary:
        return False
    if len(kinds) >= TRADES:
        return True
    larger = (x for x in head if x.row.box.height > _LARGER * line.row.box.height)
    if any(letters_in(x.text) >= _LEAST_LOGO and not tells_where(x) for x in larger):
        return True
    below = next((x for x in head if x.index == line.index + 1), None)
    said = not others or not others <= sheet.lexicon.joining
    if not said or below is None or not _is_named(sheet, below):
        return False
    return not others or line.row.box.height < _LARGER * below.row.box.height


def _is_named(sheet: Sheet, line: Line) -> bool:
    """Whether a row is of words alone, is called nothing else, and is not all ordinary."""
    if called(sheet, line) or tells_where(line) or not all(map(str.isalpha, line.words)):
        return False
    return letters_in(line.text) >= _LEAST_LOGO and not set(line.words) <= sheet.lexicon.vocabulary


def _is_its_sign(sheet: Sheet, above: NameCandidate, company: Line) -> bool:
    """Whether the first row, right above a company that its legal form begins, is the sign of its
    shop: nothing speaks against it as a name."""
    if above.line.index or company.index != 1 or sheet.lexicon.template.retailer_name == "company":
        return False
    begins = any(x.role is Role.COMPANY and not x.start for x in company.labels)
    return begins and not (above.company or above.is_doubted or above.is_bare)


def _is_over_sign(
    sheet: Sheet, company: Sequence[Line], below: Sequence[Line], around: Around
) -> bool:
    """Whether what stands below is the sign of the shop that the company above it runs."""
    forms = [x for line in company for x in line.labels if x.role is Role.COMPANY]
    if not below or not forms or sheet.lexicon.template.retailer_name == "company":
        return False
    sign = below[: name_of(sheet, below, around)[1]]
    kinds = [trade_words(row.labels) for row in sign]
    if all(len(x) == len(row.words) for x, row in zip(kinds, sign, strict=True)):
        return False
    if letters_in(sign[0].text) < 4 or _tells_trades(sheet, (*company, *below), sign[0]):
        return False
    if called(sheet, sign[0]) or tells_where(sign[0]) or ends_the_head(sheet, sign[0]):
        return False
    larger = sign[0].row.box.height > _LARGER * company[-1].row.box.height
    return any(kinds) or forms[0].start == 0 or larger


def _as_owner(name: NameCandidate, names: Sequence[NameCandidate]) -> NameCandidate:
    """The name, spoken against where it begins with an initial and another row of the head says
    its kind of shop or its legal form: `M. MOREL`, `GARAGE MOREL`."""
    if not _INITIAL.match(name.name) or name.company:
        return name
    others = (one for one in names if one is not name and not one.is_doubted)
    if not any(one.company or "kind of shop" in {e.name for e in one.evidence} for one in others):
        return name
    return replace(name, evidence=(*name.evidence, Evidence("an owner", -1.5)))


def _in_full_first(sheet: Sheet, names: Sequence[NameCandidate]) -> Sequence[NameCandidate]:
    """The row below a logo first, where it has its word inside: `GREEK`, `The Real Greek`."""
    best = names[0]
    for one in names[1:]:
        words = one.line.words
        if (
            one.line.index == best.line.index + 1
            and not (best.confirmed or one.is_doubted)
            and set(best.line.words) < set(words)
            and words[0] in sheet.lexicon.joining
        ):
            whole = replace(one, evidence=(*one.evidence, Evidence("printed again", 1.0)))
            return whole, *(other for other in names if other is not one)
    return names


def _alone(
    sheet: Sheet, head: Sequence[Line], name: NameCandidate, names: Sequence[NameCandidate]
) -> NameCandidate:
    """The name, borne out where all others above the address are slogans and the like."""
    if name.confirmed or name.is_doubted or is_doubtful_logo(sheet, name.line):
        return name
    below = (x for x in head if x.index > name.line.index)
    where = next((x for x in below if tells_where(x) or ends_the_head(sheet, x)), None)
    if where is None:
        return name
    others = (one for one in names if one is not name and one.line.index < where.index)
    if not all(one.is_doubted or _is_slogan(one, name) for one in others):
        return name
    return replace(name, evidence=(*name.evidence, Evidence("only name above the address", 0.0)))


def _is_slogan(row: NameCandidate, name: NameCandidate) -> bool:
    """Whether a row under a name tells of the shop: `depuis 1987`, `la chaussure autrement`."""
    if row.line.index < name.line.index:
        return False
    smaller = name.name.isupper() and not row.name.isupper()
    smaller |= name.name[0].isupper() and row.name[0].islower()
    return smaller or bool(_FOUNDED.search(row.line.text))


def _as_its_company(best: NameCandidate, names: Sequence[NameCandidate]) -> NameCandidate | None:
    """A badly read logo as the company below it is called, where that is much the same name."""
    if all(e.name != "badly read" for e in best.evidence):
        return None
    for one in names:
        if not one.company or not one.line.row.is_sure:
            continue
        forms = covered(x for x in one.line.labels if x.role is Role.COMPANY)
        words = one.line.row.words
        if len(words) != len(one.line.words):
            continue
        called = clean(" ".join(word.text for at, word in enumerate(words) if at not in forms))
        if fuzz.ratio(compact(best.name), compact(called)) >= _SAME_LOGO:
            evidence = (*best.evidence, Evidence("printed again", 1.0))
            return replace(best, name=called, evidence=evidence)
    return None


def _as_spelled_again(sheet: Sheet, best: NameCandidate) -> NameCandidate:
    """The name as another row spells it that was read better: logos are read with holes."""
    key, sure = compact(best.name), best.line.confidence()
    if len(key) < _LEAST_LOGO or any(e.name == "printed again" for e in best.evidence):
        return best
    # Where one letter is lost, added or changed, a half of the name is whole.
    begins, ends = key[: len(key) // 2], key[len(key) // 2 :]
    for line in sheet.lines:
        printed = "".join(line.words)
        if line.index == best.line.index or not (begins in printed or ends in printed):
            continue
        if line.money or is_house_or_town(line):
            continue
        for words in _nearly(line.row.words, key, len(best.name.split())):
            spelled = clean(" ".join(word.text for word in words))
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
