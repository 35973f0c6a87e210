"""What the rooms tell in English, in another language: each message by the form that it has.

A message brings its form with it (`preuve/messages.py`). One that lay in a table is a bare text,
as the API gives it: its form is found again, of those that make this very text the one with
most words of its own. So what was stored before there was a translation is translated, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from string import Formatter

from preuve.messages import TELLING, Message, listed

_LITERAL = r"(?:'.*?'|\".*?\"|-?\d[\d.]*|None)"
_AMOUNT = re.compile(r"[+-]?\d+\.\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LISTS = (("; ", re.compile("; ")), (", ", re.compile(r"(?<=[+-]\d\.\d), ")))
"""What stands between the parts of a list, and where: weights end those with a comma."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A name in a form's braces, and how it is written. In quotes stands what is not ours."""

    name: str
    spec: str
    conversion: str | None
    quoted: bool


@dataclass(frozen=True)
class Form:
    """An English form, taken apart."""

    text: str

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        return tuple(_slots(self.text))

    @cached_property
    def own(self) -> Sequence[str]:
        """The texts between the slots."""
        return [before for before, *_ in Formatter().parse(self.text) if before]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        seen: set[str] = set()
        made = ""
        for before, name, spec, conversion in Formatter().parse(self.text):
            made += re.escape(before)
            if name is None:
                continue
            wanted = _digits(spec) if spec else _LITERAL if conversion == "r" else ".*?"
            made += f"(?P={name})" if name in seen else f"(?P<{name}>{wanted})"
            seen.add(name)
        return re.compile(made, re.DOTALL)

    def read(self, text: str) -> dict[str, str] | None:
        """What stands in the slots of a text that was made of this form; None of another."""
        if not all(part in text for part in self.own):
            return None
        found = self.pattern.fullmatch(text)
        return found.groupdict() if found else None


class Told:
    """Says messages by `forms`, English to another language, in whose way days are written by
    `day`, decimals with `mark`, and words that are not its own in `quotes`.

    What has no form stays English; inside a message it is quoted.
    """

    def __init__(
        self, forms: Mapping[str, str], day: Callable[[date], str], mark: str, quotes: str
    ) -> None:
        self._forms, self._day, self._mark, self._quotes = forms, day, mark, quotes
        known = sorted(map(Form, forms), key=lambda form: -sum(map(len, form.own)))
        self._speaking = [form for form in known if form.slots and _speaks(form)]
        self._silent = [form for form in known if form.own and not _speaks(form)]
        """Forms without a word: what they hold has to be a message, or any text were of them."""
        self._plain = {form.text.format(): form.text for form in known if not form.slots}
        self._recognized = lru_cache(4096)(self._recognize)

    def __call__(self, text: str) -> str:
        message = self._message(text)
        if message is None:
            return text
        form = Form(message.form)
        values = {slot.name: self._written(slot, message.values[slot.name]) for slot in form.slots}
        return self._forms.get(form.text, _bare(form)).format(**values)

    def _message(self, text: str) -> Message | None:
        return text if isinstance(text, Message) else self._recognized(text)

    def _written(self, slot: Slot, value: object) -> str:
        if slot.name in TELLING and isinstance(value, str) and value:
            message = self._message(value)
            return self(message) if message else self._quotes.format(value)
        if isinstance(value, Message):
            return self(value)
        if isinstance(value, date):
            return self._day(value)
        written = format(value, slot.spec)
        if slot.spec or isinstance(value, Decimal):
            written = written.replace(".", self._mark)
        return written

    def _recognize(self, text: str) -> Message | None:
        return self._several(text) or self._one(text)

    def _one(self, text: str) -> Message | None:
        if text in self._plain:
            return Message(self._plain[text], {})
        made = (one for form in self._speaking if (one := self._made(form, text)))
        held = (one for form in self._silent if (one := self._made(form, text)))
        return next(made, next((one for one in held if _holds_message(one)), None))

    def _made(self, form: Form, text: str) -> Message | None:
        read = form.read(text)
        if read is None:
            return None
        return Message(
            form.text, {slot.name: self._meant(slot, read[slot.name]) for slot in form.slots}
        )

    def _several(self, text: str) -> Message | None:
        for mark, between in _LISTS:
            pieces = between.split(text)
            parts = self._parts(mark, pieces) if len(pieces) > 1 else None
            if parts:
                return listed(parts, mark)
        return None

    def _parts(self, mark: str, pieces: Sequence[str]) -> list[Message] | None:
        """The pieces as messages; what is quoted in one may hold the mark itself."""
        if not pieces:
            return []
        for size in range(1, len(pieces) + 1):
            first = self._one(mark.join(pieces[:size]))
            if first is None or not _is_whole(first):
                continue
            rest = self._parts(mark, pieces[size:])
            if rest is not None:
                return [first, *rest]
        return None

    def _meant(self, slot: Slot, text: str) -> object:
        if slot.quoted:
            return text
        if slot.conversion == "r":
            return text[1:-1] if text[0] in "'\"" else text
        if slot.spec:
            return int(text) if slot.spec.endswith("d") else Decimal(text)
        if slot.name in TELLING:
            return self._recognized(text) or text
        if _DAY.fullmatch(text):
            with suppress(ValueError):
                return date.fromisoformat(text)
        return Decimal(text) if _AMOUNT.fullmatch(text) else text


def _holds_message(message: Message) -> bool:
    return any(isinstance(value, Message) for value in message.values.values())


def _is_whole(message: Message) -> bool:
    """Whether all that may be a message in it is one: a part of a list is nothing else."""
    told = (value for name, value in message.values.items() if name in TELLING)
    return all(isinstance(value, Message) or value == "" for value in told)


def _slots(form: str) -> Iterator[Slot]:
    marks = 0
    for before, name, spec, conversion in Formatter().parse(form):
        marks += before.count('"')
        if name is not None:
            yield Slot(name, spec or "", conversion, before.endswith('"') and marks % 2 == 1)


def _speaks(form: Form) -> bool:
    return any(map(str.isalpha, "".join(form.own))) or any(slot.spec for slot in form.slots)


def _digits(spec: str) -> str:
    """What a number looks like that was written so: `d`, `+.1f`, `.2f`."""
    sign = "[+-]" if spec.startswith("+") else "-?"
    _, point, places = spec.rstrip("df").partition(".")
    return rf"{sign}\d+" + (rf"\.\d{{{places}}}" if point else "")


def _bare(form: Form) -> str:
    """The form with nothing but names in its braces: what stands there is written already."""
    parts = Formatter().parse(form.text)
    return "".join(
        before.replace("{", "{{").replace("}", "}}") + (f"{{{name}}}" if name is not None else "")
        for before, name, _, _ in parts
    )
