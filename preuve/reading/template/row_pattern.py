"""Row patterns in readable form: `{quantity} x {unit_price}` as a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from preuve.folding import bare
from preuve.messages import say

_NUMBER = r"\d+(?:[.,]\d{1,3})?(?![\d.,]\d)"
_QUANTITY = rf"(?P<quantity>{_NUMBER})"
_FIRST_QUANTITY = _QUANTITY.replace(r"\d+", r"\d(?<![\w.,].)\d*", 1)
"""That begins a row pattern: with a digit, which is sought by itself, and behind no other sign of
a number or a word."""
_FIELDS = {
    "quantity": _QUANTITY,
    "unit_price": r"(?:[^\w\s]{0,2}|CHF|EUR|RM|Rp|Rs)(?P<unit_price>\d+[.,]\d{2,3}(?!\d))",
    "unit": r"(?P<unit>[A-Za-z]{1,4}(?:(?<=[mM])[23²³](?!\d))?)(?:\.|\(s\))?",
    "description": r"(?P<description>\S(?:.*\S)?)",
    "amount": "",
    "vat_code": r"(?P<vat_code>[A-Za-z0-9])(?!\w)",
    "product_code": r"(?<!\d)(?P<product_code>\d{3,14})(?!\d)",
}
_NUMBERS = frozenset({"quantity", "unit_price"})
_WORD = re.compile(r"[^\W\d_]+[.:]?")
_TIMES = r"(?:[xX×±]|\*(?!\d(?!\d*[.,]\d{2}(?!\d))))"
_MARKS = {"x": _TIMES, "*": _TIMES}


@dataclass(frozen=True, slots=True)
class WholeRow:
    """A pattern with an `{amount}`: what fills the row before the amount, and what behind it."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    words_before: tuple[str, ...]
    words_after: tuple[str, ...]

    def read(self, text: str, start: int, stop: int) -> dict[str, str] | None:
        """The fields of a row whose amount's digits take `start` to `stop`; None if it is other."""
        before, after = self.before.fullmatch(text[:start]), self.after.fullmatch(text[stop:])
        if before is None or after is None:
            return None
        if not all(map(_is_word, (*self.words_before, *self.words_after), _words(before, after))):
            return None
        found = {**before.groupdict(), **after.groupdict()}
        return {field: value for field, value in found.items() if field in _FIELDS and value}


def compile_row_pattern(readable: str) -> re.Pattern[str] | WholeRow:
    """What finds quantity and price in a row, or, with an `{amount}`, takes a whole row apart; a
    `{quantity}` and words alone are a row that only counts.

    Spaces, dots and colons may be lost on the paper, and so may signs as €. Raises ValueError for
    a field that does not exist, stands twice, or is missing.
    """
    pieces = [piece for piece in re.split(r"(\{\w*\}|\s+)", readable) if piece]
    fields = [piece[1:-1] for piece in pieces if piece.startswith("{")]
    for field in fields:
        if field not in _FIELDS:
            raise ValueError(
                say(
                    "{{{field}}} is not a field of a row; there are {known}",
                    field=field,
                    known=_listed(),
                )
            )
        if fields.count(field) > 1:
            raise ValueError(
                say(
                    '{{{field}}} stands twice in "{form}"; take one away',
                    field=field,
                    form=readable,
                )
            )
    if "amount" in fields:
        at = pieces.index("{amount}")
        sides = pieces[:at], pieces[at + 1 :]
        words = [tuple(filter(_WORD.fullmatch, side)) for side in sides]
        return WholeRow(_side(sides[0]), _side(sides[1]), words[0], words[1])
    if fields == ["quantity"] and any(map(_WORD.fullmatch, pieces)):
        whole = "".join(_expression(piece) for piece in pieces)
        return re.compile(rf"^\W*{whole}\W*$")
    if "unit_price" not in fields:
        raise ValueError(say('"{form}" has neither {{unit_price}} nor {{amount}}', form=readable))
    alone = set(fields) - {"quantity", "unit_price", "unit"}
    if alone:
        raise ValueError(
            say(
                '"{form}" has {{{field}}} without {{amount}}; add it',
                form=readable,
                field=min(alone),
            )
        )
    found = "".join(_expression(piece) for piece in pieces)
    if pieces[0] == "{quantity}":
        return re.compile(found.replace(_QUANTITY, _FIRST_QUANTITY, 1))
    return re.compile(r"(?<![\w.,])" + found)


def _words(*matches: re.Match[str]) -> Iterator[str]:
    """What stands where the pattern has words of its own, in their order."""
    for match in matches:
        yield from (text for name, text in match.groupdict().items() if name not in _FIELDS)


def _is_word(word: str, printed: str) -> bool:
    """Whether a word of the pattern is printed; in three letters or more, one may be misread."""
    allowed = 1 if len(word) >= 3 else 0
    return Levenshtein.distance(bare(word), bare(printed), score_cutoff=allowed) <= allowed


def _side(pieces: Sequence[str]) -> re.Pattern[str]:
    found = "".join(_in_whole_row(number, piece) for number, piece in enumerate(pieces))
    return re.compile(rf"\W*?{found}\s*", re.IGNORECASE)


def _in_whole_row(number: int, piece: str) -> str:
    if piece[1:-1] in _NUMBERS:
        return rf"(?<![\d.,]){_expression(piece)}"
    if piece in _MARKS or piece.startswith("{") or piece.isspace():
        return _expression(piece)
    if _WORD.fullmatch(piece):
        return rf"(?<![^\W\d_])(?P<word{number}>[^\W\d_]+[.:]?)(?![^\W\d_])"
    return rf"(?:{re.escape(piece)})?"


def _expression(piece: str) -> str:
    if piece.startswith("{"):
        return _FIELDS[piece[1:-1]]
    if piece.isspace():
        return r"\s*"
    if piece in _MARKS:
        return _MARKS[piece]
    start = r"(?<![^\W\d_])" if piece[0].isalpha() else ""
    return start + "".join(map(_sign, piece))


def _sign(sign: str) -> str:
    """A sign of a pattern's own words. Tills print "A" for "à", and dots and colons or none."""
    if sign.isalpha():
        return f"[{sign.lower()}{sign.upper()}{bare(sign)}{bare(sign).upper()}]"
    return "[.:]?" if sign in ".:" else re.escape(sign)


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in _FIELDS)
