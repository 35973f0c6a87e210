"""The program's receipts: found by what they say and what became of them.

The filters are a plain form whose answers stand in the address: a list can be sent to a
colleague, loaded again, and gone back to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.filter_form import Choices, choices_of, draw_filters
from console.frame import heading, nothing
from console.html import Written, link, put, tag, written
from console.page import Page
from console.read_values import written_sureness
from console.receipt_filters import filters_of, given
from console.statuses import written_status
from console.visit import Visit
from preuve.intake import (
    Count,
    Listed,
    ListPage,
    Status,
    count_receipts,
    list_receipts,
)


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows: its receipts, how many there are in all, and what to choose from."""

    page: ListPage
    count: Count
    choices: Choices


async def draw(visit: Visit) -> None:
    t = visit.t
    found = await visit.run(_found, visit)
    many = t("receipts.more_than" if found.count.more else "receipts.found", n=found.count.number)
    heading(t("frame.receipts"), many)
    draw_filters(visit, found.choices, "/receipts")
    if found.page.receipts:
        _table(visit, found)
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
        choices_of(visit),
    )


def _table(visit: Visit, found: Found) -> None:
    t = visit.t
    names = {one.value: one.name for one in found.choices.templates}
    with tag("div", classes="table-scroll"), tag("table", classes="list receipts"):
        tag("caption", t("frame.receipts"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("received", "retailer", "bought", "total", "member", "sure", "points"):
                style = "number" if name in ("total", "points") else f"of-{name}"
                tag("th", t(f"receipts.column.{name}"), style, scope="col")
            tag("th", t("receipts.column.status"), scope="col")
        put("tbody", *(_row(visit, receipt, names) for receipt in found.page.receipts))


def _row(visit: Visit, receipt: Listed, templates: Mapping[str, str]) -> Written:
    t = visit.t
    name = receipt.retailer_name or t("receipt.no_name")
    shop = written("a", name, classes="row-link", href=visit.link(f"/receipts/{receipt.id}"))
    key = receipt.template or ""
    template = written("div", templates.get(key, key), classes="quiet small")
    bought = t.day(receipt.purchased_on) if receipt.purchased_on else "–"
    total = "–" if receipt.total is None else t.money(receipt.total, receipt.currency)
    reference = written("div", receipt.reference_id or "", classes="quiet small")
    sure = [] if receipt.confidence is None else [written_sureness(t, receipt.confidence)]
    status = [written_status(t, receipt.status)]
    if receipt.amended:
        status.append(written("span", t("receipts.amended"), classes="chip chip-info"))
    if receipt.reasons and receipt.status is not Status.VALID:
        why = t(f"reasons.{receipt.reasons[0].code}")
        status.append(written("div", why, classes="quiet small"))
    return written(
        "tr",
        written("td", t.moment(receipt.received_at), classes="of-received quiet"),
        written("td", shop, template, classes="of-retailer"),
        written("td", bought, classes="of-bought"),
        written("td", total, classes="number of-total"),
        written("td", receipt.member_id, reference, classes="of-member"),
        written("td", *sure, classes="of-sure"),
        written("td", t.number(receipt.points), classes="number of-points"),
        written("td", *status, classes="of-status"),
    )


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


PAGES = (Page("/receipts", "frame.receipts", draw, wide=True),)
