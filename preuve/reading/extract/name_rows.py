"""Which rows of the head are one name, and its text without numbers and greetings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import accumulate, pairwise, takewhile

from preuve.reading.extract.cells import cells
from preuve.reading.extract.figures import main_role
from preuve.reading.extract.labels import covered, trade_words
from preuve.reading.extract.lines import line_of
from preuve.reading.extract.name_evidence import (
    LARGE,
    MONEY_WORDS,
    Around,
    ends_in_its_kind,
    is_dated,
    is_of_titles,
    is_within_a_name,
    small_words,
)
from preuve.reading.extract.places import PHONE, STORE_NUMBER, is_address, is_house_or_town
from preuve.reading.extract.sheet import Line, Sheet
from preuve.reading.extract.text import compact, fold, letters_in, spelled
from preuve.reading.page import Row
from preuve.reading.template.model import Role
from preuve.reading.template.printed import ON_SLIPS

_HEAD_ROWS = 14
_MOST_WORDS = 4
"""A row of more does not go on with a logo: it is a slogan."""
_LOGO = 1.25
"""Rows higher than this many usual rows are one name over several."""
_ALIKE = 1.12
"""Rows are of one height up to this ratio."""

_ONE_SIZE = 1.2
"""Rows of one word each are of one size up to this ratio."""

_ONE_LOGO = 1.45
"""Rows of large letters are of one logo up to this ratio: accents and tails make their boxes
higher, curled paper lower."""

_PHRASE = 2
"""Words that say something of a name before them; one may be a part of it."""

_FEWEST = 3
"""Fewer letters before a phrase are no name."""

_NO_NAMES = frozenset({Role.NOT_RETAILER, Role.RECEIPT_NUMBER})

_OF = re.compile(r"(?:d['’]|(?:de|du|des|(?-i:à|aux?)|del|della|dei|do|da|von|vom|of)\s)\w", re.I)
_OF_WHAT = 3
"""Words that go on with a name at most; more are a sentence: `du mardi au samedi`."""
_REGISTRATION = re.compile(
    r"\s*[(\[]?\b(?:\d{4,}(?:[- ]?[A-Z]{1,2}\b)?|[A-Z]{2}\d{5,}-?[A-Z]?)\b[)\]]?\s*"
)
_LEFT_OVER = re.compile(r"[(\[]\s*[)\]]|\bCo\.? ?(?:No|Reg)[.:]*\s*$", re.I)
"""What a registration number leaves behind."""
_POST_CODE = re.compile(r"\s[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}$")
TRADES = 3
BETWEEN_TRADES = re.compile(r"\s[-–+*]\s|,\s|\s?[•·|/]\s?")
"""So many in one row, and what stands between them, are a list of what is done here."""
_NUMBERED = re.compile(r"[^\W\d][^\d]*\s\d{2,4}\W*")
"""Words, and a number no longer than a year."""
_POST_CODE_DIGITS = 5
_DEPARTMENT_DIGITS = 2
_STORE_NUMBER = re.compile(r"\s*(?:#|n[o°º]\.?|nr\.?)?\s?\d{2,}\s*$", re.I)


def head_of(sheet: Sheet) -> Iterator[Line]:
    """The first rows, up to the first item or sum, without what greets: each as it is asked for,
    as the first may be all that is wanted. A card's slip above them is none of them."""
    first = _behind_the_slip(sheet)
    rows = sheet.lines[first : first + _HEAD_ROWS]
    stop = next((at for at, line in enumerate(rows[2:], 2) if _is_of_items(line)), _HEAD_ROWS)
    rows = rows[: max(3, stop)]
    return (without_phrases(sheet, _alone_in_its_column(sheet, line)) for line in rows)


def _behind_the_slip(sheet: Sheet) -> int:
    """The index of the first row behind a card's slip at the top, which is called nothing that
    slips tell; 0 where no slip stands there, or nothing behind it."""
    slip = list(takewhile(partial(_is_of_a_slip, sheet), sheet.lines))
    above = len(slip) < len(sheet.lines) and any(ON_SLIPS.search(line.text) for line in slip)
    return len(slip) if above else 0


def _is_of_a_slip(sheet: Sheet, line: Line) -> bool:
    """Whether a row is a label, a sum, a date or a number."""
    if line.money or is_dated(sheet, line.text) or letters_in(line.text) < _FEWEST:
        return True
    return called(sheet, line) or bool(ON_SLIPS.search(line.text))


def _is_of_items(line: Line) -> bool:
    """Whether a row has a sum, or titles of their columns."""
    return bool(line.money) or is_of_titles(line)


def _alone_in_its_column(sheet: Sheet, line: Line) -> Line:
    """The row without the date, the time, the receipt's number or the address in a column beside
    it."""
    numbered = {x.start for x in line.labels if x.role is Role.RECEIPT_NUMBER and x.start}
    if len(line.row.words) < 2 or not (numbered or any(map(str.isdigit, line.text))):
        return line
    name, *others = cells(line.row)
    if len(others) != 1 or letters_in(name.text) < 2 or is_dated(sheet, name.text):
        return line
    dated = is_dated(sheet, others[0].text)
    housed = others[0].text[0].isdigit() and not any(map(str.isdigit, name.text))
    if not dated and not numbered and (line.money or not housed):
        return line
    own = line_of(line.index, line.page, name, sheet.lexicon)
    if dated or len(own.words) in numbered:
        return own
    if line.money or not housed:
        return line
    beside = line_of(line.index, line.page, others[0], sheet.lexicon)
    return own if is_house_or_town(beside) else line


def without_phrases(sheet: Sheet, line: Line) -> Line:
    """The row without what greets before a name or thanks behind it."""
    return _without_thanks(sheet, _without_greeting(sheet, line))


def _without_greeting(sheet: Sheet, line: Line) -> Line:
    """The row behind `Welcome to`; the row itself where it greets nobody, or does no more."""
    first = next((x for x in line.labels if x.start == 0 and x.role is Role.NOT_RETAILER), None)
    if not first or not _is_greeting(sheet, fold(first.phrase)):
        return line
    return part_of(line, first.stop, len(line.words)) or line


def _is_greeting(sheet: Sheet, said: tuple[str, ...]) -> bool:
    """Whether a phrase greets in somebody's name: `welcome to` is `welcome` and a small word.
    `gare de` tells a place: without its small word it says nothing."""
    if len(said) < 2 or said[-1] not in sheet.lexicon.joining:
        return False
    labels = sheet.lexicon.labels.find(said[:-1])
    return any(not x.start and x.role is Role.NOT_RETAILER for x in labels)


def _without_thanks(sheet: Sheet, line: Line) -> Line:
    """The row before `vous remercie`, a phrase that begins with an ordinary word, and what else
    is said of ordinary words: `de votre visite`."""
    last = line.labels[-1] if line.labels else None
    if not last or last.role is not Role.NOT_RETAILER or last.length < _PHRASE:
        return line
    rest = set(line.words[last.stop :]) - sheet.lexicon.joining
    ordinary = rest <= sheet.lexicon.vocabulary
    if not ordinary or line.begins(Role.NOT_RETAILER):
        return line
    if line.words[last.start] not in sheet.lexicon.vocabulary:
        return line
    said = part_of(line, 0, last.start)
    return said if said and letters_in(said.text) > _FEWEST else line


def part_of(line: Line, first: int, stop: int) -> Line | None:
    """The row of these folded words alone; None where there are none, or its printed words would
    be cut."""
    if first >= stop:
        return None
    begins = list(accumulate((len(word.text) + 1 for word in line.row.words), initial=0))
    start, end = line.spans[first][0], line.spans[stop - 1][1] + 1
    if start not in begins or end not in begins:
        return None
    return replace(
        line,
        row=Row(line.row.words[begins.index(start) : begins.index(end)]),
        words=line.words[first:stop],
        spans=tuple((at - start, to - start) for at, to in line.spans[first:stop]),
        labels=tuple(
            replace(x, start=x.start - first, stop=x.stop - first)
            for x in line.labels
            if first <= x.start and x.stop <= stop
        ),
        amounts=(),
    )


def greets(sheet: Sheet, line: Line) -> bool:
    """Whether a row is no more than `Welcome to`: the name stands below."""
    if not line.words or line.words[-1] not in sheet.lexicon.joining:
        return False
    whole = (x for x in line.labels if x.role is Role.NOT_RETAILER and not x.start)
    return any(1 < x.length == len(line.words) for x in whole)


def name_of(sheet: Sheet, rows: Sequence[Line], around: Around) -> tuple[str, int]:
    """The first row without registration numbers, with the rows that go on with the name."""
    name, used = _with_number(sheet, rows[0], clean(rows[0].text)), 1
    for line, follower in pairwise(rows):
        named = (x for x in line.labels if x.role in _NO_NAMES)
        if any(line.share_labelled(x) >= 0.5 for x in named):
            break
        if compact(follower.text) in around.towns:
            break
        more = clean(follower.text)
        if not (
            _goes_on(sheet, line, follower)
            or (used == 1 and (_is_kind(sheet, line, follower) or _has_its_kind(line, follower)))
            or _are_of_one_name(sheet, line, follower)
            or (letters_in(follower.text) > 1 and _is_spelled(compact(name), compact(more), around))
        ):
            break
        name, used = f"{name} {more}", used + 1
    return name, used


def _with_number(sheet: Sheet, line: Line, name: str) -> str:
    """The name with the number behind it, where without it nothing would be left but a small word
    or a kind of shop (`Le 17`, `Bistrot 1900`), or where the post code begins with it, as shops
    are called by their department: `Allo Liseron 31`."""
    if not _NUMBERED.fullmatch(line.text):
        return name
    unnamed = set(fold(name)) <= _unnamed(sheet, line)
    if not unnamed and not _begins_a_post_code(sheet, line.words[-1]):
        return name
    return trimmed(line.text.split())


def _begins_a_post_code(sheet: Sheet, number: str) -> bool:
    words = (word for line in sheet.lines[:_HEAD_ROWS] for word in line.words)
    codes = (word for word in words if word.isdigit() and len(word) == _POST_CODE_DIGITS)
    return len(number) == _DEPARTMENT_DIGITS and any(code.startswith(number) for code in codes)


def _unnamed(sheet: Sheet, line: Line) -> frozenset[str]:
    """Small words, and the row's words for a kind of shop."""
    kinds = trade_words(line.labels)
    return sheet.lexicon.joining.union(line.words[at] for at in kinds)


def _is_spelled(name: str, more: str, around: Around) -> bool:
    """Whether the name and what may be more of it, both compact, are printed together."""
    whole = name + more
    return len(name) > 1 and (around.prints(whole) or around.begins_address(whole))


def _goes_on(sheet: Sheet, line: Line, follower: Line) -> bool:
    """Whether the next row goes on with the name in this one, by its words or its letters."""
    if is_address(follower):
        return False
    words, joining = follower.words, sheet.lexicon.joining
    forms = [x for x in follower.labels if x.role in (Role.COMPANY, Role.TRADE)]
    said = len(covered(forms))
    if words and all(map(str.isalpha, words)) and _ends_in_a_small_word(line, joining):
        return True
    heights = sorted((line.row.box.height, follower.row.box.height))
    if heights[1] > 1.5 * heights[0]:
        return False
    if _is_unfinished(line, follower, joining):
        return True
    if _is_sentence(line) and not _is_sentence(follower):
        return False
    if heights[1] < _ALIKE * heights[0] and (not follower.labels or words[0] in joining):
        logo = heights[0] > _LOGO * sheet.median_height
        if logo and len(words) <= _MOST_WORDS and not line.text[-1:].isdigit():
            return True
    rest = len([w for w in words if not w.isdigit()]) - said
    legal = any(x.role is Role.COMPANY for x in forms)
    named = any(len(w) > 1 and w.isalpha() for w in words[forms[0].stop :]) if legal else False
    if named and forms[0].role is Role.COMPANY and forms[0].start == 0:
        return False  # `Ets Fourcade` is a name of its own
    of_one_case = line.text.isupper() == follower.text.isupper()
    of_one_name = of_one_case or letters_in(line.text) <= _FEWEST  # `LE 7`, `Café`
    listed = len(BETWEEN_TRADES.split(follower.text)) >= TRADES
    goes_on = rest <= said if legal else said > 0 >= rest and of_one_name and not listed
    return goes_on and Role.COMPANY not in line.roles


def _is_sentence(line: Line) -> bool:
    """Whether a row is a slogan by its small letters: `Votre commerce de proximité`."""
    return small_words(line.text) > 1


def _is_unfinished(line: Line, follower: Line, joining: frozenset[str]) -> bool:
    """A row that ends in `et` or `&`, or goes on `D'ORLAN` or `du Vieux Lavoir` in the next one; a
    greeting does not."""
    if line.begins(Role.NOT_RETAILER):
        return False
    goes_on = follower.text.startswith("&") or _is_of_what(line, follower)
    ends = _ends_in_a_small_word(line, joining) or clean(line.text).endswith(("&", "-"))
    return ends or goes_on


def _ends_in_a_small_word(line: Line, joining: frozenset[str]) -> bool:
    greets = line.begins(Role.NOT_RETAILER)
    return bool(line.words) and line.words[-1] in joining and not greets


def _is_of_what(line: Line, follower: Line) -> bool:
    """Whether a row is no more than `D'ORLAN`, `du Vieux Lavoir`, in the letters of the one above:
    below a name in capitals `de Plouézec` is a place."""
    if line.text.isupper() != follower.text.isupper() or len(follower.words) > _OF_WHAT:
        return False
    # `du` begins days, too.
    called = any(not x.start and x.role is not Role.DATE for x in follower.labels)
    said = called or any(map(str.isdigit, follower.text))
    return not said and _OF.match(follower.text) is not None


def _are_of_one_name(sheet: Sheet, line: Line, follower: Line) -> bool:
    """Rows of one word each, of one size, where the second is no town with a post code below; or
    the second is `DES` or `DES LOUPS`; or both are large."""
    if main_role(line, 0.5) or main_role(follower, 0.5):
        return False
    if line.text.isupper() != follower.text.isupper():
        return False
    if not all(map(str.isalpha, (*line.words, *follower.words))):
        return False
    low, high = sorted((line.row.box.height, follower.row.box.height))
    if low > LARGE * sheet.median_height and high < _ONE_LOGO * low and len(follower.words) < 3:
        return True
    if high > _ONE_SIZE * low or len(line.words) > 2:
        return False
    first, *others = follower.words or ("",)
    if first in sheet.lexicon.joining:
        return len(others) < 2
    town = any(first in x.words for x in sheet.lines if len(x.words) > 1)
    return not town and len(line.words) == 1 and not others


def _is_kind(sheet: Sheet, line: Line, follower: Line) -> bool:
    """One word for a kind of shop, above a row in the same letters that may be its name."""
    kinds = trade_words(line.labels)
    named = all(map(str.isalpha, follower.words)) and not called(sheet, follower)
    named = named and line.text.isupper() == follower.text.isupper()
    unnamed = len(follower.labels) == len(follower.words)
    return named and not unnamed and len(kinds) == len(line.words) == 1


def called(sheet: Sheet, line: Line) -> bool:
    """Whether a row surely has another label than a kind of shop or a small word that names have,
    too: `le` stands before dates and shops."""
    whole = len(line.words)
    labels = (
        x
        for x in line.labels
        if x.exact and x.role is not Role.TRADE and (x.role not in MONEY_WORDS or x.length == whole)
    )
    joining = sheet.lexicon.joining
    return any(
        not (set(line.words[x.start : x.stop]) <= joining or is_within_a_name(line, x, joining))
        for x in labels
    )


def _has_its_kind(line: Line, follower: Line) -> bool:
    """One word above a few that end in a word for a kind of shop: `SHARKEY'S`, `OYSTER HOUSE`."""
    if len(line.row.words) > 1 or line.labels:
        return False
    few = len(follower.row.words) < _MOST_WORDS and all(map(str.isalpha, follower.words))
    return ends_in_its_kind(follower) and few and all(map(str.isalpha, line.words))


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    name = spelled(text)
    if any(map(str.isdigit, name)):
        name = _POST_CODE.sub("", PHONE.sub(" ", name))
        name = _REGISTRATION.sub(" ", STORE_NUMBER.sub("", name))
        name = _STORE_NUMBER.sub("", name)
    name = _LEFT_OVER.sub("", name)
    return trimmed(name.split())


def trimmed(words: Sequence[str]) -> str:
    """The words in one row, without what stands around a name."""
    return " ".join(words).strip(" *-–—_.,:;=|~#'\"()[]<>·•")
