"""What stands around every page: the name, the way to the other pages, the program, the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from nicegui import context, ui

from console.html import Tag, icon, link, tag
from console.page import Page
from console.rooms import BASE
from console.visit import Visit
from preuve.access import LANGUAGES, Right


@dataclass(frozen=True, slots=True)
class Room:
    """An entry of the navigation: the path of its first page, and the key of its text."""

    path: str
    title: str
    icon: str
    needs: Right | None = None
    of_program: bool = True


ROOMS = (
    Room("/dashboard", "frame.dashboard", "insights"),
    Room("/receipts", "frame.receipts", "receipt_long"),
    Room("/review", "frame.review", "fact_check", Right.REVIEW),
    Room("/templates", "frame.templates", "document_scanner"),
    Room("/programs", "frame.programs", "loyalty"),
    Room("/members", "frame.members", "group"),
    Room("/export", "frame.export", "download"),
    Room("/accounts", "frame.accounts", "manage_accounts", Right.MANAGE_ACCOUNTS, False),
)


@contextmanager
def frame(visit: Visit, page: Page) -> Iterator[None]:
    """Draws the frame; what is drawn within stands in the page's main part."""
    t = visit.t
    ui.page_title(f"{t(page.title)} · Preuve")
    with context.client.layout:
        bar = tag("header", classes="bar")
        bar.move(target_index=0)
    with bar:
        link(t("frame.skip"), "#content", "skip")
        with link("", f"{BASE}/", "brand", aria_label="Preuve"):
            tag("img", src=f"{BASE}/static/mark.svg", alt="", width=26, height=26)
            tag("span", "Preuve")
        if visit.programs:
            _program_chooser(visit)
        _rooms(visit, page)
        _person(visit)
    with tag("div", classes="page wide" if page.wide else "page", id="content", tabindex="-1"):
        yield


def heading(text: str, told: str = "") -> None:
    """The page's title, and a line below it."""
    with tag("div", classes="heading"):
        tag("h1", text)
        if told:
            tag("p", told, "quiet")


def nothing(text: str, told: str = "", symbol: str = "inbox") -> Tag:
    """What stands where there is nothing to list: why, and what to do; a way on goes within."""
    with tag("div", classes="nothing") as told_here:
        icon(symbol)
        tag("h2", text, "nothing-title")
        if told:
            tag("p", told, "quiet")
    return told_here


def _program_chooser(visit: Visit) -> None:
    with tag("label", classes="chooser"):
        tag("span", visit.t("frame.program"), "unseen")
        with tag("select", id="program").on(
            "change", js_handler="(e) => { location.href = e.target.value }"
        ):
            for program in visit.programs:
                chosen = program is (visit.of_program or visit.programs[0])
                target = visit.link("/dashboard", program=program.program)
                tag("option", program.name, value=target, selected=chosen)


def _rooms(visit: Visit, page: Page) -> None:
    with tag("nav", classes="rooms", aria_label=visit.t("frame.rooms")):
        for room in ROOMS:
            if (room.needs and not visit.may(room.needs)) or (
                room.of_program and not visit.programs
            ):
                continue
            program = visit.of_program or (visit.programs[0] if visit.programs else None)
            key = program.program if program and room.of_program else None
            target = f"{BASE}/p/{key}{room.path}" if key else BASE + room.path
            here = page.path.startswith(room.path)
            with link("", target, "here" if here else "", aria_current="page" if here else None):
                icon(room.icon)
                tag("span", visit.t(room.title))


def _person(visit: Visit) -> None:
    t, person = visit.t, visit.person
    with tag("details", classes="person"):
        with tag("summary"):
            icon("account_circle")
            tag("span", person.name)
        with tag("div", classes="person-menu"):
            tag("p", f"{person.login} · {t(f'accounts.role.{person.role}')}", "quiet")
            link(t("frame.me"), f"{BASE}/me")
            for language in LANGUAGES:
                if language != person.language:
                    target = f"{BASE}/language/{language}"
                    with tag("form", method="post", action=target):
                        tag("input", type="hidden", name="next", value=visit.url)
                        tag("button", t("frame.other_language"), "as-link", type="submit")
            with tag("form", method="post", action=f"{BASE}/sign-out"):
                tag("button", t("frame.sign_out"), "as-link", type="submit")
