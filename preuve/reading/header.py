"""The header's values: the best candidate of each, how sure it is, and what it goes before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from preuve.messages import listed, say
from preuve.reading.checks import best_total
from preuve.reading.confidence import confidence
from preuve.reading.extract import Extract
from preuve.reading.extract.branch import most_particular, with_branch
from preuve.reading.extract.purchase import date_candidates
from preuve.reading.extract.retailer import NameCandidate, legal_name
from preuve.reading.extract.totals import why
from preuve.reading.registry import Registry, known_retailer
from preuve.reading.result import Check, Retailer, Value
from preuve.reading.signs import date_signs, match_signs, name_signs, total_signs
from preuve.reading.template.match import Ambiguous, Match, NoMatch
from preuve.reading.template.model import Template

REJECTED = 4
"""How many of the other candidates a value keeps, to answer "why this one"."""


def retailer_of(
    found_template: Match | NoMatch | Ambiguous,
    found: Extract,
    printed: Value[Retailer] | None,
    registry: Registry,
) -> Value[Retailer] | None:
    """The matched template's retailer, else the registry's, else the name printed in the head."""
    if isinstance(found_template, Match):
        rejected = tuple(name.candidate for name in found.names[:REJECTED])
        template = found_template.template
        named = _named_by(template, found)
        company = _company(found) if named == "company" else None
        banner = most_particular(
            found.sheet, template.name, template.recognize.names, found_template.place
        )
        name = legal_name(company.name, template) if company else banner
        if named == "printed":
            name = with_branch(found.sheet, template.recognize.names) or name
        spelled = company is None or name in template.recognize.legal
        told = listed(found_template.evidence, "; ")
        rule = say("{template}: recognize ({why})", template=template.template, why=told)
        signs = match_signs(found_template, None if spelled else company)
        sure = confidence("template", signs)
        return Value(Retailer(name, template.template), sure, rule, rejected=rejected, signs=signs)
    return known_retailer(found.sheet.pages, registry, printed)


def printed_name(found: Extract) -> Value[Retailer] | None:
    """The row of the head that most likely names the shop."""
    if not found.names:
        return None
    best, *others = found.names[: REJECTED + 1]
    signs = name_signs(found)
    return Value(
        Retailer(best.name),
        confidence("name", signs),
        say("printed in the head"),
        best.line.text,
        best.line.place(),
        tuple(name.candidate for name in others),
        signs,
    )


def _named_by(template: Template, found: Extract) -> str:
    """Which name is reported; for a template of no language, as the paper's own has it."""
    base = found.sheet.lexicon.template
    return template.retailer_name if template.language else base.retailer_name


def _company(found: Extract) -> NameCandidate | None:
    """The best head row that names a company by its legal form."""
    return next((n for n in found.names if n.company and n.score > 0), None)


def date_of(found: Extract) -> Value[date] | None:
    """The best printed date; the code's where no row says the same."""
    code = found.sheet.code
    if code and code.purchased_on and all(d.value != code.purchased_on for d in found.dates):
        others = date_candidates(found.dates[:REJECTED])
        return code.value(code.purchased_on, others)
    if not found.dates:
        return None
    best = found.dates[0]
    start, stop = best.printed.start, best.printed.stop
    signs = date_signs(found)
    return Value(
        best.value,
        confidence("purchased_on", signs),
        best.why,
        best.printed.text.strip(),
        best.line.place(start, stop),
        date_candidates(found.dates[1 : REJECTED + 1]),
        signs,
    )


def total_of(found: Extract, checks: Iterable[Check]) -> Value[Decimal] | None:
    """The best candidate, which was put to these checks; none where too little speaks for it."""
    best = best_total(found)
    if best is None:
        return None
    signs = total_signs(found, checks)
    amount, line = best.figure.amount, best.figure.line
    template = found.sheet.lexicon.template.template
    label = next(iter(best.figure.labels), None)
    told = why(best.evidence)
    rule = say("{template}: sums ({why})", template=template, why=told)
    if label:
        rule = say(
            '{template}: labels.{role} "{phrase}" ({why})',
            template=template,
            role=label.role,
            phrase=label.phrase,
            why=told,
        )
    return Value(
        best.value,
        confidence("total", signs),
        rule,
        line.text,
        line.place(amount.start, amount.stop),
        tuple(other.as_candidate() for other in found.totals[1 : REJECTED + 1]),
        signs,
    )
