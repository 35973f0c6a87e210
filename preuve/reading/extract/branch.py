"""Which of a banner's shops it is: the branch or number behind the banner in its row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from preuve.reading.extract.name_rows import head_of, trimmed
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.text import compact
from preuve.reading.result import Place
from preuve.reading.template.model import Role

_MOST = 3
"""Words behind a banner's name that may be its branch and number; more say something else."""

_CALLED = re.compile(r"\(\d+\)\S*|\+?\d[\d./-]{4,}")
"""A part of a telephone number."""

_NO_BRANCH = re.compile(r",|(?<![#:])\b\d+\W+[^\W\d]")
"""An address: a comma, or a number before a word."""


def most_particular(sheet: Sheet, name: str, names: Sequence[str], place: Place) -> str:
    """The longest of a banner's names in the first row of the head, or else the row at `place`,
    that prints one of them: `Esso Express`; else its own."""
    matched = (x for x in sheet.lines if x.page == place.page and x.row.box == place.box)
    for line in (*head_of(sheet), *matched):
        row = "".join(line.words)
        if printed := [one for one in (name, *names) if compact(one) in row]:
            return max(printed, key=lambda one: len(compact(one)))
    return name


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
