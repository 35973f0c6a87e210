"""What is wrong with a template's own fields, beyond their form: nothing says where, or how."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from preuve.messages import Message, say
from preuve.reading.template.fields import comparable
from preuve.reading.template.hints import nearest
from preuve.reading.template.inherit import merge
from preuve.reading.template.kinds import EXPECTABLE
from preuve.reading.template.source import Mark, Route, Source

_WHERE = ("labels", "codes", "zone", "pattern")


def field_faults(source: Source, inherited: dict[str, Any]) -> Iterator[tuple[Mark, Message]]:
    """Of each field that this file writes, or that a layout in it writes, taken with what it
    inherits."""
    own = {key: value for key, value in source.data.items() if key != "layouts"}
    merged = merge(inherited, own)
    yield from _of_all(source, ("fields",), own.get("fields"), merged.get("fields"))
    layouts = source.data.get("layouts")
    for name, layout in layouts.items() if isinstance(layouts, dict) else ():
        if isinstance(layout, dict):
            fields = merge(merged.get("fields"), layout.get("fields"), "fields")
            route = ("layouts", name, "fields")
            yield from _of_all(source, route, layout.get("fields"), fields)


def sample_faults(source: Source, inherited: dict[str, Any]) -> Iterator[tuple[Mark, Message]]:
    """What a sample expects and no document of this template has."""
    own = merge(inherited, source.data)
    parts = [own, *(own.get("layouts") or {}).values()]
    tables = [part.get("fields") for part in parts if isinstance(part, dict)]
    known = [*EXPECTABLE, *(name for table in tables if isinstance(table, dict) for name in table)]
    samples = source.data.get("samples")
    for number, sample in enumerate(samples if isinstance(samples, list) else ()):
        expect = sample.get("expect") if isinstance(sample, dict) else None
        for name in expect if isinstance(expect, dict) else ():
            if name not in known:
                place = source.keys[("samples", number, "expect", name)]
                told = say(
                    'samples.{number}.expect: nothing is read as "{name}"{hint}',
                    number=number,
                    name=name,
                    hint=nearest(name, known),
                )
                yield place, told


def _of_all(
    source: Source, route: Route, written: Any, merged: Any
) -> Iterator[tuple[Mark, Message]]:
    for name in written if isinstance(written, dict) else ():
        spec = merged.get(name) if isinstance(merged, dict) else None
        if isinstance(spec, dict):
            for key, fault in _faults(name, spec):
                place = (*route, name, *key)
                known = source.keys.get(place) or source.keys.get((*route, name))
                yield known or source.mark(place), fault


def _faults(name: str, spec: dict[str, Any]) -> Iterator[tuple[Route, Message]]:
    kind = spec.get("type", "text")
    checks = spec.get("checks")
    checks = checks if isinstance(checks, dict) else {}
    if not any(spec.get(key) for key in _WHERE) and kind != "yes_no":
        yield (
            (),
            say(
                "fields.{name} says not where the value stands: give it labels, codes or a zone",
                name=name,
            ),
        )
    if spec.get("direction") and not spec.get("labels"):
        yield (
            ("direction",),
            say("fields.{name}.direction needs labels to start from", name=name),
        )
    if kind == "yes_no" and not spec.get("yes"):
        yield (
            (),
            say(
                "fields.{name} is of type yes_no: list the words that mean yes, as yes: [oui]",
                name=name,
            ),
        )
    if kind != "yes_no" and (spec.get("yes") or spec.get("no")):
        yield (
            (),
            say(
                "fields.{name} has words for yes or no, but its type is {kind}, not yes_no",
                name=name,
                kind=kind,
            ),
        )
    if checks.get("not_in_future") and kind != "date":
        yield (
            ("checks", "not_in_future"),
            say("fields.{name} is of type {kind}, and has no future", name=name, kind=kind),
        )
    for bound in ("min", "max"):
        if isinstance(written := checks.get(bound), str) and (told := _no_bound(kind, written)):
            yield (
                ("checks", bound),
                say("fields.{name}.checks.{bound}: {told}", name=name, bound=bound, told=told),
            )


def _no_bound(kind: str, written: str) -> Message | None:
    """Why a limit cannot be compared with the field's values."""
    try:
        if kind == "date":
            date.fromisoformat(written)
        elif kind in ("number", "amount"):
            comparable("number", written)
        else:
            return say("a {kind} has no least or greatest value", kind=kind)
    except ValueError:
        return say(
            '"{written}" is no {kind}; write it as {form}',
            written=written,
            kind=kind,
            form=_FORMS[kind],
        )
    return None


_FORMS = {"date": "2026-11-30", "number": "12", "amount": "12.50"}
