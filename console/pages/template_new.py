"""A new template: from which document, and of which shop."""

from __future__ import annotations

from itertools import islice

from nicegui import ui

from console.frame import heading, nothing
from console.html import link, tag
from console.page import Page
from console.pages.templates import begin
from console.visit import Visit
from preuve.access import Right
from preuve.catalog.editing import draft_from
from preuve.catalog.unmatched import without_template
from preuve.intake import Past, stored_pages, view
from preuve.reading.template.draft import NothingToDraftError

OFFERED = 20


async def draw(visit: Visit) -> None:
    t, receipt_id = visit.t, visit.query.get("receipt")
    heading(t("template_new.title"), t("template_new.told"))
    if receipt_id:
        await _from_receipt(visit, receipt_id)
    else:
        await _choose(visit)


async def _from_receipt(visit: Visit, receipt_id: str) -> None:
    t, ground = visit.t, visit.rooms.ground
    seen = await visit.run(view, ground, visit.program.program, receipt_id)
    pages = await visit.run(stored_pages, ground, visit.program.program, receipt_id)
    if seen is None or seen.reading is None or not pages:
        nothing(t("template_new.no_words"), t("template_new.no_words_told"), "image_not_supported")
        return
    reading = seen.reading
    if reading.match.score > 0:
        with tag("p", classes="told"):
            tag("span", t("template_new.has_one", template=reading.match.template))
            target = visit.link(f"/templates/{reading.match.template}", receipt=receipt_id)
            link(t("template_new.open_it"), target)
    guess = reading.retailer.value.name if reading.retailer else ""
    with tag("form", classes="card form-card").on("submit", js_handler="(e) => e.preventDefault()"):
        tag("label", t("template_new.name"), for_="shop")
        name = ui.input(value=guess).props('id="shop" for="shop" maxlength=100 outlined dense')
        tag("p", t("template_new.name_told"), "quiet small")
        button = tag("button", t("template_new.make"), "button", type="submit")

    async def make() -> None:
        called = (name.value or "").strip()[:100]
        if not visit.may(Right.EDIT):
            ui.notify(t("templates.not_yours"), type="negative")
            return
        if not called:
            ui.notify(t("template_new.name_missing"), type="warning")
            return
        button.props("disabled")
        try:
            program = visit.program.program
            made = await visit.run(draft_from, visit.rooms.catalog, program, seen, pages, called)
        except NothingToDraftError:
            ui.notify(t("template_new.no_words"), type="negative")
            return
        key = await visit.run(begin, visit, made, receipt_id)
        visit.go(visit.link(f"/templates/{key}", receipt=receipt_id))

    button.on("click", make)


async def _choose(visit: Visit) -> None:
    """The newest documents that no template reads."""
    t = visit.t
    found = await visit.run(_newest, visit)
    if not found:
        nothing(t("template_new.nothing"), t("template_new.nothing_told"), "done_all")
        return
    tag("h2", t("template_new.choose"))
    with tag("ul", classes="choices"):
        for past in found:
            reading = past.reading
            name = reading.retailer.value.name if reading.retailer else t("template_new.unknown")
            with tag("li"):
                link(name, visit.link("/templates/new", receipt=past.receipt_id), "strong")
                total = reading.total.value if reading.total else None
                currency = reading.currency.value if reading.currency else None
                told = [t.money(total, currency)] if total is not None else []
                if reading.purchased_on:
                    told.append(t.day(reading.purchased_on.value))
                tag("span", " · ".join(told), "quiet")


def _newest(visit: Visit) -> list[Past]:
    found = without_template(visit.rooms.catalog, visit.program.program)
    return list(islice(found, OFFERED))


PAGES = (Page("/templates/new", "template_new.title", draw, needs=Right.EDIT),)
