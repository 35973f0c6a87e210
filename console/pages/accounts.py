"""Who may use the console, for those who decide it.

An admin gives away no more than they have: they see the accounts whose programs are all among
their own, and grant those programs only.
"""

from __future__ import annotations

from collections.abc import Callable

import structlog
from nicegui import ui

from console.choices import Radios, Ticks
from console.frame import heading, nothing
from console.html import form, link, tag
from console.page import Page
from console.visit import Visit
from preuve.access import (
    Account,
    AccountFault,
    Change,
    Person,
    Right,
    Role,
    add_user,
    change_user,
    list_users,
    set_password,
)

log = structlog.get_logger(__name__)


async def draw_list(visit: Visit) -> None:
    t = visit.t
    accounts = await visit.run(_within, visit)
    with tag("div", classes="heading-row"):
        heading(t("frame.accounts"), t("accounts.count", n=len(accounts)))
        link(t("accounts.add"), visit.link("/accounts/new"), "button")
    with tag("div", classes="table-scroll"), tag("table", classes="list"):
        tag("caption", t("frame.accounts"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("name", "role_is", "programs", "made", "seen", "state"):
                tag("th", t(f"accounts.{name}"), scope="col")
        with tag("tbody"):
            for account in accounts:
                _row(visit, account)


async def draw_new(visit: Visit) -> None:
    t = visit.t
    heading(t("accounts.add"), t("accounts.add_told"))
    with form("card form"):
        login = _text(t("accounts.login"), "off")
        name = _text(t("accounts.name"), "off")
        role = _roles(visit, Role.OPERATOR)
        programs = _programs(visit, visit.person.programs)
        password = _password(t("accounts.password"), t("accounts.password_told"))

        async def add() -> None:
            if not visit.may(Right.MANAGE_ACCOUNTS):
                _told(visit, "frame.not_allowed")
                return
            done = await visit.run(
                add_user,
                visit.rooms.ground,
                login.value or "",
                password.value or "",
                name=name.value or "",
                role=Role(role.value),
                programs=_granted(visit, programs, ()),
                language=visit.person.language,
            )
            if isinstance(done, AccountFault):
                _told(visit, f"accounts.fault.{done}")
                return
            log.info("account made", by=visit.person.login, login=done.login, role=done.role)
            visit.go(visit.link("/accounts"))

        _buttons(visit, t("accounts.add"), add)


async def draw_one(visit: Visit) -> None:
    t = visit.t
    accounts = {str(a.person.user_id): a for a in await visit.run(_within, visit)}
    account = accounts.get(visit.path["user_id"])
    if account is None:
        nothing(t("accounts.unknown"), symbol="person_off")
        return
    person = account.person
    heading(person.name, person.login)
    with form("card form"):
        name = _text(t("accounts.name"), "off", person.name)
        role = _roles(visit, person.role)
        programs = _programs(visit, person.programs)

        async def save() -> None:
            granted = _granted(visit, programs, person.programs)
            change = Change(name=name.value, role=Role(role.value), programs=granted)
            await _change(visit, person, change, "accounts.saved")

        _buttons(visit, t("accounts.save"), save)
    with form("card form"):
        tag("h2", t("accounts.new_password"))
        password = _password(t("accounts.password"), t("accounts.password_told"))

        async def renew() -> None:
            if not visit.may(Right.MANAGE_ACCOUNTS):
                _told(visit, "frame.not_allowed")
                return
            ground = visit.rooms.ground
            done = await visit.run(set_password, ground, person.user_id, password.value or "")
            if isinstance(done, AccountFault):
                _told(visit, f"accounts.fault.{done}")
                return
            log.info("password set", by=visit.person.login, login=person.login)
            password.value = ""
            ui.notify(t("accounts.password_set"), type="positive")

        _buttons(visit, t("accounts.set_password"), renew, back=False)
    with tag("div", classes="card form"):
        closed = account.disabled_at is not None
        tag("h2", t("accounts.open_again" if closed else "accounts.close"))
        tag("p", t("accounts.open_told" if closed else "accounts.close_told"), "quiet")
        text = t("accounts.open_again" if closed else "accounts.close")
        with tag("div", classes="actions"):
            tag("button", text, "button danger", type="button").on(
                "click", lambda: _ask(visit, person, closed)
            )


def _within(visit: Visit) -> list[Account]:
    mine = set(visit.person.programs)
    return [a for a in list_users(visit.rooms.ground) if mine.issuperset(a.person.programs)]


def _row(visit: Visit, account: Account) -> None:
    t, person = visit.t, account.person
    names = {program.program: program.name for program in visit.programs}
    with tag("tr"):
        with tag("td"):
            link(person.name, visit.link(f"/accounts/{person.user_id}"), "strong")
            tag("div", person.login, "quiet small")
        tag("td", t(f"accounts.role.{person.role}"))
        tag("td", ", ".join(names.get(key, key) for key in person.programs) or "–")
        tag("td", t.day(account.created_at.date()), "quiet")
        tag("td", t.moment(account.seen_at) if account.seen_at else "–", "quiet")
        with tag("td"):
            state = "closed" if account.disabled_at else "open"
            tag(
                "span",
                t(f"accounts.{state}"),
                f"chip chip-{'bad' if state == 'closed' else 'good'}",
            )


async def _ask(visit: Visit, person: Person, closed: bool) -> None:
    t = visit.t
    with ui.dialog() as dialog, tag("div", classes="card dialog"):
        tag("h2", t("accounts.open_ask" if closed else "accounts.close_ask", name=person.name))
        with tag("div", classes="actions"):
            text = t("accounts.open_again" if closed else "accounts.close")

            async def go_ahead() -> None:
                dialog.close()
                if await _change(visit, person, Change(disabled=not closed), None):
                    visit.go(visit.link("/accounts"))

            tag("button", text, "button danger", type="button").on("click", go_ahead)
            tag("button", t("frame.cancel"), "button second", type="button").on(
                "click", dialog.close
            )
    await dialog


async def _change(visit: Visit, person: Person, change: Change, told: str | None) -> bool:
    if not visit.may(Right.MANAGE_ACCOUNTS):
        _told(visit, "frame.not_allowed")
        return False
    done = await visit.run(change_user, visit.rooms.ground, person.user_id, change)
    if isinstance(done, AccountFault):
        _told(visit, f"accounts.fault.{done}")
        return False
    log.info("account changed", by=visit.person.login, login=person.login)
    if told:
        ui.notify(visit.t(told), type="positive")
    return True


def _text(label: str, autocomplete: str, value: str = "") -> ui.input:
    return ui.input(label, value=value).props(
        f'outlined dense maxlength="100" autocomplete="{autocomplete}"'
    )


def _password(label: str, told: str) -> ui.input:
    return ui.input(label, password=True).props(
        f'outlined dense maxlength="200" autocomplete="new-password" hint="{told}"'
    )


def _roles(visit: Visit, chosen: Role) -> Radios:
    t = visit.t
    choices = {str(r): f"{t(f'accounts.role.{r}')} : {t(f'accounts.may.{r}')}" for r in Role}
    return Radios(t("accounts.role_is"), choices, str(chosen))


def _programs(visit: Visit, chosen: tuple[str, ...]) -> Ticks:
    choices = {program.program: program.name for program in visit.programs}
    return Ticks(visit.t("accounts.programs"), choices, chosen)


def _granted(visit: Visit, ticks: Ticks, before: tuple[str, ...]) -> tuple[str, ...]:
    """The programs that are ticked, of those that the admin has; others stay as they were."""
    mine = set(visit.person.programs)
    return tuple((ticks.values & mine) | (set(before) - mine))


def _buttons(visit: Visit, text: str, work: Callable[[], object], *, back: bool = True) -> None:
    with tag("div", classes="actions"):
        tag("button", text, "button", type="submit").on("click", work)
        if back:
            link(visit.t("frame.cancel"), visit.link("/accounts"), "button second")


def _told(visit: Visit, key: str) -> None:
    ui.notify(visit.t(key), type="negative")


PAGES = tuple(
    Page(path, title, draw, needs=Right.MANAGE_ACCOUNTS, of_program=False)
    for path, title, draw in (
        ("/accounts", "frame.accounts", draw_list),
        ("/accounts/new", "accounts.add", draw_new),
        ("/accounts/{user_id}", "frame.accounts", draw_one),
    )
)
