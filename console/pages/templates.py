"""Document templates: how each one does, and what no template reads yet."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from nicegui import ui

from console.frame import heading, nothing
from console.html import Written, link, put, tag, written
from console.page import Page
from console.read_values import written_sureness
from console.rooms import Rooms
from console.template_names import field_name, template_name
from console.visit import Visit
from preuve.access import Right
from preuve.catalog import Catalog
from preuve.catalog.editing import under_free_key
from preuve.catalog.overview import DAYS, Row, overview, search
from preuve.catalog.unmatched import (
    Unmatched,
    draft_for,
    points_waiting,
    unmatched,
    without_template,
)
from preuve.catalog.workings import keep
from preuve.reading.template.draft import Draft

SHOWN = 50
CLUSTERS = 8
LOOKED_AT = 400
"""The newest receipts without a template that are put together on the page."""

FRESH_SECONDS = 300.0


@dataclass(frozen=True)
class _Clusters:
    """What no template reads, by what a draft would unlock, and when that was found out."""

    groups: tuple[Unmatched, ...]
    points: tuple[int, ...]
    revision: tuple[int, int]
    at: float


_known: dict[tuple[int, str], _Clusters] = {}


async def draw(visit: Visit) -> None:
    t, wanted = visit.t, visit.query.get("q", "")[:100]
    rows = await visit.run(overview, visit.rooms.catalog, visit.program.program)
    found = search(rows, wanted)
    with tag("div", classes="heading-row"):
        heading(t("frame.templates"), t("templates.told", n=len(rows)))
        if visit.may(Right.EDIT):
            link(t("templates.new"), visit.link("/templates/new"), "button")
    await _unmatched(visit)
    with tag("form", classes="filter-row", method="get", role="search"):
        with tag("div", classes="field grow"):
            tag("label", t("templates.search"), for_="q")
            tag("input", id="q", name="q", type="search", value=wanted, maxlength=100)
        tag("button", t("templates.find"), "button second", type="submit")
    if not found:
        nothing(t("templates.none"), t("templates.none_told"), "search_off")
        return
    _table(visit, found[:SHOWN])
    if len(found) > SHOWN:
        tag("p", t("templates.more", n=len(found) - SHOWN), "quiet")


def _table(visit: Visit, rows: Sequence[Row]) -> None:
    t = visit.t
    with (
        tag(
            "div",
            classes="table-scroll",
            tabindex="0",
            role="region",
            aria_label=t("frame.templates"),
        ),
        tag("table", classes="list"),
    ):
        with tag("thead"), tag("tr"):
            tag("th", t("templates.name"), scope="col")
            tag("th", t("templates.state"), scope="col")
            tag("th", t("templates.volume", n=DAYS), "number", scope="col")
            tag("th", t("templates.fit"), "number", scope="col")
            tag("th", t("templates.drift"), scope="col")
        put("tbody", *(_row(visit, row) for row in rows))


def _row(visit: Visit, row: Row) -> Written:
    t = visit.t
    name = template_name(t, row.key, row.name)
    shop = written("a", name, classes="strong", href=visit.link(f"/templates/{row.key}"))
    origin = t(f"templates.origin.{row.origin}")
    chips = [written("span", origin, classes="chip chip-good" if row.version else "chip")]
    if row.draft:
        told = t("templates.draft", n=row.draft.number)
        chips.append(written("span", told, classes="chip chip-info"))
    for one in row.begun:
        told = t("templates.begun", who=one.author)
        chips.append(written("span", told, classes="chip chip-info"))
    number = t.number(row.volume.receipts) if row.volume.receipts else "–"
    share = row.volume.share
    sure = written("span", "–", classes="quiet") if share is None else written_sureness(t, share)
    drifting = dict.fromkeys(alarm.field for alarm in row.alarms)
    return written(
        "tr",
        written("td", shop, written("div", row.key, classes="quiet mono small")),
        written("td", written("div", *chips, classes="chips")),
        written("td", number, classes="number"),
        written("td", sure, classes="number"),
        written(
            "td",
            *(written("span", field_name(t, one), classes="chip chip-warn") for one in drifting),
        ),
    )


async def _unmatched(visit: Visit) -> None:
    """What no template reads. It takes seconds: the page is there before."""
    t = visit.t
    with tag("section", classes="card", aria_label=t("templates.unmatched")) as section:
        tag("h2", t("templates.unmatched"))
        with tag("p", classes="quiet waiting", role="status"):
            ui.spinner(size="18px")
            tag("span", t("templates.unmatched_waiting"))

    async def load() -> None:
        found = await visit.run(clusters, visit.rooms, visit.program.program)
        if section.is_deleted:
            return
        section.clear()
        with section:
            tag("h2", t("templates.unmatched"))
            if found.groups:
                tag("p", t("templates.unmatched_told"), "quiet")
                _bars(visit, found)
            else:
                tag("p", t("templates.unmatched_none"), "quiet")

    known = _fresh(visit.rooms, visit.program.program)
    if known:
        await load()
    else:
        ui.timer(0.05, load, once=True)


def clusters(rooms: Rooms, program_id: str) -> _Clusters:
    """The program's receipts without a template by retailer: first what would unlock most."""
    if known := _fresh(rooms, program_id):
        return known
    catalog: Catalog = rooms.catalog
    documents = islice(without_template(catalog, program_id), LOOKED_AT)
    groups = unmatched(catalog, program_id, documents)
    worth = {id(one): points_waiting(catalog.ground, rooms.programs, one) for one in groups}
    ranked = sorted(groups, key=lambda group: (-worth[id(group)], -len(group.documents)))
    found = _Clusters(
        tuple(ranked),
        tuple(worth[id(group)] for group in ranked),
        catalog.revision(program_id),
        time.monotonic(),
    )
    _known[id(rooms), program_id] = found
    return found


def _fresh(rooms: Rooms, program_id: str) -> _Clusters | None:
    known = _known.get((id(rooms), program_id))
    if known is None or time.monotonic() - known.at > FRESH_SECONDS:
        return None
    return known if known.revision == rooms.catalog.revision(program_id) else None


def _bars(visit: Visit, found: _Clusters) -> None:
    t, most = visit.t, max((*found.points, 1))
    with tag("ol", classes="clusters"):
        for group, points in islice(zip(found.groups, found.points, strict=True), CLUSTERS):
            count = len(group.documents)
            with tag("li"):
                with tag("div", classes="cluster-name"):
                    tag("strong", group.cluster.name)
                    shares = " · ".join(one.text for one in group.cluster.evidence[:3])
                    tag("span", shares, "quiet small")
                with tag("div", classes="cluster-bar"):
                    tag("span", classes="bar-fill").style(f"width: {max(2, 100 * points // most)}%")
                tag("span", t("templates.cluster", n=count), "number")
                tag("span", t("templates.cluster_points", n=points), "number")
                if visit.may(Right.EDIT):
                    _draft_button(visit, group)


def _draft_button(visit: Visit, group: Unmatched) -> None:
    t = visit.t

    async def make() -> None:
        if not visit.may(Right.EDIT):
            ui.notify(t("templates.not_yours"), type="negative")
            return
        button.props("disabled")
        groups = (await visit.run(clusters, visit.rooms, visit.program.program)).groups
        key = await visit.run(_drafted, visit, groups, group)
        target = visit.link(f"/templates/{key}", receipt=group.documents[0].receipt_id)
        visit.go(target)

    label = t("templates.make_for", name=group.cluster.name)
    button = tag("button", t("templates.make"), "button second", type="button", aria_label=label)
    button.on("click", make)


def _drafted(visit: Visit, groups: Sequence[Unmatched], group: Unmatched) -> str:
    program = visit.program.program
    catalog = visit.rooms.catalog
    made = draft_for(catalog, program, groups, group, visit.t.told)
    made = under_free_key(catalog, program, made)
    return begin(visit, made, group.documents[0].receipt_id)


def begin(visit: Visit, made: Draft, receipt_id: str) -> str:
    """Keeps a draft as what the person has begun, of the program's own; gives its key."""
    keep(
        visit.rooms.ground,
        made.key,
        made.text,
        author=visit.person.login,
        change="drafted",
        based_on=0,
        receipt_id=receipt_id,
        program_id=visit.program.program,
    )
    return made.key


PAGES = (Page("/templates", "frame.templates", draw),)
