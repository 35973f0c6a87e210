"""Events, sign-ups and birthdays that a rule failed on: judged again once it is mended, or not."""

from __future__ import annotations

from nicegui import ui

from console.frame import heading, nothing
from console.html import form, link, tag
from console.page import Page
from console.visit import Visit
from preuve.access import Right
from preuve.intake import follow
from preuve.loyalty.occasions.held import Held, dismiss, held, how_many_are_held, judge_again

SHOWN = 50


async def draw(visit: Visit) -> None:
    t = visit.t
    ground, program = visit.rooms.ground, visit.program.program
    waiting = await visit.run(held, ground, program, SHOWN)
    link(t("held.back"), visit.link("/programs"), "back")
    heading(t("held.title"), t("held.told"))
    if not waiting:
        nothing(t("held.none"), t("held.none_told"), "task_alt")
        return
    if visit.may(Right.EDIT):
        with tag("div", classes="actions"):
            _again(visit, waiting, t("held.all_again"), "button")
    with tag("div", classes="table-scroll", tabindex="0"), tag("table", classes="list"):
        tag("caption", t("held.title"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("at", "what", "member", "why"):
                tag("th", t(f"held.{name}"), scope="col")
        with tag("tbody"):
            for one in waiting:
                _row(visit, one)
    count = await visit.run(how_many_are_held, ground, program)
    if count > len(waiting):
        tag("p", t("held.first", n=len(waiting), count=count), "quiet small")


def held_notice(visit: Visit, count: int) -> None:
    """A line that leads to the page; nothing where nothing waits."""
    if count:
        with tag("p", classes="told told-warn"):
            link(visit.t("held.notice", n=count), visit.link("/programs/held"))


def _row(visit: Visit, one: Held) -> None:
    t = visit.t
    names = {rule.rule: rule.name for rule in visit.program.earn}
    with tag("tr"):
        tag("td", t.moment(one.occurred_at), "quiet")
        with tag("td"):
            tag("span", t(f"held.triggers.{one.trigger}"))
            if one.event:
                tag("div", one.event, "mono small")
        with tag("td"):
            link(one.member_id, visit.link("/members", member=one.member_id))
        with tag("td"):
            for error in one.errors:
                tag("p", t("held.rule", rule=names.get(error.rule, error.rule)))
                tag("p", t.told(error.told), "small")
            if visit.may(Right.EDIT):
                _again(visit, (one,), t("held.again"), "button second small")
                _dismissal(visit, one)


def _again(visit: Visit, waiting: tuple[Held, ...], label: str, classes: str) -> None:
    t = visit.t

    async def go() -> None:
        if not visit.may(Right.EDIT):
            ui.notify(t("frame.not_allowed"), type="negative")
            return
        keys = [one.key for one in waiting]
        left = await visit.run(judge_again, visit.rooms.ground, visit.program, keys, follow=follow)
        done = len(keys) - len(left)
        ui.notify(t("held.judged", n=done), type="positive" if done else "warning")
        if done:
            visit.go(visit.link("/programs/held"))

    tag("button", label, classes, type="button").on("click", go)


def _dismissal(visit: Visit, one: Held) -> None:
    t = visit.t
    with tag("details"):
        tag("summary", t("held.dismiss"))

        async def go() -> None:
            if not visit.may(Right.EDIT):
                ui.notify(t("frame.not_allowed"), type="negative")
                return
            said = (reason.value or "").strip()
            if not said:
                ui.notify(t("held.reason_missing"), type="negative")
                return
            ground, person = visit.rooms.ground, visit.person.login
            program = visit.program.program
            await visit.run(dismiss, ground, program, one.key, person=person, reason=said)
            visit.go(visit.link("/programs/held"))

        with form("reasoned"):
            reason = ui.input(t("held.reason")).props("outlined dense maxlength=200")
            tag("button", t("held.confirm"), "button small", type="submit").on("click", go)


PAGES = (Page("/programs/held", "held.title", draw),)
