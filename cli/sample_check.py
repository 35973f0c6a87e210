"""The samples kept with templates: read again, and compared with what has to come out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.reader import Outcome, Request, make_reader
from preuve.reading.result import Context
from preuve.reading.template.source import Mark, TemplateError

if TYPE_CHECKING:
    from preuve.reading.template.load import Templates
    from preuve.reading.template.model import Sample


@dataclass(frozen=True, slots=True)
class Kept:
    """One sample of a template, counted from 0; `file` is None where it is not there."""

    template: str
    number: int
    sample: Sample
    file: Path | None


def find_samples(templates: Templates, folders: Sequence[Path]) -> list[Kept]:
    """The samples of all templates; a file's path counts from its templates' folder."""
    found = []
    for key, template in templates.retailers.items():
        for number, sample in enumerate(template.samples):
            places = (folder / sample.file for folder in reversed(folders))
            file = next((place for place in places if place.is_file()), None)
            found.append(Kept(key, number, sample, file))
    return found


def failures(
    samples: Sequence[Kept], templates: Templates, folders: Sequence[Path], engine: str
) -> Iterator[list[TemplateError]]:
    """For each sample in turn, what differs from what its template expects."""
    read = None
    for kept in samples:
        source = templates.sources[kept.template]
        route = ("samples", kept.number)
        if kept.file is None:
            told = f'sample "{kept.sample.file}" is not there: put it back, or take it out here'
            yield [TemplateError(source.mark((*route, "file")), told)]
            continue
        read = read or make_reader(engine, tuple(folders), Context())
        marks = {name: source.mark((*route, "expect", name)) for name in kept.sample.expect}
        yield list(compare(kept, read(Request((kept.file,))), marks, source.mark(route)))


def compare(
    kept: Kept, outcome: Outcome, marks: dict[str, Mark], at: Mark
) -> Iterator[TemplateError]:
    """What differs from the sample's expectations, each at its mark, else `at` the sample."""
    sample = f'sample "{kept.sample.file}"'
    if outcome.problem:
        yield TemplateError(at, f"{sample} cannot be read: {outcome.problem.message}")
        return
    got = _values(outcome)
    if got["template"] != kept.template:
        yield TemplateError(at, f"{sample} is read by {got['template']}, not by {kept.template}")
    for name, want in kept.sample.expect.items():
        said = got.get(name)
        if said is None or not _same(want, said):
            told = f"{sample}: {name}: expected {want!r}, got {said!r}"
            yield TemplateError(marks.get(name, at), told.replace("got None", "got nothing"))


def _values(outcome: Outcome) -> dict[str, str]:
    """What was read, as text by name: the header, the template's own fields, and how it went."""
    line = outcome.line()
    plain: dict[str, Any] = {
        **{name: value for name, value in line.items() if isinstance(value, str | int)},
        **{field["name"]: field["value"] for field in line["fields"]},
        "items": len(line["items"]),
        "template": line["template"]["key"],
        "layout": line["template"]["layout"],
        "verdict": line["verdict"]["status"],
    }
    return {name: str(value) for name, value in plain.items() if value is not None}


def _same(want: str, got: str) -> bool:
    try:
        return want == got or Decimal(want) == Decimal(got)
    except InvalidOperation:
        return False
