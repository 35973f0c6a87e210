"""Row patterns in readable form: `{quantity} x {unit_price}` as a regular expression."""

from __future__ import annotations

import re

_NUMBER = r"\d+(?:[.,]\d{1,3})?(?![\d.,]\d)"
_FIELDS = {
    "quantity": rf"(?P<quantity>{_NUMBER})",
    "unit_price": r"[^\w\s]{0,2}(?P<unit_price>\d+[.,]\d{2,3}(?!\d))",
    "unit": r"(?P<unit>[A-Za-z]{1,4})\.?",
}
_TIMES = r"(?:[xX×±]|\*(?!\d))"
_MARKS = {"x": _TIMES, "*": _TIMES}


def compile_row_pattern(readable: str) -> re.Pattern[str]:
    """The expression, with a group for each field; spaces may be lost on the paper.

    Raises ValueError for a field that does not exist, stands twice, or is missing.
    """
    pieces = [piece for piece in re.split(r"(\{\w*\}|\s+)", readable) if piece]
    fields = [piece[1:-1] for piece in pieces if piece.startswith("{")]
    for field in fields:
        if field not in _FIELDS:
            raise ValueError(f"{{{field}}} is not a field of a row; there are {_listed()}")
        if fields.count(field) > 1:
            raise ValueError(f"{{{field}}} stands twice in {readable!r}; take one away")
    if "unit_price" not in fields:
        raise ValueError(f"{readable!r} has no {{unit_price}}")
    return re.compile(r"(?<![\w.,])" + "".join(_expression(piece) for piece in pieces))


def _expression(piece: str) -> str:
    if piece.startswith("{"):
        return _FIELDS[piece[1:-1]]
    return r"\s*" if piece.isspace() else _MARKS.get(piece, re.escape(piece))


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in _FIELDS)
