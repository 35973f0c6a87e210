"""What is told to people, in English, in a form that a door can say in another language.

`say("{name} is missing", name="total")` is the text "total is missing" and serves as any other.
Beside that it keeps the form that it was made of and what stands in the braces: whoever has the
same form in another language says it in that one (`console/told.py`). The English stands where
it is said, and nowhere else. In tables and in the API's answers lies the text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

TELLING = frozenset({"told", "why", "what", "where", "hint"})
"""Names in braces behind which another message may stand; behind others stand names and values."""


class Message(str):
    """A text with its form; `values` may be messages themselves."""

    __slots__ = ("form", "values")
    form: str
    values: Mapping[str, object]

    def __new__(cls, form: str, values: Mapping[str, object], text: str | None = None) -> Message:
        made = str.__new__(cls, form.format_map(values) if text is None else text)
        made.form, made.values = form, values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, object]]]:
        return Message, (self.form, self.values)


def say(form: str, /, **values: object) -> Message:
    """The text that `form` is with `values` in its braces."""
    return Message(form, values)


def listed(parts: Iterable[str], mark: str) -> Message:
    """The parts one after the other, each a message by itself, with `mark` between them."""
    found = list(parts)
    names, form = _list_form(len(found), mark)
    return Message(form, dict(zip(names, found, strict=True)), mark.join(found))


@lru_cache(maxsize=256)
def _list_form(count: int, mark: str) -> tuple[tuple[str, ...], str]:
    """Names for so many parts, and the form that holds them."""
    names = tuple(f"part{number}" for number in range(count))
    return names, mark.join("{" + name + "}" for name in names)


def of_pydantic(error: Any) -> Message:
    """What is wrong with a value, of one error as pydantic lists them."""
    kind, context = error["type"], dict(error.get("ctx", {}))
    if kind == "value_error":
        told = context["error"].args[0] if context["error"].args else ""
        return told if isinstance(told, Message) else say("{told}", told=str(told))
    for name in ("expected", "expected_tags"):
        if name in context:
            context[name] = ", ".join(re.findall(r"'(.+?)'(?=,| or |$)", context[name]))
    form = FORMS.get(kind) or FORMS.get(kind.partition("_")[0])
    return Message(form, context) if form else say("cannot be used: {told}", told=error["msg"])


FORMS: Mapping[str, str] = {
    "missing": "is missing",
    "extra_forbidden": "is no key that is known here",
    "enum": "must be one of {expected}",
    "literal_error": "must be one of {expected}",
    "union_tag_invalid": "must be one of {expected_tags}, not {tag}",
    "union_tag_not_found": "needs the key {discriminator}",
    "string_pattern_mismatch": "has not the form {pattern}",
    "string_too_short": "is too short: {min_length} characters at least",
    "string_too_long": "is too long: {max_length} characters at most",
    "too_short": "has too few entries: {min_length} at least",
    "too_long": "has too many entries: {max_length} at most",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "decimal_max_places": "has too many digits after the point: {decimal_places} at most",
    "int": "must be a whole number",
    "float": "must be a number",
    "finite": "must be a number",
    "decimal": "must be a number",
    "bool": "must be true or false",
    "date": "must be a day, as 2026-03-14",
    "datetime": "must be a day and a time, as 2026-03-14T10:00",
    "time": "must be a time, as 14:30",
    "string": "must be text: put it in quotes",
    "list": "must be a list, as [first, second]",
    "tuple": "must be a list, as [first, second]",
    "set": "must be a list, as [first, second]",
    "frozen": "must be a list, as [first, second]",
    "dict": "takes keys of its own, one a line below it",
    "mapping": "takes keys of its own, one a line below it",
    "model": "takes keys of its own, one a line below it",
}
"""By pydantic's name of the error, or what that begins with."""
