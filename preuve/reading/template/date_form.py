"""Dates in readable form: `{year}. {month} {day}.` as a regular expression."""

from __future__ import annotations

import re

from preuve.folding import bare
from preuve.messages import say

NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
"""Months as Roman numbers."""

_FIELDS = {
    "day": r"(?P<d>[0-3]?[0-9])",
    "year": r"(?P<y>(?:19|20)[0-9]{2}|[0-9]{2})",
}


def compile_date_form(readable: str, months: str = r"(?!)") -> re.Pattern[str]:
    """The expression for text without accents and capitals; spaces may be lost on the paper.

    `months` is an expression for the names of months; a month may also be its number, Roman too.
    Raises ValueError unless {day}, {month} and {year} stand there once each.
    """
    pieces = [piece for piece in re.split(r"(\{\w*\}|\s+)", readable) if piece]
    fields = sorted(piece for piece in pieces if piece.startswith("{"))
    if fields != ["{day}", "{month}", "{year}"]:
        raise ValueError(
            say('"{form}" must have {{day}}, {{month}} and {{year}} once each', form=readable)
        )
    roman = "|".join(sorted(NUMERALS, key=len, reverse=True)).replace("i", "[il1|]")
    month = rf"(?P<m>{months}|{roman}|1[0-2]|0?[1-9])\.?"
    found = "".join(_expression(piece, month) for piece in pieces)
    return re.compile(rf"(?<![a-z0-9]){found}(?![0-9])")


def month_of(numeral: str) -> int:
    """The month of a Roman number, its strokes read as other letters or not."""
    return NUMERALS.index(re.sub(r"[l1|]", "i", numeral)) + 1


def _expression(piece: str, month: str) -> str:
    if piece == "{month}":
        return month
    if piece.startswith("{"):
        return _FIELDS[piece[1:-1]]
    return r"\s*" if piece.isspace() else re.escape(bare(piece))
