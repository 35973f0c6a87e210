"""The program's limits: which purchases take part. Pure; knows no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from preuve.loyalty.rules.facts import PurchaseFacts
from preuve.loyalty.rules.program import Limits
from preuve.messages import Message, say
from preuve.reasons import ReasonCode


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a purchase does not keep: why, by which value of it, and more for an operator.

    Not `sure` is one that the paper does not settle, so that a person has to.
    """

    code: ReasonCode
    field: str
    told: str = ""
    sure: bool = True


def breaches(
    purchase: PurchaseFacts, limits: Limits, received_on: date, sent_before: int
) -> Iterator[Breach]:
    """What keeps a purchase out of the program. Ages count to the day of submission, never to
    today, so that a replay decides the same. `sent_before` are the documents that the member
    sent on that day before this one.
    """
    yield from _document(purchase, limits, sent_before)
    yield from _date(purchase, limits, received_on)
    yield from _currency(purchase, limits)
    if limits.countries and purchase.country not in limits.countries:
        told = _not_among(purchase.country or "unknown", limits.countries)
        known = purchase.country is not None
        yield Breach(ReasonCode.COUNTRY_NOT_ELIGIBLE, "country", told, sure=known)
    yield from _retailer(purchase, limits)


def _not_among(value: str, allowed: Iterable[str]) -> Message:
    return say("{value} is not among {names}", value=value, names=", ".join(allowed))


def _document(purchase: PurchaseFacts, limits: Limits, sent_before: int) -> Iterator[Breach]:
    if purchase.kind not in limits.kinds:
        told = say(
            "{kind} is not among the kinds {names}",
            kind=purchase.kind,
            names=", ".join(limits.kinds),
        )
        yield Breach(ReasonCode.KIND_NOT_ELIGIBLE, "kind", told)
    most = limits.documents_per_day
    if most is not None and sent_before >= most:
        told = say("number {number} on this day, {most} allowed", number=sent_before + 1, most=most)
        yield Breach(ReasonCode.TOO_MANY_A_DAY, "received_on", told)


def _date(purchase: PurchaseFacts, limits: Limits, received_on: date) -> Iterator[Breach]:
    bought = purchase.purchased_on
    if bought is None:
        return
    age = (received_on - bought).days
    if limits.max_age_days is not None and age > limits.max_age_days:
        told = say(
            "{age} days on the day of submission, {most} allowed",
            age=age,
            most=limits.max_age_days,
        )
        yield Breach(ReasonCode.TOO_OLD, "purchased_on", told)
    if limits.starts_on is not None and bought < limits.starts_on:
        told = say("the program starts on {day}", day=limits.starts_on)
        yield Breach(ReasonCode.BEFORE_PROGRAM, "purchased_on", told)


def _currency(purchase: PurchaseFacts, limits: Limits) -> Iterator[Breach]:
    """A document without any amount, as a warranty card, needs no currency."""
    if not limits.currencies or not (purchase.currency or purchase.total):
        return
    if purchase.currency is None:
        told = say("no currency is printed")
        yield Breach(ReasonCode.CURRENCY_NOT_ELIGIBLE, "currency", told, sure=False)
    elif purchase.currency not in limits.currencies:
        told = _not_among(purchase.currency, limits.currencies)
        yield Breach(ReasonCode.CURRENCY_NOT_ELIGIBLE, "currency", told)


def _retailer(purchase: PurchaseFacts, limits: Limits) -> Iterator[Breach]:
    retailers, key = limits.retailers, purchase.retailer_key
    if key is None:
        if not retailers.unknown:
            named = purchase.retailer_name
            code = ReasonCode.RETAILER_UNKNOWN if named else ReasonCode.NO_RETAILER
            yield Breach(code, "retailer", sure=False)
    elif key in retailers.deny or (retailers.allow and key not in retailers.allow):
        yield Breach(ReasonCode.RETAILER_NOT_ELIGIBLE, "retailer", key)
