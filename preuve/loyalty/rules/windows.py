"""Days, weeks and hours in a program's calendar: when something counts, and whether a rule is open.

A receipt counts on the day of its purchase; without a printed date, or where the program says
`counts_on: submission`, on the day of its submission. Everything else counts on the day it
happened.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, time, timedelta
from typing import Literal, get_args

from preuve.loyalty.rules.facts import Occasion, PurchaseFacts
from preuve.loyalty.rules.program import Program
from preuve.loyalty.rules.rule import Weekday, Window

Period = Literal["receipt", "day", "week", "month", "year", "campaign", "ever"]
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
    return (
        (window.starts_on is None or day >= window.starts_on)
        and (window.ends_on is None or day <= window.ends_on)
        and (not window.weekdays or WEEKDAYS[day.weekday()] in window.weekdays)
        and (not window.hours or (at is not None and any(_within(at, h) for h in window.hours)))
    )


def _within(at: time, hours: str) -> bool:
    opens, closes = (time.fromisoformat(part) for part in hours.split("-"))
    if opens <= closes:
        return opens <= at < closes
    return at >= opens or at < closes


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
