"""Signing in and out of the console, in a browser, with accounts made by command."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from cli.main import app
from preuve.access.guessing import counted
from tests.browser import PASSWORD, Console, ready


def test_a_wrong_password_is_told_and_a_right_one_opens_the_dashboard(console: Console) -> None:
    person = console.person("operator")
    page = console.blank()
    page.goto(console.at("/receipts?status=valid"))
    expect(page.get_by_role("heading")).to_have_text("Connexion")
    expect(page.get_by_label("Identifiant")).to_be_focused()

    for login in (person.login, "nobody@example.com"):
        console.sign_in(page, login, "not the password")
        expect(page.get_by_role("alert")).to_have_text("Identifiant ou mot de passe incorrect.")
        expect(page.get_by_label("Identifiant")).to_have_value(login)
        expect(page.get_by_label("Mot de passe")).to_be_focused()

    console.sign_in(page, person.login, PASSWORD)
    page.wait_for_url(console.at("/receipts?status=valid"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Reçus")


def test_an_account_made_by_command_signs_in_until_it_is_closed(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREUVE_DATA_DIR", str(console.settings.data_dir))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def users(*arguments: str) -> None:
        done = CliRunner().invoke(app, ("users", *arguments), input=f"{PASSWORD}\n")
        assert done.exit_code == 0, done.output

    users("add", "lou@example.com", "--name", "Lou", "--role", "editor", "--password-stdin")
    page = console.blank()
    console.sign_in(page, "lou@example.com")
    page.wait_for_url("**/dashboard")
    console.open(page, "/programs?view=add")
    expect(page.locator(".person summary")).to_contain_text("Lou")

    users("disable", "lou@example.com")
    page.get_by_label("Nom, que lisent les membres").fill("Double")
    expect(page.get_by_role("dialog")).to_contain_text("Votre session a expiré")
    page.reload()
    console.sign_in(page, "lou@example.com")
    expect(page.get_by_role("alert")).to_have_text("Identifiant ou mot de passe incorrect.")

    users("enable", "lou@example.com")
    console.sign_in(page, "lou@example.com")
    ready(page)
    expect(page.get_by_label("Nom, que lisent les membres")).to_be_visible()


def test_an_address_that_guesses_waits_and_cannot_say_that_it_is_another(console: Console) -> None:
    for number in range(30):
        counted(console.ground, f"guess {number}", "127.0.0.1")
    for claimed in ("203.0.113.7", "127.0.0.2"):
        told = httpx.post(
            f"{console.url}/console/sign-in",
            data={"login": console.person("operator").login, "password": PASSWORD},
            headers={"origin": console.url, "x-forwarded-for": claimed, "accept-language": "fr"},
        )
        assert told.status_code == 429
        assert "Trop d" in told.text
