"""Whether the names of items stand below their amounts, or were set a row too low."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from preuve.reading.extract.figures import SUMS, main_role
from preuve.reading.extract.item_names import (
    LETTERS,
    LONG_CODE,
    is_bare,
    is_code,
    is_sum,
)
from preuve.reading.extract.parts import Part
from preuve.reading.extract.text import letters_in
from preuve.reading.template.model import Role

_COUNTED = re.compile(r"\W*(\d{1,3})\s*[^\W\d]{2,10}\W*")
_WEIGHED = re.compile(r"\d[.,]\d{3}\s?kg\b", re.IGNORECASE)
_REFERENCE = re.compile(r"[^\W\d]+[.:°]*\s+(\d[\w./-]{3,19})")

_OF_NO_ITEM = frozenset({Role.NOT_RETAILER, Role.ITEMS_START, Role.ITEM_COUNT})
"""What a row of the head begins with, the titles of columns, or how many items there are."""


def names_stand_below(parts: Sequence[Part]) -> bool:
    """Whether rows of numbers alone are followed, rather than led, by their name.

    Where both are so, the row below may be a note: names that stand below have words behind the
    last amount, in the same letters as the others.
    """
    bare = [i for i, part in enumerate(parts) if is_bare(part)]
    if not bare:
        return False

    def named(at: int) -> bool:
        if not 0 <= at < len(parts):
            return False
        part = parts[at]
        head = part.line.begins(*_OF_NO_ITEM)
        if part.amount or part.line.money or main_role(part.line) in SUMS or head:
            return False
        if _tells(part, len(bare)):
            return False
        return part.names and sum(map(str.isalnum, part.description)) >= LETTERS

    def led(at: int) -> bool:
        noted = at > 1 and is_note(parts[at - 1]) and not parts[at - 1].line.money
        return named(at - 1 - (noted or is_code(parts[at - 1])))

    after = [i for i in bare if named(i + 1)]
    before = [i for i in bare if led(i)]
    if len(after) != len(before):
        return len(after) > len(before)
    priced = (i for i, part in enumerate(parts) if part.amount and not is_sum(part))
    last = max(priced, default=bare[-1])
    coded = named(bare[0] - 1) and bool(LONG_CODE.match(parts[bare[0] - 1].description))
    if coded or not (named(bare[-1] + 1) and named(last + 1)):
        return False
    return not named(bare[0] - 1) or not _is_unlike(parts[last + 1], parts[bare[0] : last])


def is_note(part: Part) -> bool:
    """Whether the row begins as one that says something of an item, or of the receipt, and names
    nothing: `Taille M`, `Réf 1234`; or tells what was weighed: `Net 0,512kg Tare 0,008kg`. Words
    behind an article's number are its name, `REF 44120 BOTTINE`, as is a fuel behind its pump."""
    named = _names_what_is_numbered(part) or Role.FUEL in part.line.roles
    told = part.line.begins(Role.NOT_RETAILER) and not named
    return told or (part.amount is None and bool(_WEIGHED.search(part.description)))


def _names_what_is_numbered(part: Part) -> bool:
    """Whether a row goes on behind an article's number with words that no label begins."""
    found = _REFERENCE.match(part.description)
    if not found or letters_in(part.description[found.end() :]) < LETTERS:
        return False
    return not any(x.start and x.role is Role.NOT_RETAILER for x in part.line.labels)


def is_weighing(part: Part) -> bool:
    """Whether the row only tells how an item was weighed: `Brut 0,634 kg  Tare 0,240 kg`."""
    weighed = part.amount is None and Role.NOT_RETAILER in part.line.roles
    return weighed and bool(_WEIGHED.search(part.description))


def _is_unlike(part: Part, others: Sequence[Part]) -> bool:
    """Whether all the other names are in capitals and this one is not, or the other way round."""
    capitals = {x.description.isupper() for x in others if x.names and not x.amount}
    return len(capitals) == 1 and part.description.isupper() not in capitals


def _tells(part: Part, count: int) -> bool:
    """Whether a row of few words says how many items there are: `3 Art.`"""
    found = _COUNTED.fullmatch(part.description)
    return found is not None and int(found[1]) == count


def without_reference(part: Part) -> Part:
    """The part without a description that is no more than an article's number, and what it is
    called: the name stands in another row."""
    if part.amount is None or not part.description or not is_note(part):
        return part
    found = _REFERENCE.fullmatch(part.description)
    return replace(part, description="", product_code=found[1]) if found else part


def names_one_row_up(parts: list[Part]) -> list[Part]:
    """Undoes a shift by one row: an amount without a name, and a name left over at the end.

    On curled paper the amounts of the lower rows can be set a row too high. Every name from the
    bare amount on then belongs to the row above it.
    """
    last = len(parts) - 1
    bare = [i for i, part in enumerate(parts) if part.amount and not part.names]
    if len(bare) != 1 or not parts[last].names or parts[last].amount or bare[0] == last:
        return parts
    first = bare[0]
    led = first > 0 and parts[first - 1].names and not parts[first - 1].amount
    if main_role(parts[last].line, 0.3) in SUMS:
        return parts
    if led or not all(part.names and part.amount for part in parts[first + 1 : last]):
        return parts
    moved = [
        replace(part, description=below.description)
        for part, below in zip(parts[first:last], parts[first + 1 :], strict=True)
    ]
    return [*parts[:first], *moved]
