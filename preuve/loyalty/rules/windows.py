"""Days, weeks and hours in a program's calendar: when something counts, and whether a rule is open.

A receipt counts on the day of its purchase; without a printed date, or where the program says
`counts_on: submission`, on the day of its submission. Everything else counts on the day it
happened.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Literal, get_args

from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.program import Campaign, Program
from preuve.loyalty.rules.rule import Weekday, Window

Period = Literal["receipt", "day", "week", "month", "year", "campaign", "ever"]
LONGEST: Mapping[Period, int] = {"day": 1, "week": 7, "month": 31, "year": 366, "ever": 0}
"""Days of a period in which receipts are counted one by one; those since ever are a number."""
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def counted_on(purchase: PurchaseFacts, program: Program) -> date:
    """The day that a receipt counts on."""
    if program.counts_on == "purchase" and purchase.purchased_on is not None:
        return purchase.purchased_on
    return program.day_of(purchase.received_at)


def day_of(occasion: Occasion, program: Program) -> date:
    """The day that an occasion counts on."""
    if occasion.purchase is not None:
        return counted_on(occasion.purchase, program)
    return program.day_of(occasion.occurred_at)


def time_of(occasion: Occasion, program: Program) -> time | None:
    """The time of that day; None where a receipt counts on its purchase and prints no time."""
    purchase = occasion.purchase
    if purchase is not None and program.counts_on == "purchase" and purchase.purchased_on:
        return purchase.purchased_at
    moment = purchase.received_at if purchase else occasion.occurred_at
    return moment.astimezone(program.zone).time()


def is_open(window: Window, day: date, at: time | None) -> bool:
    """Whether a day and its time lie in the window."""
    return is_on(window, day) and (
        not window.hours or (at is not None and any(_in_hours(at, one) for one in window.hours))
    )


def is_on(span: Window | Campaign, day: date) -> bool:
    """Whether a day lies in a window, whatever its hours, or in a campaign."""
    if span.starts_on is not None and day < span.starts_on:
        return False
    if span.ends_on is not None and day > span.ends_on:
        return False
    weekdays = span.weekdays if isinstance(span, Window) else ()
    return not weekdays or WEEKDAYS[day.weekday()] in weekdays


def within(day: date | None, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a period, bounds included; None is in one without bounds alone."""
    if day is None:
        return first is None and last is None
    return (first is None or day >= first) and (last is None or day <= last)


def _in_hours(at: time, hours: str) -> bool:
    opens, closes = _span(hours)
    if opens <= closes:
        return opens <= at < closes
    return at >= opens or at < closes


@lru_cache(1_000)
def _span(hours: str) -> tuple[time, time]:
    opens, closes = hours.split("-")
    return time.fromisoformat(opens), time.fromisoformat(closes)


@lru_cache(10_000)
def period_of(day: date, period: Period) -> tuple[date | None, date | None]:
    """The first and the last day of the period that `day` lies in; None: since or for ever."""
    match period:
        case "receipt" | "day":
            return day, day
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        case "year":
            return day.replace(month=1, day=1), day.replace(month=12, day=31)
        case "campaign" | "ever":
            return None, None
