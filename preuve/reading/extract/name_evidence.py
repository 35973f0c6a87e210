"""What speaks for a row of the head as the name of the shop, and what against it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from preuve.reading.extract.dates import find_times
from preuve.reading.extract.figures import main_role
from preuve.reading.extract.labels import Label, trade_words
from preuve.reading.extract.places import PHONE, is_address, is_street, tells_where
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, fold, letters_in
from preuve.reading.extract.totals import Evidence
from preuve.reading.extract.web_address import WEB_ADDRESS, is_on_the_web, likeness
from preuve.reading.lazy import Keeping, cached_property
from preuve.reading.made import quickly_made
from preuve.reading.template.model import Role

_STOPS = re.compile(r"[a-zà-ÿ]{3}[.!?]+ .*[a-zà-ÿ]{3}[.!?]*$|[a-zà-ÿ]{2} .*[a-zà-ÿ]{2} ?[.!?]+$")
"""A full stop after small letters, more than once or at the end of several words."""
_STREET_NUMBER = re.compile(r"^\W*\d{1,3}\b(?![.,/:-]\d)")
_ALIKE = 80.0
_SAME = 90.0
"""A name and a web address differ by what engines damage, and by how umlauts are written."""
_KIND_WORDS = 4
_BADLY_READ = 0.75
_WELL_READ = 0.85
_ONE_LETTER = 0.6
"""A single word is no less sure where it is one of its letters that is in doubt: its accent, or
what follows an apostrophe."""
_LOGO = 1.5
"""Letters so many usual heights high are a logo's; a slogan's are no larger than the rest."""
LARGE = 1.15
"""Letters are large from this many usual heights on."""
_MOST = 0.55
"""A label that is less of a row may be a word of a name: `Elm Street Records`."""
MONEY_WORDS = frozenset(
    {Role.FEE, Role.DISCOUNT, Role.DEPOSIT, Role.REFUND, Role.WEAK_TOTAL, Role.SAVINGS}
)
"""Labels of rows with an amount; beside other words they are words of names, too: `Service`."""

_NEAR = 4
"""So many rows below a name its street may stand."""


@dataclass(frozen=True)
class Around:
    """What else is printed, all compact: web addresses, the rows below the head, the head's own,
    the towns of addresses; and the index of the first row of an address."""

    domains: set[str]
    later: str
    head: Sequence[str]
    towns: frozenset[str]
    address: int

    def prints(self, name: str) -> bool:
        """Whether a web address or a row further down is or has just this name."""
        return name in self.domains or name in self.later

    def begins_address(self, name: str) -> bool:
        """Whether a web address goes on after this much of a name."""
        return any(domain.startswith(name) for domain in self.domains)

    def repeats(self, name: str) -> bool:
        """Whether it stands in a row further down, or is, begins or ends another of the head."""
        if name in self.later:
            return True
        edged = [row for row in self.head if row.startswith(name) or row.endswith(name)]
        return edged not in ([], [name])


@quickly_made
@dataclass(frozen=True, slots=True)
class HeadName(Keeping):
    """One or more rows of the head as a name. `position` counts the names above; `under` is the
    first row below that names no company and no kind of shop; `over_sign` tells a company that
    stands above the sign of its shop."""

    text: str
    rows: Sequence[Line]
    position: int
    under: Line | None
    over_sign: bool = False

    @property
    def line(self) -> Line:
        return self.rows[0]

    @cached_property
    def company(self) -> bool:
        """Whether one of the rows has a legal form."""
        return any(Role.COMPANY in x.roles for x in self.rows)

    @cached_property
    def kinds(self) -> set[str]:
        """Its words for a kind of shop."""
        kinds = ((x, y) for x in self.rows for y in x.labels if y.role is Role.TRADE)
        return {word for row, label in kinds for word in row.words[label.start : label.stop]}

    @cached_property
    def beside(self) -> set[str]:
        """Its words that are in no such phrase, small ones too: `Maison de la Presse` has some,
        `Salon de coiffure` has none."""
        covers = [trade_words(x.labels) for x in self.rows]
        rows = zip(self.rows, covers, strict=True)
        return {word for x, kinds in rows for at, word in enumerate(x.words) if at not in kinds}


SAME_LETTERS = frozenset({"as the web address", "printed again"})
IN_THE_FOOT = frozenset({"thanks in its name", "the sign at the foot"})
"""Evidence for a name that stands nowhere in the head."""
BY_PLACE = frozenset(
    {"above the address", "alone in the head", "kind of shop", "only name above the address"}
)
CONFIRMING = (
    SAME_LETTERS
    | IN_THE_FOOT
    | {
        "above the address",
        "above its kind of shop",
        "below its kind of shop",
        "alone in the head",
        "called the seller",
        "company in the foot",
        "in the sender's block",
        "in the sender's line",
        "behind a welcome",
        "begins with the name above",
        "ends in its legal form",
        "kind of shop",
        "large letters read clearly",
        "legal form as usual",
        "only name above the address",
    }
)
"""Evidence that a name is the shop's. To stand first is none: so do slogans, companies and a
photo's margin. Nor is it to be large, where letters are in doubt: so are logos read with holes
and what somebody wrote by hand."""


def weigh(sheet: Sheet, name: HeadName, around: Around) -> Iterator[Evidence]:
    line, under, key = name.line, name.under, compact(name.text)
    yield Evidence("place in the head", 2.0 - 0.5 * name.position)
    ratio = line.row.box.height / max(1.0, sheet.median_height)
    if ratio > LARGE:
        yield Evidence("large letters", min(1.8, 1.8 * (ratio - 1)))
        if not name.position and line.row.is_sure:
            yield Evidence("large letters read clearly", 0.0)
    if under is None or ends_the_head(sheet, under):
        if not name.position and not _is_cut(sheet):
            yield Evidence("alone in the head", 0.0)
    elif _is_under_unread_logo(sheet, name):
        yield Evidence("under a logo that was not read", -0.5)
    elif tells_where(under) and not (ratio > LARGE and is_badly_read(line)):
        yield Evidence("above the address", 0.0)
    elif not name.position and _says_its_kind(sheet, name):
        yield Evidence("above its kind of shop", 0.0)
    by_company = sheet.lexicon.template.retailer_name == "company"
    if name.company and by_company:
        yield Evidence("legal form as usual", 4.5 if line.index < around.address else 3.5)
    elif name.company:
        # Where shops go by their sign, the company stands under it.
        below = name.position > 0 or line.index > around.address
        yield Evidence("legal form", 0.5 if below or name.over_sign else 2.0)
        if name.over_sign:
            yield Evidence("above the shop's sign", -1.0)
        if not below and not name.over_sign and _ends_in_form(line):
            yield Evidence("ends in its legal form", 0.0)
    elif name.kinds and not is_street(sheet, line):
        yield Evidence("kind of shop", 0.5 if name.position else 1.5)
    above = (x for x in around.head if 4 <= len(x) < len(key))
    if name.company and by_company and any(map(key.startswith, above)):
        yield Evidence("begins with the name above", 2.0)
    words = fold(name.text)
    alike = _like_an_address(sheet, name.text, around)
    if alike >= _ALIKE and not WEB_ADDRESS.search(line.text):
        # "Hüsli" is "huesli" on the web; a logo that was read with a hole is nothing there.
        banner = by_company and not name.company
        if alike >= (100 if banner else _SAME) or line.row.is_sure:
            yield Evidence("as the web address", 2.5)
        else:
            yield Evidence("nearly as the web address", 1.0 if banner else 2.5)
    # On a till's paper the company under a sign is told again beside its capital: that is no sign.
    under_sign = name.company and name.position > 0 and not (by_company or sheet.is_letter)
    if len(key) >= 5 and not under_sign and around.repeats(key):
        yield Evidence("printed again", 1.0)
    if key in around.towns or _is_of_a_town(name, words, around):
        yield Evidence("a town", -2.0)
    yield from _against(sheet, name)


def _like_an_address(sheet: Sheet, name: str, around: Around) -> float:
    """How like an address on the web the name is, 0 to 100: `&` is the word for it there."""
    if not around.domains:
        return 0.0
    spelled = [fold(name)]
    if "&" in name:
        spelled += (fold(name.replace("&", f" {word} ")) for word in sheet.lexicon.joining)
    return max(likeness(words, domain) for words in spelled for domain in around.domains)


def _is_of_a_town(name: HeadName, words: Sequence[str], around: Around) -> bool:
    """Whether a row is a town with its quarter, as a branch is called: `Berlin Mitte`."""
    return len(words) == 2 and words[0] in around.towns and not name.kinds and not name.company


def _against(sheet: Sheet, name: HeadName) -> Iterator[Evidence]:
    line, text = name.line, name.line.text
    alone = len(compact(name.text)) <= len("".join(line.words))
    if alone or not set(line.words) <= sheet.lexicon.joining:
        yield from _called_otherwise(line, sheet.lexicon.joining, alone=alone)
    digits = sum(map(str.isdigit, name.text))
    letters = letters_in(name.text)
    if digits > letters or letters_in(text) < 4 <= len(PHONE.findall(text)):
        yield Evidence("mostly numbers", -3.0)
    elif (is_address(line) and not _is_numbered(sheet, name)) or is_street(sheet, line):
        yield Evidence("an address", -2.0)
    if line.money:
        yield Evidence("a price", -3.0)
    if is_dated(sheet, line.text):
        yield Evidence("a date", -3.0)
    if is_on_the_web(text):
        yield Evidence("an address on the web", -3.0)
    if letters < 2 or letters + digits < 4:
        yield Evidence("very short", -1.0)
    if letters * 2 < len(name.text.replace(" ", "")):
        yield Evidence("few letters", -2.0)
    words = set(fold(name.text)) - sheet.lexicon.joining
    known = (words & sheet.lexicon.vocabulary) - sheet.lexicon.card_names
    # A bar and restaurant is called by the words beside these two, unless they are ordinary, too.
    named = len(words - name.kinds) > len(known - name.kinds) == 0
    if _describes(sheet, name):
        yield Evidence("no more than its kind", -1.0)
    elif len(known) * 2 > len(words) and not named and not _is_sign(sheet, name):
        # Slogans are of nothing else.
        if known == words and name.kinds and _is_bare(name, known):
            yield Evidence("no more than its kind", -1.0)
        else:
            yield Evidence("ordinary words", -2.0 if known == words and not name.kinds else -1.0)
    stops = Role.COMPANY not in line.roles and not text.isupper() and _STOPS.search(text)
    # `Maison de la Presse` says no more than what it is, and in this it is no slogan.
    if stops or (_says_much(sheet, name.text) and not words <= name.kinds):
        yield Evidence("a sentence", -1.0)
    if is_badly_read(line):
        yield Evidence("badly read", -1.0)


def _is_bare(name: HeadName, known: set[str]) -> bool:
    """Whether a kind of shop has nothing beside it but ordinary words, as in `Artisan boulanger`;
    `Fresh Foods` is a name by its capitals."""
    return name.beside <= known and not (name.beside and name.text.istitle())


def _describes(sheet: Sheet, name: HeadName) -> bool:
    """Whether a kind of shop goes on in small letters: `Prêt-à-porter féminin`."""
    if not name.kinds or name.text.isupper():
        return False
    words = name.text.replace("’", " ").replace("'", " ").split()
    told = [word for word in words if not name.kinds.issuperset(fold(word))]
    others = [word for word in told if not set(fold(word)) <= sheet.lexicon.joining]
    small = bool(others) and all(word[0].islower() for word in others)
    return small and told[0] is not words[0]


def small_words(text: str) -> int:
    """How many words begin with a small letter: none in a row of capitals."""
    return 0 if text.isupper() else sum([word[0].islower() for word in text.split()])


def _says_much(sheet: Sheet, text: str) -> bool:
    """Whether two words begin with a small letter that names do not have within them: `de la`."""
    if small_words(text) < 2:
        return False
    small = (word for word in text.split() if word[0].islower())
    return len([word for word in small if not set(fold(word)) <= sheet.lexicon.joining]) > 1


def _is_sign(sheet: Sheet, name: HeadName) -> bool:
    """Whether a row is no slogan, whatever its words are: a company's name, or the head's first
    row in letters as large and clear as a logo's."""
    if Role.COMPANY in name.line.roles:
        return True
    large = name.line.row.box.height > _LOGO * sheet.median_height
    return large and not name.position and name.line.row.is_sure


def _called_otherwise(line: Line, joining: frozenset[str], *, alone: bool) -> Iterator[Evidence]:
    """What else its labels call a row; `alone` says that no other row goes on with its name."""
    # A name may be a letter away from a label: "PROMOD" is no "promo". Before names as before
    # dates stands `le`.
    sure = tuple(
        x
        for x in line.labels
        if (x.exact or x.length > 1)
        and not set(line.words[x.start : x.stop]) <= joining
        and not is_within_a_name(line, x, joining)
    )
    if all(x.role in (Role.COMPANY, Role.TRADE) for x in sure):
        return
    said = line if len(sure) == len(line.labels) else replace(line, labels=sure)
    role = main_role(said, 0.3)
    if any(x.role is Role.COMPANY and x.stop == len(said.words) > 2 for x in said.labels):
        # A company may be named after a street.
        return
    begins = said.begins(Role.NOT_RETAILER)
    partly = main_role(said, _MOST) is None and all(map(str.isalpha, line.words))
    # A fee or discount has an amount or a row of its own; in `CLES SERVICE` it is a name's.
    priced = line.money or len(said.words) == sum(x.length for x in said.labels)
    whole = (x for x in said.labels if x.length == len(said.words))
    title = alone and any(x.role is Role.NOT_RETAILER for x in whole)
    if title or (role is Role.NOT_RETAILER and (begins or not partly)):
        yield Evidence("no name", -3.0)
    elif begins:
        yield Evidence("begins as no name", -2.0)
    elif role in MONEY_WORDS and (partly or not priced):
        return
    elif role not in (None, Role.COMPANY, Role.TRADE) and Role.TRADE not in line.roles:
        yield Evidence("a label", -1.0 if partly else -2.0)


def is_within_a_name(line: Line, label: Label, joining: frozenset[str]) -> bool:
    """Whether a label is of a name, where it begins no row: `Marché de` tells a place and `Fermé
    du` days, `Le Marché de` and `La Ferme du` a shop."""
    if not label.start:
        return False
    before, last = line.words[label.start - 1], line.words[label.stop - 1]
    place = label.role is Role.NOT_RETAILER and last in joining
    return place or (label.role is Role.OTHER_DATE and before in joining)


def _is_under_unread_logo(sheet: Sheet, name: HeadName) -> bool:
    """Whether a company stands right below a logo that nobody could read: the shop goes by that."""
    if not name.company or sheet.lexicon.template.retailer_name == "company":
        return False
    above = sheet.lines[max(0, name.line.index - 1)]
    return is_doubtful_logo(sheet, above) and is_badly_read(above)


def _ends_in_form(line: Line) -> bool:
    forms = [x for x in line.labels if x.role is Role.COMPANY and x.start > 0]
    behind = (word for x in forms[-1:] for word in line.words[x.stop :])
    return bool(forms) and all(len(word) == 1 or not word.isalpha() for word in behind)


def _says_its_kind(sheet: Sheet, name: HeadName) -> bool:
    """Whether the row below ends in a word for a kind of shop: `OYSTER HOUSE`."""
    below = sheet.lines[name.rows[-1].index + 1 : name.rows[-1].index + 2]
    if is_doubtful_logo(sheet, name.line) or is_badly_read(name.line):
        return False
    return any(len(x.words) <= _KIND_WORDS and ends_in_its_kind(x) for x in below)


def ends_in_its_kind(line: Line) -> bool:
    """Whether the last of a row's words are for a kind of shop."""
    return any(x.role is Role.TRADE and x.stop == len(line.words) for x in line.labels)


def _is_numbered(sheet: Sheet, name: HeadName) -> bool:
    """`5 A SEC` above a street with a number of its own: not the street itself."""
    first = name.line.index
    if name.position or Role.NOT_RETAILER in name.line.roles:
        return False
    below = sheet.lines[first + 1 : first + _NEAR]
    return all(any(map(_numbers_a_street, rows)) for rows in ([name.line], below))


def _numbers_a_street(line: Line) -> bool:
    return bool(_STREET_NUMBER.match(line.text))


def row_under(sheet: Sheet, line: Line) -> Line | None:
    """The first row below on the same page that names no company and no kind of shop."""
    for below in sheet.lines[line.index + 1 :]:
        if below.page == line.page and not _is_named(below):
            return below
    return None


def _is_named(line: Line) -> bool:
    return Role.COMPANY in line.roles or (
        Role.TRADE in line.roles and not any(map(str.isdigit, line.text))
    )


def ends_the_head(sheet: Sheet, line: Line) -> bool:
    """Whether a row is a sum, a date, a rule or the titles of the items' columns: nothing that goes
    with a name."""
    if line.money or not any(map(str.isalnum, line.text)):
        return True
    return is_of_titles(line) or is_dated(sheet, line.text)


def is_of_titles(line: Line) -> bool:
    """Whether a row has the titles of the items' columns."""
    return Role.ITEMS_START in line.roles and main_role(line, 0.6) is Role.ITEMS_START


def is_badly_read(line: Line) -> bool:
    """Whether more than a letter of a row is in doubt: a word of several, where all others were
    well read, may have one that is."""
    if line.row.is_sure:
        return False
    words = (word for word in line.row.words if any(map(str.isalpha, word.text)))
    least, *others = sorted([word.confidence for word in words]) or [1.0]
    if least >= _BADLY_READ:
        return False
    return least < _ONE_LETTER or not others or others[0] < _WELL_READ


def is_doubtful_logo(sheet: Sheet, line: Line) -> bool:
    """Whether a row is large and not all of its letters are sure: as logos read with holes are."""
    large = line.row.box.height > LARGE * sheet.median_height
    return large and not line.row.is_sure


def _is_cut(sheet: Sheet) -> bool:
    """Whether the top of the paper is outside of the picture."""
    quality = sheet.pages[0].quality
    return quality is not None and "top" in quality.cut_edges


def is_dated(sheet: Sheet, text: str) -> bool:
    return bool(sheet.lexicon.dates.find(text) or find_times(text))
