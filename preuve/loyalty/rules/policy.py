"""How long points wait, how long they last, and what follows when spent ones are taken back."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field


class Expiry(BaseModel):
    """Points end `after_months` on the same day (`day`), or with that day's month or year.

    On their last day they can still be spent: they end as the next one begins.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    after_months: int = Field(ge=1, le=120)
    at: Literal["day", "month_end", "year_end"] = "day"


class PointsPolicy(BaseModel):
    """`points` of a program's file. Days are those of the program's time zone.

    Points run from the day of the occasion that earned them: a receipt's submission, not its
    decision. So a receipt that is judged again a month later gets the dates that it had.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    available_after_days: int = Field(default=0, ge=0, le=365)
    """Until then they are pending: shown to the member, and not to be spent."""
    expire: Expiry | None = None
    """None: never."""
    when_spent: Literal["owe", "forgive"] = "owe"
    """What follows when points are taken back that the member has already spent: `owe` takes
    them from what comes next, and `forgive` lets them go. Neither takes a balance below zero."""
    reserved_minutes: int = Field(default=30, ge=1, le=10_080)
    """How long a redemption waits to be confirmed before its points are free again."""

    def available_at(self, earned_at: datetime, zone: ZoneInfo) -> datetime:
        """When points can be spent: at once, or as a day begins."""
        if not self.available_after_days:
            return earned_at
        earned_on = earned_at.astimezone(zone).date()
        return _begin(earned_on + timedelta(days=self.available_after_days), zone)

    def expires_at(self, earned_at: datetime, zone: ZoneInfo) -> datetime | None:
        """The first moment at which points can no longer be spent."""
        if self.expire is None:
            return None
        earned_on = earned_at.astimezone(zone).date()
        last = _months_later(earned_on, self.expire.after_months)
        if self.expire.at == "month_end":
            last = last.replace(day=monthrange(last.year, last.month)[1])
        elif self.expire.at == "year_end":
            last = last.replace(month=12, day=31)
        return _begin(last + timedelta(days=1), zone)


def _months_later(day: date, months: int) -> date:
    """31 January and a month is the last day of February."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
