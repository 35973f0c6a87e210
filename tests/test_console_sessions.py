"""Who is asking, from which site, and what becomes of a page whose session ends."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from preuve.access import Change, Role, change_user, list_users
from preuve.access.tables import SessionRow
from tests.browser import COOKIE, PASSWORD, Console, heard, ready
from tests.printed import placed, sent

SOCKET = "/console/_nicegui_ws/socket.io/?EIO=4&transport=polling"


def session_of(page: Page) -> dict[str, str]:
    (cookie,) = page.context.cookies()
    return {cookie["name"]: cookie["value"]}


def end_sessions(console: Console) -> None:
    """As if each had been left alone for a day."""
    with console.ground.database.write() as session:
        long_ago = console.ground.now().replace(year=2020)
        session.execute(update(SessionRow).values(seen_at=long_ago))


def test_signing_out_ends_the_session_on_the_server(console: Console) -> None:
    page = console.blank()
    console.sign_in(page, console.person("operator").login)
    page.wait_for_url("**/dashboard")
    held = session_of(page)
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, True, "Lax")
    page.locator(".person summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/sign-in")

    assert page.context.cookies() == []
    kept = httpx.get(console.at("/receipts"), cookies=held, headers={"accept": "text/html"})
    assert (kept.status_code, kept.headers["location"][:16]) == (303, "/console/sign-in")


def test_a_session_that_ends_while_a_page_is_open_loses_nothing(console: Console) -> None:
    person = console.person("admin", "lea")
    page = console.signed_in("admin", "lea")
    page.goto(f"{console.url}/console/accounts/new")
    ready(page)
    page.get_by_label("Identifiant").fill("paul@example.com")
    page.get_by_label("Nom").fill("Paul")
    heard(page)
    end_sessions(console)
    page.get_by_label("Mot de passe").fill("a long password")

    told = page.get_by_role("dialog")
    expect(told).to_contain_text("Votre session a expiré")
    assert "paul@example.com" not in {a.person.login for a in list_users(console.ground)}

    with page.context.expect_page() as opened:
        told.get_by_role("link", name="Se reconnecter").click()
    again = opened.value
    console.sign_in(again, person.login, PASSWORD)
    expect(again.get_by_role("heading")).to_have_text("Vous êtes reconnecté")
    again.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(told).to_be_hidden()

    expect(page.get_by_label("Nom")).to_have_value("Paul")
    page.wait_for_function("window.socket.connected")
    page.get_by_role("button", name="Ajouter une personne").click()
    page.wait_for_url("**/console/accounts")
    assert "paul@example.com" in {a.person.login for a in list_users(console.ground)}


def test_a_role_that_is_taken_away_is_gone_for_open_pages_too(console: Console) -> None:
    person = console.person("admin", "max")
    console.person("admin")
    page = console.signed_in("admin", "max")
    page.goto(f"{console.url}/console/accounts/new")
    ready(page)
    change_user(console.ground, person.user_id, Change(role=Role.OPERATOR))
    page.get_by_label("Identifiant").fill("eve@example.com")
    page.get_by_label("Mot de passe").fill("a long password")
    page.get_by_role("button", name="Ajouter une personne").click()

    expect(page.get_by_text("Votre compte ne permet pas cette action.")).to_be_visible()
    assert "eve@example.com" not in {a.person.login for a in list_users(console.ground)}
    page.reload()
    expect(page.get_by_role("heading")).to_have_text("Page introuvable")


@pytest.mark.parametrize("path", ["/p/other/receipts", "/accounts", "/p/demo/nothing", "/nothing"])
def test_what_is_not_ones_own_is_not_there(console: Console, path: str) -> None:
    page = console.signed_in("operator")
    answer = page.goto(f"{console.url}/console{path}")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("Page introuvable")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_another_site_changes_nothing(console: Console, headers: dict[str, str]) -> None:
    held = session_of(console.signed_in("operator"))
    with httpx.Client(base_url=console.url, cookies=held, headers=headers) as client:
        assert client.post("/console/sign-out").status_code == 403
        assert client.post("/console/sign-in", data={"login": "a"}).status_code == 403
        assert client.get(SOCKET).status_code == 403
        assert client.get("/console/session").status_code == 204
    same = {"origin": console.url}
    assert httpx.get(console.url + SOCKET, cookies=held, headers=same).status_code == 200
    assert httpx.get(console.url + SOCKET, headers=same).status_code == 401


def test_every_page_says_what_it_may_load(console: Console) -> None:
    page = console.signed_in("operator")
    for address in (console.at("/receipts"), f"{console.url}/console/sign-in"):
        answer = page.request.get(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        nonce = re.search(r"'nonce-([^']+)'", policy)
        assert nonce
        scripts = re.findall(r"<script[^>]*>", answer.text())
        assert all(f'nonce="{nonce[1]}"' in script for script in scripts)
    assert "'unsafe-inline'" not in policy.partition("style-src")[0]


def test_what_a_receipt_says_is_text_and_no_script(console: Console) -> None:
    name = "<script>document.title='x'</script><img src=x onerror=\"document.title='y'\">{{1+1}}"
    receipt = sent(console.ground, console.program, placed(retailer=name, receipt_number="X-1"))
    page = console.signed_in("operator")
    for path in (f"/receipts/{receipt}", "/receipts"):
        console.open(page, path)
        expect(page.locator("main")).to_contain_text("<script>document.title='x'")
        assert "Preuve" in page.title()


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/console/../x\\y"])
def test_signing_in_leads_to_our_own_pages_only(console: Console, back: str) -> None:
    person = console.person("operator")
    page = console.blank()
    page.goto(f"{console.url}/console/sign-in?next={back}")
    console.sign_in(page, person.login)
    page.wait_for_url("**/dashboard")
    assert page.url.startswith(console.url)
