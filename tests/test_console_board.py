"""The dashboard and the exports, in a browser."""

from __future__ import annotations

import csv
import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pyarrow import parquet

from console.drawing import Bar, Mark, Part, rounded, scale, stacked_bars
from preuve.intake import view
from preuve.reading.result import Retailer
from preuve.reasons import ReasonCode
from tests.browser import Console, ready
from tests.factories import TRUSTED, doubtful, numbers, reading, send, work

LIVE = 30_000
"""Milliseconds within which the page shows what came in; it looks every 5 seconds."""


def nobody(_id: str, _queue: str) -> None:
    """A broker that wakes no worker."""


def receive(console: Console, *codes: ReasonCode, **values: object) -> str:
    number = next(numbers)
    said = {"total": f"{number}.50", "receipt_number": f"R{number:06}", "purchased_at": None}
    sent = send(console.ground, console.program, nobody, member=f"m-{number}")
    read = reading(**{**said, **values})
    work(console.ground, console.program, sent, read, doubtful(*codes) if codes else TRUSTED)
    return sent


def tile(page: Page, label: str) -> str:
    return page.locator(".tile", has_text=label).locator(".tile-value").inner_text()


def flawless(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_the_dashboard_fills_by_itself_and_leads_to_what_it_shows(console: Console) -> None:
    page = console.signed_in("operator")
    console.open(page, "/dashboard")
    expect(page.get_by_text("Aucun reçu pour l'instant")).to_be_visible()
    flawless(page)

    receive(console)
    expect(page.locator(".tile-value").first).to_have_text("1", timeout=LIVE)
    assert tile(page, "Crédités sans intervention") == "100,0\u202f%"

    receive(console, ReasonCode.TOTAL_UNCERTAIN)
    expect(page.locator(".tile-value").first).to_have_text("2", timeout=LIVE)
    assert tile(page, "Crédités sans intervention") == "50,0\u202f%"
    expect(page.locator(".numbers dd").nth(2)).to_have_text("1")
    assert "2 reçus" in page.locator(".chart desc").first.text_content()
    flawless(page)

    page.get_by_role("link", name=re.compile("Total incertain")).click()
    page.wait_for_url("**/receipts?reason=total_uncertain*")
    ready(page)
    expect(page.locator("table.receipts tbody tr")).to_have_count(1)

    console.open(page, "/dashboard?period=30d")
    expect(page.get_by_role("link", name="30 jours")).to_have_attribute("aria-current", "page")
    expect(page.locator(".chart g")).to_have_count(30)


def test_what_is_downloaded_is_what_the_database_has(console: Console) -> None:
    page = console.signed_in("operator", name="lea")
    sent = {receive(console, retailer=Retailer("=Superval", "fr.superval")) for _ in range(2)}
    receive(console)

    # What there is to choose from is kept for a minute: the shop is new, so the address names it.
    console.open(page, "/export?retailer=fr.superval")
    page.get_by_label("Statut").select_option("valid")
    page.get_by_role("button", name="Filtrer").click()
    page.wait_for_url("**status=valid&retailer=fr.superval*")
    ready(page)
    expect(page.get_by_text("2 reçus dans le fichier")).to_be_visible()
    expect(page.locator("table.preview tbody tr")).to_have_count(2)
    flawless(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV pour Excel").click()
    text = started.value.path().read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))

    assert {row["receipt_id"] for row in rows} == sent
    assert {row["retailer_name"] for row in rows} == {"'=Superval"}
    stored = [view(console.ground, "demo", row["receipt_id"]) for row in rows]
    totals = [str(one.reading.total.value) for one in stored if one and one.reading.total]
    assert [row["total"].replace(",", ".") for row in rows] == totals

    page.get_by_role("link", name="Une ligne par article").click()
    page.wait_for_url("**sheet=items*")
    ready(page)
    with page.expect_download() as started:
        page.get_by_role("link", name="Parquet").click()
    table = parquet.read_table(started.value.path())
    assert (table.num_rows, set(table["receipt_id"].to_pylist())) == (4, sent)


def test_another_programs_data_are_not_given_away(console: Console) -> None:
    page = console.signed_in("operator", name="lea")
    for path in ("receipts/excel", "receipts/xls", "secrets/csv"):
        program = "other" if path == "receipts/excel" else "demo"
        answer = page.request.get(console.at(f"/export/{path}", program))
        assert answer.status == 404, path
    signed_out = console.blank().request.get(console.at("/export/receipts/csv"))
    assert signed_out.status == 401


def test_bars_are_stacked_and_no_text_is_markup() -> None:
    bars = [Bar((Part("valid", 3), Part("rejected", 1)), "<b>", 0.5), Bar((), "none"), Bar((), "")]

    drawn = stacked_bars(bars, [Mark(0.5, "a&b")], "<t>", "<d>", top=rounded(4))

    assert re.findall(r'y="([\d.]+)" width="0.82" height="([\d.]+)"', drawn) == [
        ("25.00", "75.00"),
        ("0.00", "25.00"),
    ]
    assert ("<b>" in drawn, "<t>" in drawn, "<d>" in drawn, "a&amp;b" in drawn) == (
        *[False] * 3,
        True,
    )
    assert 'd="M0.2 50.00L0.5 50.00"' in drawn
    assert "<svg" in scale([Mark(0.5, "")], [], [(0.1, 0.4, "span")], "t")
    assert [rounded(each) for each in (0, 3, 5, 41, 99, 1001)] == [4, 4, 5, 50, 100, 2000]
