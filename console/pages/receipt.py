"""One receipt: its picture with what was read, what became of it, and why."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui import ui

from console.explained import draw_explanation, marks_of_evidence
from console.frame import nothing
from console.html import Tag, link, tag
from console.page import Page
from console.picture import Mark, ReceiptPicture
from console.read_values import (
    draw_checks,
    draw_header,
    draw_items,
    draw_sureness,
    draw_taxes,
    draw_tenders,
    marks_of,
)
from console.statuses import status_chip
from console.template_names import template_name, version_address
from console.visit import Visit
from console.words import Words
from preuve.access import Right
from preuve.intake import (
    Deed,
    ReceiptView,
    Revision,
    Selection,
    Status,
    chronicle,
    reread,
    stored_pages,
    view,
)
from preuve.intake.explanation import Explanation, explain
from preuve.reading.page import Pages


@dataclass(frozen=True, slots=True)
class Known:
    """All that the page shows of a receipt."""

    receipt: ReceiptView
    pages: Pages
    history: tuple[Revision | Deed, ...]
    explanation: Explanation


async def draw(visit: Visit) -> None:
    known = await visit.run(_known, visit)
    if known is None:
        with nothing(visit.t("receipt.unknown"), visit.t("receipt.unknown_told"), "search_off"):
            link(visit.t("receipt.back"), visit.link("/receipts"), "button second")
        return
    _head(visit, known.receipt)
    reading = known.receipt.reading
    marks = list(marks_of(reading, visit.t)) if reading else []
    marks += marks_of_evidence(known.explanation, marks)
    with tag("div", classes="receipt"):
        with tag("div", classes="receipt-picture"):
            if known.pages:
                ReceiptPicture(visit, known.receipt.id, known.pages, marks)
            else:
                nothing(visit.t("receipt.no_pages"), visit.t("receipt.no_pages_told"), "hide_image")
        with tag("div", classes="receipt-told"):
            _values(visit, known.receipt)
            _points(visit, known, marks)
            _template(visit, known.receipt)
            _history(visit, known.receipt.id, known.history)


def _known(visit: Visit) -> Known | None:
    ground, program = visit.rooms.ground, visit.program.program
    receipt = view(ground, program, visit.path["receipt_id"])
    explanation = explain(ground, program, visit.path["receipt_id"], visit.t.language)
    if receipt is None or explanation is None:
        return None
    return Known(
        receipt,
        stored_pages(ground, program, receipt.id) or (),
        chronicle(ground, program, receipt.id),
        explanation,
    )


def _head(visit: Visit, receipt: ReceiptView) -> None:
    t, reading = visit.t, receipt.reading
    name = reading.retailer.value.name if reading and reading.retailer else t("receipt.no_name")
    with tag("div", classes="receipt-head"):
        with tag("div", classes="heading"):
            link(t("receipt.back"), visit.link("/receipts"), "back")
            with tag("h1"):
                tag("span", name)
                if reading and reading.total:
                    currency = reading.currency.value if reading.currency else None
                    tag("span", t.money(reading.total.value, currency), "head-total")
            with tag("p", classes="head-line quiet"):
                status_chip(t, receipt.status)
                if receipt.verdict:
                    draw_sureness(t, receipt.verdict.confidence)
                tag("span", t("receipt.received", at=t.moment(receipt.received_at)))
                link(receipt.member_id, visit.link("/receipts", member=receipt.member_id))
                tag("span", receipt.id, "mono")
        with tag("div", classes="actions"):
            _actions(visit, receipt)
    _reasons(visit, receipt)


def _reasons(visit: Visit, receipt: ReceiptView) -> None:
    t = visit.t
    if not receipt.reasons and not receipt.original_id:
        return
    with tag("ul", classes="reasons told told-warn", aria_label=t("receipt.reasons")):
        for reason in receipt.reasons:
            told = t(f"reasons.{reason.code}")
            tag("li", f"{told} · {t.told(reason.detail)}" if reason.detail else told)
        if receipt.original_id:
            with tag("li"):
                link(t("receipt.original"), visit.link(f"/receipts/{receipt.original_id}"))


def _actions(visit: Visit, receipt: ReceiptView) -> None:
    t = visit.t
    if visit.may(Right.EDIT) and receipt.reading and receipt.reading.match.score == 0:
        target = visit.link("/templates/new", receipt=receipt.id)
        link(t("receipt.make_template"), target, "button second")
    if not visit.may(Right.REVIEW) or not receipt.status.final:
        return
    waits = receipt.status is Status.PENDING_REVIEW
    text = t("receipt.review") if waits else t("receipt.amend")
    link(text, visit.link(f"/review/{receipt.id}"), "button" if waits else "button second")
    with tag("button", t("receipt.reread"), "button second", type="button") as button:
        button.on("click", lambda: _ask_to_reread(visit, receipt.id))


async def _ask_to_reread(visit: Visit, receipt_id: str) -> None:
    t = visit.t

    async def go_ahead() -> None:
        dialog.close()
        if not visit.may(Right.REVIEW):
            ui.notify(t("frame.not_allowed"), type="negative")
            return
        rooms, selection = visit.rooms, Selection(receipt_ids=(receipt_id,))
        sent = await visit.run(reread, rooms.ground, visit.program.program, selection, rooms.wake)
        ui.notify(t("receipt.reread_done" if sent else "receipt.reread_busy"))

    with ui.dialog() as dialog, tag("div", classes="card dialog"):
        tag("h2", t("receipt.reread_ask"))
        tag("p", t("receipt.reread_told"))
        with tag("div", classes="actions"):
            tag("button", t("frame.go_ahead"), "button", type="button").on("click", go_ahead)
            tag("button", t("frame.cancel"), "button second", type="button").on(
                "click", dialog.close
            )
    await dialog


def _values(visit: Visit, receipt: ReceiptView) -> None:
    t, reading = visit.t, receipt.reading
    if reading is None:
        with _section(t("receipt.values")):
            tag("p", t("receipt.not_read"), "quiet")
        return
    with _section(t("receipt.values")):
        draw_header(visit, reading)
    if reading.items:
        with _section(t("receipt.items")):
            draw_items(visit, reading)
    if reading.taxes:
        with _section(t("receipt.taxes")):
            draw_taxes(visit, reading)
    if reading.tenders:
        with _section(t("receipt.tenders")):
            draw_tenders(visit, reading)
    if reading.checks:
        with _section(t("receipt.checks")):
            draw_checks(visit, reading, reading.checks)


def _points(visit: Visit, known: Known, marks: list[Mark]) -> None:
    t, reading = visit.t, known.receipt.reading
    currency = reading.currency.value if reading and reading.currency else None
    with _section(t("receipt.points")):
        tag("p", t("receipt.points_in_all", n=known.receipt.points), "strong")
        if known.explanation.sentences or known.explanation.grants:
            draw_explanation(visit, known.explanation, marks, currency)


def _template(visit: Visit, receipt: ReceiptView) -> None:
    t, reading = visit.t, receipt.reading
    if reading is None or not reading.match.template:
        return
    match = reading.match
    with _section(t("receipt.template")):
        with tag("p"):
            target = version_address(visit, match.template, match.version, receipt.id)
            link(template_name(t, match.template, match.template), target)
            tag("span", " " + t("receipt.version", version=match.version), "quiet")
        if match.score:
            draw_sureness(t, match.score)
        else:
            tag("p", t("receipt.no_template"), "quiet")
        if match.nearest:
            tag("p", t("receipt.nearest", names=" · ".join(map(t.told, match.nearest))), "quiet")
        if match.evidence:
            with tag("details", classes="why"):
                tag("summary", t("receipt.why"))
                with tag("ul", classes="signs"):
                    for evidence in match.evidence:
                        tag("li", t.told(evidence))


def _history(visit: Visit, receipt_id: str, history: tuple[Revision | Deed, ...]) -> None:
    t = visit.t
    with _section(t("receipt.history")), tag("ol", classes="history"):
        for one in history:
            with tag("li"):
                tag("time", t.moment(one.at), "quiet", datetime=one.at.isoformat())
                if isinstance(one, Revision):
                    tag("span", t(f"receipt.source.{one.source}", n=one.number), "strong")
                    if one.template:
                        version = one.template_version
                        target = version_address(visit, one.template, version, receipt_id)
                        name = template_name(t, one.template, one.template)
                        link(f"{name} {version}".strip(), target)
                    tag("span", one.engine, "quiet")
                else:
                    key = f"receipt.deed.{one.action}"
                    tag("span", t(key) if t.has(key) else one.action, "strong")
                    tag("span", _by(t, one), "quiet")
        if not history:
            tag("li", t("receipt.nothing_yet"), "quiet")


def _by(t: Words, deed: Deed) -> str:
    """Who did it and why: a reason that was chosen from a list is kept as its code."""
    if t.has(f"receipt.decided.{deed.reason}"):
        return t(f"receipt.decided.{deed.reason}", who=deed.actor)
    key = f"reasons.{deed.reason}"
    return t("receipt.by", who=deed.actor, why=t(key) if t.has(key) else deed.reason)


def _section(title: str) -> Tag:
    section = tag("section", classes="card")
    with section:
        tag("h2", title)
    return section


PAGES = (Page("/receipts/{receipt_id}", "frame.receipt", draw, wide=True),)
