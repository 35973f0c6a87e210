"""Earn rules in the console: a rule by the form, published, and what the next receipt earns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from console.rule_form import Missing, Written, rule_of
from console.rule_sentences import sentence
from console.words import Words
from preuve.intake import Filters, list_receipts
from preuve.loyalty import Program, ProgramsInForce, balance, parse_program
from preuve.loyalty.ledger.redemption import Redemption, confirm, release, reserve
from preuve.loyalty.occasions.events import Happened, take_event
from preuve.loyalty.programs.versions import (
    Version,
    newest,
    publish,
    published_version,
    save_draft,
    versions,
)
from tests.browser import SIZES, Console, ready
from tests.factories import item, reading, send, work

TEXT = """\
program: demo
name: D
timezone: Europe/Paris
limits: {currencies: [EUR]}
products: {lindt: {name: Lindt, words: [lindt]}}
earn:
  - rule: a
    name: A
    condition: {items: {lists: [lindt]}}
    effect: {kind: per_amount, points: 2, of: items}
    caps: [{per: day, points: 100}]
  - rule: b
    name: B
    window: {starts_on: 2026-11-23, ends_on: 2026-11-29, weekdays: [sat, sun]}
    effect: {kind: multiplier, times: 2}
  - rule: c
    name: C
    trigger: nth_receipt
    nth: {number: 5, per: month}
    effect: {kind: fixed, points: 50}
"""


def nobody(_id: str, _queue: str) -> None:
    """A broker that wakes no worker."""


def earned(console: Console, member: str) -> int:
    """What a receipt with ground coffee is worth by the rules in force now."""
    programs = ProgramsInForce(console.ground, console.settings.programs_dir)
    program = programs.now()["demo"]
    sent = send(console.ground, program, nobody, member=member)
    read = reading(
        total="10.00", receipt_number=f"R{member}", purchased_at=None, items=(item("THE", "10.00"),)
    )
    return work(console.ground, program, sent, read).points


def flawless(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def choose(page: Page, box: str, *options: str) -> None:
    page.get_by_label(box, exact=True).click()
    for option in options:
        page.get_by_role("option", name=option).click()
    page.keyboard.press("Escape")


def test_a_rule_made_by_the_form_is_published_and_the_next_receipt_earns_by_it(
    console: Console,
) -> None:
    assert earned(console, "before") == 10
    page = console.signed_in("editor")
    console.open(page, "/programs?view=add")
    choose(page, "Ce qu'elle donne", "Des points pour chaque produit acheté")
    expect(page.get_by_label("Multiplier par")).to_be_hidden()
    page.get_by_label("Nom, que lisent les membres").fill("25 points par thé")
    page.get_by_label("Points", exact=True).fill("25")
    page.get_by_label("Produits : mots imprimés").fill("thé, infusion")
    page.get_by_text("Plafonds", exact=True).click()
    page.get_by_label("Plafond 1 : au plus").fill("60")
    choose(page, "Plafond 1 : sur quelle durée", "par semaine")
    page.get_by_text("Budget", exact=True).click()
    choose(page, "Opération", "Nouvelle opération")
    page.get_by_label("Nom de l'opération").fill("Thé")
    page.get_by_label("Budget en points").fill("5000")
    said = (
        "Chaque reçu rapporte 25 points pour chaque thé / infusion, au plus 60 points par "
        "semaine, jusqu'au budget de 5\u202f000 points de l'opération « Thé »."
    )
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    page.get_by_label("Pourquoi cette règle").fill("opération thé")
    flawless(page)
    page.get_by_label("Plafond 1 : au plus").fill("0")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_role("alert").filter(has_text="0 ne donnerait rien")).to_be_visible()
    page.get_by_label("Plafond 1 : au plus").fill("60")
    page.get_by_role("button", name="Enregistrer le brouillon").click()

    expect(page.get_by_text("Brouillon n° 1, pas encore publié")).to_be_visible()
    expect(page.get_by_text(said)).to_be_visible()
    assert earned(console, "draft") == 10
    console.open(page, "/programs?view=simulate")
    page.get_by_role("button", name="Simuler").click()
    expect(page.get_by_text("70 points au lieu de 20, sur 2 reçus")).to_be_visible(timeout=20_000)
    flawless(page)
    page.get_by_label("Pourquoi publier").fill("validé par le marketing")
    page.get_by_role("button", name="Publier").click()

    expect(page.get_by_text("pas encore publié")).to_have_count(0)
    published = published_version(console.ground, "demo")
    assert published
    assert (published.number, published.author) == (1, "ana.editor@example.com")
    assert earned(console, "after") == 35


def test_a_mistake_is_told_at_its_line_and_the_text_is_kept(console: Console) -> None:
    page = console.signed_in("editor")
    console.open(page, "/programs?view=text")
    page.get_by_label("Texte du programme").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\ncampagne: 3\n")
    told = page.locator(".code .mistakes")
    expect(told).to_contain_text("campagne n'est pas une clé connue à cet endroit")
    expect(page.locator(".cm-line.code-line-wrong")).to_contain_text("campagne: 3")
    page.get_by_label("Pourquoi ce changement").fill("essai")
    page.get_by_role("button", name="Enregistrer le brouillon").click()

    expect(page.get_by_role("alert").first).to_contain_text("1 erreur")
    latest = newest(console.ground, "demo")
    assert latest
    assert "campagne: 3" in latest.text
    line = latest.text.splitlines().index("campagne: 3") + 1
    page.get_by_role("alert").locator("..").get_by_role("link", name=f"Ligne {line}").click()
    page.wait_for_url(f"**line={line}")
    ready(page)
    expect(page.locator(".cm-line.code-line-wrong")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Publier")).to_have_count(0)

    console.open(page, "/programs?view=add")
    expect(page.get_by_text("Le brouillon a des erreurs")).to_be_visible()
    expect(page.locator(".rule-form[inert]")).to_contain_text("Ce que la règle donne")
    flawless(page)


def test_an_operator_reads_rules_and_changes_none(console: Console) -> None:
    page = console.signed_in("operator")
    console.open(page, "/programs?view=text")

    expect(page.locator("ol.rules > li").first).to_be_visible()
    for name in ("Ajouter une règle", "YAML"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
    expect(page.get_by_role("button", name="Publier")).to_have_count(0)
    flawless(page)


def test_an_older_version_is_compared_and_taken_up(console: Console) -> None:
    page = console.signed_in("editor")
    before = len(versions(console.ground, "demo"))
    console.open(page, "/programs?view=versions&of=1")
    flawless(page)
    page.get_by_role("button", name="Reprendre cette version").click()

    page.wait_for_url("**/programs")
    ready(page)
    after = versions(console.ground, "demo")
    assert len(after) == before + 1
    assert after[-1].text == after[0].text


def test_a_members_points_lead_to_their_receipts_and_are_adjusted_with_a_reason(
    console: Console,
) -> None:
    points = earned(console, "m-77")
    page = console.signed_in("editor")
    console.open(page, "/members")
    page.get_by_label("Identifiant du membre").fill("m-77")
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**member=m-77")
    ready(page)
    expect(page.locator(".tile-value").first).to_have_text(str(points))
    assert "/receipts/rcp_" in str(page.locator("table a").first.get_attribute("href"))
    lots = page.get_by_role("table", name="Points restants")
    expect(lots.locator("tbody tr", has_text="Un point par euro")).to_contain_text("maintenant")
    flawless(page)

    page.get_by_text("Ajuster à la main").click()
    page.get_by_label("Points (négatif").fill("-3")
    page.get_by_role("button", name="Ajuster").click()
    expect(page.get_by_text("Écrivez un nombre entier")).to_be_visible()
    page.get_by_label("Raison, gardée").fill("geste commercial")
    page.get_by_role("button", name="Ajuster").click()

    expect(page.locator(".tile-value").first).to_have_text(str(points - 3))
    expect(page.get_by_text("geste commercial")).to_be_visible()
    assert balance(console.ground, "demo", "m-77").available == points - 3
    console.open(page, "/members")
    with page.expect_download() as started:
        page.get_by_role("link", name="Soldes, CSV pour Excel").click()
    assert f"m-77;{points - 3};0;0;0;" in started.value.path().read_text("utf-8-sig")


def test_what_a_member_spent_is_listed_with_its_state(console: Console) -> None:
    earned(console, "m-78")
    ground, program = console.ground, console.program
    for key, settle in (("mug", confirm), ("bag", release), ("cap", None)):
        held = reserve(ground, program, "m-78", 2, key, key)
        assert isinstance(held, Redemption)
        if settle:
            settle(ground, "demo", held.id)
    for size in SIZES:
        page = console.signed_in("operator", size=size)
        console.open(page, "/members?member=m-78")
        rows = page.get_by_role("table", name="Dépenses").locator("tbody tr")
        for what, state in (("mug", "Dépensés"), ("bag", "Libérés"), ("cap", "Réservés")):
            expect(rows.filter(has_text=what)).to_contain_text(state)
        flawless(page)


def test_an_admin_erases_a_member_who_asks_for_it(console: Console) -> None:
    earned(console, "m-80")
    for role in ("operator", "editor"):
        page = console.signed_in(role)
        console.open(page, "/members?member=m-80")
        expect(page.get_by_role("heading", name="Mouvements")).to_be_visible()
        expect(page.get_by_text("Effacer ce membre")).to_have_count(0)
    page = console.signed_in("admin")
    console.open(page, "/members?member=m-80")
    page.get_by_text("Effacer ce membre").click()
    page.get_by_label("Retapez l'identifiant").fill("m-8")
    page.get_by_label("Pourquoi (gardé").fill("demande reçue par courrier")
    page.get_by_role("button", name="Effacer définitivement").click()
    expect(page.get_by_text("Retapez l'identifiant exactement")).to_be_visible()
    flawless(page)
    page.get_by_label("Retapez l'identifiant").fill("m-80")
    page.get_by_role("button", name="Effacer définitivement").click()

    page.wait_for_url("**/members")
    assert balance(console.ground, "demo", "m-80").lifetime == 0
    assert list_receipts(console.ground, "demo", Filters(member_id="m-80")).receipts == ()


def test_an_operator_adjusts_nothing(console: Console) -> None:
    page = console.signed_in("operator")
    console.open(page, "/members?member=m-77")

    expect(page.get_by_role("heading", name="Membres")).to_be_visible()
    expect(page.get_by_text("Ajuster à la main")).to_have_count(0)
    answer = page.request.get(console.at("/ledger/entries/csv", "other"))
    assert answer.status == 404


def test_a_campaigns_budget_is_shown_with_what_is_left(console: Console) -> None:
    text = """\
program: demo
name: D
timezone: Europe/Paris
limits: {currencies: [EUR], retailers: {unknown: true}}
campaigns: {noel: {name: Noël, budget: 25}}
earn: [{rule: a, name: A, campaign: noel, effect: {kind: per_amount, points: 2}}]
"""
    in_force(console, text)
    earned(console, "m-79")
    for size in SIZES:
        page = console.signed_in("operator", size=size)
        console.open(page, "/programs")
        line = page.get_by_role("listitem").filter(has_text="Noël").first
        expect(line).to_contain_text("20 points donnés")
        expect(line).to_contain_text("reste 5 sur 25")
        flawless(page)


SURVEY = """\
program: demo
name: D
timezone: Europe/Paris
earn:
  - rule: survey
    name: Enquête
    trigger: event
    event: survey
    condition: {{when: "event.properties.stars {test}"}}
    effect: {{kind: fixed, points: 9}}
"""


def in_force(console: Console, text: str) -> Program:
    """The program `demo`, which this text is published for."""
    known = newest(console.ground, "demo")
    based_on = known.number if known else 0
    saved = save_draft(console.ground, "demo", text, based_on=based_on, author="ana", reason="-")
    assert isinstance(saved, Version)
    publish(console.ground, "demo", saved.number, actor="ana", reason="-")
    return parse_program(text, "demo")


def test_what_a_rule_failed_on_is_judged_again_once_it_is_mended_or_let_go(
    console: Console,
) -> None:
    failing = in_force(console, SURVEY.format(test=">= 0"))
    for number in (1, 2):
        told = Happened(f"h{number}", f"h-{number}", "survey", None, {"stars": "five"})
        take_event(console.ground, failing, told)
    for size in SIZES:
        page = console.signed_in("operator", size=size)
        console.open(page, "/programs")
        page.get_by_role("link", name="2 événements, inscriptions ou anniversaires").click()
        expect(page.get_by_role("row")).to_have_count(3)
        expect(page.get_by_text("Règle « Enquête »").first).to_be_visible()
        expect(page.get_by_role("button", name="Tout relancer")).to_have_count(0)
        flawless(page)
    page = console.signed_in("editor")
    console.open(page, "/programs/held")
    row = page.get_by_role("row").filter(has_text="h-2")
    row.get_by_text("Écarter…").click()
    row.get_by_label("Pourquoi l'écarter").fill("envoyé par erreur")
    flawless(page)
    row.get_by_role("button", name="Écarter, sans points").click()
    expect(row).to_have_count(0)

    in_force(console, SURVEY.format(test="== 'five'"))
    page.get_by_role("button", name="Tout relancer").click()
    expect(page.get_by_text("Rien n'est en attente")).to_be_visible()
    assert balance(console.ground, "demo", "h-1").available == 9
    assert balance(console.ground, "demo", "h-2").available == 0


def test_rules_are_read_as_sentences() -> None:
    program = parse_program(TEXT, "demo")
    french = [sentence(Words("fr"), rule, program) for rule in program.earn]
    english = [sentence(Words("en"), rule, program) for rule in program.earn]

    assert french == [
        "Chaque reçu rapporte 2 points pour chaque tranche de 1,00\xa0€ de Lindt, "
        "au plus 100 points par jour.",
        "Chaque reçu rapporte les points de la dépense multipliés par 2, "
        "du 23 nov. 2026 au 29 nov. 2026, le samedi, dimanche.",
        "Le 5e reçu du mois rapporte 50 points.",
    ]
    assert english[2] == "Receipt number 5 of the month earns 50 points."


FILLED = {
    "name": "Été !",
    "trigger": "receipt",
    "effect": "fixed",
    "points": "50",
    "per": "month",
    "currency": "EUR",
    "weekdays": [],
    **{f"cap_{n}_{name}": key for n in range(3) for name, key in
       (("unit", "points"), ("per", "day"), ("of", "member"))},
}  # fmt: skip
ITEMS = {"words": "lindt, choco", "never": "sac", "gtins": "3046920028004", "lists": ["lindt"]}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"effect": "per_amount", "points": "2", "amount": "0,5", "rounding": "up"},
         "effect: {kind: per_amount, points: 2, amount: 0.5, rounding: up}"),
        ({"effect": "per_amount_items", "amount": "1", **ITEMS},
         "condition: {items: {lists: [lindt], gtins: ['3046920028004'], words: [lindt, choco], "
         "never: [sac]}}, effect: {kind: per_amount, points: 50, amount: 1, of: items}"),
        ({"effect": "per_item", "words": "lindt", "min_pieces": "3"},
         "condition: {items: {words: [lindt], min_pieces: 3}}, "
         "effect: {kind: per_item, points: 50}"),
        ({"effect": "multiplier", "times": "1,5", "starts_on": "2026-07-01", "weekdays": ["sat"],
          "from_hour": "17:00", "to_hour": "19:00"},
         "window: {starts_on: 2026-07-01, weekdays: [sat], hours: ['17:00-19:00']}, "
         "effect: {kind: multiplier, times: 1.5}"),
        ({"trigger": "sign_up", "min_total": "9", "segments": "vip, staff"},
         "trigger: sign_up, condition: {segments: [vip, staff]}, "
         "effect: {kind: fixed, points: 50}"),
        ({"trigger": "nth_receipt", "number": "5", "every": True, "min_total": "20"},
         "trigger: nth_receipt, nth: {number: 5, per: month, every: true}, "
         "condition: {min_total: 20}, effect: {kind: fixed, points: 50}"),
        ({"trigger": "event", "event": "survey", "effect": "none", "grant": "voucher",
          "grant_name": "5 €", "value": "5"},
         "trigger: event, event: survey, "
         "grants: [{kind: voucher, key: '5', name: 5 €, value: 5, currency: EUR}]"),
        ({"cap_0": "1 000", "cap_1": "2", "cap_1_unit": "times", "cap_1_per": "month",
          "cap_1_of": "all"},
         "effect: {kind: fixed, points: 50}, "
         "caps: [{per: day, points: 1000}, {per: month, times: 2, of: all}]"),
        ({"campaign": "noel", "priority": "5", "last": True},
         "campaign: noel, priority: 5, last: true, effect: {kind: fixed, points: 50}"),
    ],
)  # fmt: skip
def test_the_form_writes_rules_that_hold(said: dict[str, Any], told: str) -> None:
    made = rule_of({**FILLED, **said}, frozenset({"ete"}), frozenset())

    assert isinstance(made, Written)
    assert made.rule == {"rule": "ete-2", "name": "Été !", **yaml.safe_load(f"{{{told}}}")}
    head = yaml.safe_load(TEXT) | {"campaigns": {"noel": {"name": "Noël"}}}
    program = {**head, "earn": [*head["earn"], made.rule]}
    assert parse_program(yaml.safe_dump(program), "demo").earn[-1].rule == "ete-2"


def test_the_form_makes_a_campaign_of_the_rules_days() -> None:
    said = {"campaign": "new", "campaign_name": "Noël", "budget": "9", "ends_on": "2026-12-24"}
    made = rule_of({**FILLED, **said}, frozenset(), frozenset({"noel"}))

    assert isinstance(made, Written)
    assert made.rule["campaign"] == "noel-2"
    assert made.campaigns == {
        "noel-2": {"name": "Noël", "ends_on": date(2026, 12, 24), "budget": 9}
    }


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("name", {"name": " "}),
        ("points", {"points": "x"}),
        ("number", {"trigger": "nth_receipt", "number": "NaN"}),
        ("event", {"trigger": "event"}),
        ("words", {"effect": "per_item"}),
        ("grant", {"effect": "none"}),
        ("value", {"grant": "voucher", "grant_name": "5 €"}),
        ("cap_1", {"cap_1": "beaucoup"}),
        ("campaign_name", {"campaign": "new"}),
        ("to_hour", {"from_hour": "17:00"}),
    ],
)
def test_a_box_that_is_not_filled_is_named(box: str, said: dict[str, Any]) -> None:
    assert rule_of({**FILLED, **said}, frozenset(), frozenset()) == Missing(box)
