"""Every error of one template at once, in words for the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeGuard, get_args

import re2
from pydantic import BaseModel, ValidationError
from stdnum.ch import uid as swiss
from stdnum.fr import siren as french
from stdnum.util import get_cc_module

from preuve.messages import Message, of_pydantic, say
from preuve.reading.template.date_form import compile_date_form
from preuve.reading.template.field_faults import field_faults, sample_faults
from preuve.reading.template.hints import nearest
from preuve.reading.template.inherit import STRIKE, idle_strikes, merge
from preuve.reading.template.model import Template
from preuve.reading.template.row_pattern import compile_row_pattern
from preuve.reading.template.source import Mark, Route, Source, TemplateError

_RE2 = re2.Options()
_RE2.log_errors = False

_READABLE: Mapping[str, tuple[tuple[str, ...], Callable[[str], object]]] = {
    "row_patterns": ((), compile_row_pattern),
    "forms": (("dates",), compile_date_form),
}
"""Lists of readable forms: under which key each one stands, and what understands it."""


def compile_pattern(pattern: str) -> Any:
    """An operator's pattern, compiled by re2: linear time, no lookaround, no backreference.

    Raises re2.error.
    """
    return re2.compile(pattern, _RE2)


def validate(source: Source, inherited: dict[str, Any]) -> list[TemplateError]:
    """All that is wrong in this file, taken with what it inherits. Order: by place."""
    errors = [
        TemplateError(mark, message)
        for mark, message in (
            *_form(source, inherited),
            *_identifiers(source),
            *_patterns(source, (), source.data),
            *_readable_forms(source),
            *_strikes(source, inherited),
            *field_faults(source, inherited),
            *sample_faults(source, inherited),
        )
    ]
    return sorted(errors)


def _form(source: Source, inherited: dict[str, Any]) -> Iterator[tuple[Mark, Message]]:
    try:
        Template.model_validate(source.data)
    except ValidationError as failure:
        for error in failure.errors(include_url=False):
            route: Route = error["loc"]
            if error["type"] == "value_error" and route[-1] in _READABLE:
                continue  # told entry by entry below
            if error["type"] != "missing" or _at(inherited, route) is None:
                yield _place(source, route, error["type"]), _wording(route, error)


def _at(data: Any, route: Route) -> Any:
    for step in route:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _place(source: Source, route: Route, kind: str) -> Mark:
    """Where to point: at the key where the key is wrong or its block, else at the value."""
    if route and route[-1] == "[key]":
        route, kind = route[:-1], "extra_forbidden"
    block = isinstance(_at(source.data, route), dict | list | None)
    if route in source.keys and (kind == "extra_forbidden" or block):
        return source.keys[route]
    return source.mark(route)


def _wording(route: Route, error: Any) -> Message:
    kind, got = error["type"], error["input"]
    name = ".".join(str(step) for step in route if step != "[key]")
    last = str(route[-2] if route[-1] == "[key]" else route[-1])
    if kind == "extra_forbidden":
        hint = nearest(last, _keys_at(route[:-1]))
        return say('unknown key "{name}"{hint}', name=name, hint=hint)
    if kind in ("enum", "literal_error"):
        valid = re.findall(r"'(.+?)'(?:,| or|$)", error["ctx"]["expected"])
        hint = nearest(str(got), valid) or say("; use one of {valid}", valid=", ".join(valid))
        return say('{name}: "{got}" is not known{hint}', name=name, got=got, hint=hint)
    if kind == "missing" and last == "source":
        return say(
            "{name} is missing: say where the number was read (an address or a title)", name=name
        )
    if kind == "missing":
        return say("{name} is missing", name=name)
    if kind == "string_pattern_mismatch":
        known = "names" if route[-1] == "[key]" and not last.isupper() else last
        form = _FORMS.get(known, error["ctx"]["pattern"])
        return say('{name}: "{got}" has not the form {form}', name=name, got=got, form=form)
    if kind == "tuple_type":
        return say("{name} takes a list: write it as [first, second]", name=name)
    if kind in ("model_type", "dict_type"):
        return say("{name} takes keys of its own, one a line below it", name=name)
    if got is None:
        return say("{name} is empty: give it a value or remove the key", name=name)
    told = of_pydantic(error)
    if isinstance(got, str):
        return say('{name}: {told}, not "{got}"', name=name, told=told, got=got)
    return say("{name}: {told}", name=name, told=told)


_FORMS = {
    "template": say("fr.carrefour: lower case, a dot, then letters, digits and _"),
    "extends": say("base.fr: lower case, a dot, then letters, digits and _"),
    "language": say("fr: two small letters (ISO 639-1)"),
    "country": say("FR: two capitals (ISO 3166-1)"),
    "names": say("serial_number: small letters, digits and _, a letter first"),
    "currency": say("EUR: three capitals (ISO 4217)"),
}


def _keys_at(route: Route) -> list[str]:
    """The keys that the model takes at this place."""
    kind: Any = Template
    for step in route:
        while hasattr(kind, "__metadata__"):
            kind = get_args(kind)[0]
        if _is_model(kind):
            names = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = names[str(step)].annotation if str(step) in names else None
        else:
            kind = next((part for part in reversed(get_args(kind)) if part is not Ellipsis), None)
    if not _is_model(kind):
        return []
    return [field.alias or name for name, field in kind.model_fields.items()]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _texts(source: Source, *route: str) -> Iterator[tuple[Route, str]]:
    found = _at(source.data, route)
    for number, entry in enumerate(found if isinstance(found, list) else ()):
        if isinstance(entry, str):
            yield (*route, number), entry


def _identifiers(source: Source) -> Iterator[tuple[Mark, Message]]:
    for register, check in (("siren", _siren_fault), ("vat", vat_fault)):
        entries = _at(source.data, ("recognize", register))
        for number, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and isinstance(written := entry.get("number"), str):
                fault = check(written)
                if fault:
                    yield source.mark(("recognize", register, number, "number")), fault


def _siren_fault(number: str) -> Message | None:
    if french.is_valid(number):
        return None
    return say(
        "SIREN {number} fails its checksum: nine digits, the last one a Luhn check digit",
        number=number,
    )


def vat_fault(number: str) -> Message | None:
    """What is wrong with a VAT number, by its country's own rule (python-stdnum)."""
    compact = re.sub(r"[^0-9A-Za-z]", "", number).upper()
    country = compact[:2]
    rule: Any = swiss if compact.startswith("CHE") else None
    if rule is None and country.isalpha():
        rule = get_cc_module(country.lower(), "vat")
    if rule is None:
        return say(
            "VAT {number} must start with a country that has a rule (FR, DE, CHE, …)", number=number
        )
    digits = compact[:12] if rule is swiss else compact
    if rule.is_valid(digits) or rule.is_valid(digits.removeprefix(country)):
        return None
    return say("VAT {number} fails the checksum of {country}", number=number, country=country)


def _patterns(source: Source, route: Route, data: Any) -> Iterator[tuple[Mark, Message]]:
    """Every `pattern` and every entry of `patterns`, wherever they stand, has to compile."""
    for step, value in _below(data):
        place = (*route, step)
        if isinstance(value, dict | list):
            yield from _patterns(source, place, value)
        elif isinstance(value, str) and (step == "pattern" or route[-1:] == ("patterns",)):
            try:
                compile_pattern(value)
            except re2.error as failure:
                told = say(
                    'pattern "{pattern}" is not understood: {why}',
                    pattern=value,
                    why=_what_re2_says(failure),
                )
                yield source.mark(place), told


def _what_re2_says(failure: Any) -> Message:
    said = failure.args[0] if failure.args else failure
    told = said.decode() if isinstance(said, bytes) else str(said)
    kind, _, at = told.partition(": ")
    why = _RE2_FAULTS.get(kind, say("{told}", told=kind))
    return say("{why} at {at}", why=why, at=at) if at else why


_RE2_FAULTS = {
    "no argument for repetition operator": say("nothing stands before * + or ?"),
    "bad repetition operator": say("one sign of repetition after another"),
    "invalid repetition size": say("too many repetitions"),
    "missing ]": say("a [ is not closed"),
    "missing )": say("a ( is not closed"),
    "unexpected )": say("a ) that nothing opens"),
    "trailing \\": say("a \\ at the end"),
    "invalid escape sequence": say("a \\ before a letter that means nothing"),
    "invalid perl operator": say("looking ahead or behind, which is not allowed"),
    "invalid character class": say("an unknown kind of characters in [ ]"),
    "invalid character class range": say("a range in [ ] that runs backwards"),
    "invalid named capture group": say("a name of a group that is not allowed"),
    "pattern too large - compile failed": say("too long"),
}


def _below(data: Any) -> Iterable[tuple[str | int, Any]]:
    return data.items() if isinstance(data, dict) else enumerate(data)


def _layouts(source: Source) -> dict[str, Any]:
    found = source.data.get("layouts")
    return {n: one for n, one in found.items() if isinstance(one, dict)} if _maps(found) else {}


def _maps(data: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(data, dict)


def _readable_forms(source: Source) -> Iterator[tuple[Mark, Message]]:
    for layout in ((), *(("layouts", name) for name in _layouts(source))):
        for key, (route, compiled) in _READABLE.items():
            for place, form in _texts(source, *layout, *route, key):
                try:
                    compiled(form.removeprefix(STRIKE))
                except ValueError as failure:
                    told = say("{name}: {told}", name=".".join((*route, key)), told=failure.args[0])
                    yield source.mark(place), told


def _strikes(source: Source, inherited: dict[str, Any]) -> Iterator[tuple[Mark, Message]]:
    own = {key: value for key, value in source.data.items() if key != "layouts"}
    merged = merge(inherited, own)
    idle = idle_strikes(inherited, own)
    for name, layout in _layouts(source).items():
        idle += idle_strikes(merged, layout, route=("layouts", name))
    for route, phrase, phrases in idle:
        told = say(
            '"~{phrase}" strikes nothing: no such phrase is inherited{hint}',
            phrase=phrase,
            hint=nearest(phrase, phrases),
        )
        yield source.mark(route), told
