"""A template from one document, or from several of one retailer: READ THIS to know how.

    examples -> base and country -> numbers, dates -> sums -> items -> evidence -> file

Each trade proposes lines for the template: words that stand beside a confirmed value, another
order of the date, a row's pattern. A line is taken when the reader, run with it, reads the
examples better: so a draft never reads them worse than the base that it starts from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from preuve.folding import bare as folded
from preuve.messages import say
from preuve.reading.extract.sheet import Sheet
from preuve.reading.page import Pages
from preuve.reading.result import Context
from preuve.reading.template.drafting.compare import Outcome
from preuve.reading.template.drafting.country import choose, learn_country
from preuve.reading.template.drafting.days import learn_dates, rows_with_parts
from preuve.reading.template.drafting.evidence import Evidence, Refused, gather
from preuve.reading.template.drafting.numbers import learn_numbers
from preuve.reading.template.drafting.rows import learn_items
from preuve.reading.template.drafting.sketch import Edit, Sketch
from preuve.reading.template.drafting.sums import learn_sums, spots_of
from preuve.reading.template.drafting.trial import Bench, Tried, beside
from preuve.reading.template.drafting.values import Example, Sold, Values
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Ambiguous, Match, match
from preuve.reading.template.model import Template
from preuve.reading.template.writing import ORDER, Comments, write

_ROUNDS = 2
_ANY = Context()


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one example: what it should be, and how base and draft read it."""

    document: str
    field: str
    want: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class Missing:
    """A confirmed value that stands nowhere on the paper, and where it was looked for."""

    document: str
    field: str
    value: str
    looked: str

    def __str__(self) -> str:
        return f"{self.document}: {self.field} {self.value} is not on the paper: {self.looked}"


@dataclass(frozen=True)
class Draft:
    """A drafted template: its file's text, itself, and how it does on its own examples.

    `known` says for each example how well the draft is recognized on it, 0 to 1; `rivals` are
    other templates that the examples match, alone or as well.
    """

    key: str
    text: str
    template: Template
    extends: str
    fields: tuple[Field, ...]
    missing: tuple[Missing, ...]
    refused: tuple[Refused, ...]
    known: tuple[float, ...]
    rivals: tuple[str, ...]

    @property
    def reads(self) -> bool:
        """Whether every field of every example comes out right."""
        return all(field.after.right for field in self.fields)


class NothingToDraftError(ValueError):
    """No document, none with words, or no base template to extend."""

    code = "nothing_to_draft"
    remedy = "Give at least one document with text on it, and load the base templates."


def draft(
    examples: Sequence[Example],
    templates: Templates,
    *,
    name: str | None = None,
    key: str | None = None,
    others: Sequence[Pages] = (),
    context: Context = _ANY,
    tell: Callable[[str], str] = str,
) -> Draft:
    """A template for the retailer of the examples, to be looked over by a person.

    `others` are papers of other retailers: what they print too is no evidence. `name` and `key`
    are else the confirmed name and the country with it; `tell` says the comments in another
    language. Raises NothingToDraftError.
    """
    if not templates.bases or not any(page.rows for e in examples for page in e.pages):
        raise NothingToDraftError("there is no document with words, or no base template")
    bench = choose(examples, templates, context, Sketch({"template": "new.draft", "name": "?"}))
    called = name or _name(bench.values) or "Unknown retailer"
    start = Sketch({"template": "new.draft", "name": called, "extends": bench.base.template})
    if bench.base.retailer_name == "company":
        start = start.with_edits([Edit(("retailer_name",), "banner", say("the confirmed name"))])
    before = bench.tried(start)
    current = _learned(bench, before)
    named = _named(current.sketch, key or _key(bench, current, called), bench)
    found = gather(bench, named, called, templates, others)
    sketch = _ordered(named.with_edits(found.edits))
    return _told(bench, before, bench.tried(sketch), found, templates, tell)


def _learned(bench: Bench, start: Tried) -> Tried:
    current = learn_numbers(bench, learn_country(bench, start))
    for _ in range(_ROUNDS):
        score = current.score
        current = learn_dates(bench, current)
        current = learn_sums(bench, current)
        current = learn_items(bench, current)
        if current.score <= score:
            break
    return current


def _name(values: Sequence[Values]) -> str | None:
    return next((v.retailer for v in values if v.retailer), None)


def _key(bench: Bench, current: Tried, name: str) -> str:
    country = current.sketch.data.get("country") or bench.base.language or "new"
    slug = re.sub(r"[^a-z0-9]+", "_", folded(name)).strip("_") or "retailer"
    return f"{country.lower()}.{slug[:60]}"


def _named(sketch: Sketch, key: str, bench: Bench) -> Sketch:
    why = say("the base whose words and numbers fit best: {name}", name=bench.base.name)
    return sketch.with_edits(
        [Edit(("template",), key, ""), Edit(("extends",), sketch.data["extends"], why)]
    )


def _ordered(sketch: Sketch) -> Sketch:
    data = {key: sketch.data[key] for key in ORDER if key in sketch.data}
    return Sketch(data, sketch.why)


def _told(
    bench: Bench,
    before: Tried,
    after: Tried,
    found: Evidence,
    templates: Templates,
    tell: Callable[[str], str],
) -> Draft:
    template = after.sketch.template(bench.base)
    names = ", ".join(example.name for example in bench.examples)
    heading = "".join(
        f"# {tell(line)}\n"
        for line in (
            say("Drafted from documents: {names}.", names=names),
            say("Behind each line stands why it is there. Read them all before you publish."),
        )
    )
    beside_it = {at: tell(why) for at, why in after.sketch.why.items()}
    fields = tuple(
        Field(example.name, one.field, one.want, one, other)
        for example, first, second in zip(
            bench.examples, before.outcomes, after.outcomes, strict=True
        )
        for one, other in zip(first, second, strict=True)
    )
    return Draft(
        key=template.template,
        text=heading + write(after.sketch.data, Comments(beside=beside_it)),
        template=template,
        extends=bench.base.template,
        fields=fields,
        missing=tuple(_missing(bench, after)),
        refused=found.refused,
        known=found.scores,
        rivals=tuple(_rivals(bench, template, templates)),
    )


def _rivals(bench: Bench, template: Template, templates: Templates) -> Iterator[str]:
    known = beside(templates, template)
    found: dict[str, None] = {}
    for example in bench.examples:
        result = match(example.pages, known, template.country)
        if isinstance(result, Match):
            found[result.template.template] = None
        elif isinstance(result, Ambiguous):
            found.update(dict.fromkeys(c.template for c in result.candidates))
    found.pop(template.template, None)
    yield from found


def _missing(bench: Bench, after: Tried) -> Iterator[Missing]:
    sheets = bench.sheets(after.sketch)
    for example, values, sheet in zip(bench.examples, bench.values, sheets, strict=True):
        rows = len(sheet.lines)
        if values.total is not None and not spots_of(sheet, values.total):
            amounts = (
                ", ".join(dict.fromkeys(a.text for x in sheet.lines for a in x.money)) or "none"
            )
            looked = f"the sums in its {rows} rows are {amounts}"
            yield Missing(example.name, "total", str(values.total), looked)
        day = values.purchased_on
        if day and not rows_with_parts(sheet, day):
            printed = [
                d.text.strip() for x in sheet.lines for d in sheet.lexicon.dates.find(x.text)
            ]
            looked = f"the dates in its {rows} rows are {', '.join(printed) or 'none'}"
            yield Missing(example.name, "purchased_on", day.isoformat(), looked)
        for item in values.items or ():
            if item.amount and not _printed(sheet, item):
                looked = f"no row of its {rows} has this amount"
                name = f"{item.amount} ({item.description})" if item.description else item.amount
                yield Missing(example.name, "items", str(name), looked)


def _printed(sheet: Sheet, item: Sold) -> bool:
    return any(abs(a.value) == abs(item.amount) for x in sheet.lines for a in x.money)
