"""The program's receipts: found by what they say and what became of them.

The filters are a plain form whose answers stand in the address: a list can be sent to a
colleague, loaded again, and gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.frame import heading, nothing
from console.html import Tag, icon, link, tag
from console.page import Page
from console.read_values import draw_sureness
from console.receipt_filters import filters_of, given
from console.statuses import status_chip
from console.visit import Visit
from preuve.intake import (
    Choice,
    Count,
    Listed,
    ListPage,
    Status,
    count_receipts,
    list_receipts,
    retailer_choices,
    template_choices,
)
from preuve.reasons import ReasonCode

MORE = (
    "template", "reason", "member", "bought_from", "bought_to",
    "min", "max", "points_min", "points_max",
)  # fmt: skip
"""The filters that stand folded below the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows: its receipts, how many there are in all, and what to choose from."""

    page: ListPage
    count: Count
    retailers: Sequence[Choice]
    templates: Sequence[Choice]


async def draw(visit: Visit) -> None:
    t = visit.t
    found = await visit.run(_found, visit)
    many = t("receipts.more_than" if found.count.more else "receipts.found", n=found.count.number)
    heading(t("frame.receipts"), many)
    _form(visit, found)
    _chosen(visit, found)
    if found.page.search_cut:
        tag("p", t("receipts.search_cut"), "told told-warn", role="status")
    if found.page.receipts:
        _table(visit, found.page.receipts)
    elif given(visit.query):
        nothing(t("receipts.none_such"), t("receipts.none_such_told"), "search_off")
    else:
        nothing(t("receipts.none"), t("receipts.none_told"), "receipt_long")
    _turn(visit, found.page)


def _found(visit: Visit) -> Found:
    ground, program = visit.rooms.ground, visit.program.program
    filters = filters_of(visit.query)
    return Found(
        list_receipts(ground, program, filters, after=visit.query.get("after")),
        count_receipts(ground, program, filters),
        retailer_choices(ground, program),
        template_choices(ground, program),
    )


def _form(visit: Visit, found: Found) -> None:
    t, said = visit.t, visit.query
    with tag("form", classes="card filters", method="get", role="search"):
        with tag("div", classes="filter-row"):
            with _field(t("receipts.search"), "q", "grow"):
                _input(visit, "q", "search", placeholder=t("receipts.search_told"))
            statuses = {status.value: t(f"statuses.{status}") for status in Status}
            _select(visit, "status", statuses)
            _select(visit, "retailer", _names(found.retailers))
            for name in ("from", "to"):
                with _field(t(f"receipts.filter.{name}"), name):
                    _input(visit, name, "date")
            tag("button", t("receipts.apply"), "button", type="submit")
        opened = any(said.get(name) for name in MORE)
        with tag("details", classes="more-filters", open=opened):
            tag("summary", t("receipts.more_filters"))
            with tag("div", classes="filter-row"):
                _select(visit, "template", _names(found.templates))
                reasons = {str(code): t(f"reasons.{code}") for code in ReasonCode}
                _select(visit, "reason", dict(sorted(reasons.items(), key=lambda one: one[1])))
                with _field(t("receipts.filter.member"), "member"):
                    _input(visit, "member", "text")
                for name in ("bought_from", "bought_to"):
                    with _field(t(f"receipts.filter.{name}"), name):
                        _input(visit, name, "date")
                for name in ("min", "max", "points_min", "points_max"):
                    with _field(t(f"receipts.filter.{name}"), name, "short"):
                        _input(visit, name, "text", inputmode="decimal")


def _chosen(visit: Visit, found: Found) -> None:
    """The filters that hold, each with the way to be rid of it."""
    t, said = visit.t, given(visit.query)
    if not said:
        return
    names = {choice.value: choice.name for choice in (*found.retailers, *found.templates)}
    with tag("ul", classes="chosen", aria_label=t("receipts.chosen")):
        for name, value in said.items():
            rest = {key: other for key, other in said.items() if key != name}
            shown = names.get(value, value)
            if name == "status":
                shown = ", ".join(t(f"statuses.{s}") for s in filters_of(said).statuses)
            elif name == "reason" and t.has(f"reasons.{value}"):
                shown = t(f"reasons.{value}")
            label = f"{t(f'receipts.filter.{name}')} : {shown[:60]}"
            with tag("li"), link("", visit.link("/receipts", **rest), "chip chip-info"):
                tag("span", label)
                tag("span", t("receipts.drop"), "unseen")
                icon("close")
        with tag("li"):
            link(t("receipts.drop_all"), visit.link("/receipts"))


def _table(visit: Visit, receipts: Sequence[Listed]) -> None:
    t = visit.t
    with tag("div", classes="table-scroll"), tag("table", classes="list receipts"):
        tag("caption", t("frame.receipts"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("received", "retailer", "bought", "total", "member", "sure", "points"):
                style = "number" if name in ("total", "points") else f"of-{name}"
                tag("th", t(f"receipts.column.{name}"), style, scope="col")
            tag("th", t("receipts.column.status"), scope="col")
        with tag("tbody"):
            for receipt in receipts:
                with tag("tr"):
                    _row(visit, receipt)


def _row(visit: Visit, receipt: Listed) -> None:
    t = visit.t
    tag("td", t.moment(receipt.received_at), "of-received quiet")
    with tag("td", classes="of-retailer"):
        name = receipt.retailer_name or t("receipt.no_name")
        link(name, visit.link(f"/receipts/{receipt.id}"), "row-link")
        if receipt.template:
            tag("div", receipt.template, "mono quiet small")
    tag("td", t.day(receipt.purchased_on) if receipt.purchased_on else "–", "of-bought")
    total = "–" if receipt.total is None else t.money(receipt.total, receipt.currency)
    tag("td", total, "number of-total")
    with tag("td", receipt.member_id, "of-member"):
        if receipt.reference_id:
            tag("div", receipt.reference_id, "quiet small")
    with tag("td", classes="of-sure"):
        if receipt.confidence is not None:
            draw_sureness(t, receipt.confidence)
    tag("td", t.number(receipt.points), "number of-points")
    with tag("td", classes="of-status"):
        status_chip(t, receipt.status)
        if receipt.amended:
            tag("span", t("receipts.amended"), "chip chip-info")
        if receipt.reasons and receipt.status is not Status.VALID:
            tag("div", t(f"reasons.{receipt.reasons[0].code}"), "quiet small")


def _turn(visit: Visit, page: ListPage) -> None:
    t, said = visit.t, given(visit.query)
    if not page.older and not visit.query.get("after"):
        return
    with tag("nav", classes="actions", aria_label=t("receipts.pages")):
        if visit.query.get("after"):
            link(t("receipts.newest"), visit.link("/receipts", **said), "button second")
        if page.older:
            older = visit.link("/receipts", **said, after=page.older)
            link(t("receipts.older"), older, "button second")


def _field(label: str, name: str, style: str = "") -> Tag:
    field = tag("div", classes=f"field {style}".strip())
    with field:
        tag("label", label, for_=f"filter-{name}")
    return field


def _input(visit: Visit, name: str, kind: str, **more: str) -> None:
    value = visit.query.get(name, "")
    tag("input", id=f"filter-{name}", name=name, type=kind, value=value, **more)


def _select(visit: Visit, name: str, choices: Mapping[str, str]) -> None:
    t, value = visit.t, visit.query.get(name, "")
    with (
        _field(t(f"receipts.filter.{name}"), name),
        tag("select", id=f"filter-{name}", name=name),
    ):
        tag("option", t("receipts.any"), value="")
        for key, text in choices.items():
            tag("option", text, value=key, selected=key == value)
        if value and value not in choices:
            tag("option", value[:60], value=value, selected=True)


def _names(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.value: f"{choice.name} ({choice.receipts})" for choice in choices}


PAGES = (Page("/receipts", "frame.receipts", draw, wide=True),)
