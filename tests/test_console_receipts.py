"""Receipts in the console: found, looked at, and seen by nobody who should not."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from console.said import own_said
from console.words import Words
from preuve.intake import view
from preuve.reading.page import Box
from preuve.reading.result import Field, Place, Value
from preuve.reading.template.fields import FieldType
from preuve.reasons import ReasonCode
from tests.browser import Console
from tests.factories import doubtful, item, numbers
from tests.printed import HEIGHT, WIDTH, placed, sent


@pytest.fixture
def receipt(console: Console) -> str:
    number = next(numbers)
    return sent(console.ground, console.program, placed(receipt_number=f"R{number:06}"))


def flawless(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("date", "2028-11-12", "12 nov. 2028"),
        ("amount", "1234.50", "1\u202f234,50 €"),
        ("yes_no", "yes", "Oui"),
        ("code", "2044008177317", "2044008177317"),
        ("date", "unheard of", "unheard of"),
    ],
)
def test_a_value_of_a_templates_own_is_written_as_people_write_it(
    kind: FieldType, text: str, shown: str
) -> None:
    own = Field("own", "Own", kind, value=Value(text, 0.9, "a rule"))
    said = own_said(own, placed(), Words("fr"))
    assert said is not None
    assert said.replace("\xa0", " ") == shown


def test_a_value_lights_its_box_and_a_box_leads_to_its_value(
    console: Console, receipt: str
) -> None:
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")
    total = page.get_by_role("button", name="12,50 €", exact=True).first
    box = page.locator('[data-box="total"]')
    expect(box).not_to_have_class("lit")

    total.hover()
    expect(box).to_have_class("mark tone-good lit")
    page.get_by_role("heading", level=1).hover()
    expect(box).to_have_class("mark tone-good")

    page.locator('[data-box="retailer"]').click()
    expect(page.locator('[data-mark="retailer"]')).to_be_focused()
    total.focus()
    expect(box).to_have_class("mark tone-good lit")

    page.locator("tr", has_text="Total").get_by_text("pourquoi").first.click()
    told = "aucun libellé à côté (-1,5), c'est un montant hors taxes (-1,5)"
    expect(page.get_by_text(told)).to_be_visible()


def test_points_are_told_with_their_rule_and_lead_to_their_line(console: Console) -> None:
    coffee = replace(item("CAFE MOULU", "4.50"), place=Place(1, Box(40, 200, 280, 230)))
    number = f"R{next(numbers):06}"
    read = placed(receipt_number=number, purchased_at=None, total="17.40", items=(coffee,))
    receipt = sent(console.ground, console.program, read)
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")
    told = page.locator(".explained > li", has_text="café moulu")

    expect(told).to_contain_text("50 points")
    expect(told).to_contain_text("4,50 €")
    page.get_by_role("heading", level=1).hover()
    told.get_by_role("button", name="CAFE MOULU").click()
    expect(page.locator('[data-box="item-0"]')).to_have_class("mark tone-item lit")
    page.locator(".explained").get_by_role("button", name="Total").click()
    expect(page.locator('[data-box="total"]')).to_have_class("mark tone-good lit")
    flawless(page)

    told.get_by_role("link", name="programme installé").click()
    page.wait_for_url("**/programs*")


def test_the_picture_is_made_anew_and_only_for_its_program(console: Console, receipt: str) -> None:
    page = console.signed_in("operator")
    address = console.at(f"/receipts/{receipt}/pages/1")
    got = page.request.get(address)
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert b"taken at home" not in got.body()
    assert Image.open(io.BytesIO(got.body())).size == (WIDTH, HEIGHT)
    assert Image.open(io.BytesIO(page.request.get(f"{address}?turned=1").body())).width == HEIGHT

    assert page.request.get(console.at(f"/receipts/{receipt}/pages/2")).status == 404
    assert page.request.get(address.replace("/demo/", "/other/")).status == 404
    assert console.blank().request.get(address, max_redirects=0).status == 401


def test_a_picture_that_is_gone_is_told_and_the_rest_stays(console: Console, receipt: str) -> None:
    found = view(console.ground, "demo", receipt)
    assert found is not None
    console.ground.blobs.path(found.blobs[0]).unlink()
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")

    expect(page.get_by_text("L'image n'est plus disponible.")).to_be_visible()
    page.get_by_role("button", name="12,50 €", exact=True).first.hover()
    expect(page.locator('[data-box="total"]')).to_have_class("mark tone-good lit")


def test_receipts_are_found_by_what_is_asked_and_the_address_says_it(console: Console) -> None:
    shop = placed(retailer="Quincaillerie Zorn", total="87.10", receipt_number="Z-1")
    wanted = sent(console.ground, console.program, shop, verdict=doubtful(ReasonCode.NO_DATE))
    page = console.signed_in("operator")
    console.open(page, "/receipts")
    rows = page.locator("tbody tr")
    assert rows.count() > 1

    page.get_by_label("Statut").select_option(label="À vérifier")
    page.get_by_label("Recherche").fill("quincaillerie")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipts?q=quincaillerie&status=pending_review")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("87,10 €")
    page.reload()
    expect(page.get_by_label("Recherche")).to_have_value("quincaillerie")
    expect(page.get_by_label("Statut")).to_have_value("pending_review")

    rows.first.get_by_role("link").click()
    page.wait_for_url(f"**/receipts/{wanted}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Quincaillerie Zorn")


def test_a_search_of_ten_thousand_characters_is_cut_and_told(console: Console) -> None:
    page = console.signed_in("operator")
    for path in ("/receipts", "/export"):
        console.open(page, path)
        page.get_by_label("Recherche").fill("€" * 10_000)
        page.get_by_label("Recherche").press("Enter")
        expect(page.get_by_text("La recherche est très longue")).to_be_visible()
    console.open(page, "/receipts?q=" + "%22".join(f"mot{n}" for n in range(1500))[:10_000])
    expect(page.get_by_text("La recherche est très longue")).to_be_visible()
    expect(page.get_by_text("Aucun reçu ne correspond")).to_be_visible()
    console.open(page, "/receipts?status=nope&min=abc&from=2026-99-99&after=%00&q=%00")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_a_receipt_that_is_not_there_is_told(console: Console) -> None:
    page = console.signed_in("operator")
    console.open(page, "/receipts/rcp_" + "0" * 32)
    expect(page.get_by_text("Ce reçu n'existe pas dans ce programme")).to_be_visible()


def test_reading_again_asks_first(console: Console, receipt: str) -> None:
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")
    page.get_by_role("button", name="Relire l'image").click()
    page.get_by_role("dialog").get_by_role("button", name="Annuler").click()
    assert waiting(console, receipt) == "done"
    page.get_by_role("button", name="Relire l'image").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirmer").click()
    expect(page.get_by_text("Le reçu est dans la file de lecture.")).to_be_visible()
    assert waiting(console, receipt) == "waiting"


def waiting(console: Console, receipt: str) -> str:
    with console.ground.database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT state FROM jobs WHERE receipt_id='{receipt}'")
        return str(found.scalar())


def test_zoom_by_keyboard_and_by_button(console: Console, receipt: str) -> None:
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")
    shown = page.get_by_role("button", name="Ajuster à la largeur")
    page.get_by_role("button", name="Agrandir").click()
    expect(shown).to_have_text("150 %")
    page.get_by_role("region", name="Image du document").focus()
    page.keyboard.press("+")
    expect(shown).to_have_text("200 %")
    page.keyboard.press("0")
    expect(shown).to_have_text("100 %")
