"""The review of doubtful receipts in a browser, by mouse and keyboard alone."""

from __future__ import annotations

from decimal import Decimal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from preuve.intake import Status, view
from preuve.reading.result import Reading
from preuve.reasons import ReasonCode
from tests.browser import Console, ready
from tests.reviewing import (
    last_event,
    opened,
    points,
    queue,
    shown,
    standing_of,
    told,
    waits,
    word,
)

__all__ = ["queue"]


def test_a_receipt_is_corrected_by_clicking_the_right_words(queue: Console) -> None:
    receipt = waits(queue, total="11,50", change="20,00", member="clicks")
    page = opened(queue)
    shown(page, receipt)
    expect(page.get_by_text("Total incertain")).to_be_visible()

    page.get_by_label("Total", exact=True).click()
    word(page, "20,00").click()
    expect(page.get_by_label("Total", exact=True)).to_have_value("20,00")
    page.get_by_role("button", name="Accepter").click()

    expect(told(page)).to_have_text("Accepté : 0 → 70 points.")
    seen = view(queue.ground, "demo", receipt)
    assert seen is not None
    assert seen.reading is not None
    assert seen.reading.total is not None
    assert (str(seen.reading.total.value), seen.reading.total.raw_text) == ("20.00", "20,00")
    assert seen.reading.total.place is not None
    assert points(queue, "clicks") == 70
    assert last_event(queue, receipt).actor == queue.person("operator").login


def reading_of(console: Console, receipt_id: str) -> Reading:
    seen = view(console.ground, "demo", receipt_id)
    assert seen is not None
    assert seen.reading is not None
    return seen.reading


def test_a_whole_review_by_keyboard(queue: Console) -> None:
    names = ["accepts", "skips", "corrects", "rejects", "retakes"]
    ids = {
        name: waits(queue, total=f"{90 - 10 * n},50", member=name) for n, name in enumerate(names)
    }
    page = opened(queue)

    shown(page, ids["accepts"])
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 0 → 140 points.")
    assert points(queue, "accepts") == 140

    shown(page, ids["skips"])
    page.keyboard.press("n")

    shown(page, ids["corrects"])
    page.keyboard.press("e")
    expect(page.get_by_label("Total", exact=True)).to_be_focused()
    page.keyboard.type("40,90")
    page.keyboard.press("Enter")
    expect(page.get_by_text("écart avec le total")).to_contain_text("29,40")
    page.keyboard.press("Enter")
    expect(told(page)).to_have_text("Accepté : 0 → 90 points.")
    assert points(queue, "corrects") == 90
    assert reading_of(queue, ids["corrects"]).total is not None

    shown(page, ids["rejects"])
    page.keyboard.press("r")
    page.keyboard.press("4")
    expect(told(page)).to_have_text("Rejeté : Modifié ou suspect. 0 → 0 points.")
    assert standing_of(queue, ids["rejects"]) == (Status.REJECTED, [ReasonCode.ALTERED])

    shown(page, ids["retakes"])
    page.keyboard.press("p")
    page.keyboard.press("2")
    expect(told(page)).to_contain_text("Meilleure photo demandée")
    assert standing_of(queue, ids["retakes"]) == (Status.INCOMPLETE, [ReasonCode.CUT_OFF])

    shown(page, ids["skips"])
    page.keyboard.press("Enter")
    expect(told(page)).to_have_text("Accepté : 0 → 130 points.")
    expect(page.get_by_text("Rien à vérifier")).to_be_visible()

    page.keyboard.press("u")
    shown(page, ids["skips"])
    expect(told(page)).to_contain_text("Annulé : 130 → 0 points")
    assert standing_of(queue, ids["skips"]) == (
        Status.PENDING_REVIEW,
        [ReasonCode.TOTAL_UNCERTAIN],
    )
    assert points(queue, "skips") == 0


def test_words_are_picked_by_keyboard_and_over_several(queue: Console) -> None:
    receipt = waits(queue, member="names")
    page = opened(queue)
    shown(page, receipt)
    page.get_by_label("Enseigne").click()
    word(page, "RUE").click()
    word(page, "BATELIERS").click(modifiers=["Shift"])
    expect(page.get_by_label("Enseigne")).to_have_value("RUE DES BATELIERS")

    page.get_by_label("Total", exact=True).click()
    word(page, "RENDRE").click()
    expect(told(page)).to_have_text("Pas de valeur pour « Total » dans « RENDRE ».")
    expect(page.get_by_label("Total", exact=True)).to_have_value("11,50")

    page.get_by_label("Date d'achat").click()
    page.get_by_role("region", name="Image du document").focus()
    page.keyboard.press("Home")
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Date d'achat")).to_have_value("13/03/2026")


def test_items_are_added_taken_away_and_summed(queue: Console) -> None:
    receipt = waits(queue, total="21,50", member="items", codes=(ReasonCode.ITEMS_DO_NOT_ADD_UP,))
    page = opened(queue)
    shown(page, receipt)
    expect(page.get_by_text("écart avec le total")).to_contain_text("10,00")

    page.get_by_role("button", name="Retirer l'article 3").click()
    page.get_by_role("button", name="Ajouter un article").click()
    expect(page.get_by_label("Article 3, Désignation")).to_be_focused()
    page.keyboard.type("MIEL")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("neuf")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Pas compris. Exemple : 12,50")).to_be_visible()
    page.get_by_role("button", name="Accepter").click()
    expect(told(page)).to_have_text("Corrigez d'abord ce qui est signalé.")
    expect(page.get_by_label("Article 3, Montant")).to_be_focused()
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Somme des articles 21,50 € = total")).to_be_visible()
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 0 → 71 points.")
    items = reading_of(queue, receipt).items
    assert [(item.description, item.amount) for item in items] == [
        ("CAFE MOULU 250G", Decimal("4.20")),
        ("PAIN DE MIE", Decimal("8.30")),
        ("MIEL", Decimal("9")),
    ]
    assert items[0].place is not None


def test_another_reason_needs_a_note(queue: Console) -> None:
    receipt = waits(queue, member="notes")
    page = opened(queue)
    shown(page, receipt)
    page.keyboard.press("r")
    page.keyboard.press("6")
    expect(told(page)).to_have_text("Écrivez une note pour cet autre motif.")
    expect(page.get_by_label("Note pour les opérateurs")).to_be_focused()
    page.keyboard.type("ticket d'un employé")
    page.keyboard.press("Enter")
    page.keyboard.press("6")
    expect(told(page)).to_have_text("Rejeté : Autre motif (avec une note). 0 → 0 points.")
    assert last_event(queue, receipt).reason == "ticket d'un employé"


def test_a_reload_loses_nothing(queue: Console) -> None:
    receipt = waits(queue, member="reloads")
    page = opened(queue)
    shown(page, receipt)
    page.get_by_label("Total", exact=True).fill("9,90")
    page.keyboard.press("Enter")
    expect(page.get_by_text("écart avec le total")).to_be_visible()
    assert page.url == queue.at(f"/review/{receipt}")
    page.reload()
    ready(page)
    shown(page, receipt)
    expect(page.get_by_label("Total", exact=True)).to_have_value("9,90")
    expect(page.get_by_text("Votre saisie a été retrouvée.")).to_be_visible()
    page.get_by_role("button", name="L'effacer").click()
    expect(page.get_by_label("Total", exact=True)).to_have_value("11,50")


def test_a_credited_receipt_can_be_corrected_by_its_address(queue: Console) -> None:
    receipt = waits(queue, member="later")
    page = opened(queue)
    shown(page, receipt)
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 0 → 61 points.")
    queue.open(page, f"/review/{receipt}")
    shown(page, receipt)
    expect(page.get_by_text("N'attend pas : Validé, 61 points")).to_be_visible()
    page.get_by_label("Total", exact=True).fill("9,90")
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 61 → 59 points.")
    assert points(queue, "later") == 59


def test_what_stands_on_the_page_has_its_labels_and_its_contrast(queue: Console) -> None:
    receipt = waits(queue, member="axe")
    for size in ("wide", "narrow"):
        page = opened(queue, name="axe", size=size)
        shown(page, receipt)
        page.keyboard.press("r")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.keyboard.press("n")
