"""The end of a member's page: all that is known of them is erased, by an admin who says why."""

from __future__ import annotations

from nicegui import ui

from console.html import tag
from console.visit import Visit
from preuve.access import Right
from preuve.catalog.erasure import erase_member


def draw_erasing(visit: Visit, member: str) -> None:
    """Nothing for those who may not."""
    if not visit.may(Right.ERASE):
        return
    t = visit.t
    with tag("details", classes="card"):
        tag("summary", t("members.erase.title"))
        tag("p", t("members.erase.told"), "told told-warn")
        with tag("div", classes="form"):
            again = ui.input(t("members.erase.again")).props("outlined dense maxlength=200")
            reason = ui.input(t("members.erase.reason")).props("outlined dense maxlength=200")

            async def go() -> None:
                said = (reason.value or "").strip()
                if not visit.may(Right.ERASE):
                    ui.notify(t("frame.not_allowed"), type="negative")
                elif (again.value or "").strip() != member or not said:
                    ui.notify(t("members.erase.missing"), type="negative")
                else:
                    await _erase(visit, member, said)

            tag("button", t("members.erase.do"), "button danger", type="button").on("click", go)


async def _erase(visit: Visit, member: str, reason: str) -> None:
    t, rooms = visit.t, visit.rooms
    done = await visit.run(
        erase_member,
        rooms.ground,
        rooms.settings.cache_dir,
        visit.program.program,
        member,
        person=visit.person.login,
        reason=reason,
    )
    if done is None:
        ui.notify(t("members.erase.unknown"), type="warning")
        return
    ui.notify(t("members.erase.done", n=done.receipts), type="positive")
    visit.go(visit.link("/members"))
