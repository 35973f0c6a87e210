"""The fields that a template has of its own: found by code, label, zone or pattern, and checked.

Every text that could be the value is a candidate; what speaks for each one is added up, and the
best is taken. The weights are set by hand and fitted to nothing: own fields have no benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp

from preuve.messages import Message, say
from preuve.reading.extract.beside import Span, beside
from preuve.reading.extract.phrases import find_phrases
from preuve.reading.extract.printed import Printed, printed_values
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.validity import check_value
from preuve.reading.extract.zones import Region
from preuve.reading.result import Candidate, Check, Field, Place, Value
from preuve.reading.template.codes import holds
from preuve.reading.template.fields import OwnField

_REJECTED = 4

_CODE, _LABEL, _BOUNDED_ZONE, _ZONE, _ANYWHERE = 6.0, 3.0, 2.8, 1.0, 0.5
_MISREAD_LABEL, _FURTHER_OFF = -0.5, -2.0
_AGREES = 1.0
"""A barcode and the print beside it that say the same."""

_CHECKS = {"checksum": (2.0, -3.0), "one_of": (1.5, -2.0)}
_OTHER_CHECK = (0.0, -1.0)
"""Less than being further off: a value beyond its limits is wrong, not another one beside it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """One candidate; `confidence` is the engine's, 0 to 1."""

    text: str
    score: float
    why: str
    raw_text: str
    place: Place
    confidence: float
    checks: tuple[Check, ...]

    def as_candidate(self) -> Candidate:
        return Candidate(self.text, round(self.score, 2), self.why, self.place)


def read_fields(sheet: Sheet, received_on: date | None) -> tuple[Field, ...]:
    """Each field of the sheet's template, in its order. Never raises."""
    own = sheet.lexicon.template.fields
    labels = [
        Span(found.line, found.start, found.stop)
        for spec in own.values()
        for found in find_phrases(sheet.lines, spec.labels)
    ]
    return tuple(_read(sheet, name, spec, labels, received_on) for name, spec in own.items())


def _read(
    sheet: Sheet, name: str, spec: OwnField, labels: Sequence[Span], received_on: date | None
) -> Field:
    found = _ranked(_candidates(sheet, spec, labels, received_on))
    title = spec.title or name.replace("_", " ")
    field = Field(name, title, spec.type, spec.required, spec.unique)
    if not found:
        return field
    best = found[0]
    rule = say(
        "{template}: fields.{name}.{why}",
        template=sheet.lexicon.template.template,
        name=name,
        why=best.why,
    )
    others = tuple(other.as_candidate() for other in found[1 : _REJECTED + 1])
    value = Value(best.text, _confidence(found), rule, best.raw_text, best.place, others)
    return replace(field, value=value, checks=best.checks)


def _candidates(
    sheet: Sheet, spec: OwnField, labels: Sequence[Span], received_on: date | None
) -> Iterator[_Found]:
    region = Region(sheet.lines, sheet.pages, spec.zone)
    for page in sheet.pages:
        for code in page.codes:
            kind = next((k for k in spec.codes if holds(k, code)), None)
            if kind and region.has(page.number, code.box):
                told = Printed(code.text, 0, len(code.text), 0.0)
                place = Place(page.number, code.box)
                why = say("codes {format}", format=code.format)
                yield _found(spec, told, _CODE, why, code.text, place, 1.0, received_on)
    for span, score, why in _spots(sheet, spec, region, labels):
        for printed in printed_values(sheet, spec, span):
            line, start, stop = span.line, span.start + printed.start, span.start + printed.stop
            place, sure = line.place(start, stop), line.confidence(start, stop)
            yield _found(spec, printed, score, why, line.text[start:stop], place, sure, received_on)


def _found(
    spec: OwnField,
    printed: Printed,
    score: float,
    why: str,
    raw_text: str,
    place: Place,
    confidence: float,
    received_on: date | None,
) -> _Found:
    text, checks = check_value(spec, printed.text, received_on)
    score += printed.fit
    for check in checks:
        if check.passed is not None:
            score += _CHECKS.get(check.code, _OTHER_CHECK)[0 if check.passed else 1]
    return _Found(text, score, why, raw_text, place, confidence, checks)


def _spots(
    sheet: Sheet, spec: OwnField, region: Region, labels: Sequence[Span]
) -> Iterator[tuple[Span, float, Message]]:
    """Where the value may stand, what speaks for the place, and the key that leads there."""
    if spec.labels:
        yield from _beside_labels(sheet, spec, region, labels)
    elif spec.zone != type(spec.zone)() or spec.pattern:
        zoned = spec.zone != type(spec.zone)()
        score = _BOUNDED_ZONE if region.bounded else _ZONE if zoned else _ANYWHERE
        for line in sheet.lines:
            part = region.part(line)
            if part:
                yield Span(line, *part), score, say("zone") if zoned else say("pattern")
                score += 0 if spec.pattern else _FURTHER_OFF


def _beside_labels(
    sheet: Sheet, spec: OwnField, region: Region, labels: Sequence[Span]
) -> Iterator[tuple[Span, float, Message]]:
    for label in find_phrases(sheet.lines, spec.labels):
        score = _LABEL if label.exact else _LABEL + _MISREAD_LABEL
        place = Span(label.line, label.start, label.stop)
        for way in (spec.direction,) if spec.direction else ("right", "below"):
            spans = beside(sheet.lines, place, way)
            inside = [c for span in spans for c in _clipped(span, region, place, labels)]
            told = say('labels "{phrase}" {what}', phrase=label.phrase, what=way)
            for span in inside:
                yield span, score, told
                score += _FURTHER_OFF
            if inside and any(True for _ in printed_values(sheet, spec, inside[0])):
                break


def _clipped(span: Span, region: Region, own: Span, labels: Sequence[Span]) -> Iterator[Span]:
    """The part of a span that lies in the zone and before the next field's label."""
    part = region.part(span.line)
    if part is None:
        return
    start, stop = max(span.start, part[0]), min(span.stop, part[1])
    for label in labels:
        if label.line is span.line and label != own and start <= label.start < stop:
            stop = label.start
    if any(c.isalnum() for c in span.line.text[start:stop]):
        yield Span(span.line, start, stop)


def _ranked(candidates: Iterator[_Found]) -> list[_Found]:
    """One candidate a value, the best first; a code and the print that agree support each other."""
    best: dict[str, _Found] = {}
    ways: dict[str, set[bool]] = {}
    for one in candidates:
        ways.setdefault(one.text, set()).add(one.why.startswith("codes"))
        known = best.get(one.text)
        if known is None or known.score < one.score:
            best[one.text] = one
    agreed = [
        replace(one, score=one.score + _AGREES) if len(ways[text]) > 1 else one
        for text, one in best.items()
    ]
    return sorted(agreed, key=lambda one: -one.score)


def _confidence(ranked: Sequence[_Found]) -> float:
    """From what speaks for the best value, how surely its words were read, and its lead."""
    best = ranked[0]
    sure = 1 / (1 + exp(1.0 - 0.75 * best.score)) * (0.5 + 0.5 * best.confidence)
    contested = len(ranked) > 1 and ranked[1].score > best.score - 0.5
    return sure * 0.75 if contested else sure
