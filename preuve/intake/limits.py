"""What keeps a reading out of the program: its limits, and what the paper does not tell. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from preuve.intake.outcomes import Status
from preuve.loyalty import Program
from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.loyalty.rules.limits import breaches
from preuve.reading.result import Reading, Reason
from preuve.reasons import ReasonCode

Finding = tuple[Status, Reason]


def over_limits(
    reading: Reading,
    purchase: PurchaseFacts,
    program: Program,
    received_on: date,
    sent_before: int = 0,
) -> list[Finding]:
    """REJECTED, or PENDING_REVIEW where a person has to find what the paper did not tell.

    `purchase` is what rules look at of the reading; `sent_before` are the documents that the
    member sent on that day before this one.
    """
    priced = reading.total is not None or "total" in reading.requires
    found = [(Status.PENDING_REVIEW, reason) for reason in _missing(reading, received_on)]
    for breach in breaches(purchase, program.limits, received_on, sent_before):
        if breach.code is ReasonCode.CURRENCY_NOT_ELIGIBLE and not priced:
            continue
        status = Status.REJECTED if breach.sure else Status.PENDING_REVIEW
        found.append((status, Reason(breach.code, breach.field, breach.told)))
    return found


def _missing(reading: Reading, received_on: date) -> Iterator[Reason]:
    if reading.purchased_on is None:
        if "purchased_on" in reading.requires:
            yield Reason(ReasonCode.NO_DATE, "purchased_on")
    elif reading.purchased_on.value > received_on:
        yield Reason(ReasonCode.DATE_IN_FUTURE, "purchased_on")
    if reading.total is None and "total" in reading.requires:
        yield Reason(ReasonCode.NO_TOTAL, "total")
