"""What the dashboard shows of figures: the numbers at its head, the course, the gauge, alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from math import log

from console.drawing import Bar, Mark, Part, rounded, scale, stacked_bars
from console.template_names import field_name
from console.words import Words
from preuve.catalog.drift import Alarm
from preuve.intake import Status
from preuve.intake.overview.statistics import Bucket, Figures, Queue, Tally
from preuve.intake.overview.unusual import HOURS, Unusual

KINDS: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("valid", (Status.VALID,)),
    ("pending_review", (Status.PENDING_REVIEW,)),
    ("incomplete", (Status.INCOMPLETE,)),
    ("rejected", (Status.REJECTED,)),
    ("duplicate", (Status.DUPLICATE,)),
    ("unfinished", (Status.RECEIVED, Status.QUEUED, Status.PROCESSING)),
)
"""How statuses are told apart by color, from the foot of a bar up."""
TICKS = 8
LONGEST_WAIT = 7 * 86_400
WAIT_TICKS = (1, 10, 60, 600, 3600, 6 * 3600, 86_400)
STUCK = timedelta(minutes=10)
UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))


@dataclass(frozen=True, slots=True)
class Board:
    """All that the page shows, as of one moment."""

    at: datetime
    figures: Figures
    queue: Queue
    unusual: tuple[Unusual, ...]
    alarms: tuple[Alarm, ...]
    names: Mapping[str, str]
    """What the templates among them are called, by their keys."""


def lasting(t: Words, seconds: float) -> str:
    """In the largest unit of which there are two, or one exactly: `90 s`, `1 min`, `3 h`."""
    for unit, length in UNITS:
        if seconds >= 2 * length or seconds == length:
            return t(f"dashboard.lasting.{unit}", n=int(seconds // length))
    return t("dashboard.lasting.seconds", n=int(seconds))


def tiles(t: Words, board: Board) -> str:
    """The four numbers at the head, each beside that of the period before."""
    now, before = board.figures.now, board.figures.before
    share, earlier = now.straight_through, before.straight_through
    valid = now.statuses.get(Status.VALID, 0)
    waits, waits_before = board.figures.waits, board.figures.waits_before
    change = None if share is None or earlier is None else (share - earlier) * 100
    told = t("dashboard.unaided_told", n=now.unaided, finished=now.finished)
    by_receipt = t("dashboard.points_told", n=round(now.points / valid)) if valid else ""
    late = t("dashboard.wait_told", p95=lasting(t, waits.p95)) if waits.p95 is not None else ""
    parts = (
        _tile(
            t("dashboard.received"),
            t.number(now.received),
            "",
            _relative(t, now.received, before.received),
        ),
        _tile(
            t("dashboard.unaided"),
            t("dashboard.unknown") if share is None else t.percent(share, 1),
            told,
            _signed(t, change),
        ),
        _tile(
            t("dashboard.wait"),
            t("dashboard.unknown") if waits.median is None else lasting(t, waits.median),
            late,
            _relative(t, waits.median or 0, waits_before.median or 0),
        ),
        _tile(
            t("dashboard.points"),
            t.number(now.points),
            by_receipt,
            _relative(t, now.points, before.points),
        ),
    )
    return f'<div class="tiles">{"".join(parts)}</div>'


def course(t: Words, figures: Figures) -> str:
    """Bars by hour or day, stacked by status, and the line of what needed no human."""
    buckets = figures.buckets
    top = rounded(max((bucket.tally.received for bucket in buckets), default=0))
    bars = [
        Bar(_parts(bucket.tally), _bar_told(t, figures, bucket), bucket.tally.straight_through)
        for bucket in buckets
    ]
    busiest = max(buckets, key=lambda bucket: bucket.tally.received)
    told = t(
        "dashboard.course.told",
        received=figures.now.received,
        from_=_when(t, figures, buckets[0]),
        to=_when(t, figures, buckets[-1]),
        most=_when(t, figures, busiest),
        n=busiest.tally.received,
    )
    title = t("dashboard.course.title")
    chart = stacked_bars(bars, _time_ticks(t, figures), title, told, top=top)
    axis = f'<div class="axis"><span>{t.number(int(top))}</span><span>100 %</span></div>'
    return (
        f'<div class="panel-head"><h2>{escape(title)}</h2>'
        f'<p class="quiet">{escape(t(f"dashboard.course.{figures.step}"))}</p></div>'
        f"{axis}{chart}{_legend(t)}"
    )


def table(t: Words, figures: Figures) -> str:
    """The course in numbers, the newest first."""
    heads = [t("dashboard.course.when"), *(_name(t, kind) for kind, _ in KINDS)]
    heads.append(t("dashboard.course.line"))
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    rows = []
    for bucket in reversed(figures.buckets):
        share = bucket.tally.straight_through
        cells = [
            *(t.number(_of_kind(bucket.tally, statuses)) for _, statuses in KINDS),
            "–" if share is None else t.percent(share),
        ]
        told = "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
        rows.append(f'<tr><th scope="row">{escape(_when(t, figures, bucket))}</th>{told}</tr>')
    return (
        f'<div class="table-scroll" tabindex="0"><table class="list"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def gauge(t: Words, figures: Figures) -> str:
    """The time to points on a scale of seconds to days; the period before stands as a ghost."""
    waits, before = figures.waits, figures.waits_before
    head = f'<div class="panel-head"><h2>{escape(t("dashboard.wait"))}</h2></div>'
    if waits.median is None or waits.p95 is None:
        return head + f'<p class="quiet">{escape(t("dashboard.unknown"))}</p>'
    title = t("dashboard.wait_title", median=lasting(t, waits.median), p95=lasting(t, waits.p95))
    marks = [Mark(_on_scale(waits.median), "", "median"), Mark(_on_scale(waits.p95), "", "late")]
    if before.median is not None:
        marks.insert(0, Mark(_on_scale(before.median), "", "ghost"))
    fifth = _on_scale(waits.share(0.05) or 0)
    spans = [(fifth, _on_scale(waits.p95), "span")]
    ticks = [Mark(_on_scale(seconds), lasting(t, seconds)) for seconds in WAIT_TICKS]
    return f"{head}{scale(marks, ticks, spans, title)}<p class='quiet'>{escape(title)}</p>"


def queue(t: Words, board: Board) -> str:
    """What waits at this moment."""
    now = board.queue
    numbers = "".join(
        f"<div><dt>{escape(t(f'dashboard.queue.{name}'))}</dt><dd>{t.number(number)}</dd></div>"
        for name, number in (
            ("waiting", now.waiting),
            ("reading", now.reading),
            ("for_review", now.for_review),
        )
    )
    oldest = now.oldest_at or now.oldest_for_review_at
    told = t("dashboard.queue.idle")
    if oldest:
        told = t("dashboard.queue.oldest", lasting=lasting(t, (board.at - oldest).total_seconds()))
    return (
        f'<div class="panel-head"><h2>{escape(t("dashboard.queue.title"))}</h2></div>'
        f'<dl class="numbers">{numbers}</dl><p class="quiet">{escape(told)}</p>'
    )


def alerts(t: Words, board: Board) -> str:
    """One sentence for each thing that is not as usual; nothing where all is."""
    lines = list(_alerts(t, board))
    if not lines:
        return ""
    items = "".join(
        f"<li><strong>{escape(what)}</strong> {escape(why)}</li>" for what, why in lines
    )
    label = escape(t("dashboard.alerts.title"))
    return f'<section class="told told-warn alerts" aria-label="{label}"><ul>{items}</ul></section>'


def _alerts(t: Words, board: Board) -> Iterator[tuple[str, str]]:
    oldest = board.queue.oldest_at
    if oldest and board.at - oldest > STUCK:
        waited = lasting(t, (board.at - oldest).total_seconds())
        yield "", t("dashboard.alerts.stuck", lasting=waited)
    for one in board.unusual:
        side = "above" if one.above else "below"
        observed, usual, low, high = (
            _amount(t, one, value) for value in (one.observed, one.usual, one.low, one.high)
        )
        why = t(
            "dashboard.alerts.why",
            observed=observed,
            usual=usual,
            low=low,
            high=high,
            hours=t("dashboard.alerts.hours", n=HOURS),
            days=one.days,
        )
        yield f"{t(f'dashboard.alerts.{one.measure}.{side}')}.", why[:1].upper() + why[1:]
    for alarm in board.alarms:
        yield (
            "",
            t(
                "dashboard.alerts.drift",
                template=board.names.get(alarm.template, alarm.template),
                field=field_name(t, alarm.field),
                day=t.day(alarm.since_at.date()),
                since=t.percent(alarm.share_since),
                before=t.percent(alarm.share_before),
            ),
        )


def _amount(t: Words, one: Unusual, value: float) -> str:
    if one.measure == "received":
        return t.number(round(value))
    return lasting(t, value) if one.measure == "wait" else t.percent(value)


def _tile(label: str, value: str, told: str, change: str) -> str:
    return (
        f'<div class="card tile"><div class="label">{escape(label)}</div>'
        f'<div class="tile-value">{escape(value)}</div>'
        f'<div class="quiet small">{escape(told)}</div>'
        f'<div class="quiet small">{escape(change)}</div></div>'
    )


def _relative(t: Words, now: float, before: float) -> str:
    if not before:
        return ""
    change = now / before - 1
    if abs(change) < 0.005:
        return t("dashboard.before", change=t("dashboard.no_change"))
    return t("dashboard.before", change=f"{'+' if change > 0 else '−'}{t.percent(abs(change))}")


def _signed(t: Words, points: float | None) -> str:
    if points is None:
        return ""
    if abs(points) < 0.05:
        return t("dashboard.before", change=t("dashboard.no_change"))
    number = f"{'+' if points > 0 else '−'}{t.number(round(abs(points), 1))}"
    return t("dashboard.before", change=t("dashboard.points_of_percent", change=number))


def _parts(tally: Tally) -> tuple[Part, ...]:
    return tuple(Part(kind, _of_kind(tally, statuses)) for kind, statuses in KINDS)


def _of_kind(tally: Tally, statuses: Sequence[Status]) -> int:
    return sum(tally.statuses.get(status, 0) for status in statuses)


def _bar_told(t: Words, figures: Figures, bucket: Bucket) -> str:
    tally = bucket.tally
    lines = [t("dashboard.course.bar", when=_when(t, figures, bucket), n=tally.received)]
    lines += [
        f"{_name(t, kind)} : {t.number(number)}"
        for kind, statuses in KINDS
        if (number := _of_kind(tally, statuses))
    ]
    if tally.straight_through is not None:
        lines.append(t("dashboard.course.share", share=t.percent(tally.straight_through)))
    return "\n".join(lines)


def _when(t: Words, figures: Figures, bucket: Bucket) -> str:
    day = t.day(bucket.start.date())
    if figures.step == "day":
        return day
    return f"{day}, {t('dashboard.hour', hour=bucket.start.hour)}"


def _time_ticks(t: Words, figures: Figures) -> list[Mark]:
    buckets = figures.buckets
    every = max(1, -(-len(buckets) // TICKS))
    ticks = []
    for at in range(0, len(buckets), every):
        start = buckets[at].start
        told = (
            t("dashboard.hour", hour=start.hour) if figures.step == "hour" else t.short_day(start)
        )
        odd = "odd" if (at // every) % 2 else ""
        ticks.append(Mark((at + 0.5) / len(buckets), told, odd))
    return ticks


def _name(t: Words, kind: str) -> str:
    return t("dashboard.course.unfinished") if kind == "unfinished" else t(f"statuses.{kind}")


def _legend(t: Words) -> str:
    entries = "".join(
        f'<li><i class="swatch fill-{kind}"></i>{escape(_name(t, kind))}</li>' for kind, _ in KINDS
    )
    line = f'<li><i class="swatch line"></i>{escape(t("dashboard.course.line"))}</li>'
    return f'<ul class="legend" aria-hidden="true">{entries}{line}</ul>'


def _on_scale(seconds: float) -> float:
    return min(1.0, log(max(seconds, 1)) / log(LONGEST_WAIT))
