"""A template's versions: what each one changed, the way back to it, taking it out of force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from console.html import tag
from console.pages.template_gate import Gate, refusal
from preuve.catalog import (
    Refused,
    State,
    Unchanged,
    Version,
    key_differences,
    published_version,
    publishing,
    retiring,
    roll_back,
    save_draft,
)

if TYPE_CHECKING:
    from console.pages.template import TemplatePage


async def retire(page: TemplatePage) -> None:
    """Takes the published version out of force, past the gate."""
    editing = page.editing
    current = await page.visit.run(
        published_version, editing.catalog.ground, editing.key, editing.layer
    )
    if not page.refused() and current is not None:
        await Gate(page, retiring(current)).open()


def versions_tab(page: TemplatePage) -> None:
    """Every version, what it changed, and the way back to it."""
    t, editing = page.t, page.editing
    if not editing.saved and not editing.shared:
        tag("p", t("template.no_versions"), "quiet")
        return
    asked = page.visit.query.get("version", "")
    if editing.saved:
        _version_list(page, editing.saved, asked)
    if editing.shared:
        tag("h3", t("template.versions_for_all"))
        own = any(str(one.number) == asked for one in editing.saved)
        _version_list(page, editing.shared, "" if own else asked)
    if asked:
        ui.run_javascript("document.querySelector('.version-asked')?.scrollIntoView()")


def _version_list(page: TemplatePage, known: Sequence[Version], asked: str) -> None:
    """The newest first; `asked` is the number of the one that a link led to."""
    with tag("ol", classes="versions", reversed=True):
        before: dict[int, str] = {}
        text = page.editing.stock
        for one in known:
            before[one.number] = text
            text = one.text
        for one in reversed(known):
            is_asked = str(one.number) == asked
            with tag("li", classes="version-asked" if is_asked else ""):
                _version(page, one, before[one.number])


def _version(page: TemplatePage, one: Version, before: str) -> None:
    t = page.t
    with tag("div", classes="version-head"):
        tag("strong", t("template.version", n=one.number))
        good = "chip chip-good" if one.state is State.PUBLISHED else "chip"
        tag("span", t(f"template.version_state.{one.state}"), good)
        tag("span", f"{one.author} · {t.moment(one.published_at or one.created_at)}", "quiet")
    tag("p", page.editing.reasons.get(one.number, one.reason))
    if before:
        _differences(page, before, one.text)
    if page.may_write and one.program_id == page.editing.layer:
        _version_actions(page, one)


def _differences(page: TemplatePage, before: str, after: str) -> None:
    """Key by key, what went and what came."""
    differing = key_differences(before, after)
    with tag("details"):
        tag("summary", page.t("template.differences", n=len(differing)))
        with tag("ul", classes="changes"):
            for each in differing:
                with tag("li"):
                    tag("span", f"{each.key} ", "quiet mono")
                    if each.before is not None:
                        tag("del", each.before[:200])
                    if each.after is not None:
                        tag("ins", each.after[:200])


def _version_actions(page: TemplatePage, one: Version) -> None:
    t = page.t

    async def back() -> None:
        if not page.refused():
            await _back_to(page, one)

    with tag("div", classes="actions"):
        if one.state is State.PUBLISHED:
            button = tag("button", t("template.retire"), "button danger small", type="button")
            button.on("click", lambda: retire(page))
        else:
            name = "template.publish_draft" if one.state is State.DRAFT else "template.back_to"
            button = tag("button", t(name), "button second small", type="button",
                         aria_label=f"{t(name)} {one.number}")  # fmt: skip
            button.on("click", back)


async def _back_to(page: TemplatePage, one: Version) -> None:
    """The older text as a new version, through the gate; a draft is published as it is."""
    editing, visit = page.editing, page.visit
    if one.state is State.DRAFT:
        await Gate(page, publishing(one)).open()
        return
    if editing.steps:
        await visit.run(
            save_draft, editing.catalog, editing.key, editing.text, based_on=editing.based_on,
            author=editing.author, reason=page.t("template.saved_because"),
            program_id=editing.layer,
        )  # fmt: skip
    made = await visit.run(
        roll_back, editing.catalog, editing.key, one.number, author=editing.author,
        reason=page.t("template.back_because", n=one.number), program_id=editing.layer,
    )  # fmt: skip
    if isinstance(made, Unchanged):
        made = made.version
    if isinstance(made, Version) and made.state is State.DRAFT:
        await Gate(page, publishing(made)).open()
    elif isinstance(made, Refused):
        ui.notify(refusal(page.t, made), type="negative")
