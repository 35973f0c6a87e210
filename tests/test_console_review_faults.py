"""What goes wrong in a review: others are quicker, sessions end, pictures go."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

from preuve.access import Change, Role, change_user, sign_out
from preuve.intake import Amendment, Finished, amend, fail, view
from preuve.reasons import ReasonCode
from tests.browser import PASSWORD, Console, heard, ready, serving
from tests.conftest import Clock, Wakes
from tests.factories import claimed, send
from tests.reviewing import last_event, opened, points, queue, shown, told, waits, word

__all__ = ["queue"]


def credited(console: Console, receipt_id: str) -> None:
    done = amend(
        console.ground, console.program, receipt_id, Amendment(), operator="eve", reason="quicker"
    )
    assert isinstance(done, Finished)


def token_of(page: Page) -> str:
    return next(c["value"] for c in page.context.cookies() if "preuve" in c["name"])


def receipt_on(page: Page) -> str:
    desk = page.locator(".review-desk")
    expect(desk).to_be_visible()
    return desk.get_attribute("data-receipt") or ""


def test_two_operators_never_see_the_same_and_one_who_leaves_gives_it_back(
    queue: Console,
) -> None:
    ids = [waits(queue, total=f"{50 - n},00", member=f"two-{n}") for n in range(3)]
    ana, ben = opened(queue, name="ana"), opened(queue, name="ben")
    seen_by_ana, seen_by_ben = [receipt_on(ana)], [receipt_on(ben)]
    assert seen_by_ana != seen_by_ben
    for page, seen in ((ana, seen_by_ana), (ben, seen_by_ben)):
        shown(page, seen[0])
    ana.keyboard.press("a")
    expect(told(ana)).to_contain_text("Accepté")
    seen_by_ana.append(receipt_on(ana))
    assert set(seen_by_ana) | set(seen_by_ben) == set(ids)
    assert not set(seen_by_ana) & set(seen_by_ben)

    shown(ben, seen_by_ben[0])
    ben.keyboard.press("a")
    expect(ben.get_by_text("Les reçus qui attendent sont entre d'autres mains.")).to_be_visible()
    ana.goto(queue.at("/dashboard"))
    expect(ben.locator(".review-desk")).to_be_visible(timeout=20_000)
    assert receipt_on(ben) == seen_by_ana[-1]


def test_a_session_that_ends_in_the_middle_of_a_correction_loses_nothing(queue: Console) -> None:
    receipt = waits(queue, total="11,50", change="20,00", member="expired")
    page = opened(queue, name="expires")
    shown(page, receipt)
    page.get_by_label("Enseigne").fill("Chez Ida")
    page.keyboard.press("Enter")
    expect(page.locator("#note-retailer")).to_have_text("saisi")
    # Whatever the page has still to send of this would bring the dialog before the rest is typed.
    page.reload()
    shown(page, receipt)
    page.get_by_label("Total", exact=True).select_text()
    heard(page)

    sign_out(queue.ground, token_of(page))
    page.keyboard.insert_text("20,00")
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(page.get_by_text("Votre session a expiré")).to_be_visible()
    assert points(queue, "expired") == 0

    with page.context.expect_page() as second:
        page.get_by_role("link", name="Se reconnecter").click()
    queue.sign_in(second.value, queue.person("operator", "expires").login)
    expect(second.value.get_by_text("Vous êtes reconnecté")).to_be_visible()
    second.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Votre session a expiré")).to_be_hidden()
    expect(page.get_by_label("Total", exact=True)).to_have_value("20,00")

    page.get_by_role("button", name="Accepter").click()
    expect(told(page)).to_have_text("Accepté : 0 → 70 points.")
    seen = view(queue.ground, "demo", receipt)
    assert seen is not None
    assert seen.reading is not None
    assert seen.reading.retailer is not None
    assert seen.reading.retailer.value.name == "Chez Ida"


def test_after_a_reload_one_signs_in_and_finds_the_draft(queue: Console) -> None:
    receipt = waits(queue, member="reloaded")
    page = opened(queue, name="reloads")
    shown(page, receipt)
    page.get_by_label("Total", exact=True).fill("9,90")
    page.keyboard.press("Enter")
    expect(page.locator("#note-total")).to_have_text("saisi")
    sign_out(queue.ground, token_of(page))
    page.reload()
    queue.sign_in(page, queue.person("operator", "reloads").login, PASSWORD)
    page.wait_for_url(queue.at(f"/review/{receipt}"))
    ready(page)
    shown(page, receipt)
    expect(page.get_by_label("Total", exact=True)).to_have_value("9,90")


def test_a_receipt_that_another_credited_meanwhile(queue: Console) -> None:
    receipt, other = waits(queue, "60,00", member="raced"), waits(queue, "10,00", member="next")
    page = opened(queue)
    shown(page, receipt)
    page.get_by_label("Total", exact=True).fill("9,90")
    page.keyboard.press("Enter")
    credited(queue, receipt)
    page.keyboard.press("a")
    expect(page.get_by_text("Ce reçu n'attend plus")).to_be_visible()
    expect(page.get_by_text("Validé, 110 points")).to_be_visible()
    assert points(queue, "raced") == 110
    page.keyboard.press("n")
    shown(page, other)
    page.get_by_text("1 correction commencée").click()
    page.get_by_role("link", name="réglé depuis : Validé").click()
    expect(page.get_by_label("Total", exact=True)).to_have_value("9,90")
    expect(page.get_by_text("Votre saisie date d'avant")).to_be_visible()


def test_a_receipt_that_another_holds_is_told_by_its_address(queue: Console) -> None:
    receipt = waits(queue, member="held")
    ana = opened(queue, name="ana")
    shown(ana, receipt)
    ben = queue.signed_in("operator", "ben")
    queue.open(ben, f"/review/{receipt}")
    login = queue.person("operator", "ana").login
    expect(ben.get_by_text(f"{login} s'occupe de ce reçu")).to_be_visible()
    expect(ben.get_by_role("button", name="Accepter")).to_have_count(0)


def test_a_picture_that_is_gone_is_told_and_the_receipt_decided(queue: Console) -> None:
    receipt = waits(queue, member="gone")
    seen = view(queue.ground, "demo", receipt)
    assert seen is not None
    for name in seen.blobs:
        Path(queue.ground.blobs.path(name)).unlink()
    page = opened(queue)
    shown(page, receipt)
    expect(page.get_by_text("L'image n'est plus là.")).to_be_visible()
    page.get_by_label("Total", exact=True).click()
    word(page, "8,30").dispatch_event("pointerdown", {"button": 0})
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(told(page)).to_contain_text("Accepté")


def test_what_was_never_read_is_typed(queue: Console) -> None:
    receipt = send(queue.ground, queue.program, Wakes(), b"no picture at all", member="typed")
    clock = Clock(queue.ground.now())
    later = replace(queue.ground, now=clock)
    for _ in range(3):
        fail(later, claimed(later, receipt), "the engine crashed")
        clock.advance(minutes=2)
    page = opened(queue)
    shown(page, receipt)
    expect(page.get_by_text("Aucun mot n'a été lu")).to_be_visible()
    for label, text in (
        ("Enseigne", "Au Pont"),
        ("Date d'achat", f"{later.now():%d/%m/%Y}"),
        ("Total", "20"),
        ("Monnaie", "EUR"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 0 → 20 points.")
    assert points(queue, "typed") == 20


def test_ten_thousand_characters_are_cut_short_and_told(queue: Console) -> None:
    receipt = waits(queue, member="long")
    page = opened(queue)
    shown(page, receipt)
    total = page.get_by_label("Total", exact=True)
    total.evaluate("box => box.removeAttribute('maxlength')")
    total.fill("1" * 10_000)
    page.keyboard.press("Enter")
    page.keyboard.press("a")
    expect(told(page)).to_contain_text("Corrigez d'abord")
    assert points(queue, "long") == 0


def test_a_decision_that_comes_too_late_is_not_taken_back(queue: Console) -> None:
    receipt = waits(queue, member="late")
    page = opened(queue, name="late")
    shown(page, receipt)
    page.keyboard.press("a")
    expect(told(page)).to_have_text("Accepté : 0 → 61 points.")
    credited(queue, receipt)
    page.keyboard.press("u")
    expect(told(page)).to_have_text("Il est trop tard : il s'est passé autre chose sur ce reçu.")
    assert points(queue, "late") == 61


def test_a_key_pressed_twice_decides_once(queue: Console) -> None:
    ids = {waits(queue, total=f"{40 - n},00", member=f"twice-{n}") for n in range(2)}
    page = opened(queue)
    shown(page, receipt_on(page))
    page.keyboard.press("a")
    page.keyboard.press("a")
    expect(told(page)).to_contain_text("Accepté")
    page.wait_for_timeout(500)
    assert sum(points(queue, f"twice-{n}") > 0 for n in range(2)) == 1
    assert receipt_on(page) in ids


def test_who_loses_the_program_or_the_role_decides_nothing_more(queue: Console) -> None:
    receipt = waits(queue, member="roles")
    page = opened(queue, name="loses")
    shown(page, receipt)
    person = queue.person("operator", "loses")
    change_user(queue.ground, person.user_id, Change(programs=()))
    page.keyboard.press("a")
    expect(page.get_by_text("Votre session a expiré")).to_be_visible()
    assert points(queue, "roles") == 0
    page.goto(queue.at("/review"))
    expect(page.get_by_role("heading")).to_have_text("Page introuvable")


def test_who_decided_is_kept(queue: Console) -> None:
    receipt = waits(queue, member="kept")
    page = opened(queue, role=Role.EDITOR, name="edith")
    shown(page, receipt)
    page.keyboard.press("p")
    page.keyboard.press("1")
    expect(told(page)).to_contain_text("Meilleure photo")
    event = last_event(queue, receipt)
    assert event.actor == queue.person(Role.EDITOR, "edith").login
    assert event.reason == ReasonCode.TOO_BLURRED


def test_pages_go_on_where_the_server_starts_again(queue: Console) -> None:
    receipt = waits(queue)
    page = queue.browser.new_context(locale="fr-FR", reduced_motion="reduce").new_page()
    page.context.add_cookies([*queue.signed_in("operator").context.cookies()])
    with serving(queue.settings) as url:
        page.goto(f"{url}/console/p/demo/review")
        shown(page, receipt)
        page.get_by_label("Enseigne", exact=True).fill("EPICERIE DU QUAI")
        page.keyboard.press("Tab")
        expect(page.get_by_text("saisi", exact=True)).to_be_visible()
        heard(page)
    with serving(queue.settings, int(url.rpartition(":")[2])):
        expect(page.get_by_text("Votre saisie a été retrouvée")).to_be_visible()
        expect(page.get_by_label("Enseigne", exact=True)).to_have_value("EPICERIE DU QUAI")
        page.keyboard.press("a")
        expect(told(page)).to_contain_text("Accepté : 0 → ")
        page.context.close()
