"""How far a reading can be trusted: checks, confidence, verdict.

A confidence is the logistic of the evidence behind a value; `docs/benchmarks.md` shows how
often values of each confidence are right. A receipt is trusted only when total and date are
both sure, something other than the label confirms the total, and no check fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from math import exp
from typing import Any

from preuve.reading.extract import Extract
from preuve.reading.extract.purchase import DateCandidate
from preuve.reading.extract.retailer import NameCandidate
from preuve.reading.extract.totals import TotalCandidate
from preuve.reading.page import Pages
from preuve.reading.result import Check, Context, Item, Reading, Reason, Value, Verdict
from preuve.reading.template.model import Role
from preuve.reasons import ReasonCode

SURE_TOTAL = 0.95
SURE_DATE = 0.90
SURE_FIELD = 0.75
"""For a template's own field: what a label alone gives where its words were read well."""
LEAST_TOTAL = 0.8
"""Evidence below which a sum is not called a total at all (a score, see `totals`)."""

_CENT = Decimal("0.01")
_DARK, _FLAT, _OUT_OF_FOCUS = 0.25, 0.12, 0.35
_FEWEST_WORDS = 3

_ARITHMETIC = frozenset({"items", "taxes", "payment", "item_count"})
_REASONS = {
    "items": ReasonCode.ITEMS_DO_NOT_ADD_UP,
    "taxes": ReasonCode.TAXES_DO_NOT_ADD_UP,
    "payment": ReasonCode.PAYMENT_DIFFERS,
    "item_count": ReasonCode.ITEM_COUNT_DIFFERS,
    "date": ReasonCode.DATE_IN_FUTURE,
}
_FIELDS = {
    "items": "items",
    "taxes": "taxes",
    "payment": "tenders",
    "item_count": "items",
    "date": "purchased_on",
}


def total_confidence(ranked: Sequence[TotalCandidate]) -> float:
    """From the lead over the next candidate, the label, and the independent confirmations."""
    if not ranked:
        return 0.0
    best = ranked[0]
    lead = best.score - ranked[1].score if len(ranked) > 1 else best.score
    labelled = Role.TOTAL in best.figure.roles
    z = -1.0 + 0.45 * min(lead, 6.0) + 1.2 * min(len(best.confirmed_by), 3) + 0.8 * labelled
    return _logistic(z)


def date_confidence(ranked: Sequence[DateCandidate]) -> float:
    """From the evidence for the best date and its lead over the next one."""
    if not ranked:
        return 0.0
    best = ranked[0]
    lead = best.score - ranked[1].score if len(ranked) > 1 else 4.0
    return _logistic(-1.5 + 0.6 * min(best.score, 7.0) + 0.5 * min(lead, 4.0))


def name_confidence(ranked: Sequence[NameCandidate]) -> float:
    """A printed name that no template knows: never more than probable."""
    if not ranked:
        return 0.0
    best = ranked[0]
    lead = best.score - ranked[1].score if len(ranked) > 1 else 2.0
    return min(0.9, _logistic(-1.0 + 0.4 * best.score + 0.3 * min(lead, 4.0)))


def run_checks(found: Extract, reading: Reading, context: Context) -> tuple[Check, ...]:
    """Every check, in a fixed order; `passed` is None where the paper lacks what it needs."""
    return (
        _items_check(found, reading),
        _taxes_check(found, reading),
        _payment_check(found, reading),
        _item_count_check(reading),
        _date_check(reading, context.received_on),
    )


def judge(pages: Pages, found: Extract, reading: Reading) -> Verdict:
    """Trusted, doubtful with its reasons, or unusable with what the member can do."""
    unusable = tuple(_unusable(pages, found, reading))
    if unusable:
        return Verdict("unusable", 0.0, unusable)
    reasons = tuple(_doubts(found, reading))
    needed = _needed(reading)
    confidence = min((v.confidence if v else 0.0 for v in needed), default=reading.match.score)
    return Verdict("doubtful" if reasons else "trusted", round(confidence, 4), reasons)


def _needed(reading: Reading) -> list[Value[Any] | None]:
    """The values that this document must have, and whose confidence is the verdict's."""
    header = [getattr(reading, name) for name in reading.requires if name != "retailer"]
    return [*header, *(field.value for field in reading.fields if field.required)]


def _unusable(pages: Pages, found: Extract, reading: Reading) -> Iterator[Reason]:
    words = sum(len(row.words) for page in pages for row in page.rows)
    qualities = [page.quality for page in pages if page.quality]
    dark = any(q.brightness < _DARK or q.contrast < _FLAT for q in qualities)
    blurred = any(q.focus < _OUT_OF_FOCUS for q in qualities)
    priced = "total" in reading.requires
    if reading.total is not None or (not priced and any(_needed(reading))):
        return
    if dark:
        yield Reason(ReasonCode.TOO_DARK)
    elif blurred:
        yield Reason(ReasonCode.TOO_BLURRED)
    elif words < _FEWEST_WORDS:
        yield Reason(ReasonCode.NO_TEXT)
    elif not priced:
        return
    elif len([f for f in found.sums.figures if f.value]) < 2:
        yield Reason(ReasonCode.NOT_A_RECEIPT)
    elif any("bottom" in q.cut_edges or "top" in q.cut_edges for q in qualities):
        yield Reason(ReasonCode.CUT_OFF, "total")
    else:
        yield Reason(ReasonCode.NO_TOTAL, "total")


def _doubts(found: Extract, reading: Reading) -> Iterator[Reason]:
    total, day = reading.total, reading.purchased_on
    confirmed = bool(found.totals and found.totals[0].confirmed_by)
    if total is not None and (total.confidence < SURE_TOTAL or not confirmed):
        yield Reason(ReasonCode.TOTAL_UNCERTAIN, "total")
    if "retailer" in reading.requires and reading.retailer is None:
        yield Reason(ReasonCode.NO_RETAILER, "retailer")
    if day is None:
        if "purchased_on" in reading.requires:
            yield Reason(ReasonCode.NO_DATE, "purchased_on")
    elif day.confidence < SURE_DATE:
        yield Reason(ReasonCode.DATE_UNCERTAIN, "purchased_on")
    if reading.match.ambiguous:
        yield Reason(ReasonCode.AMBIGUOUS_TEMPLATE, "retailer")
    yield from _field_doubts(reading)
    agreeing = sum(c.passed is True for c in reading.checks if c.code in _ARITHMETIC)
    for check in reading.checks:
        if check.passed is False and (check.code not in _ARITHMETIC or agreeing < 2):
            yield Reason(_REASONS[check.code], _FIELDS[check.code], check.detail)


def _field_doubts(reading: Reading) -> Iterator[Reason]:
    """What is wrong with the template's own fields that the document must have."""
    for field in reading.fields:
        if not field.required:
            continue
        failed = [check.detail for check in field.checks if check.passed is False]
        if field.value is None:
            yield Reason(ReasonCode.FIELD_MISSING, f"fields.{field.name}", field.title)
        elif failed:
            detail = f"{field.title}: {'; '.join(failed)}"
            yield Reason(ReasonCode.FIELD_INVALID, f"fields.{field.name}", detail)
        elif field.value.confidence < SURE_FIELD:
            yield Reason(ReasonCode.FIELD_UNCERTAIN, f"fields.{field.name}", field.title)


def _items_check(found: Extract, reading: Reading) -> Check:
    if reading.total is None or not reading.items:
        return Check("items", None, "no items or no total")
    makes = sum((i.amount for i in reading.items), Decimal(0))
    named = {e.name for c in found.totals[:1] for e in c.evidence}
    passed = bool(named & {"items", "single item"})
    return Check("items", passed, f"items make {makes}, the total is {reading.total.value}")


def _taxes_check(found: Extract, reading: Reading) -> Check:
    if reading.total is None or not reading.taxes:
        return Check("taxes", None, "no tax summary")
    total = reading.total.value
    confirmed = found.totals[0].confirmed_by & {"taxes", "subtotal"}
    gross = found.taxes.gross
    if confirmed:
        return Check("taxes", True, f"taxes and net make {total}")
    if gross is None or gross < total / 2:
        return Check("taxes", None, "the tax summary has no gross sums")
    near = abs(gross - total) <= 5 * _CENT and found.sums.rounded(gross) == total
    return Check("taxes", near, f"the tax summary makes {gross}, the total is {total}")


def _payment_check(found: Extract, reading: Reading) -> Check:
    if reading.total is None or not found.tenders:
        return Check("payment", None, "no payment line")
    total = reading.total.value
    if found.totals[0].confirmed_by & {"tender", "change"}:
        return Check("payment", True, f"the payment agrees with {total}")
    paid = sum((t.amount for t in found.tenders), Decimal(0))
    change = next(iter(found.sums.changes), Decimal(0))
    passed = paid - change in (total, found.sums.rounded(total))
    detail = f"paid {paid}, change {change}, the total is {total}"
    return Check("payment", passed, detail)


def _item_count_check(reading: Reading) -> Check:
    if reading.item_count is None or not reading.items:
        return Check("item_count", None, "no number of articles printed")
    printed = reading.item_count.value
    products = [i for i in reading.items if i.kind == "product"]
    passed = printed in {len(products), len(reading.items), _pieces(products)}
    detail = f"{printed} printed, {len(products)} rows, {_pieces(products)} pieces"
    return Check("item_count", passed, detail)


def _pieces(items: Sequence[Item]) -> int:
    whole = [i.quantity for i in items if i.quantity and i.quantity == int(i.quantity)]
    return int(sum(whole, Decimal(0))) + len(items) - len(whole)


def _date_check(reading: Reading, received_on: date | None) -> Check:
    if reading.purchased_on is None or received_on is None:
        return Check("date", None, "no date to compare")
    day = reading.purchased_on.value
    passed = day <= received_on + timedelta(days=1)
    return Check("date", passed, f"bought {day}, received {received_on}")


def _logistic(z: float) -> float:
    return 1 / (1 + exp(-z))
