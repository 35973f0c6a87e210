"""What was read, for those who work on it elsewhere: the filters of the list, and files."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from console.filter_form import Choices, choices_of, draw_filters
from console.frame import heading, nothing
from console.html import icon, link, tag
from console.page import Page
from console.plain import nothing_here
from console.receipt_filters import filters_of, given
from console.visit import Visit
from preuve.intake import Count, count_receipts
from preuve.intake.overview.export import COLUMNS, Sheet, export_rows
from preuve.sheets import EXCEL_FR, PLAIN, Cell, csv_cell, csv_stream, parquet_stream

SHEETS: tuple[Sheet, ...] = get_args(Sheet)
FORMS = {"excel": EXCEL_FR, "csv": PLAIN}
FILES = {
    "excel": ("csv", "text/csv; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
}
"""The ways to download: the end of the file's name, and its type."""
PREVIEWED = 8

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Found:
    """How many receipts are chosen, the first rows of their file, what to choose from."""

    count: Count
    rows: list[list[Cell]]
    choices: Choices


async def draw(visit: Visit) -> None:
    t = visit.t
    sheet = _sheet(visit.query.get("sheet", ""))
    found = await visit.run(_found, visit, sheet)
    heading(t("frame.export"), t("export.told"))
    draw_filters(visit, found.choices, "/export", sheet=sheet)
    _sheets(visit, sheet)
    if not found.count.number:
        nothing(t("export.none"), t("export.none_told"), "search_off")
        return
    many = t("export.more_than" if found.count.more else "export.found", n=found.count.number)
    with tag("section", classes="card panel"):
        with tag("div", classes="panel-head"):
            tag("h2", t("export.files"))
            tag("p", many, "quiet")
        _files(visit, sheet)
    _preview(visit, sheet, found.rows)
    tag("p", t("export.formula"), "quiet small")


@router.get("/p/{program}/export/{sheet}/{form}")
def download(request: Request, sheet: str, form: str) -> Response:
    """The file, written while it is sent. In a thread: what it asks blocks on the database."""
    visit = Visit.of(request)
    if visit.of_program is None or sheet not in SHEETS or form not in FILES:
        return nothing_here(request)
    ground, program, chosen = visit.rooms.ground, visit.program.program, _sheet(sheet)
    rows = export_rows(ground, program, filters_of(visit.query), chosen)
    columns = COLUMNS[chosen]
    if form == "parquet":
        pieces = parquet_stream(columns, rows)
    else:
        pieces = csv_stream(columns, rows, FORMS[form], visit.t.zone)
    end, kind = FILES[form]
    name = f"{program}-{sheet}-{ground.now().astimezone(visit.t.zone):%Y-%m-%d}.{end}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type=kind, headers=headers)


def _found(visit: Visit, sheet: Sheet) -> Found:
    ground, program = visit.rooms.ground, visit.program.program
    filters = filters_of(visit.query)
    some = export_rows(ground, program, filters, sheet, most=PREVIEWED)
    rows = list(chain.from_iterable(some))[:PREVIEWED]
    return Found(count_receipts(ground, program, filters), rows, choices_of(visit))


def _sheet(name: str) -> Sheet:
    return "items" if name == "items" else "receipts"


def _sheets(visit: Visit, chosen: Sheet) -> None:
    with tag("nav", classes="segments", aria_label=visit.t("export.sheet.title")):
        for sheet in SHEETS:
            target = visit.link("/export", **given(visit.query), sheet=sheet)
            here = "page" if sheet == chosen else None
            link(visit.t(f"export.sheet.{sheet}"), target, aria_current=here)


def _files(visit: Visit, sheet: Sheet) -> None:
    t = visit.t
    with tag("ul", classes="files"):
        for form in FILES:
            with tag("li"):
                target = visit.link(f"/export/{sheet}/{form}", **given(visit.query))
                with link("", target, "button second", download=True):
                    icon("download")
                    tag("span", t(f"export.file.{form}.name"))
                tag("span", t(f"export.file.{form}.told"), "quiet")


def _preview(visit: Visit, sheet: Sheet, rows: list[list[Cell]]) -> None:
    t = visit.t
    with tag("div", classes="panel-head"):
        tag("h2", t("export.preview"))
        tag("p", t("export.preview_told"), "quiet")
    with tag("div", classes="table-scroll", tabindex="0"), tag("table", classes="list preview"):
        with tag("thead"), tag("tr"):
            for column in COLUMNS[sheet]:
                with tag("th", t(f"export.column.{column.name}"), scope="col"):
                    tag("div", column.name, "mono")
        with tag("tbody"):
            for row in rows:
                with tag("tr"):
                    for cell, column in zip(row, COLUMNS[sheet], strict=True):
                        number = column.kind in ("whole", "amount", "share")
                        shown = csv_cell(cell, EXCEL_FR, t.zone)
                        tag("td", shown, "number" if number else "")


PAGES = (Page("/export", "frame.export", draw, wide=True),)
