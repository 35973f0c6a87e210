"""Trying a sketch: how well a template that nobody published reads its own examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.lines import lay_out
from preuve.reading.extract.sheet import Sheet
from preuve.reading.page import Box, Pages
from preuve.reading.pipeline import understand, understand_as
from preuve.reading.result import Context, Place, Reading, Verdict
from preuve.reading.template.drafting.compare import FieldName, Outcome, outcomes
from preuve.reading.template.drafting.sketch import Edit, Sketch
from preuve.reading.template.drafting.values import Example, Values
from preuve.reading.template.index import Index, known_by
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Match
from preuve.reading.template.model import Template
from preuve.reading.template.shelf import Lazy

_WORTH: dict[FieldName, float] = {
    "retailer": 0.0,
    "purchased_on": 3.0,
    "total": 3.0,
    "currency": 1.0,
    "items": 3.0,
}
"""What a right field is worth when sketches are compared; the retailer is `evidence`'s matter."""

_SURENESS = 0.5
"""What the confidence of a right value is worth, and that nobody has to look at the paper."""

_BETTER = 0.02
_NOWHERE = Place(1, Box(0, 0, 0, 0))


@dataclass(frozen=True)
class Tried:
    """A sketch, and what it reads from each example."""

    sketch: Sketch
    read: tuple[tuple[Reading, Verdict], ...]
    outcomes: tuple[tuple[Outcome, ...], ...]

    @cached_property
    def score(self) -> float:
        return sum(map(_score, self.read, self.outcomes))

    def as_right_as(self, other: Tried) -> bool:
        """Whether no field of any example is read worse than by the other sketch."""
        return all(
            own.share >= theirs.share
            for mine, others in zip(self.outcomes, other.outcomes, strict=True)
            for own, theirs in zip(mine, others, strict=True)
        )


def _score(read: tuple[Reading, Verdict], found: Sequence[Outcome]) -> float:
    reading, verdict = read
    score = sum(_WORTH[outcome.field] * outcome.share + outcome.exact for outcome in found)
    sure = {"total": reading.total, "purchased_on": reading.purchased_on}
    for outcome in found:
        value = sure.get(outcome.field)
        if value is not None:
            score += _SURENESS * (value.confidence if outcome.right else -value.confidence)
    right = all(outcome.right for outcome in found if outcome.field != "retailer")
    return score + _SURENESS * (right and verdict.status == "trusted")


class Bench:
    """The examples with what they are known to say, and the base that the template extends."""

    def __init__(
        self, examples: Sequence[Example], base: Template, templates: Templates, context: Context
    ) -> None:
        self.examples = tuple(examples)
        self.base = base
        self.templates = bare(templates)
        self.context = context
        self.values = tuple(self._known(example) for example in self.examples)

    def _known(self, example: Example) -> Values:
        if example.values is not None:
            return example.values
        return Values.of(understand(example.pages, self.templates, self.context)[0])

    def sheets(self, sketch: Sketch) -> list[Sheet]:
        """Every example as rows with labels and amounts, by the sketch's words."""
        lexicon = Lexicon(sketch.template(self.base))
        return [lay_out(example.pages, lexicon) for example in self.examples]

    def tried(self, sketch: Sketch) -> Tried:
        template = sketch.template(self.base)
        match = Match(template, 1.0, (), _NOWHERE)
        read = tuple(
            understand_as(example.pages, match, self.templates, self.context)
            for example in self.examples
        )
        found = tuple(
            outcomes(values, reading)
            for values, (reading, _) in zip(self.values, read, strict=True)
        )
        return Tried(sketch, read, found)

    def best(
        self,
        current: Tried,
        options: Iterable[Sequence[Edit]],
        accepts: Callable[[Tried], bool] = lambda _: True,
    ) -> Tried:
        """The option that reads the examples best; the current sketch where none is better."""
        best = current
        for edits in options:
            option = self.tried(current.sketch.with_edits(edits))
            if option.score > best.score + _BETTER and accepts(option):
                best = option
        return best

    def kept(self, current: Tried, options: Iterable[Sequence[Edit]]) -> Tried:
        """All options, one after the other, that make no field wrong which was right."""
        for edits in options:
            option = self.tried(current.sketch.with_edits(edits))
            if option.sketch.data != current.sketch.data and option.as_right_as(current):
                current = option
        return current


def bare(templates: Templates, *retailers: Template) -> Templates:
    """The base templates alone, and these retailers that nobody published."""
    known = {template.template: template for template in retailers}
    index = Index.build(map(known_by, retailers), templates.bases.values())
    return Templates(templates.bases, known, {}, index)


def beside(templates: Templates, template: Template) -> Templates:
    """All templates and this one, which takes the place of one with its key."""
    known = {**templates.index.known, template.template: known_by(template)}
    index = Index.build(known.values(), templates.bases.values())
    others = templates.retailers

    def get(key: str) -> Template:
        return template if key == template.template else others[key]

    retailers = Lazy([*others, template.template], get)
    return Templates(templates.bases, retailers, templates.sources, index, templates.registry)


def seen_as(pages: Pages, template: Template) -> Sheet:
    """One document's rows by a template's words."""
    return lay_out(pages, Lexicon(template))
