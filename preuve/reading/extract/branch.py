"""Which of a banner's shops it is: the branch or number behind the banner in its row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from preuve.reading.extract.name_rows import head_of, trimmed
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.text import compact
from preuve.reading.template.model import Role

_MOST = 3
"""Words behind a banner's name that may be its branch and number; more say something else."""

_CALLED = re.compile(r"\(\d+\)\S*|\+?\d[\d./-]{4,}")
"""A part of a telephone number."""

_NO_BRANCH = re.compile(r",|(?<![#:])\b\d+\W+[^\W\d]")
"""An address: a comma, or a number before a word."""


def most_particular(sheet: Sheet, name: str, names: Sequence[str]) -> str:
    """The longest of a banner's names that has its own in it, where the first row that prints its
    own has that one: `Esso Express`; else its own."""
    own = compact(name)
    rows = ("".join(line.words) for line in head_of(sheet))
    row = next((row for row in rows if own in row), "")
    longer = (x for x in names if own in compact(x) != own and compact(x) in row)
    return max(longer, key=len, default=name)


def with_branch(sheet: Sheet, names: Sequence[str]) -> str | None:
    """The banner with what little follows it in its row of the head: `Best Buy #994`."""
    known = {compact(name) for name in names}
    for line in head_of(sheet):
        words = line.text.split()
        while words and _CALLED.fullmatch(words[-1]):
            words.pop()
        for end in range(max(1, len(words) - _MOST), len(words)):
            branch = " ".join(words[end:])
            if compact(" ".join(words[:end])) in known and Role.COMPANY not in line.roles:
                return None if _NO_BRANCH.search(branch) else trimmed(words)
    return None
