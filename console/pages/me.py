"""One's own account: password and language."""

from __future__ import annotations

from fastapi import APIRouter
from nicegui import ui
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.frame import heading
from console.html import form, tag
from console.page import Page
from console.rooms import BASE
from console.security import safe_path
from console.visit import Visit
from preuve.access import (
    LANGUAGES,
    AccountFault,
    Change,
    SignedIn,
    change_user,
    hash_of,
    set_password,
    sign_in,
    sign_out,
)

router = APIRouter()


async def draw(visit: Visit) -> None:
    t, person = visit.t, visit.person
    heading(person.name, f"{person.login} · {t(f'accounts.role.{person.role}')}")
    if not visit.programs:
        tag("p", t("me.no_program"), "told told-warn")
    with tag("div", classes="card form"):
        tag("h2", t("me.language"))
        with tag("div", classes="actions"):
            for language in LANGUAGES:
                mine = language == person.language
                with tag("form", method="post", action=f"{BASE}/language/{language}"):
                    tag("input", type="hidden", name="next", value=visit.url)
                    style = "button" if mine else "button second"
                    pressed = "true" if mine else "false"
                    name = t(f"me.speak_{language}")
                    tag("button", name, style, type="submit", aria_pressed=pressed)
    with form("card form"):
        tag("h2", t("me.password"))
        old = _password(t("me.old_password"), "current-password")
        new = _password(t("me.new_password"), "new-password")
        new.props(f'hint="{t("accounts.password_told")}"')

        async def renew() -> None:
            fault = await visit.run(_renew, visit, old.value or "", new.value or "")
            if fault:
                ui.notify(t(fault), type="negative")
                return
            old.value = new.value = ""
            ui.notify(t("me.password_set"), type="positive")

        with tag("div", classes="actions"):
            tag("button", t("me.set_password"), "button", type="submit").on("click", renew)


@router.post("/language/{language}")
async def language(request: Request) -> Response:
    """Sets the person's language and goes back to the page that they were on."""
    visit = Visit.of(request)
    chosen = visit.path["language"]
    if chosen in LANGUAGES:
        change = Change(language=chosen)
        await visit.run(change_user, visit.rooms.ground, visit.person.user_id, change)
    given = await request.form(max_files=0, max_fields=10, max_part_size=10_000)
    return RedirectResponse(safe_path(str(given.get("next", ""))), 303)


def _renew(visit: Visit, old: str, new: str) -> str | None:
    """Sets the password where the old one is right; gives the key of what is wrong."""
    ground, person = visit.rooms.ground, visit.person
    # The same door as for signing in, so that guessing here is as slow as there.
    proof = sign_in(ground, person.login, old)
    if not isinstance(proof, SignedIn):
        return "me.wrong_password"
    sign_out(ground, proof.token)
    done = set_password(ground, person.user_id, new, keep=hash_of(visit.token))
    return f"accounts.fault.{done}" if isinstance(done, AccountFault) else None


def _password(label: str, autocomplete: str) -> ui.input:
    return ui.input(label, password=True).props(
        f'outlined dense maxlength="200" autocomplete="{autocomplete}"'
    )


PAGES = (Page("/me", "frame.me", draw, of_program=False),)
