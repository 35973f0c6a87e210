"""The whole story of one document: pixels to words, words to values, values to a verdict.

    document -> see -> pages -> understand -> reading, verdict

`see` needs an OCR engine; `understand` is pure and quick, and is what previews, replays and
tests call on stored pages.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from preuve.reading.checks import ARITHMETIC, best_total, check_amounts, run_checks
from preuve.reading.extract import (
    Extract,
    extract,
    labelled_value,
    read_fields,
    read_item_count,
    read_receipt_number,
    read_time,
)
from preuve.reading.extract.language import choose_base, in_paper_language
from preuve.reading.extract.layout import LaidOut, choose_layout
from preuve.reading.extract.lexicon import lexicon_of
from preuve.reading.extract.tenders import named_tender
from preuve.reading.header import REJECTED, date_of, printed_name, retailer_of, total_of
from preuve.reading.judge import judge, without_guess
from preuve.reading.page import Page, Pages
from preuve.reading.result import Context, MatchResult, Place, Reading, Reason, Verdict
from preuve.reading.several import shows_two
from preuve.reading.template.load import Templates
from preuve.reading.template.match import Ambiguous, Match, NoMatch, match
from preuve.reading.template.model import Role
from preuve.reasons import ReasonCode

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from preuve.reading.document import Document
    from preuve.reading.ocr import Engine

_LIKELY = 0.8
"""How sure the totals of two papers in one photo must be to be called two receipts."""


@dataclass(frozen=True)
class Read:
    """A document read from end to end."""

    pages: Pages
    reading: Reading
    verdict: Verdict


def read(document: Document, templates: Templates, context: Context, engine: Engine) -> Read:
    """Reads a document. Raises what the engine raises; what is on the paper raises nothing."""
    from preuve.reading.see import see  # needs OpenCV, which the API process never loads

    pages = see(document, engine)
    reading, verdict = understand(pages, templates, context)
    return Read(pages, reading, verdict)


def understand(pages: Pages, templates: Templates, context: Context) -> tuple[Reading, Verdict]:
    """What the words mean. The same pages, templates and context give the same answer."""
    found = match(pages, templates, context.country)
    reading, verdict = understand_as(pages, found, templates, context)
    purchase = partial(_purchase, templates, context)
    if shows_two(pages, _days(reading), purchase):
        verdict = Verdict("unusable", 0.0, (Reason(ReasonCode.SEVERAL_RECEIPTS),))
    return reading, verdict


def _days(reading: Reading) -> tuple[Place, ...] | None:
    """Where all dates stand that were read; None where one may stand at two places."""
    day = reading.purchased_on
    if day is None or day.signs.get("printed_again") or len(day.rejected) == REJECTED:
        return None
    places = (day.place, *(other.place for other in day.rejected))
    known = tuple(place for place in places if place)
    return known if len(known) == len(places) else None


def _purchase(
    templates: Templates, context: Context, part: Page, adds_up: bool
) -> tuple[Decimal, date] | None:
    """Total and day of a part of a page; None where it is not sure that it is a receipt."""
    found = match((part,), templates, context.country)
    reading, _ = understand_as((part,), found, templates, context)
    total, day = reading.total, reading.purchased_on
    confirmed = any(c.passed and c.code in ARITHMETIC for c in reading.checks)
    if not total or not day or total.confidence < _LIKELY or (adds_up and not confirmed):
        return None
    return total.value, day.value


def understand_as(
    pages: Pages,
    found_template: Match | NoMatch | Ambiguous,
    templates: Templates,
    context: Context,
) -> tuple[Reading, Verdict]:
    """What the words mean, read by the template that was found: one that nobody published, too."""
    laid_out = _laid_out(pages, templates, found_template)
    template = laid_out.lexicon.template
    found = extract(pages, laid_out.lexicon, context)
    printed = printed_name(found)
    amounts = check_amounts(found, best_total(found))
    reading = Reading(
        kind=template.kind,
        language=template.language or "",
        match=_match_result(found_template, laid_out),
        country=found.country,
        currency=found.currency,
        retailer=retailer_of(found_template, found, printed, templates.registry),
        printed_name=printed,
        purchased_on=date_of(found),
        purchased_at=read_time(found.sheet, found.dates[0] if found.dates else None),
        total=total_of(found, amounts),
        subtotal=labelled_value(found.sheet, found.sums, Role.SUBTOTAL),
        rounding=labelled_value(found.sheet, found.sums, Role.ROUNDING),
        change=labelled_value(found.sheet, found.sums, Role.CHANGE),
        item_count=read_item_count(found.sheet),
        receipt_number=read_receipt_number(found.sheet),
        items=found.items,
        taxes=found.taxes.in_total(found.totals[0].value if found.totals else None),
        tenders=found.tenders,
        requires=template.required,
        fields=read_fields(found.sheet, context.received_on),
    )
    reading = _of_its_kind(reading)
    reading = replace(reading, checks=run_checks(found, amounts, reading, context))
    verdict = judge(pages, found, reading)
    return without_guess(_as_paid(found, reading), verdict), verdict


def _as_paid(found: Extract, reading: Reading) -> Reading:
    """The reading with its payments as they are told when all is judged: what was paid with though
    no amount stands there, which confirms nothing, and no minus that a till prints before what it
    took or gave back."""
    total, change = reading.total, reading.change
    if total is None or total.value <= 0:
        return reading
    paid = tuple(
        replace(tender, amount=abs(tender.amount)) if tender.amount.is_signed() else tender
        for tender in reading.tenders
    )
    if change and change.value.is_signed():
        change = replace(change, value=abs(change.value))
    return replace(reading, tenders=paid or named_tender(found.sheet, total.value), change=change)


def _laid_out(pages: Pages, templates: Templates, found: Match | NoMatch | Ambiguous) -> LaidOut:
    """The matched template's words, in the layout that the paper has; without a match those of
    the base that fits the paper."""
    bases = [lexicon_of(base) for base in templates.bases.values()]
    if not isinstance(found, Match):
        return LaidOut(choose_base(pages, bases))
    laid_out = choose_layout(pages, lexicon_of(found.template))
    template = laid_out.lexicon.template
    if template.fields or template.kind != "receipt":
        return laid_out
    return replace(laid_out, lexicon=in_paper_language(pages, laid_out.lexicon, bases))


def _of_its_kind(reading: Reading) -> Reading:
    """The reading without what a document of this kind does not have: a warranty card's price is
    no total, a packet's date is no purchase's."""
    if "purchased_on" not in reading.requires:
        reading = replace(reading, purchased_on=None, purchased_at=None)
    if "total" in reading.requires:
        return reading
    return replace(
        reading,
        total=None,
        subtotal=None,
        rounding=None,
        change=None,
        item_count=None,
        items=(),
        taxes=(),
        tenders=(),
    )


def _match_result(found: Match | NoMatch | Ambiguous, laid_out: LaidOut) -> MatchResult:
    if isinstance(found, Match):
        return MatchResult(
            found.template.template,
            found.template.version,
            found.score,
            (*found.evidence, *laid_out.evidence),
            tuple(str(c) for c in found.nearest),
            layout=laid_out.layout,
        )
    template = laid_out.lexicon.template
    rivals = found.candidates if isinstance(found, Ambiguous) else found.nearest
    return MatchResult(
        template.template,
        template.version,
        0.0,
        nearest=tuple(str(c) for c in rivals),
        ambiguous=isinstance(found, Ambiguous),
    )
