from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from preuve.loyalty import PointsPolicy

PARIS = ZoneInfo("Europe/Paris")
LATE = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)
"""Already 31 January in Paris."""


def policy(**values: Any) -> PointsPolicy:
    return PointsPolicy.model_validate(values)


def test_points_are_available_at_once_and_for_ever_where_nothing_is_said() -> None:
    assert policy().available_at(LATE, PARIS) == LATE
    assert policy().expires_at(LATE, PARIS) is None


def test_days_are_those_of_the_programs_zone() -> None:
    available = policy(available_after_days=14).available_at(LATE, PARIS)
    assert available.astimezone(PARIS).isoformat() == "2026-02-14T00:00:00+01:00"


@pytest.mark.parametrize(
    ("months", "at", "ends"),
    [
        (1, "day", "2026-03-01T00:00:00+01:00"),
        (2, "day", "2026-04-01T00:00:00+02:00"),
        (12, "day", "2027-02-01T00:00:00+01:00"),
        (13, "day", "2027-03-01T00:00:00+01:00"),
        (1, "month_end", "2026-03-01T00:00:00+01:00"),
        (3, "month_end", "2026-05-01T00:00:00+02:00"),
        (11, "year_end", "2027-01-01T00:00:00+01:00"),
        (12, "year_end", "2028-01-01T00:00:00+01:00"),
    ],
)
def test_points_last_through_their_last_day(months: int, at: str, ends: str) -> None:
    expires = policy(expire={"after_months": months, "at": at}).expires_at(LATE, PARIS)
    assert expires
    assert expires.astimezone(PARIS).isoformat() == ends


@pytest.mark.parametrize(
    "wrong",
    [
        {"available_after_days": -1},
        {"expire": {"after_months": 0}},
        {"expire": {"after_months": 12, "at": "week"}},
        {"when_spent": "shrug"},
        {"reserved_minutes": 0},
        {"expires": {}},
    ],
)
def test_a_policy_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        policy(**wrong)
