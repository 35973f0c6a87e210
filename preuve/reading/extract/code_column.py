"""Articles' numbers before the names: `A114 VIS LAITON`, `26E4410 JEAN`, `MO1 Main d'œuvre`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from preuve.reading.extract.item_names import is_sum
from preuve.reading.extract.parts import Part

_CODE = re.compile(r"[A-Z\d][A-Z\d./-]{2,11}(?=\s+\S*[^\W\d])")
_SURE = re.compile(r"[A-Z]{1,3}\d{3,}|\d+[A-Z]\d+")
"""Letters and digits as no size, `500G`, and no word is written."""

_FEWEST = 3
_FEWEST_IN_COLUMN = 4

_ALIGNED = 0.3
"""What begins or ends at one place differs by less than this share of a row's height."""


def without_code_column(parts: Sequence[Part]) -> list[Part]:
    """The parts without the codes before their names, where three quarters of what is sold have
    one: all of one length and most of them surely codes, or in a column of their own."""
    sold = [part for part in parts if _is_sold(part)]
    found = [(part, code[0]) for part in sold if (code := _CODE.match(part.description))]
    if len(found) < _FEWEST or 4 * len(found) < 3 * len(sold):
        return list(parts)
    codes = {code for _, code in found}
    sure = 4 * sum(_SURE.fullmatch(code) is not None for _, code in found) >= 3 * len(found)
    alike = len(codes) > 1 and len(set(map(len, codes))) == 1
    if not (sure and alike) and not _are_in_column(found):
        return list(parts)
    return [_without_code(part, codes) for part in parts]


def _is_sold(part: Part) -> bool:
    if part.amount is None or part.amount.value < 0:
        return False
    return part.names and not part.whole and not is_sum(part)


def _are_in_column(found: Sequence[tuple[Part, str]]) -> bool:
    """Whether the words behind the codes begin at one place while the codes end at several, and
    half of the codes or more have a digit."""
    rows = [(part.line.row.words, part.line.row.box.height) for part, _ in found]
    numbered = sum(any(map(str.isdigit, code)) for _, code in found)
    if len(found) < _FEWEST_IN_COLUMN or 2 * numbered < len(found):
        return False
    if any(words[0].text != code for (words, _), (_, code) in zip(rows, found, strict=True)):
        return False
    ends = [words[0].box.right for words, _ in rows]
    begins = [words[1].box.left for words, _ in rows]
    near = _ALIGNED * min(height for _, height in rows)
    return max(begins) - min(begins) < near < max(ends) - min(ends)


def _without_code(part: Part, codes: set[str]) -> Part:
    """The part without its code; what is taken back has another one of the same kind."""
    code = _CODE.match(part.description)
    if not code or not part.amount or (code[0] not in codes and not _SURE.fullmatch(code[0])):
        return part
    name = part.description[code.end() :].lstrip()
    return replace(part, description=name, product_code=part.product_code or code[0])
