"""The program's limits: which purchases take part. Pure; knows no clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from preuve.intake.outcomes import Status
from preuve.loyalty import Program
from preuve.loyalty.rules.program import Limits
from preuve.reading.result import Reading, Reason
from preuve.reasons import ReasonCode

Finding = tuple[Status, Reason]


def over_limits(reading: Reading, program: Program, received_on: date) -> list[Finding]:
    """What keeps a purchase out of the program: REJECTED, or PENDING_REVIEW where a person
    has to find what the paper did not tell. Ages count to the day of submission, never to
    today, so that a replay decides the same.
    """
    return [
        *_kind(reading, program.limits),
        *_date(reading, program.limits, received_on),
        *_money(reading, program.limits),
        *_country(reading, program.limits),
        *_retailer(reading, program.limits),
    ]


def _kind(reading: Reading, limits: Limits) -> Iterator[Finding]:
    if reading.kind not in limits.kinds:
        told = f"{reading.kind} is not among {', '.join(limits.kinds)}"
        yield Status.REJECTED, Reason(ReasonCode.KIND_NOT_ELIGIBLE, "kind", told)


def _date(reading: Reading, limits: Limits, received_on: date) -> Iterator[Finding]:
    field = "purchased_on"
    if reading.purchased_on is None:
        if field in reading.requires:
            yield Status.PENDING_REVIEW, Reason(ReasonCode.NO_DATE, field)
        return
    bought = reading.purchased_on.value
    age = (received_on - bought).days
    if age < 0:
        yield Status.PENDING_REVIEW, Reason(ReasonCode.DATE_IN_FUTURE, field)
    if limits.max_age_days is not None and age > limits.max_age_days:
        told = f"{age} days on the day of submission, {limits.max_age_days} allowed"
        yield Status.REJECTED, Reason(ReasonCode.TOO_OLD, field, told)
    if limits.starts_on is not None and bought < limits.starts_on:
        told = f"the program starts on {limits.starts_on}"
        yield Status.REJECTED, Reason(ReasonCode.BEFORE_PROGRAM, field, told)


def _money(reading: Reading, limits: Limits) -> Iterator[Finding]:
    if reading.total is None and "total" not in reading.requires:
        return
    if reading.total is None:
        yield Status.PENDING_REVIEW, Reason(ReasonCode.NO_TOTAL, "total")
    if not limits.currencies:
        return
    if reading.currency is None:
        told = "no currency is printed"
        yield (
            Status.PENDING_REVIEW,
            Reason(ReasonCode.CURRENCY_NOT_ELIGIBLE, "currency", told),
        )
    elif reading.currency.value not in limits.currencies:
        told = f"{reading.currency.value} is not among {', '.join(limits.currencies)}"
        yield Status.REJECTED, Reason(ReasonCode.CURRENCY_NOT_ELIGIBLE, "currency", told)


def _country(reading: Reading, limits: Limits) -> Iterator[Finding]:
    if limits.countries and reading.country not in limits.countries:
        known = reading.country is not None
        told = f"{reading.country or 'unknown'} is not among {', '.join(limits.countries)}"
        yield (
            Status.REJECTED if known else Status.PENDING_REVIEW,
            Reason(ReasonCode.COUNTRY_NOT_ELIGIBLE, "country", told),
        )


def _retailer(reading: Reading, limits: Limits) -> Iterator[Finding]:
    retailers, field = limits.retailers, "retailer"
    retailer = reading.retailer.value if reading.retailer else None
    key = retailer.key if retailer else None
    if key is None:
        if not retailers.unknown:
            code = ReasonCode.RETAILER_UNKNOWN if retailer else ReasonCode.NO_RETAILER
            yield Status.PENDING_REVIEW, Reason(code, field)
    elif key in retailers.deny or (retailers.allow and key not in retailers.allow):
        yield Status.REJECTED, Reason(ReasonCode.RETAILER_NOT_ELIGIBLE, field, key)
