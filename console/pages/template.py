"""One template: the document on the left, what is read from it and the template on the right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from nicegui import ui

from console.editing import Editing
from console.frame import nothing
from console.html import link, tag
from console.page import Page
from console.pages.template_form import Form
from console.pages.template_gate import publish_text
from console.pages.template_paper import Document
from console.pages.template_tabs import try_tab, why_tab, yaml_tab
from console.pages.template_values import Values
from console.pages.template_versions import versions_tab
from console.template_names import template_name
from console.visit import Visit
from preuve.access import Right
from preuve.catalog import SHARED
from preuve.catalog.workings import discard

P = ParamSpec("P")
T = TypeVar("T")

TABS = ("form", "yaml", "try", "why", "versions")


async def draw(visit: Visit) -> None:
    key, layer = visit.path["key"], _layer(visit)
    program = visit.program
    editing = await visit.run(
        Editing.open,
        visit.rooms.catalog,
        visit.rooms.programs,
        program,
        layer,
        key,
        visit.person.login,
        visit.query.get("receipt"),
        visit.t.told,
    )
    if editing is None:
        nothing(visit.t("template.none"), visit.t("template.none_told"), "search_off")
        return
    TemplatePage(visit, editing).draw()


def _layer(visit: Visit) -> str:
    shared = visit.query.get("for") == "all" and visit.may(Right.PUBLISH_SHARED)
    return SHARED if shared else visit.program.program


class TemplatePage:
    """The page as one person has it open."""

    def __init__(self, visit: Visit, editing: Editing) -> None:
        self.visit, self.t, self.editing = visit, visit.t, editing
        self.shown: list[Callable[[], None]] = []
        """What is drawn anew after every change."""
        self.written: dict[str, Callable[[], None]] = {}
        """Where the text is changed: drawn anew where it was changed elsewhere."""
        self.turn = asyncio.Lock()
        """Held while the text is changed."""

    def address(self, **query: str | None) -> str:
        """Where this template is edited, in the same layer, with this in the address."""
        shared = {"for": "all"} if self.editing.layer == SHARED else {}
        given = {"receipt": self.editing.receipt_id, **shared, **query}
        return self.visit.link(f"/templates/{self.editing.key}", **given)

    @property
    def may_write(self) -> bool:
        """Whether the person may change this template, as their account stands now."""
        right = Right.PUBLISH_SHARED if self.editing.layer == SHARED else Right.EDIT
        return self.visit.may(right)

    def draw(self) -> None:
        t, editing = self.t, self.editing
        self.values, self.document = Values(self), Document(self)
        self._head()
        with tag("div", classes="editor"):
            with tag("section", classes="editor-document", aria_label=t("template.document")):
                self.document.draw()
            with tag("section", classes="editor-side", aria_label=t("template.template")):
                self.values.draw()
                self._tabs()
        if not editing.receipt_id:
            ui.notify(t("template.no_document"), type="info")

        async def came_back() -> None:
            if await self.change(editing.catch_up):
                self.changed()

        ui.on("came_back", came_back)

    async def change(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does `work`, which changes the text, in a thread: one change after the other.

        Each begins with the text as it is. Of two at once, one would be lost.
        """
        async with self.turn:
            return await self.visit.run(work, *args, **kwargs)

    def changed(self, by: str = "") -> None:
        """Draws what came of a change, but not that part anew in which it was made."""
        for name, draw in self.written.items():
            if name != by:
                draw()
        for draw in self.shown:
            draw()

    def refused(self) -> bool:
        """Tells a person who may not change the template so; True where that is so."""
        if not self.may_write:
            ui.notify(self.t("templates.not_yours"), type="negative")
            return True
        return False

    def _name(self) -> str:
        key = self.editing.key
        return template_name(self.t, key, self.editing.value("name") or key)

    def _head(self) -> None:
        t, editing = self.t, self.editing
        with tag("div", classes="heading-row"):
            with tag("div", classes="heading"):
                link(t("frame.templates"), self.visit.link("/templates"), "small")
                title = tag("h1", self._name())
                with tag("div", classes="chips"):
                    tag("span", editing.key, "chip mono")
                    tag("span", t(f"template.layer.{'all' if editing.layer == SHARED else 'own'}"),
                        "chip")  # fmt: skip
                    kept = tag("span", role="status")
            if self.may_write:
                self._actions()
            else:
                tag("p", t("template.read_only"), "told")

        def told() -> None:
            title.text = self._name()
            kept.clear()
            if editing.steps or editing.is_new:
                with kept:
                    tag("span", t("template.kept"), "chip chip-info")

        told()
        self.shown.append(told)

    def _actions(self) -> None:
        t, editing, visit = self.t, self.editing, self.visit

        async def take_back() -> None:
            if not self.refused() and await self.change(editing.undo):
                self.changed()

        async def forget() -> None:
            if self.refused() or not await self._sure(t("template.discard_sure")):
                return
            author = editing.author
            await visit.run(discard, visit.rooms.ground, editing.key, author, editing.layer)
            visit.go(visit.link("/templates"))

        async def publish() -> None:
            if not self.refused():
                await publish_text(self)

        with tag("div", classes="actions"):
            if visit.may(Right.PUBLISH_SHARED):
                all_, own = self.address(**{"for": "all"}), self.address(**{"for": None})
                if editing.layer == SHARED:
                    link(t("template.for_own"), own, "small")
                else:
                    link(t("template.for_all"), all_, "small")
            back = tag("button", t("template.undo"), "button second", type="button")
            back.on("click", take_back)
            gone = tag("button", t("template.discard"), "button second", type="button")
            gone.on("click", forget)
            tag("button", t("template.publish"), "button", type="button").on("click", publish)

        def able() -> None:
            # A draft as it was made has no step to undo, but may have been a mistake.
            for button, on in ((back, editing.steps), (gone, editing.steps or editing.is_new)):
                button.props(remove="disabled") if on else button.props("disabled")

        able()
        self.shown.append(able)

    async def _sure(self, question: str) -> bool:
        with ui.dialog() as dialog, ui.card(), tag("div", classes="ask-sure"):
            tag("p", question)
            with tag("div", classes="actions"):
                yes = tag("button", self.t("template.yes"), "button danger", type="button")
                yes.on("click", lambda: dialog.submit(True))
                no = tag("button", self.t("template.no"), "button second", type="button")
                no.on("click", lambda: dialog.submit(False))
        return bool(await dialog)

    def _tabs(self) -> None:
        t = self.t
        asked = self.visit.query.get("tab")
        now = asked if asked in TABS else TABS[0]
        parts: dict[str, Callable[[], None]] = {
            "form": lambda: Form(self).draw(),
            "yaml": lambda: yaml_tab(self),
            "try": lambda: try_tab(self),
            "why": lambda: why_tab(self),
            "versions": lambda: versions_tab(self),
        }
        look = "dense align=left no-caps outside-arrows mobile-arrows"
        with ui.tabs().props(f'{look} aria-label="{t("template.tabs")}"') as tabs:
            for name in TABS:
                ui.tab(name, label=t(f"template.tab.{name}"))
        with ui.tab_panels(tabs, value=now, animated=False, keep_alive=True).classes(
            "template-panels"
        ):
            for name, draw in parts.items():
                with ui.tab_panel(name):
                    draw()


PAGES = (Page("/templates/{key}", "frame.template", draw, wide=True),)
