"""How the program runs, at a glance: it keeps itself up to date while it is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from nicegui import ui

from console import board
from console.board import Board
from console.frame import heading, nothing
from console.html import link, tag
from console.page import Page
from console.template_names import template_names
from console.visit import Visit
from preuve.access import Right
from preuve.catalog.drift import alarms
from preuve.intake import count_receipts
from preuve.intake.overview.statistics import Figures, Period, figures, queue
from preuve.intake.overview.unusual import unusual

PERIODS = {"24h": 1, "7d": 7, "30d": 30, "90d": 90}
LIVE, LIVE_LONG = 5.0, 30.0
"""Seconds between two looks; figures of many days take longer to add up and change less."""
SHARED = 4.0
"""Seconds for which what one page found out serves others."""
SHOWN = 8
"""Reasons, and templates, that are drawn."""


async def draw(visit: Visit) -> None:
    t = visit.t
    name = visit.query.get("period", "")
    chosen = name if name in PERIODS else "24h"
    if not await visit.run(_any, visit):
        _empty(visit)
        return
    seen = await visit.run(_look, visit, chosen)
    with tag("div", classes="heading heading-row"):
        tag("h1", t("frame.dashboard"))
        as_of = tag("p", _as_of(visit, seen), "quiet live")
        _periods(visit, chosen)
    alerts = _markup(board.alerts(t, seen), "fill").props('role="status"')
    tiles = _markup(board.tiles(t, seen), "fill")
    with tag("section", classes="card panel"):
        course = _markup(board.course(t, seen.figures), "fill")
        with tag("details", classes="figures"):
            tag("summary", t("dashboard.course.table"))
            table = _markup(board.table(t, seen.figures), "fill")
    with tag("div", classes="panels"):
        with tag("section", classes="card panel"):
            now = _markup(board.queue(t, seen), "fill")
            if visit.may(Right.REVIEW):
                link(t("dashboard.queue.review"), visit.link("/review"))
            gauge = _markup(board.gauge(t, seen.figures), "fill")
        with tag("section", classes="card panel") as reasons:
            _reasons(visit, seen.figures)
        with tag("section", classes="card panel") as templates:
            _templates(visit, seen)
    shown = seen

    async def look_again() -> None:
        nonlocal shown
        fresh = await visit.run(_look, visit, chosen)
        as_of.text = _as_of(visit, fresh)
        alerts.set_content(board.alerts(t, fresh))
        tiles.set_content(board.tiles(t, fresh))
        course.set_content(board.course(t, fresh.figures))
        table.set_content(board.table(t, fresh.figures))
        now.set_content(board.queue(t, fresh))
        gauge.set_content(board.gauge(t, fresh.figures))
        # Whoever walks through the links by keyboard keeps their place: drawn anew if changed.
        if fresh.figures.reasons != shown.figures.reasons:
            reasons.clear()
            with reasons:
                _reasons(visit, fresh.figures)
        if (fresh.figures.templates, fresh.alarms) != (shown.figures.templates, shown.alarms):
            templates.clear()
            with templates:
                _templates(visit, fresh)
        shown = fresh

    visit.every(LIVE if PERIODS[chosen] <= 7 else LIVE_LONG, look_again)


def _look(visit: Visit, chosen: str) -> Board:
    """One look for all who have the same figures open."""
    key = ("board", visit.program.program, chosen)
    return visit.rooms.recent(key, SHARED, lambda: _find_out(visit, chosen))


def _find_out(visit: Visit, chosen: str) -> Board:
    ground, program = visit.rooms.ground, visit.program.program
    at = ground.now()
    made = figures(ground, program, _period(visit, chosen, at), visit.t.zone)
    drifting = tuple(one for one in alarms(ground) if one.program_id == program)
    keys = [one.template for one in made.templates[:SHOWN]]
    keys += [one.template for one in drifting]
    return Board(
        at=at,
        figures=made,
        names=template_names(visit, keys),
        queue=queue(ground, program),
        unusual=unusual(ground, program),
        alarms=drifting,
    )


def _period(visit: Visit, chosen: str, at: datetime) -> Period:
    """Up to the end of this hour: whole hours, or whole days of the program's calendar."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    end = hour + timedelta(hours=1)
    days = PERIODS[chosen]
    if days == 1:
        return Period(end - timedelta(days=1), end)
    first = at.astimezone(visit.t.zone).date() - timedelta(days=days - 1)
    return Period(datetime.combine(first, time(), visit.t.zone).astimezone(UTC), end)


def _any(visit: Visit) -> bool:
    return count_receipts(visit.rooms.ground, visit.program.program, most=1).number > 0


def _empty(visit: Visit) -> None:
    heading(visit.t("frame.dashboard"))
    nothing(visit.t("dashboard.none"), visit.t("dashboard.none_told"), "insights")

    async def look_again() -> None:
        if await visit.run(_any, visit):
            ui.navigate.reload()

    visit.every(LIVE, look_again)


def _markup(drawn: str, classes: str) -> ui.html:
    """Markup of our own, in which every text is escaped."""
    return ui.html(drawn, sanitize=False).classes(classes)


def _as_of(visit: Visit, seen: Board) -> str:
    return visit.t("dashboard.live", at=visit.t.time(seen.at))


def _periods(visit: Visit, chosen: str) -> None:
    with tag("nav", classes="segments", aria_label=visit.t("dashboard.period")):
        for name in PERIODS:
            here = "page" if name == chosen else None
            target = visit.link("/dashboard", period=name)
            link(visit.t(f"dashboard.periods.{name}"), target, aria_current=here)


def _reasons(visit: Visit, seen: Figures) -> None:
    """A Pareto chart: each bar is a link to the receipts behind it."""
    t, held = visit.t, seen.reasons[:SHOWN]
    everything = sum(number for _, number in seen.reasons)
    with tag("div", classes="panel-head"):
        tag("h2", t("dashboard.reasons.title"))
        if held:
            first = sum(number for _, number in held[:2]) / everything
            told = t("dashboard.reasons.told", n=len(seen.reasons), share=t.percent(first))
            tag("p", told, "quiet")
    if not held:
        tag("p", t("dashboard.reasons.none"), "quiet")
        return
    days = [at.astimezone(t.zone).date() for at in (seen.period.start, seen.period.end)]
    so_far = 0
    with tag("ol", classes="bars"):
        for code, number in held:
            so_far += number
            share = t.percent(so_far / everything)
            name = t(f"reasons.{code}")
            told = t("dashboard.reasons.one", name=name, n=number, share=share)
            query = {"reason": code, "from": str(days[0]), "to": str(days[1])}
            with tag("li"), link("", visit.link("/receipts", **query), title=told):
                tag("span", name, "bar-name")
                tag("span", t.number(number), "bar-number")
                tag("span", share, "bar-share quiet")
                _rail([("fill-pending_review", number / held[0][1])])


def _templates(visit: Visit, seen: Board) -> None:
    t, templates = visit.t, seen.figures.templates[:SHOWN]
    names = seen.names
    with tag("div", classes="panel-head"):
        tag("h2", t("dashboard.templates.title"))
        tag(
            "p", t("dashboard.templates.told" if templates else "dashboard.templates.none"), "quiet"
        )
    if not templates:
        return
    drifting = {alarm.template for alarm in seen.alarms}
    with tag("ol", classes="bars"):
        for one in templates:
            share = one.unaided / one.receipts
            told = t.percent(share)
            title = t(
                "dashboard.templates.one", name=names[one.template], n=one.receipts, share=told
            )
            target = visit.link("/receipts", template=one.template)
            with tag("li"), link("", target, title=title):
                with tag("span", names[one.template], "bar-name"):
                    if one.template in drifting:
                        tag("span", t("dashboard.templates.drift"), "chip chip-warn")
                tag("span", t.number(one.receipts), "bar-number")
                tag("span", told, "bar-share quiet")
                most = templates[0].receipts
                rest = one.receipts - one.unaided
                _rail([("fill-valid", one.unaided / most), ("fill-rest", rest / most)])
    link(t("dashboard.templates.all"), visit.link("/templates"))


def _rail(parts: Sequence[tuple[str, float]]) -> None:
    with tag("span", classes="bar-rail", aria_hidden="true"):
        for kind, share in parts:
            tag("i", classes=kind, style=f"width:{share * 100:.1f}%")


PAGES = (Page("/dashboard", "frame.dashboard", draw, wide=True),)
