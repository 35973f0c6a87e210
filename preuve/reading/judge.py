"""How far a reading can be trusted: trusted, doubtful with its reasons, or unusable.

A receipt is trusted where total and date are both sure enough, and its retailer is either sure
too or, as a guess, left out: a name more likely wrong than right, or one that nothing but its
place and its size says. `confidence.yaml` says how sure that is, and on what it was fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from math import prod
from typing import Any

from preuve.messages import listed, say
from preuve.reading.checks import ARITHMETIC, lacks_total, other_date, other_total
from preuve.reading.confidence import model
from preuve.reading.extract import Extract
from preuve.reading.extract.figures import TENDERS
from preuve.reading.extract.purchase import DateCandidate
from preuve.reading.extract.sheet import Line
from preuve.reading.page import Pages
from preuve.reading.result import Reading, Reason, Retailer, Value, Verdict, is_borne_out
from preuve.reading.template.model import Role
from preuve.reading.template.printed import ON_SLIPS
from preuve.reasons import ReasonCode

SURE_FIELD = 0.75
"""For a template's own field: what a label alone gives where its words were read well."""

_DARK, _FLAT, _OUT_OF_FOCUS = 0.25, 0.12, 0.45
_FEWEST_WORDS = 3

_ANOTHER_PAPER = 8
"""So many lines across the others, or on their head, are no margin's: another paper lies beside
this one."""

_SLIP_ROWS = 6
"""So many rows below the head of a card's slip its number stands."""

_CALLS_ITSELF = 0.6
"""The share of a row's letters from which a word in it says what the paper is."""

_PAID = TENDERS | {Role.CHANGE}

_TERM = re.compile(
    r"\b\d{1,3} ?(?:jours|days?|tagen?|dagen|giorni|d[ií]as|dni)\b|\bnet \d{2}\b", re.I
)
"""In how many days something has to be paid."""

_LONGEST_TERM = timedelta(days=120)

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


def judge(pages: Pages, found: Extract, reading: Reading) -> Verdict:
    """Trusted, doubtful with its reasons, or unusable with what the member can do."""
    unusable = tuple(_unusable(pages, found, reading))
    if unusable:
        return Verdict("unusable", 0.0, unusable)
    reasons = (
        *_no_purchase(found, reading),
        *_two_totals(found, reading),
        *_doubts(pages, found, reading),
    )
    own = [f.value.confidence if f.value else 0.0 for f in reading.fields if f.required]
    header = [_header_right(reading)] if _header(reading) else []
    sure = min([*header, *own], default=reading.match.score)
    return Verdict("doubtful" if reasons else "trusted", round(sure, 4), reasons)


def without_guess(reading: Reading, verdict: Verdict) -> Reading:
    """The reading without a retailer that is a guess, where nobody will look at it.

    The text stays as `printed_name`.
    """
    retailer = reading.retailer
    if verdict.status != "trusted" or not retailer or not is_guess(retailer):
        return reading
    return replace(reading, retailer=None)


def is_guess(retailer: Value[Retailer]) -> bool:
    """Whether a retailer is more likely wrong than right, or nothing bears it out: as sure as
    names at the top may be, a paper whose shop is elsewhere has a first row, too."""
    return retailer.confidence < model().accept.named or not is_borne_out(retailer)


def header_sure(reading: Reading) -> bool:
    """Whether the header's values are sure enough to credit it, were nothing else in doubt."""
    return _header_right(reading) >= model().accept.total_and_date


def _header_right(reading: Reading) -> float:
    """How sure it is that the header's values are all right: a receipt's total and date."""
    return prod(value.confidence if value else 0.0 for value in _header(reading))


def _header(reading: Reading) -> list[Value[Any] | None]:
    """The values of the header that this document must have; the retailer is judged by itself."""
    return [getattr(reading, name) for name in reading.requires if name != "retailer"]


def _unusable(pages: Pages, found: Extract, reading: Reading) -> Iterator[Reason]:
    words = sum(len(row.words) for page in pages for row in page.rows)
    qualities = [page.quality for page in pages if page.quality]
    dark = any(q.brightness < _DARK or q.contrast < _FLAT for q in qualities)
    blurred = any(q.focus < _OUT_OF_FOCUS for q in qualities)
    cut = any("bottom" in q.cut_edges or "top" in q.cut_edges for q in qualities)
    figures = len([f for f in found.sums.figures if f.value])
    priced = "total" in reading.requires
    own = [field.value for field in reading.fields if field.required]
    if not priced and any([*_header(reading), *own]):
        return
    # A sum in the dark that nothing confirms, on no day, is a guess: a better photo shows both.
    if reading.total and (found.dates or not (dark or blurred) or _agreeing(reading)):
        return
    if dark:
        yield Reason(ReasonCode.TOO_DARK)
    elif blurred:
        yield Reason(ReasonCode.TOO_BLURRED)
    elif words < _FEWEST_WORDS:
        yield Reason(ReasonCode.NO_TEXT)
    elif not priced:
        return
    elif cut and (found.dates or figures):
        yield Reason(ReasonCode.CUT_OFF, "total")
    elif figures + any(d.time for d in found.dates) < 2:
        yield Reason(ReasonCode.NOT_A_RECEIPT)
    else:
        yield Reason(ReasonCode.NO_TOTAL, "total")


def _doubts(pages: Pages, found: Extract, reading: Reading) -> Iterator[Reason]:
    qualities = (page.quality for page in pages if page.quality)
    if any(max(q.lines_across, q.lines_on_head) >= _ANOTHER_PAPER for q in qualities):
        yield Reason(ReasonCode.SEVERAL_RECEIPTS)
    yield from _unsure(found, reading)
    rival = other_date(found) if reading.purchased_on and found.dates else None
    if rival:
        yield Reason(ReasonCode.DATE_UNCERTAIN, "purchased_on", rival.line.text)
    if reading.match.ambiguous:
        yield Reason(ReasonCode.AMBIGUOUS_TEMPLATE, "retailer")
    yield from _field_doubts(reading)
    agreeing = _agreeing(reading)
    for check in reading.checks:
        # What fails is in the total's confidence already; alone it says that nothing agrees.
        if check.passed is False and not (check.code in ARITHMETIC and agreeing):
            yield Reason(_REASONS[check.code], _FIELDS[check.code], check.detail)


def _agreeing(reading: Reading) -> int:
    """How many sums of the paper agree with the total."""
    return sum(c.passed is True for c in reading.checks if c.code in ARITHMETIC)


def _no_purchase(found: Extract, reading: Reading) -> Iterator[Reason]:
    """A paper that calls itself something else than a receipt, or on which nothing was paid.

    A till prints the time, and who was paid says how: quotes, orders and reminders do neither.
    An invoice need not where it has a number and adds up, unless it is still to be paid.
    """
    if reading.kind not in ("receipt", "invoice"):
        return  # its template knows what the paper is, and a program whether it counts
    labelled = [line for line in found.sheet.lines if line.labels]
    for line in labelled:
        if Role.NO_PURCHASE not in line.roles or line.money or _heads_a_slip(found, line):
            continue
        called = [x for x in line.labels if x.role is Role.NO_PURCHASE]
        if sum(map(line.share_labelled, called)) >= _CALLS_ITSELF:
            yield Reason(ReasonCode.NO_PURCHASE, detail=line.text)
            return
    if reading.total and reading.total.value <= 0:
        yield Reason(ReasonCode.NO_PURCHASE, "total", reading.total.raw_text)
        return
    owed = next(filter(_says_unpaid, labelled), None)
    later = {d.line.index for d in _later_days(found, reading)}
    paying = [x for x in labelled if x.index not in later and _says_paid(x)]
    if owed and not _agrees(reading, "payment") and all(x.money for x in paying):
        yield Reason(ReasonCode.NO_PURCHASE, detail=owed.text)
    elif not paying and reading.purchased_at is None and not _is_proven(found, reading):
        yield Reason(ReasonCode.NO_PURCHASE, detail=say("neither a payment nor a time of day"))


def _heads_a_slip(found: Extract, line: Line) -> bool:
    """Whether a row below the total says whose copy of a card's slip follows: the card's number
    stands near below."""
    total = next((x.figure.line for x in found.totals), None)
    below = found.sheet.lines[line.index + 1 : line.index + 1 + _SLIP_ROWS]
    slip = any(ON_SLIPS.search(row.text) for row in below)
    return slip and total is not None and line.index > total.index


def _later_days(found: Extract, reading: Reading) -> Iterator[DateCandidate]:
    """Days after that of the purchase, on which it may have to be paid."""
    day = reading.purchased_on
    return (d for d in found.dates if day and timedelta(0) < d.value - day.value < _LONGEST_TERM)


def _says_unpaid(line: Line) -> bool:
    return Role.UNPAID in line.roles and all(amount.value for amount in line.money)


def _says_paid(line: Line) -> bool:
    """Whether a row tells of a payment, and not of one to come: `virement à 30 jours`."""
    if line.roles.isdisjoint(_PAID):
        return False
    paid = line.roles & _PAID
    if Role.RECEIPT_NUMBER in line.roles:
        paid -= {Role.OTHER_TENDER}  # "Rechnung" is how it was paid, too, but for its number
    return bool(paid) and Role.UNPAID not in line.roles and not _TERM.search(line.text)


def _is_proven(found: Extract, reading: Reading) -> bool:
    """Whether items and taxes both make the total of a paper that has a number, and no later day
    or term stands on it."""
    day, total = reading.purchased_on, next(iter(found.totals), None)
    if not reading.receipt_number or not day or not total:
        return False
    if any(_later_days(found, reading)):
        return False
    if any(_TERM.search(x.text) for x in found.sheet.lines):
        return False
    return "items" in total.confirmed_by and bool(total.confirmed_by & {"taxes", "subtotal"})


def _agrees(reading: Reading, code: str) -> bool:
    return any(check.code == code and check.passed for check in reading.checks)


def _two_totals(found: Extract, reading: Reading) -> Iterator[Reason]:
    other = other_total(found) if reading.total else None
    insured = next((f for f in found.sums.of(Role.INSURANCE) if f.value > 0), None)
    # What an insurance pays is no matter where the rest, or all, is what the member paid.
    by_member = sum(t.amount for t in reading.tenders if t.kind != "other")
    left = reading.total and reading.total.value in (by_member, *found.sums.settled)
    if insured and reading.total and not left:
        detail = f"{reading.total.raw_text} / {insured.line.text}"
        yield Reason(ReasonCode.TWO_TOTALS, "total", detail)
    if other and reading.total:
        detail = f"{reading.total.raw_text} / {other.figure.line.text}"
        yield Reason(ReasonCode.TWO_TOTALS, "total", detail)


def _unsure(found: Extract, reading: Reading) -> Iterator[Reason]:
    """What is missing or not sure enough; of total and date the less sure, or both."""
    accept = model().accept
    total, day = reading.total, reading.purchased_on
    unsure = not header_sure(reading)
    least = accept.total_and_date**0.5
    if day is None and "purchased_on" in reading.requires:
        yield Reason(ReasonCode.NO_DATE, "purchased_on")
    less_sure = unsure and total and total.confidence < max(least, day.confidence if day else 0.0)
    if total and (less_sure or lacks_total(found)):
        yield Reason(ReasonCode.TOTAL_UNCERTAIN, "total")
    if day and unsure and day.confidence < max(least, total.confidence if total else 0.0):
        yield Reason(ReasonCode.DATE_UNCERTAIN, "purchased_on")
    yield from _retailer_doubts(reading)


def _retailer_doubts(reading: Reading) -> Iterator[Reason]:
    """A guess is as no retailer: see `without_guess`."""
    retailer, required = reading.retailer, "retailer" in reading.requires
    if retailer is None:
        if required:
            yield Reason(ReasonCode.NO_RETAILER, "retailer")
    elif required if is_guess(retailer) else retailer.confidence < model().accept.retailer:
        yield Reason(ReasonCode.RETAILER_UNCERTAIN, "retailer", retailer.value.name)


def _field_doubts(reading: Reading) -> Iterator[Reason]:
    """What is wrong with the template's own fields that the document must have."""
    for field in reading.fields:
        if not field.required:
            continue
        failed = [check.detail for check in field.checks if check.passed is False]
        if field.value is None:
            yield Reason(ReasonCode.FIELD_MISSING, f"fields.{field.name}", field.title)
        elif failed:
            why = listed(failed, "; ")
            detail = say("{title}: {why}", title=field.title, why=why)
            yield Reason(ReasonCode.FIELD_INVALID, f"fields.{field.name}", detail)
        elif field.value.confidence < SURE_FIELD:
            yield Reason(ReasonCode.FIELD_UNCERTAIN, f"fields.{field.name}", field.title)
