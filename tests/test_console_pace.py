"""What people do at their own pace: twice, slowly, while something else comes or is awaited."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect
from sqlalchemy import text

from preuve.catalog.workings import begun
from preuve.loyalty.programs.versions import newest
from tests.browser import Console, ready
from tests.factories import numbers
from tests.printed import placed, sent
from tests.reviewing import opened, queue, shown, told, waits
from tests.test_console_templates import drafted

__all__ = ["queue"]


@contextmanager
def busy(console: Console) -> Iterator[None]:
    """Nothing is written to the database meanwhile."""
    begins, ends = threading.Event(), threading.Event()

    def hold() -> None:
        with console.ground.database.write() as session:
            session.execute(text("UPDATE users SET name = name"))
            begins.set()
            ends.wait(10)

    holding = threading.Thread(target=hold)
    holding.start()
    begins.wait()
    try:
        yield
    finally:
        ends.set()
        holding.join()


def test_a_button_that_is_pressed_twice_asks_once(console: Console) -> None:
    number = next(numbers)
    receipt = sent(console.ground, console.program, placed(receipt_number=f"R{number:06}"))
    page = console.signed_in("operator")
    console.open(page, f"/receipts/{receipt}")
    page.get_by_role("button", name="Relire").dblclick()
    expect(page.get_by_role("dialog")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Relire").click()
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_the_gate_is_asked_for_once_and_again_after_it_was_closed(console: Console) -> None:
    page = console.signed_in("editor")
    drafted(console, page, "Molino Ferro")
    page.get_by_role("button", name="Publier").dblclick()
    expect(page.locator(".gate")).to_have_count(1)
    page.wait_for_timeout(300)
    expect(page.locator(".gate")).to_have_count(1)
    page.locator(".gate").get_by_role("button", name="Annuler").click()
    expect(page.locator(".gate")).to_have_count(0)
    page.get_by_role("button", name="Publier").click()
    expect(page.locator(".gate")).to_have_count(1)


def test_what_is_changed_while_the_server_is_slow_all_stays(console: Console) -> None:
    page = console.signed_in("editor")
    key = drafted(console, page, "Pozzo Chiaro")
    with busy(console):
        page.get_by_label("Nom affiché").fill("Pozzo Scuro")
        page.get_by_label("Noms sur l'enseigne, un par ligne").fill("POZZO\nSCURO")
        page.get_by_label("Notes").fill("Seen in May")
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pozzo Scuro")
    page.get_by_role("tab", name="YAML").click()
    expect(page.locator(".cm-content")).to_contain_text("Seen in May")
    working = begun(console.ground, key, console.person("editor").login, "demo")
    assert working
    for typed in ("Pozzo Scuro", "POZZO", "Seen in May"):
        assert typed in working.text


def test_the_focus_stays_where_its_control_is_drawn_anew_or_taken_away(console: Console) -> None:
    page = console.signed_in("editor")
    drafted(console, page, "Ponte Rosso")
    page.get_by_role("button", name="Retirer").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Retirer")).to_have_count(0)
    expect(page.locator(".template-form :focus")).to_have_count(1)


def test_another_language_leads_back_to_what_is_on_screen(queue: Console) -> None:
    for _ in range(2):
        waits(queue)
    page = opened(queue, name="lia")
    first = page.locator(".review-desk").get_attribute("data-receipt") or ""
    shown(page, first)
    page.keyboard.press("a")
    expect(told(page)).to_contain_text("Accepté")
    page.get_by_role("button", name="Annuler").click()
    shown(page, first)
    page.locator(".person summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    ready(page)
    shown(page, first)


def test_a_text_that_is_not_saved_is_not_left_unasked(console: Console) -> None:
    page = console.signed_in("editor")
    console.open(page, "/programs?view=text")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n# as agreed")
    page.get_by_role("link", name="Reçus").click()
    expect(page.locator(".cm-content")).to_contain_text("# as agreed")
    assert asked == ["beforeunload"]
    page.get_by_label("Pourquoi").fill("Settled in May")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Settled in May")).to_be_visible()
    assert asked == ["beforeunload"]
    draft = newest(console.ground, "demo")
    assert draft
    assert "# as agreed" in draft.text


def test_what_stands_in_a_box_that_was_not_left_is_there_after_the_page_is_loaded_anew(
    console: Console,
) -> None:
    page = console.signed_in("editor")
    drafted(console, page, "Fontana Vecchia")
    page.get_by_label("Notes").fill("Asked in June")
    page.reload()
    ready(page)
    console.open(page, page.url.partition("/p/demo")[2])
    expect(page.get_by_label("Notes")).to_have_value("Asked in June")


def test_a_window_that_is_come_back_to_has_what_another_one_changed(console: Console) -> None:
    page = console.signed_in("editor")
    key = drafted(console, page, "Torre Alta")
    other = console.signed_in("editor")
    console.open(other, f"/templates/{key}?tab=yaml")
    expect(other.locator(".cm-content")).to_be_visible()
    page.get_by_label("Notes").fill("From the first")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Défaire")).to_be_enabled()
    other.evaluate("dispatchEvent(new Event('focus'))")
    expect(other.locator(".cm-content")).to_contain_text("From the first")
    other.locator(".cm-content").click()
    other.keyboard.press("Control+End")
    other.keyboard.type("\n# from the second")
    login = console.person("editor").login
    ends = time.monotonic() + 15
    while "# from the second" not in _text_of(console, key, login) and time.monotonic() < ends:
        page.wait_for_timeout(50)
    page.evaluate("dispatchEvent(new Event('focus'))")
    page.get_by_role("tab", name="YAML").click()
    expect(page.locator(".cm-content")).to_contain_text("# from the second")
    assert "From the first" in _text_of(console, key, login)


def _text_of(console: Console, key: str, login: str) -> str:
    working = begun(console.ground, key, login, "demo")
    return working.text if working else ""


def test_enter_is_the_button_below_a_reason(console: Console) -> None:
    page = console.signed_in("editor")
    console.open(page, "/programs?view=add")
    expect(page.locator(".rule-preview")).to_contain_text("Il manque quelque chose")
    page.get_by_label("Nom, que lisent les membres").fill("Dix points en juin")
    page.get_by_label("Points", exact=True).fill("10")
    expect(page.locator(".rule-preview")).to_contain_text("10 points")
    page.get_by_label("Pourquoi cette règle").fill("pour juin")
    page.keyboard.press("Enter")
    expect(page.get_by_text("pas encore publié")).to_be_visible()


def test_enter_makes_a_new_account(console: Console) -> None:
    page = console.signed_in("admin")
    page.goto(f"{console.url}/console/accounts/new")
    ready(page)
    page.get_by_label("Nom", exact=True).fill("Nora Neuve")
    page.get_by_label("Adresse").fill("nora@example.com")
    page.get_by_label("Mot de passe").fill("a horse that is new")
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts")
    expect(page.get_by_role("link", name="Nora Neuve")).to_be_visible()
