"""Whether the last hours went as such hours usually do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import expm1, log1p, sqrt
from statistics import median
from typing import Literal, get_args

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from preuve.intake.outcomes import Status
from preuve.intake.overview.statistics import Waits
from preuve.intake.tables import ReceiptRow
from preuve.store import Ground

HOURS = 3
"""The last so many hours are compared with the same ones of past days."""
DAYS = 28
LEAST_DAYS = 7
"""With fewer days to compare nothing is called unusual."""
LEAST_RECEIPTS = 20
"""A share or a wait of fewer receipts tells nothing."""
FAR, FAR_ON_THIS_WEEKDAY = 5.0, 3.0
"""Deviations, in units of the usual spread, from which it is told."""
SPREAD_OF_MAD = 1.4826
"""The median deviation times this is the standard deviation where values are spread normally."""

Measure = Literal["received", "touched", "refused", "credited_unaided", "wait"]
Scale = Callable[[float], float]
MEASURES: tuple[Measure, ...] = get_args(Measure)


@dataclass(frozen=True, slots=True)
class Window:
    """The same hours of one day: what came in, and what became of it.

    `touched`: held for review, whether or not somebody has looked since. `wait` is the median
    of seconds from upload to points, None where nothing was credited.
    """

    received: int
    finished: int
    touched: int
    refused: int
    credited_unaided: int
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Unusual:
    """One measure of the last `HOURS` hours that is not as on `days` past days.

    Numbers of receipts, shares (0 to 1) or seconds, by `measure`: the `observed`, the `usual`
    (median) and the bounds within which such hours stay.
    """

    measure: Measure
    observed: float
    usual: float
    low: float
    high: float
    days: int

    @property
    def above(self) -> bool:
        return self.observed > self.usual


def unusual(ground: Ground, program_id: str) -> tuple[Unusual, ...]:
    """What deviates now from its usual course. Blocks on the database."""
    now = ground.now()
    with ground.database.read() as session:
        latest, *past = (
            _window(session, program_id, now - timedelta(days=day)) for day in range(DAYS + 1)
        )
    return compare(latest, past)


def compare(latest: Window, past: Sequence[Window]) -> tuple[Unusual, ...]:
    """Measures of `latest` that are far from those of `past`, yesterday first.

    Far means outside the usual spread of all days, and of the same weekday where there are two:
    quiet Sundays are no alarm. The spread is the larger of the median deviation and of what
    chance alone does to so few receipts. Days before the program's first receipt do not count.
    """
    days = list(past)
    while days and days[-1].received == 0:
        days.pop()
    if len(days) < LEAST_DAYS:
        return ()
    same_weekday = days[6::7]
    found = []
    for measure in MEASURES:
        told = _far(measure, latest, days, FAR)
        if told is None:
            continue
        if len(same_weekday) >= 2:
            alike = _far(measure, latest, same_weekday, FAR_ON_THIS_WEEKDAY)
            if alike is None or alike.above != told.above:
                continue
        found.append(told)
    return tuple(found)


def _far(measure: Measure, latest: Window, days: Sequence[Window], far: float) -> Unusual | None:
    observed = _value(measure, latest)
    values = [value for day in days if (value := _value(measure, day)) is not None]
    if observed is None or not values:
        return None
    usual = median(values)
    scale, back, chance = _scale(measure, latest, usual)
    middle = scale(usual)
    deviation = SPREAD_OF_MAD * median(abs(scale(value) - middle) for value in values)
    room = far * max(deviation, chance)
    if abs(scale(observed) - middle) <= room:
        return None
    return Unusual(measure, observed, usual, back(middle - room), back(middle + room), len(days))


def _value(measure: Measure, window: Window) -> float | None:
    if measure == "received":
        return window.received
    if window.finished < LEAST_RECEIPTS:
        return None
    if measure == "wait":
        return window.wait
    return float(getattr(window, measure)) / window.finished


def _scale(measure: Measure, latest: Window, usual: float) -> tuple[Scale, Scale, float]:
    """On which values are spread evenly, the way back, and what chance alone does there."""
    if measure == "received":
        # Anscombe's root: counts of any size are spread by 1.
        return (
            lambda count: 2 * sqrt(count + 0.375),
            lambda root: max(root / 2, sqrt(0.375)) ** 2 - 0.375,
            1.0,
        )
    if measure == "wait":
        return log1p, expm1, 0.2
    share = min(max(usual, 0.02), 0.98)
    spread = sqrt(share * (1 - share) / latest.finished)
    return (lambda share: share), (lambda share: min(max(share, 0.0), 1.0)), spread


def _window(session: Session, program_id: str, end: datetime) -> Window:
    """What came in during the `HOURS` hours before `end`."""
    row, number = ReceiptRow, func.count()
    found = (
        select(row.status, row.aided, row.seconds_to_points, number)
        .where(
            row.program_id == program_id,
            row.received_at >= end - timedelta(hours=HOURS),
            row.received_at < end,
        )
        .group_by(row.status, row.aided, row.seconds_to_points)
    )
    received = finished = touched = refused = unaided = 0
    waits: Counter[int] = Counter()
    for name, by_hand, seconds, count in session.execute(found):
        status = Status(name)
        received += count
        finished += count if status.final else 0
        touched += count if by_hand or status is Status.PENDING_REVIEW else 0
        refused += count if status in (Status.REJECTED, Status.INCOMPLETE) else 0
        unaided += count if status is Status.VALID and not by_hand else 0
        if seconds is not None:
            waits[seconds] += count
    return Window(received, finished, touched, refused, unaided, Waits(waits).median)
