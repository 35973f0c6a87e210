"""A member's points and why they have them; what the program owes, and the ledger as files."""

from __future__ import annotations

from collections import Counter
from typing import get_args
from uuid import uuid4

from fastapi import APIRouter
from nicegui import ui
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from console.erasing import draw_erasing
from console.frame import heading, nothing
from console.holdings import draw_lots, draw_redemptions
from console.html import form, link, tag
from console.page import Page
from console.plain import nothing_here
from console.rule_sentences import rule_names
from console.visit import Visit
from preuve.access import Right
from preuve.loyalty import Balance, EntryView, balance, entries
from preuve.loyalty.ledger.adjustment import adjust
from preuve.loyalty.ledger.balances import open_lots
from preuve.loyalty.ledger.redemption import KeyTaken, TooFew, redemptions
from preuve.loyalty.ledger.statements import COLUMNS, Statement, statement_rows
from preuve.sheets import EXCEL_FR, csv_stream, parquet_stream

STATEMENTS: tuple[Statement, ...] = get_args(Statement)
SHOWN = 50
MONTHS = 12
LARGEST = 1_000_000

router = APIRouter()


async def draw(visit: Visit) -> None:
    t = visit.t
    member = visit.query.get("member", "").strip()[:200]
    heading(t("frame.members"), t("members.told"))
    form = tag("form", classes="card filters", method="get", role="search")
    with form, tag("div", classes="filter-row"):
        with tag("div", classes="field grow"):
            tag("label", t("members.which"), for_="member")
            tag("input", id="member", name="member", type="search", value=member, maxlength=200)
        tag("button", t("members.show"), "button", type="submit")
    if member and member.isprintable():
        await _member(visit, member)
    else:
        nothing(t("members.none"), t("members.none_told"), "person_search")
        await _ledger(visit)


@router.get("/p/{program}/ledger/{statement}/{form}")
def download(request: Request, statement: str, form: str) -> Response:
    """A statement as a file, written while it is sent."""
    visit = Visit.of(request)
    chosen = next((one for one in STATEMENTS if one == statement), None)
    if visit.of_program is None or chosen is None or form not in ("csv", "parquet"):
        return nothing_here(request)
    rows, columns = statement_rows(visit.rooms.ground, visit.program, chosen), COLUMNS[chosen]
    if form == "csv":
        pieces, kind = csv_stream(columns, rows, EXCEL_FR, visit.t.zone), "text/csv; charset=utf-8"
    else:
        pieces, kind = parquet_stream(columns, rows), "application/vnd.apache.parquet"
    name = f'attachment; filename="{visit.program.program}-{chosen}.{form}"'
    return StreamingResponse(pieces, media_type=kind, headers={"Content-Disposition": name})


async def _member(visit: Visit, member: str) -> None:
    t, ground, program = visit.t, visit.rooms.ground, visit.program.program
    has = await visit.run(balance, ground, program, member)
    text = visit.query.get("before", "")
    before = int(text) if text.isdecimal() and len(text) < 19 else None
    found = await visit.run(entries, ground, program, member, before=before, limit=SHOWN + 1)
    lots = await visit.run(open_lots, ground, program, member, limit=SHOWN + 1)
    spent = await visit.run(redemptions, ground, program, member, limit=SHOWN + 1)
    _balance(visit, has)
    if visit.may(Right.EDIT):
        _adjust(visit, member)
    draw_lots(visit, lots, SHOWN)
    draw_redemptions(visit, spent, SHOWN)
    with tag("div", classes="panel-head"):
        tag("h2", t("members.entries"))
        link(t("members.receipts"), visit.link("/receipts", member=member))
    if found:
        _entries(visit, found[:SHOWN])
    else:
        nothing(t("members.no_entries"))
    if len(found) > SHOWN:
        older = visit.link("/members", member=member, before=found[SHOWN - 1].id)
        link(t("members.older"), older, "button second")
    draw_erasing(visit, member)


def _balance(visit: Visit, has: Balance) -> None:
    t = visit.t
    with tag("div", classes="tiles"):
        for name in ("available", "pending", "reserved", "lifetime"):
            with tag("div", classes="card tile"):
                tag("div", t(f"members.{name}"), "label")
                tag("div", t.number(getattr(has, name)), "tile-value")
    if has.owed:
        tag("p", t("members.owed", n=has.owed), "told told-warn")
    if has.next_expiry:
        day = t.day(has.next_expiry.at.astimezone(t.zone).date())
        tag("p", t("members.expiry", n=has.next_expiry.points, day=day), "quiet")


def _entries(visit: Visit, found: list[EntryView]) -> None:
    t, names = visit.t, rule_names(visit.program)
    with tag("div", classes="table-scroll", tabindex="0"), tag("table", classes="list"):
        tag("caption", t("members.entries"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("at", "kind", "points", "why", "until"):
                tag("th", t(f"members.{name}"), "number" if name == "points" else "", scope="col")
        with tag("tbody"):
            for entry in found:
                with tag("tr"):
                    tag("td", t.moment(entry.created_at), "quiet")
                    tag("td", t(f"members.kinds.{entry.kind}"))
                    tag(
                        "td", f"{'+' if entry.points > 0 else ''}{t.number(entry.points)}", "number"
                    )
                    why = names.get(entry.rule or "", t.told(entry.why))
                    with tag("td"):
                        if entry.receipt_id:
                            link(why, visit.link(f"/receipts/{entry.receipt_id}"))
                        else:
                            tag("span", why)
                        if entry.actor:
                            tag("div", entry.actor, "quiet small")
                    until = entry.expires_at
                    tag("td", t.day(until.astimezone(t.zone).date()) if until else "–", "quiet")


def _adjust(visit: Visit, member: str) -> None:
    t, key = visit.t, uuid4().hex
    with tag("details", classes="card"):
        tag("summary", t("members.adjust.title"))
        with form("form"):
            points = ui.input(t("members.adjust.points")).props("outlined dense maxlength=9")
            reason = ui.input(t("members.adjust.reason")).props("outlined dense maxlength=200")

            async def go() -> None:
                number = _whole(points.value or "")
                if not visit.may(Right.EDIT) or not number or not (reason.value or "").strip():
                    ui.notify(t("members.adjust.missing"), type="negative")
                    return
                done = await visit.run(
                    adjust,
                    visit.rooms.ground,
                    visit.program,
                    member,
                    number,
                    key,
                    person=visit.person.login,
                    reason=reason.value.strip(),
                )
                if isinstance(done, TooFew | KeyTaken):
                    ui.notify(t("members.adjust.too_few"), type="negative")
                    return
                ui.notify(t("members.adjust.done", n=done.points), type="positive")
                visit.go(visit.link("/members", member=member))

            tag("button", t("members.adjust.do"), "button", type="submit").on("click", go)


def _whole(text: str) -> int | None:
    try:
        number = int(text.replace("−", "-").replace(" ", ""))
    except ValueError:
        return None
    return number if abs(number) <= LARGEST else None


async def _ledger(visit: Visit) -> None:
    t = visit.t
    with tag("section", classes="card panel"):
        tag("h2", t("members.ledger.title"))
        with tag("ul", classes="files"):
            for statement in STATEMENTS:
                with tag("li"):
                    tag("span", t(f"members.ledger.{statement}"))
                    with tag("span", classes="actions"):
                        for form in ("csv", "parquet"):
                            target = visit.link(f"/ledger/{statement}/{form}")
                            name = t(f"members.ledger.{form}")
                            label = f"{t(f'members.ledger.{statement}')}, {name}"
                            link(name, target, "button second", aria_label=label, download=True)
        # It adds up every lot that is open: done where it is asked for.
        if not visit.query.get("owed"):
            link(t("members.ledger.earned"), visit.link("/members", owed=1))
            return
        owed = await visit.run(_by_month, visit)
        tag("h3", t("members.ledger.earned"))
        if not owed:
            tag("p", t("members.ledger.nothing"), "quiet")
            return
        with tag("ol", classes="bars plain-bars"):
            for month, points in owed:
                with tag("li"):
                    tag("span", month, "bar-name")
                    tag("span", t.number(points), "bar-number")
                    with tag("span", classes="bar-rail", aria_hidden="true"):
                        most = max(number for _, number in owed)
                        width = max(points, 0) / max(most, 1)
                        tag("i", classes="fill-valid", style=f"width:{width:.1%}")


def _by_month(visit: Visit) -> list[tuple[str, int]]:
    """What is owed, by the month in which it was earned, the last ones."""
    names = [column.name for column in COLUMNS["liability"]]
    month, points = names.index("earned_in"), names.index("points")
    months: Counter[str] = Counter()
    for rows in statement_rows(visit.rooms.ground, visit.program, "liability"):
        for row in rows:
            months[str(row[month] or "")] += int(str(row[points]))
    return sorted((at, number) for at, number in months.items() if at)[-MONTHS:]


PAGES = (Page("/members", "frame.members", draw),)
