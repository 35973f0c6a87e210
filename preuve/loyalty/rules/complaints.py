"""What the compiler of conditions complains of, in words for those who write them."""

from __future__ import annotations

import re
from collections.abc import Callable

from preuve.messages import Message, say


def syntax(broken: Exception) -> str:
    """What the compiler says, without the expression that it repeats."""
    told = str(broken).partition("ERROR: ")[2] or str(broken)
    return told.splitlines()[0].removeprefix("<input>:").partition(" expecting {")[0]


def what_cel_says(why: str) -> str:
    """A complaint in our words where it is a usual one, else its first sentence."""
    for pattern, told in _COMPLAINTS:
        if found := pattern.match(why):
            return told(found)
    return why.partition(". ")[0].rstrip(".")


def _strange(found: re.Match[str]) -> Message:
    if found[1].lower() in ("and", "or", "not"):
        return say("write && for and, || for or, ! for not")
    return say("{sign} is one too many, or something is missing before it", sign=found[1])


_COMPLAINTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Message]], ...] = (
    (
        re.compile(r".*input '<EOF>'|Incomplete "),
        lambda _: say("something is missing at the end"),
    ),
    (re.compile(r".*missing '(.+?)' at"), lambda found: say("{sign} is missing", sign=found[1])),
    (re.compile(r".*(?:mismatched|extraneous) input '(.+?)'"), _strange),
    (
        re.compile(r"(?:reserved identifier:|Undefined variable or function:) '?(\w+)"),
        lambda found: say("{name} is no word that a condition knows", name=found[1]),
    ),
    (re.compile("invalid int literal"), lambda _: say("the number is too large")),
    (re.compile("No such overload"), lambda _: say("the kinds of values do not go together")),
)
