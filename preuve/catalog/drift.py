"""Does each template still fit? Every receipt is compared with how the earlier ones were read.

What is looked at stands in `outcomes`, the test in `detector`. A program's receipts of one
version of a template, in one of its layouts, are one series: a version that an operator
publishes begins anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from preuve.catalog.detector import Watch, step
from preuve.catalog.learned_tables import TemplateAlarmRow, TemplateFitRow, TemplateSeriesRow
from preuve.catalog.outcomes import Aspect, outcomes
from preuve.intake import ReceiptView, Status
from preuve.reading.registry import RULE as BY_REGISTRY
from preuve.reading.result import Reading
from preuve.store import Ground

RECOGNIZED: Aspect = ("retailer", "match")
EXAMPLES = 5
READ_WELL = frozenset({"sure", "found"})
LOOKED_AT = 2000
"""Receipts of a template that its fit over time is drawn from: the newest."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A field of a template that is no longer read as it was.

    `usual` and `lately` count outcomes before and since; `known` are the usual ones. Shares are
    of receipts with a usual outcome, 0 to 1.
    """

    program_id: str
    template: str
    version: str
    field: str
    aspect: str
    since_at: datetime
    raised_at: datetime
    ended_at: datetime | None
    usual: Mapping[str, int]
    lately: Mapping[str, int]
    share_before: float
    share_since: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """A week of one template: how many receipts, and of each field the share that was read."""

    program_id: str
    template: str
    version: str
    week: date
    receipts: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Volume:
    """Receipts of one template: how many, of how many it was noted whether somebody had to look
    at them, and how many were trusted."""

    receipts: int
    noted: int
    trusted: int

    @property
    def share(self) -> float | None:
        """The share read without doubt, 0 to 1; None where none was noted."""
        return self.trusted / self.noted if self.noted else None


def follow(session: Session, seen: ReceiptView, now: datetime) -> None:
    """Adds a receipt to its template's series, once. The caller holds the turn of learning."""
    reading, verdict = seen.reading, seen.verdict
    if reading is None or verdict is None or verdict.status == "unusable":
        return
    if seen.status is Status.DUPLICATE or _is_followed(session, seen.id):
        return
    series, found = _told(session, seen.program_id, reading)
    if series is None:
        return
    template, version = series
    fit = TemplateFitRow(
        receipt_id=seen.id,
        program_id=seen.program_id,
        template=template,
        version=version,
        outcomes={_name(aspect): outcome for aspect, outcome in found.items()},
        trusted=verdict.status == "trusted",
        received_at=seen.received_at,
    )
    session.add(fit)
    session.flush()
    series_row = _series(session, fit)
    watches = dict(series_row.watches)
    for aspect, outcome in found.items():
        before = Watch(**watches.get(_name(aspect), {}))
        watch, change = step(before, outcome, fit.id)
        watches[_name(aspect)] = asdict(watch)
        if change == "changed":
            session.add(_raised(session, fit, aspect, watch, now))
        elif before.alarmed:
            _go_on(session, fit, aspect, watch, now)
    series_row.watches = watches


def alarms(
    ground: Ground, template: str | None = None, *, ended: bool = False
) -> tuple[Alarm, ...]:
    """Alarms that stand, by template and field; the ended ones too where they are wanted."""
    found = select(TemplateAlarmRow).order_by(
        TemplateAlarmRow.template, TemplateAlarmRow.field, TemplateAlarmRow.raised_at
    )
    if template is not None:
        found = found.where(TemplateAlarmRow.template == template)
    if not ended:
        found = found.where(TemplateAlarmRow.ended_at.is_(None))
    with ground.database.read() as session:
        return tuple(_alarm(row) for row in session.scalars(found))


def fits(ground: Ground, template: str) -> tuple[Fit, ...]:
    """How well the template was read, week by week, the newest receipts of it."""
    found = select(TemplateFitRow).where(TemplateFitRow.template == template)
    weeks: dict[tuple[str, str, date], list[TemplateFitRow]] = defaultdict(list)
    with ground.database.read() as session:
        newest = found.order_by(TemplateFitRow.id.desc()).limit(LOOKED_AT)
        for row in session.scalars(newest):
            day = row.received_at.date()
            weeks[row.program_id, row.version, day - timedelta(days=day.weekday())].append(row)
    return tuple(
        Fit(program, template, version, week, len(rows), dict(_shares(rows)))
        for (program, version, week), rows in sorted(weeks.items())
    )


def volumes(ground: Ground, program_id: str, since: datetime) -> dict[str, Volume]:
    """How many of a program's receipts each template read since then, and how many without doubt.

    An index answers alone, however many receipts there are.
    """
    told = func.count(TemplateFitRow.trusted)
    trusted = func.count(case((TemplateFitRow.trusted.is_(True), 1)))
    found = (
        select(TemplateFitRow.template, func.count(), told, trusted)
        .where(TemplateFitRow.program_id == program_id, TemplateFitRow.received_at >= since)
        .group_by(TemplateFitRow.template)
    )
    with ground.database.read() as session:
        return {key: Volume(*counts) for key, *counts in session.execute(found)}


def receipts_of(ground: Ground, program_id: str, template: str, most: int) -> tuple[str, ...]:
    """The newest receipts of a program that the template read."""
    found = (
        select(TemplateFitRow.receipt_id)
        .where(TemplateFitRow.program_id == program_id, TemplateFitRow.template == template)
        .order_by(TemplateFitRow.id.desc())
        .limit(most)
    )
    with ground.database.read() as session:
        return tuple(session.scalars(found))


def accept(ground: Ground, template: str, *, operator: str) -> int:
    """An operator takes the present layout for the usual one; gives how many alarms end."""
    now = ground.now()
    with ground.database.write() as session:
        session.execute(delete(TemplateSeriesRow).where(TemplateSeriesRow.template == template))
        ended = session.execute(
            update(TemplateAlarmRow)
            .where(TemplateAlarmRow.template == template, TemplateAlarmRow.ended_at.is_(None))
            .values(ended_at=now, ended_by=operator)
            .returning(TemplateAlarmRow.id)
        )
        return len(ended.all())


def _is_followed(session: Session, receipt_id: str) -> bool:
    found = select(TemplateFitRow.id).where(TemplateFitRow.receipt_id == receipt_id)
    return session.scalar(found) is not None


def _told(
    session: Session, program_id: str, reading: Reading
) -> tuple[tuple[str, str] | None, dict[Aspect, str]]:
    """The template and version that the receipt tells something of, and what."""
    match = reading.match
    if match.score > 0:
        version = f"{match.version} {match.layout}" if match.layout else match.version
        return (match.template, version), {RECOGNIZED: "matched", **outcomes(reading)}
    # Known by its numbers while its template did not match: that is the template's affair too.
    value = reading.retailer
    if value is None or not value.value.key or not value.rule.startswith(BY_REGISTRY):
        return None, {}
    latest = (
        select(TemplateFitRow.version)
        .where(TemplateFitRow.program_id == program_id, TemplateFitRow.template == value.value.key)
        .order_by(TemplateFitRow.id.desc())
        .limit(1)
    )
    known = session.scalar(latest)
    return (value.value.key, known) if known else None, {RECOGNIZED: "by its numbers only"}


def _series(session: Session, fit: TemplateFitRow) -> TemplateSeriesRow:
    row = session.get(TemplateSeriesRow, (fit.program_id, fit.template, fit.version))
    if row is None:
        row = TemplateSeriesRow(
            program_id=fit.program_id, template=fit.template, version=fit.version, watches={}
        )
        session.add(row)
    return row


def _go_on(
    session: Session, fit: TemplateFitRow, aspect: Aspect, watch: Watch, now: datetime
) -> None:
    """An alarm that stands counts on, or ends where the layout is the usual one again."""
    alarm = session.scalars(
        select(TemplateAlarmRow).filter_by(
            program_id=fit.program_id,
            template=fit.template,
            version=fit.version,
            field=aspect[0],
            aspect=aspect[1],
            ended_at=None,
        )
    ).first()
    if alarm is None:
        return
    if watch.alarmed:
        alarm.detail = {**alarm.detail, "lately": dict(watch.lately)}
    else:
        alarm.ended_at, alarm.ended_by = now, "the receipts"


def _raised(
    session: Session, fit: TemplateFitRow, aspect: Aspect, watch: Watch, now: datetime
) -> TemplateAlarmRow:
    since = (
        select(TemplateFitRow)
        .where(
            TemplateFitRow.program_id == fit.program_id,
            TemplateFitRow.template == fit.template,
            TemplateFitRow.version == fit.version,
            TemplateFitRow.id >= (watch.first or fit.id),
        )
        .order_by(TemplateFitRow.id)
    )
    rows = session.scalars(since).all()
    unusual = [row for row in rows if row.outcomes.get(_name(aspect)) not in watch.known]
    return TemplateAlarmRow(
        program_id=fit.program_id,
        template=fit.template,
        version=fit.version,
        field=aspect[0],
        aspect=aspect[1],
        since_at=rows[0].received_at,
        raised_at=now,
        ended_at=None,
        ended_by=None,
        detail={
            "usual": dict(watch.usual),
            "known": sorted(watch.known),
            "lately": dict(watch.lately),
            "examples": [row.receipt_id for row in unusual[:EXAMPLES]],
        },
    )


def _alarm(row: TemplateAlarmRow) -> Alarm:
    detail = row.detail
    return Alarm(
        program_id=row.program_id,
        template=row.template,
        version=row.version,
        field=row.field,
        aspect=row.aspect,
        since_at=row.since_at,
        raised_at=row.raised_at,
        ended_at=row.ended_at,
        usual=detail["usual"],
        lately=detail["lately"],
        share_before=_share(detail["usual"], detail["known"]),
        share_since=_share(detail["lately"], detail["known"]),
        examples=tuple(detail["examples"]),
    )


def _share(counts: Mapping[str, int], known: list[str]) -> float:
    return sum(counts.get(one, 0) for one in known) / max(1, sum(counts.values()))


def _shares(rows: list[TemplateFitRow]) -> Iterator[tuple[str, float]]:
    """Of each field, how many of the receipts have it read surely, or at all."""
    told: Counter[str] = Counter()
    well: Counter[str] = Counter()
    for row in rows:
        for name, outcome in row.outcomes.items():
            field, _, aspect = name.partition(" ")
            if aspect == "read":
                told[field] += 1
                well[field] += outcome in READ_WELL
    for field, count in told.items():
        yield field, well[field] / count


def _name(aspect: Aspect) -> str:
    return " ".join(aspect)
