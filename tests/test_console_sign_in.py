"""Signing in and out of the console, in a browser."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import PASSWORD, Console


def test_a_wrong_password_is_told_and_a_right_one_opens_the_dashboard(console: Console) -> None:
    person = console.person("operator")
    page = console.blank()
    page.goto(console.at("/receipts?status=valid"))
    expect(page.get_by_role("heading")).to_have_text("Connexion")

    for login in (person.login, "nobody@example.com"):
        console.sign_in(page, login, "not the password")
        expect(page.get_by_role("alert")).to_have_text("Identifiant ou mot de passe incorrect.")
        expect(page.get_by_label("Identifiant")).to_have_value(login)

    console.sign_in(page, person.login, PASSWORD)
    page.wait_for_url(console.at("/receipts?status=valid"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Reçus")
