"""Which base to start from, and what follows from the country: currency, order of dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from babel.core import get_global
from babel.numbers import get_territory_currencies

from preuve.messages import say
from preuve.reading.extract.identifiers import identifiers
from preuve.reading.extract.language import choose_base
from preuve.reading.extract.lexicon import lexicon_of
from preuve.reading.extract.text import fold
from preuve.reading.result import Context
from preuve.reading.template.drafting.sketch import Edit, Sketch
from preuve.reading.template.drafting.sums import spots_of
from preuve.reading.template.drafting.trial import Bench, Tried
from preuve.reading.template.drafting.values import Example
from preuve.reading.template.load import Templates
from preuve.reading.template.model import Template

_CLEARLY = 1.0
"""How much better another language's base must read the examples than that of their words."""

_FEWEST_WORDS = 4
"""Words of a language that a paper in it has at least."""

_NOT_COUNTRIES = frozenset({"EU", "EN"})


def choose(
    examples: Sequence[Example], templates: Templates, context: Context, sketch: Sketch
) -> Bench:
    """The base of the papers' language; another one where that reads the examples better."""
    lexicons = [lexicon_of(base) for base in templates.bases.values()]
    spoken = Counter(choose_base(e.pages, lexicons).template.template for e in examples)
    usual = templates.bases[spoken.most_common(1)[0][0]]
    best = Bench(examples, usual, templates, context)
    if all(example.values is None for example in examples):
        return best
    score = best.tried(sketch).score + _CLEARLY * len(examples)
    for base in templates.bases.values():
        option = Bench(examples, base, templates, context)
        reached = option.tried(sketch).score
        if base is not usual and reached > score:
            best, score = option, reached
    return best


def country_of(bench: Bench, current: Tried) -> tuple[str, str] | None:
    """The examples' country and how it is known: told, by a number, a domain, or a currency."""
    for values in bench.values:
        if values.country:
            return values.country, say("as it was told")
    found: Counter[tuple[str, str]] = Counter()
    for example in bench.examples:
        for printed in identifiers(example.pages):
            if printed.kind in ("siret", "siren"):
                found["FR", say("French number {number}", number=printed.number)] += 3
            elif printed.kind == "vat":
                found[printed.number[:2], say("VAT number {number}", number=printed.number)] += 3
            elif printed.kind == "domain":
                ending = printed.number.rpartition(".")[2].upper()
                if ending in _countries() and ending not in _NOT_COUNTRIES:
                    found[ending, say("domain {number}", number=printed.number)] += 1
    currency = next((values.currency for values in bench.values if values.currency), None)
    for (code, why), _ in found.most_common():
        if currency is None or currency in get_territory_currencies(code):
            return code, why
    read = Counter(r.country for r, _ in current.read if r.country).most_common(1)
    if (
        read
        and _spoken(bench)
        and (currency is None or currency in get_territory_currencies(read[0][0]))
    ):
        return read[0][0], say("as {template} reads it", template=bench.base.template)
    named = (currency or "")[:2]  # ISO 4217 begins a currency's code with its country's
    if currency and currency in _current(named):
        return named, say(
            "{currency} is all that is known: correct the country where it is another",
            currency=currency,
        )
    return None


def _spoken(bench: Bench) -> bool:
    """Whether the papers are in the base's language at all, and not only like it in numbers."""
    known = lexicon_of(bench.base).vocabulary
    printed = {
        word
        for example in bench.examples
        for page in example.pages
        for row in page.rows
        for word in fold(row.text)
        if len(word) > 2
    }
    return len(printed & known) >= _FEWEST_WORDS


def learn_country(bench: Bench, current: Tried) -> Tried:
    """The country with its currency, and the currency's sign as these papers print it."""
    known = country_of(bench, current)
    if known:
        code, why = known
        edits = [Edit(("country",), code, why)]
        currency = next((v.currency for v in bench.values if v.currency), None)
        if code not in bench.base.countries:
            printed = currency or next(iter(_current(code)), None)
            if printed:
                edits.append(Edit(("countries", code), {"currency": printed}, why))
        tried = bench.tried(current.sketch.with_edits(edits))
        if tried.score >= current.score - 0.25:
            current = tried
    return bench.best(current, list(_signs(bench, current)))


def base_name(template: Template) -> str:
    return template.name.removeprefix("Receipts in ")


def _signs(bench: Bench, current: Tried) -> Iterator[list[Edit]]:
    """What stands beside the total and is no number: the sign of the confirmed currency."""
    sheets = bench.sheets(current.sketch)
    for example, values, sheet in zip(bench.examples, bench.values, sheets, strict=True):
        if not values.currency or values.total is None:
            continue
        known = bench.base.currencies.get(values.currency, ())
        for spot in spots_of(sheet, values.total):
            before, after = spot.line.text[: spot.start], spot.line.text[spot.stop :]
            for word in (*before.split()[-1:], *after.split()[:1]):
                sign = word.strip(":.*=")
                if 0 < len(sign) <= 4 and not any(c.isdigit() for c in sign) and sign not in known:
                    why = say(
                        "beside {text} in {where}", text=spot.text.strip(), where=example.name
                    )
                    yield [Edit(("currencies", values.currency), sign, why, adds=True)]


def _countries() -> Sequence[str]:
    return [code for code in get_global("territory_currencies") if len(code) == 2]


def _current(code: str) -> Sequence[str]:
    found: Sequence[str] = get_territory_currencies(code)
    return found
