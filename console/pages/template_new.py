"""A new template: from which document, and of which shop."""

from __future__ import annotations

from itertools import islice

from fastapi import APIRouter
from nicegui import ui
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from console.frame import heading, nothing
from console.html import form, link, tag
from console.page import Page
from console.pages.templates import begin
from console.visit import Visit
from preuve.access import Right
from preuve.catalog.editing import draft_from, values_of
from preuve.catalog.specimens import specimen, take
from preuve.catalog.unmatched import without_template
from preuve.intake import Past, stored_pages, view
from preuve.reading.document import DocumentError, sniff
from preuve.reading.page import Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context, Reading
from preuve.reading.template.draft import NothingToDraftError
from preuve.reading.template.drafting.values import Example
from preuve.reasons import ReasonCode

OFFERED = 20
OVERHEAD = 64 * 1024
"""What boundaries and headers may add to a file that is sent."""
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/tiff,application/pdf"

router = APIRouter()


async def draw(visit: Visit) -> None:
    t, receipt_id, shown = visit.t, visit.query.get("receipt"), visit.query.get("specimen")
    heading(t("template_new.title"), t("template_new.told"))
    if receipt_id:
        await _from_receipt(visit, receipt_id)
    elif shown:
        await _from_specimen(visit, shown)
    else:
        _send(visit, visit.query.get("problem"))
        await _choose(visit)


async def _from_receipt(visit: Visit, receipt_id: str) -> None:
    t, ground = visit.t, visit.rooms.ground
    seen = await visit.run(view, ground, visit.program.program, receipt_id)
    pages = await visit.run(stored_pages, ground, visit.program.program, receipt_id)
    if seen is None or seen.reading is None or not pages:
        nothing(t("template_new.no_words"), t("template_new.no_words_told"), "image_not_supported")
        return
    _name_it(visit, Example(receipt_id, pages, values_of(seen)), seen.reading)


async def _from_specimen(visit: Visit, specimen_id: str) -> None:
    """Waits for a document that was sent, then asks whose it is."""
    t, ground, program = visit.t, visit.rooms.ground, visit.program.program
    shown = await visit.run(specimen, ground, program, specimen_id)
    if shown is None:
        nothing(t("template_new.gone"), t("template_new.gone_told"), "search_off")
    elif shown.problem:
        _send(visit, shown.problem)
    elif shown.pages:
        reading = await visit.run(_read, visit, shown.pages)
        _name_it(visit, Example(specimen_id, shown.pages), reading)
    else:
        with tag("p", classes="card waiting", role="status"):
            ui.spinner(size="22px")
            tag("span", t("template_new.being_read"))

        async def look() -> None:
            now = await visit.run(specimen, ground, program, specimen_id)
            if now is None or not now.is_waiting:
                visit.go(visit.url)

        visit.every(1.0, look)


def _read(visit: Visit, pages: Pages) -> Reading:
    program = visit.program
    context = Context(program.day_of(visit.rooms.ground.now()))
    return understand(pages, visit.rooms.templates(program.program), context)[0]


def _send(visit: Visit, problem: str | None) -> None:
    """A document from the person's own disk; `problem` is why the one before was of no use."""
    t = visit.t
    with tag(
        "form",
        classes="card form-card",
        method="post",
        action=visit.link("/templates/specimens"),
        enctype="multipart/form-data",
    ):
        if problem and t.has(f"reasons.{problem}"):
            told = t("template_new.refused", why=t(f"reasons.{problem}"))
            tag("p", told, "told told-bad", role="alert")
        tag("label", t("template_new.send"), for_="document")
        tag("input", id="document", name="document", type="file", required=True, accept=ACCEPTED)
        megabytes = visit.rooms.settings.upload_limit // 1_000_000
        tag("p", t("template_new.send_told", n=megabytes), "quiet small")
        tag("button", t("template_new.send_it"), "button", type="submit")


def _name_it(visit: Visit, example: Example, reading: Reading) -> None:
    """Asks for the shop's name, and drafts."""
    t = visit.t
    if reading.match.score > 0:
        with tag("p", classes="told"):
            tag("span", t("template_new.has_one", template=reading.match.template))
            target = visit.link(f"/templates/{reading.match.template}", receipt=example.name)
            link(t("template_new.open_it"), target)
    guess = reading.retailer.value.name if reading.retailer else ""
    with form("card form-card"):
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
            made = await visit.run(
                draft_from, visit.rooms.catalog, program, example, called, t.told
            )
        except NothingToDraftError:
            ui.notify(t("template_new.no_words"), type="negative")
            return
        key = await visit.run(begin, visit, made, example.name)
        visit.go(visit.link(f"/templates/{key}", receipt=example.name))

    button.on("click", make)


@router.post("/p/{program}/templates/specimens")
async def send(request: Request) -> Response:
    """Takes a document to make a template from; leads to the page that waits for its words."""
    visit = Visit.of(request)
    if visit.of_program is None or not visit.may(Right.EDIT):
        return PlainTextResponse("You may not do that here.", 403)
    limit = visit.rooms.settings.upload_limit
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > limit + OVERHEAD:
        return _refused(visit, ReasonCode.FILE_TOO_LARGE)
    async with request.form(max_files=1, max_fields=1) as form:
        sent = form.get("document")
        data = await sent.read() if isinstance(sent, UploadFile) else b""
    if len(data) > limit:
        return _refused(visit, ReasonCode.FILE_TOO_LARGE)
    try:
        sniff(data)
    except DocumentError as error:
        return _refused(visit, error.code)
    ground, program = visit.rooms.ground, visit.of_program.program
    login, wake = visit.person.login, visit.rooms.wake
    taken = await visit.run(take, ground, program, data, author=login, wake=wake)
    return RedirectResponse(visit.link("/templates/new", specimen=taken), 303)


def _refused(visit: Visit, code: ReasonCode) -> Response:
    return RedirectResponse(visit.link("/templates/new", problem=code), 303)


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
