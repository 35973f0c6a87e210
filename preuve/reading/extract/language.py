"""Which base template a paper is written for, in which country and currency."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import fsum

from preuve.messages import say
from preuve.reading.extract.lexicon import Lexicon
from preuve.reading.extract.sheet import Sheet
from preuve.reading.extract.text import words_on
from preuve.reading.page import Pages
from preuve.reading.result import Value
from preuve.reading.template.fold import known_by

_SUMS_WEIGHT = 0.25
"""How much a row with an amount in the base's own notation speaks for it, in rare words."""

_OTHER_MARK = 0.5
"""What is left of that weight where the decimal mark is not the one that the base writes first."""

_WITH_DECIMALS = re.compile(r"\d\s?([.,])\s?\d{2}(?![\d.,])")
_WITHOUT = re.compile(r"\d[.,]\d{3}(?![\d.,])")
"""How a sum ends in a currency with decimals, and without."""

_CLEARLY = 1.5
"""How much better a base's language must fit than the matched template's to replace it."""


def choose_base(pages: Pages, bases: Sequence[Lexicon]) -> Lexicon:
    """The base whose words stand on the paper; words that few bases know count for more.

    A base that extends another knows all of its words too: on a tie the plainer one is taken.
    Raises ValueError where there is no base at all.
    """
    if not bases:
        raise ValueError("no base template is loaded; templates/base must hold at least one")
    return _best(bases, _scorer(pages, bases))


def in_paper_language(pages: Pages, matched: Lexicon, bases: Sequence[Lexicon]) -> Lexicon:
    """The matched template's lexicon, or a base where the paper is clearly in its language.

    A retailer's template is written for one language; in Switzerland or Belgium the same banner
    prints another. A template of no language is read by the paper's base.
    """
    score = _scorer(pages, bases)
    best = _best(bases, score)
    if matched.template.language is None:
        return best
    if best.template.language == matched.template.language:
        return matched
    return best if score(best) > _CLEARLY * score(matched) else matched


def _best(bases: Sequence[Lexicon], score: Callable[[Lexicon], float]) -> Lexicon:
    return max(bases, key=lambda base: (score(base), base.template.extends is None))


def _scorer(pages: Pages, bases: Sequence[Lexicon]) -> Callable[[Lexicon], float]:
    knowers = _knowers(tuple(bases))
    texts = (row.text for page in pages for row in page.rows)
    with_mark = [text for text in texts if "." in text or "," in text]
    present = set(words_on(pages))
    of_bases = dict.fromkeys(bases, 0.0)
    for knowing in filter(None, map(knowers.get, present)):
        share = 1 / len(knowing)
        for base in knowing:
            of_bases[base] += share
    marks = Counter(sum_[1] for sum_ in map(_WITH_DECIMALS.search, with_mark) if sum_)
    sums = marks.total()
    thousands = len(list(filter(_WITHOUT.search, with_mark)))

    def score(lexicon: Lexicon) -> float:
        words = of_bases.get(lexicon)
        if words is None:
            own = present & lexicon.vocabulary
            words = fsum(1 / len(knowers.get(word, (lexicon,))) for word in own)
        in_notation, others = thousands, 0
        if (numbers := lexicon.template.numbers).decimals:
            in_notation = marks[next(iter(numbers.decimal), "")]
            others = sums - in_notation
        return round(words + _SUMS_WEIGHT * (in_notation + _OTHER_MARK * others), 6)

    return score


@lru_cache(maxsize=8)
def _knowers(bases: tuple[Lexicon, ...]) -> dict[str, tuple[Lexicon, ...]]:
    """Which bases know a word: what few of them know counts for more."""
    return known_by((base, base.vocabulary) for base in bases)


def choose_country(sheet: Sheet, hint: str | None = None) -> str | None:
    """The country that most evidence on the paper speaks for; `hint` decides where none does.

    A tax rate with tenths speaks as much as a number of a register does; a round one, which
    discounts have too, decides between equals. A banner's own, unless the paper has another's
    currency alone and its numbers: French banners sell in Geneva, too.
    """
    lexicon = sheet.lexicon
    template = lexicon.template
    own = template.country
    text = "\n".join(line.text for line in sheet.lines)
    signs = Counter(lexicon.signs.found_in(text))
    home = template.countries.get(own or "")
    if own and (home is None or not signs or signs[home.currency]):
        return own
    said = " ".join([word for line in sheet.lines for word in line.words])
    words = Counter(lexicon.country_words.found_in(f" {said} "))
    numbers = Counter(lexicon.country_patterns.found_in(text))
    rates = {float(a.value) for x in sheet.lines for a in x.amounts if a.percent}
    score: dict[str, tuple[float, int]] = {}
    for code, country in template.countries.items():
        known = rates.intersection(country.tax_rates)
        if known:
            numbers[code] += sum(rate % 1 > 0 for rate in known)
        found = words.get(code, 0) + 2 * numbers.get(code, 0) + signs.get(country.currency, 0)
        if found:
            score[code] = found + (0.5 if code == hint else 0), len(known)
    best = max(score, key=lambda code: score[code]) if score else None
    if own:
        return best if best and numbers[best] and signs[template.countries[best].currency] else own
    return best or (hint if hint in template.countries else None)


def read_currency(pages: Pages, lexicon: Lexicon, country: str | None) -> Value[str] | None:
    """The currency: the country's own, unless another's sign stands beside more amounts."""
    template = lexicon.template
    texts = [row.text for page in pages for row in page.rows]
    rows_with = Counter(lexicon.signs.found_in("\n".join(texts)))
    if len(rows_with) > 1:
        rows_with = Counter(code for text in texts for code in set(lexicon.signs.found_in(text)))
    printed = {code: rows_with[code] for code in template.currencies if code in rows_with}
    home = template.countries[country].currency if country in template.countries else None
    name = template.template
    if home and (not printed or printed.get(home, 0) * 2 >= max(printed.values())):
        rule = say("{template}: countries.{country}.currency", template=name, country=country)
        return Value(home, 0.98 if printed.get(home) else 0.9, rule)
    if printed:
        best = max(printed, key=lambda code: printed[code])
        rule = say("{template}: currencies.{currency}", template=name, currency=best)
        return Value(best, 0.95, rule)
    usual = next(iter(template.countries), None)
    if usual is None:
        return None
    rule = say(
        "{template}: countries.{country}.currency, the first country of this language",
        template=name,
        country=usual,
    )
    return Value(template.countries[usual].currency, 0.6, rule)
