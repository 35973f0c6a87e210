"""Templates in the console: from one document to a published template, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete
from stdnum.luhn import calc_check_digit

from preuve.access import Change, Role, change_user
from preuve.access.tables import SessionRow
from preuve.catalog import Catalog, State, published_version, save_draft, versions
from preuve.catalog.difference import template_data
from preuve.catalog.specimens import claim, keep_words
from preuve.catalog.workings import begun
from preuve.reading.page import Pages
from preuve.reading.pipeline import understand
from preuve.reading.result import Context
from preuve.reading.template.writing import with_value
from tests.browser import Console, ready
from tests.factories import numbers, send, work
from tests.paper import ROOT, paper, stock
from tests.test_console_messages import ENGLISH
from tests.test_template_pointing import ANOTHER, ONE

MOST_ACTIONS = 12


class Hands:
    """A person's mouse and keyboard; counts what they do, typing aside."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, target: Locator) -> None:
        target.click()
        self.actions += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += 1

    def type(self, field: Locator, text: str) -> None:
        field.fill(text)


def receipt(console: Console, text: str, see: Callable[[Pages], Pages] = lambda x: x) -> str:
    """A document as a worker would have read it."""
    pages = see(paper(text))
    sent = send(console.ground, console.program, lambda *_: None, member=f"m-{next(numbers)}")
    context = Context(console.ground.now().date())
    work(console.ground, console.program, sent, *understand(pages, stock(), context), pages)
    return sent


def sideways(pages: Pages) -> Pages:
    """The same, cut out of a photo on which it lies on its side."""
    (page,) = pages
    width, height = page.height + 120, page.width + 90
    turned = (0.0, -1.0, page.height + 70, 1.0, 0.0, 40.0, 0.0, 0.0, 1.0)
    return (replace(page, original_width=width, original_height=height, to_original=turned),)


def frame(page: Page, first: str, last: str) -> None:
    """Draws a frame by mouse, from one word to another."""
    start, end = (word(page, text).bounding_box() for text in (first, last))
    assert start
    assert end
    page.mouse.move(start["x"] - 3, start["y"] - 3)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] + 3, end["y"] + end["height"] + 3, steps=3)
    page.mouse.up()


def of_shop(name: str, text: str = ONE) -> str:
    """The document as another shop with its own VAT number would print it."""
    digits = f"{sum(map(ord, name)):07}015"
    number = f"IT{digits}{calc_check_digit(digits)}"
    return text.replace("LA FORGERIA VELKA", name.upper()).replace("IT00743110157", number)


def word(page: Page, text: str) -> Locator:
    exactly = page.locator("title", has_text=re.compile(f"^{re.escape(text)}$"))
    return page.locator(".picture .word").filter(has=exactly).first


def accessible(page: Page) -> None:
    """Nothing that axe-core holds against the page; its bar of loading is NiceGUI's."""
    told = Axe().run(page, options={"rules": {"region": {"enabled": False}}})
    found = [one for one in told.response["violations"] if one["id"] != "aria-progressbar-name"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def drafted(
    console: Console, page: Page, shop: str, see: Callable[[Pages], Pages] = lambda x: x
) -> str:
    """Opens a new template of that shop in the editor; gives its key."""
    sent = receipt(console, of_shop(shop), see)
    console.open(page, f"/templates/new?receipt={sent}")
    page.get_by_label("Nom de l'enseigne").fill(shop)
    page.get_by_role("button", name="Créer le modèle").click()
    page.wait_for_url("**/templates/it.*")
    ready(page)
    return page.url.partition("/templates/")[2].partition("?")[0]


def publish(page: Page, reason: str) -> None:
    """From the gate's dialog to the published version."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Pourquoi ce changement").fill(reason, timeout=60_000)
    dialog.get_by_role("button", name="Publier", exact=True).click()
    expect(dialog).to_be_hidden(timeout=20_000)
    page.wait_for_url("**tab=versions**")
    ready(page)


def test_from_one_document_to_a_published_template_in_few_actions(console: Console) -> None:
    page = console.signed_in("editor")
    sent = receipt(console, ONE)
    console.open(page, f"/receipts/{sent}")
    hands = Hands(page)

    hands.click(page.get_by_role("link", name="Créer un modèle"))
    ready(page)
    hands.type(page.get_by_label("Nom de l'enseigne"), "La Forgeria Velka")
    hands.click(page.get_by_role("button", name="Créer le modèle"))
    page.wait_for_url("**/templates/it.la_forgeria_velka**")
    ready(page)

    values = page.locator(".read-values")
    expect(values).to_contain_text("Le total n'est pas sûr : montrez-le.")
    hands.click(word(page, "14,50"))
    hands.click(page.locator(".ask").get_by_role("button", name="Total", exact=True))
    expect(values).to_contain_text("Ce document est lu sans doute")
    hands.click(page.get_by_role("button", name="Montrer sur le document : Date"))
    hands.click(word(page, "března"))
    expect(page.locator(".ask")).to_contain_text("Date : 7 mars 2026. Le modèle le trouve.")
    hands.click(word(page, "A-0417"))
    hands.type(page.get_by_label("Nom d'un nouveau champ"), "Numéro de bon")
    hands.press("Enter")
    expect(values.get_by_role("row", name=re.compile("Numéro de bon"))).to_contain_text("A-0417")

    hands.click(page.get_by_role("button", name="Publier…"))
    dialog = page.get_by_role("dialog")
    reason = dialog.get_by_label("Pourquoi ce changement")
    reason.wait_for(timeout=60_000)
    expect(dialog).to_contain_text("document sur")
    accessible(page)
    hands.type(reason, "Nouvelle enseigne")
    hands.click(dialog.get_by_role("button", name="Publier", exact=True))
    expect(page.locator(".versions")).to_contain_text("Nouvelle enseigne")
    assert hands.actions <= MOST_ACTIONS

    settings, program = console.settings, console.program.program
    version = published_version(console.ground, "it.la_forgeria_velka", program)
    assert version
    assert version.author == console.person("editor").login
    comments = re.findall("# (.+)", version.text)
    assert "Derrière chaque ligne se trouve sa raison. Lisez-les toutes" in comments[1]
    assert [told for told in comments if ENGLISH.search(re.sub("« .*? »", "", told))] == []
    assert begun(console.ground, version.key, version.author, program) is None
    templates = Catalog(console.ground, settings.templates_dir).published(program)
    reading, verdict = understand(paper(ANOTHER), templates, Context())
    assert (verdict.status, str(reading.total.value if reading.total else "")) == (
        "trusted",
        "15.45",
    )
    assert [own.value.value for own in reading.fields if own.value] == ["B-2291"]


def test_frames_are_drawn_around_values_and_zones(console: Console) -> None:
    page = console.signed_in("editor")
    key = drafted(console, page, "Fornaio Zoppi", sideways)
    values, asked = page.locator(".read-values"), page.locator(".ask")

    frame(page, "14,50", "14,50")
    expect(asked).to_contain_text("« 14,50 » : qu'est-ce que c'est ?")
    asked.get_by_role("button", name="Total", exact=True).click()
    expect(asked).to_contain_text("Total : 14,50")
    expect(values.get_by_role("row", name="Total")).to_contain_text("14,50")

    frame(page, "PANE", "8,90")
    asked.get_by_role("button", name="Ne chercher qu'ici : Articles").click()
    expect(asked).to_contain_text("N'est plus cherché que dans ce cadre : Articles. Lu : 2 lignes.")
    expect(page.locator('[data-box="zone.items"]')).to_have_count(1)

    page.locator(".picture-pages").focus()
    for press in ("Home", *3 * ("ArrowDown",), "ArrowLeft", *2 * ("Shift+ArrowLeft",)):
        page.keyboard.press(press)
    expect(page.locator(".rubber")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(asked).to_contain_text("« 7 března 2026 »")
    asked.get_by_role("button", name="Date", exact=True).click()
    expect(asked).to_contain_text("Date : 7 mars 2026")

    person, program = console.person("editor"), console.program.program
    now = begun(console.ground, key, person.login, program)
    assert now
    data = template_data(now.text)
    assert data
    zone = data["zones"]["items"]
    assert 0.3 < float(zone["top"]) < 0.4 < float(zone["bottom"]) < 0.6


def test_a_template_begins_from_a_document_of_ones_own(console: Console) -> None:
    page = console.signed_in("editor", "zoe")
    console.open(page, "/templates")
    hands = Hands(page)
    hands.click(page.get_by_role("link", name="Nouveau modèle"))
    ready(page)
    chooser = page.get_by_label("Envoyez un ticket ou un autre document")
    chooser.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("Type de fichier inconnu. Envoyez une autre")
    accessible(page)

    chooser.set_input_files(ROOT / "samples/images/01_fr_supermarche.jpg")
    hands.click(page.get_by_role("button", name="Envoyer"))
    expect(page.locator(".card.waiting")).to_contain_text("en cours de lecture")
    shown = page.url.partition("specimen=")[2]
    assert claim(console.ground, shown)
    keep_words(console.ground, shown, paper(of_shop("Latteria Vidal")))
    hands.type(page.get_by_label("Nom de l'enseigne"), "Latteria Vidal")
    hands.click(page.get_by_role("button", name="Créer le modèle"))
    page.wait_for_url("**/templates/it.latteria_vidal**")
    ready(page)
    hands.click(word(page, "14,50"))
    hands.click(page.locator(".ask").get_by_role("button", name="Total", exact=True))
    expect(page.locator(".read-values")).to_contain_text("Ce document est lu sans doute")
    expect(page.locator(".picture-page img")).to_have_js_property("complete", True)
    assert page.locator(".picture-page img").evaluate("(img) => img.naturalWidth") > 0

    page.reload()
    ready(page)
    expect(page.locator(".read-values")).to_contain_text("Ce document est lu sans doute")
    assert hands.actions <= MOST_ACTIONS
    elsewhere = page.request.get(console.at(f"/receipts/{shown}/pages/1", program="other"))
    assert elsewhere.status == 404
    console.open(page, "/receipts")
    expect(page.get_by_role("row", name=re.compile("Vidal"))).to_have_count(0)


def test_a_version_is_rolled_back_past_the_gate(console: Console) -> None:
    page = console.signed_in("editor")
    key = drafted(console, page, "Bottega Ornella")
    program = console.program.program
    page.get_by_role("button", name="Publier…").click()
    publish(page, "premier jet")
    page.get_by_role("tab", name="Formulaire").click()
    names = page.get_by_label("Noms sur l'enseigne")
    names.fill("Bottega Ornella\nOrnella Due")
    names.blur()
    expect(page.locator("[role=status]", has_text="pas encore publié")).to_be_visible()
    page.get_by_role("button", name="Publier…").click()
    publish(page, "second nom")

    page.get_by_role("button", name="Revenir à cette version 1").click()
    publish(page, "trop large")

    known = versions(console.ground, key, program)
    assert [one.state for one in known] == [State.RETIRED, State.RETIRED, State.PUBLISHED]
    assert "Ornella Due" in known[1].text
    assert known[2].text == known[0].text
    expect(page.locator(".versions > li").first).to_contain_text("trop large")


def test_a_shared_template_is_merged_published_and_retired_by_an_admin(console: Console) -> None:
    page, key = console.signed_in("admin", "rose"), "fr.carrefour_city"
    ground, catalog = console.ground, Catalog(console.ground, console.settings.templates_dir)
    console.open(page, f"/templates/{key}")
    page.get_by_role("link", name="Modifier pour tous les programmes").click()
    page.wait_for_url("**for=all**")
    ready(page)
    page.get_by_label("Nom affiché").first.fill("Carrefour City Rose")
    page.get_by_label("Nom affiché").first.blur()
    expect(page.get_by_role("heading", level=1)).to_have_text("Carrefour City Rose")
    theirs = with_value(catalog.stock_text(key) or "", ("notes",), "vu par un autre")
    save_draft(catalog, key, theirs, based_on=0, author="paul@example.com", reason="note")

    page.get_by_role("button", name="Publier…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("paul@example.com a enregistré la version 1 entre-temps")
    dialog.get_by_role("button", name="Réunir les deux").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Publier…").click()
    publish(page, "nom et note")

    version = published_version(ground, key)
    assert version
    data = template_data(version.text)
    assert data
    assert (data["name"], data["notes"]) == ("Carrefour City Rose", "vu par un autre")
    page.get_by_role("button", name="Retirer du service").click()
    dialog.get_by_label("Pourquoi ce changement").fill("essai terminé", timeout=60_000)
    dialog.get_by_role("button", name="Retirer du service").click()
    expect(page.locator(".versions")).to_contain_text("retirée")
    assert published_version(ground, key) is None
    looking = console.signed_in("operator")
    console.open(looking, f"/templates/{key}?tab=versions&version=2")
    expect(looking.locator(".version-asked")).to_contain_text("Version 2")


def test_who_may_not_write_sees_no_button_and_is_refused(console: Console) -> None:
    looking = console.signed_in("operator")
    console.open(looking, "/templates/fr.carrefour")
    expect(looking.get_by_text("Vous consultez ce modèle.")).to_be_visible()
    expect(looking.get_by_role("button", name="Publier…")).to_have_count(0)
    expect(looking.get_by_label("Nom affiché").first).to_be_disabled()
    looking.goto(console.at("/templates/new"))
    expect(looking.get_by_role("heading", level=1)).to_have_text("Page introuvable")

    page = console.signed_in("editor", "bea")
    key = drafted(console, page, "Casa Brunetti")
    demoted = console.person("editor", "bea")
    change_user(console.ground, demoted.user_id, Change(role=Role.OPERATOR))
    before = begun(console.ground, key, demoted.login, console.program.program)
    word(page, "14,50").click()
    page.get_by_label("Noms sur l'enseigne").fill("Autre")
    page.get_by_label("Noms sur l'enseigne").blur()
    expect(page.get_by_text("Votre rôle ne permet pas").first).to_be_visible()
    page.get_by_role("button", name="Publier…").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert begun(console.ground, key, demoted.login, console.program.program) == before
    assert versions(console.ground, key, console.program.program) == []


def test_a_mistake_in_the_text_is_told_at_its_line_as_one_types(console: Console) -> None:
    page = console.signed_in("editor")
    key = drafted(console, page, "Pastificio Lena")
    page.get_by_role("tab", name="YAML").click()
    content = page.locator(".cm-content")
    content.click(position={"x": 40, "y": 10})
    page.keyboard.press("Control+End")
    # As slowly as people type: between the keys the text is looked at, and must stay as it is.
    page.keyboard.type("labels: {totl: [sommerzahl]}", delay=300)
    expect(content).to_contain_text("labels: {totl: [sommerzahl]}")
    told = page.locator(".code .mistakes")
    expect(told).to_contain_text("« totl » n'est pas connu ; vouliez-vous dire « total » ?")
    line = told.get_by_role("button").inner_text().removeprefix("Ligne ")
    wrong = page.locator(".cm-line.code-line-wrong")
    expect(wrong).to_contain_text("vouliez-vous dire « total » ?")
    page.keyboard.press("Control+Home")
    told.get_by_role("button").click()
    expect(content).to_be_focused()
    page.keyboard.type("# ")
    expect(told).to_be_empty()
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(told).to_contain_text("« totl »")
    accessible(page)
    page.get_by_role("button", name="Publier…").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    content.click(position={"x": 40, "y": 10})
    page.keyboard.press("Control+End")
    page.keyboard.type(" [")
    expect(told).to_contain_text("quelque chose est de trop sur cette ligne")
    page.reload()
    ready(page)
    mended = page.locator(".read-values .mistakes")
    expect(mended).to_contain_text("quelque chose est de trop sur cette ligne")
    expect(page.get_by_text("voici le formulaire d'avant")).to_be_visible()
    expect(page.get_by_label("Nom affiché")).to_have_value("Pastificio Lena")
    expect(page.get_by_label("Nom affiché")).to_be_disabled()
    mended.get_by_role("link").first.click()
    expect(content).to_be_focused()
    page.get_by_role("button", name="Défaire").click()
    expect(page.locator(".read-values")).to_contain_text("reconnu")
    now = begun(console.ground, key, console.person("editor").login, console.program.program)
    assert now
    assert len(now.text.splitlines()) == int(line) - 1


def test_what_is_typed_while_the_change_before_it_is_tried_stays(console: Console) -> None:
    page = console.signed_in("editor")
    drafted(console, page, "Drogheria Alba")
    page.get_by_label("Nom affiché").fill("Drogheria Alba 2")
    names = page.get_by_label("Noms sur l'enseigne, un par ligne")
    names.press("Control+End")
    names.press_sequentially(" und Söhne", delay=150)
    expect(names).to_have_value("Drogheria Alba und Söhne")


def test_a_session_that_ends_loses_nothing(console: Console) -> None:
    page = console.signed_in("editor", "lea")
    key = drafted(console, page, "Trattoria Moro")
    person = console.person("editor", "lea")
    word(page, "14,50").click()
    page.locator(".ask").get_by_role("button", name="Total", exact=True).click()
    expect(page.locator(".read-values")).to_contain_text("Ce document est lu sans doute")
    with console.ground.database.write() as session:
        session.execute(delete(SessionRow).where(SessionRow.user_id == person.user_id))
    # By force: what the page sends by itself may have said so already, over the picture.
    word(page, "A-0417").click(force=True)
    expect(page.get_by_text("Votre session a expiré")).to_be_visible()

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Se reconnecter").click()
    console.sign_in(opened.value, person.login)
    opened.value.wait_for_url("**/sign-in/again")
    opened.value.close()
    page.reload()
    ready(page)
    expect(page.locator(".read-values")).to_contain_text("Ce document est lu sans doute")
    word(page, "A-0417").click()
    page.get_by_label("Nom d'un nouveau champ").fill("Bon")
    page.keyboard.press("Enter")
    expect(page.locator(".read-values").get_by_role("row", name="Bon")).to_contain_text("A-0417")
    now = begun(console.ground, key, person.login, console.program.program)
    assert now
    assert "- sommerzahl" in now.text
    assert "title: Bon" in now.text


def test_two_windows_of_one_person_keep_what_was_changed_in_both(console: Console) -> None:
    key, author = "fr.carrefour_city", console.person("editor").login
    windows = [console.signed_in("editor") for _ in range(2)]
    for page in windows:
        console.open(page, f"/templates/{key}")
    first = windows[0].get_by_label("Notes").input_value()
    for page, label, text in zip(windows, ("Notes", "Pays"), ("une note", "BE"), strict=True):
        page.get_by_label(label).fill(text)
        page.get_by_label(label).blur()
        expect(page.get_by_text("enregistré, pas encore publié")).to_be_visible()
    kept = begun(console.ground, key, author, console.program.program)
    assert kept
    assert "une note" in kept.text
    assert "BE" in kept.text

    for notes in ("une note", first):
        windows[1].get_by_role("button", name="Défaire").click()
        expect(windows[1].get_by_label("Pays")).to_have_value("FR")
        expect(windows[1].get_by_label("Notes")).to_have_value(notes)
    assert begun(console.ground, key, author, console.program.program) is None


def test_what_no_template_reads_is_offered_by_shop(console: Console) -> None:
    for text in (ONE, ANOTHER):
        receipt(console, of_shop("Osteria Bianchi", text))
    page = console.signed_in("editor", "mia")
    console.open(page, "/templates?q=carrefour")
    expect(page.get_by_role("row", name=re.compile("fr.carrefour_city"))).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("de.aldi"))).to_have_count(0)
    accessible(page)
    page.get_by_role("button", name=re.compile("Créer le modèle de OSTERIA BIANCHI")).click()
    page.wait_for_url("**osteria_bianchi**")
    ready(page)
    page.get_by_role("tab", name="Essayer").click()
    page.get_by_role("button", name="Essayer sur les autres documents").click()
    expect(page.locator(".tried tbody tr")).not_to_have_count(0)

    # One that was drafted by mistake is given up, though nothing in it was changed.
    page.get_by_role("button", name="Abandonner").click()
    page.get_by_role("dialog").get_by_role("button", name="Oui").click()
    page.wait_for_url("**/templates")
    author = console.person("editor", "mia").login
    assert begun(console.ground, "it.osteria_bianchi", author, console.program.program) is None
