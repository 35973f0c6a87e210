"""A document condensed to 1 KB, so that the few with a clue are found among 100,000 at once.

Every three letters in a row that the matcher could see are one bit of the document's
signature; a clue's letters must all be there, or most of them where the matcher forgives damage.
So no document that has the clue is missed, and some that have it not are found too: whoever
asks looks at those that are found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zlib import crc32

from preuve.reading.page import Page, Pages
from preuve.reading.template.fold import joined, number_shape, shape, words
from preuve.reading.template.near import allowed_errors, cuts
from preuve.reading.template.printed import ADDRESS, HEAD_BEFORE_AMOUNTS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEME = 1
"""Counts up when another signature would be made of the same pages; a test watches."""

WHOLE, HEAD = 4096, 4096
"""Bits of the whole document, and of the head of its first page, where damage is forgiven."""

BYTES = (WHOLE + HEAD) // 8
_GRAM = 3
_NUMBER_GRAM = 4
_CODE = "|"
_LEAST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Sought:
    """One clue as signatures show it: of `bits`, at least `least` are set.

    Where there are `pieces`, one of them is set as a whole. Without `bits` nothing can be said,
    and every document may have the clue.
    """

    bits: tuple[int, ...]
    least: int
    pieces: tuple[tuple[int, ...], ...] = ()


def sign(pages: Pages) -> bytes:
    """The signature, `BYTES` long."""
    made = bytearray(BYTES)
    for bit in _bits(_grams(pages), WHOLE):
        made[bit >> 3] |= 1 << (bit & 7)
    for bit in _bits(_grams(_head(pages)), HEAD, WHOLE):
        made[bit >> 3] |= 1 << (bit & 7)
    return bytes(made)


def sought_name(phrase: str) -> list[Sought]:
    """A name or legal name, whole anywhere or damaged in the head."""
    letters = _letters(phrase)
    form = joined([shape(word) for word in words(phrase)])
    errors = allowed_errors(len(form))
    if not errors:
        return sought_word(phrase)
    grams = _grams_of_run(letters)
    # A letter that is lost or changed breaks three grams, or four where it counts as two.
    broken = errors * (_GRAM + ("rn" in letters or "vv" in letters))
    pieces = tuple(
        tuple(_bits(_inner(_piece(form, start, end)), HEAD, WHOLE))
        for _, start, end in cuts(len(form))
    )
    damaged = Sought(tuple(_bits(grams, HEAD, WHOLE)), max(len(grams) - broken, 1), pieces)
    return [*sought_word(phrase), damaged]


def sought_word(phrase: str) -> list[Sought]:
    """A word that is only known undamaged."""
    whole = tuple(_bits(_grams_of_run(_letters(phrase)), WHOLE))
    return [Sought(whole, len(whole))]


def sought_number(number: str) -> list[Sought]:
    whole = tuple(_bits(_number_grams(number_shape(number)), WHOLE))
    return [Sought(whole, len(whole))]


def sought_code(text: str) -> list[Sought]:
    """A barcode or QR code whose text holds this; any code at all where it is short."""
    grams = [_CODE + gram for gram in _inner(_letters(text))] or [_CODE]
    whole = tuple(_bits(grams, WHOLE))
    return [Sought(whole, len(whole))]


def sought_text(text: str) -> list[Sought]:
    """Letters that stand somewhere in a row, inside words too: a domain, a part of a pattern."""
    whole = tuple(_bits(_inner(_letters(text)), WHOLE))
    return [Sought(whole, len(whole))]


def having(signatures: bytes, groups: Sequence[Iterable[Sought]]) -> list[NDArray[np.bool_]]:
    """For each group of clues, which of the signatures may have one of them.

    `signatures` are put one behind the other; the answers are in their order.
    """
    import numpy as np  # the API's process imports this module and never asks

    table = np.frombuffer(signatures, np.uint8).reshape(-1, BYTES)
    columns = np.ascontiguousarray(table.T)
    answers = []
    for group in groups:
        found = np.zeros(len(table), bool)
        for each in group:
            count = np.zeros(len(table), np.uint16)
            for bit in each.bits:
                count += (columns[bit >> 3] >> (bit & 7)) & 1
            enough = count >= each.least
            if each.pieces:
                whole = np.zeros(len(table), bool)
                for piece in each.pieces:
                    bits = [(columns[bit >> 3] >> (bit & 7)) & 1 for bit in piece]
                    whole |= np.logical_and.reduce(bits) if bits else True
                enough &= whole
            found |= enough
        answers.append(found)
    return answers


def _letters(text: str) -> str:
    """One text for all prints that the matcher holds alike; letter by letter, so that the text
    of a run of words is the words' texts in a row."""
    return _spread("".join(map(shape, words(text))))


def _spread(form: str) -> str:
    return form.replace("m", "rn").replace("w", "vv")


def _piece(form: str, start: int, end: int) -> str:
    """A piece of a name, with its edges where it has them: one piece at least is undamaged."""
    first, last = "^" if start == 0 else "", "$" if end == len(form) else ""
    return first + _spread(form[start:end]) + last


def _head(pages: Pages) -> Iterator[Page]:
    """The first page's rows that may be its head, and one more: fewer rows have letters."""
    for page in pages[:1]:
        rows, lettered = [], 0
        for row in page.rows:
            lettered += any(not word.isdigit() for word in words(ADDRESS.sub(" ", row.text)))
            if lettered > HEAD_BEFORE_AMOUNTS:
                break
            rows.append(row)
        yield replace(page, rows=tuple(rows))


def _grams(pages: Iterable[Page]) -> set[str]:
    found: set[str] = set()
    for page in pages:
        for code in page.codes:
            found.add(_CODE)
            found.update(_CODE + gram for gram in _inner(_letters(code.text)))
        above = ""
        for row in page.rows:
            bared = ADDRESS.sub(" ", row.text)
            for text in (row.text, bared) if bared != row.text else (bared,):
                parts = [_letters(word) for word in words(text)]
                found.update(_inner(above[1 - _GRAM :] + "".join(parts)))
                found.update(_edges(above, parts))
            above = "".join(parts)
            if sum(letter.isdigit() for letter in row.text) >= _LEAST_DIGITS:
                found.update(_number_grams(number_shape(row.text)))
    return found


def _inner(letters: str) -> list[str]:
    return [letters[at : at + _GRAM] for at in range(len(letters) - _GRAM + 1)]


def _edges(above: str, parts: Sequence[str]) -> Iterator[str]:
    """Where a run of words may begin and end: `^` and two letters, two letters and `$`.

    A run may go over from the row above.
    """
    row = "".join(parts)
    two = _GRAM - 1
    if len(above) < two:
        yield "^" + (above + row)[:two]
    at = 0
    for part in parts:
        yield "^" + row[at : at + two]
        at += len(part)
        yield row[max(at - two, 0) : at] + "$"
        if at < two:
            yield (above + row[:at])[-two:] + "$"


def _grams_of_run(letters: str) -> list[str]:
    return _inner(f"^{letters}$") if len(letters) >= _GRAM - 1 else []


def _number_grams(digits: str) -> list[str]:
    last = len(digits) - _NUMBER_GRAM
    return ["#" + digits[at : at + _NUMBER_GRAM] for at in range(last + 1)]


def _bits(grams: Iterable[str], size: int, offset: int = 0) -> list[int]:
    return [offset + crc32(gram.encode()) % size for gram in grams]
