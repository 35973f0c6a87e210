"""Publishing a template, past the gate."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nicegui import ui

from console.gating import look
from console.html import form, tag
from console.pages.template_tabs import changes
from console.words import Words
from preuve.catalog import (
    Change,
    Conflict,
    Preview,
    Refused,
    State,
    Unchanged,
    Version,
    merge_texts,
    publish,
    publishing,
    save_draft,
)
from preuve.catalog.difference import template_data
from preuve.catalog.workings import discard

if TYPE_CHECKING:
    from console.pages.template import TemplatePage

DOCUMENTS_SHOWN = 20


async def publish_text(page: TemplatePage) -> None:
    """Saves what the person has written as a version, and takes it to the gate."""
    t, editing, visit = page.t, page.editing, page.visit
    async with page.turn:
        pass  # what was typed just before is published with the rest
    if editing.errors:
        ui.notify(t("template.has_errors"), type="negative")
        return
    saved = await visit.run(
        save_draft, editing.catalog, editing.key, editing.text, based_on=editing.based_on,
        author=editing.author, reason=t("template.saved_because"), program_id=editing.layer,
    )  # fmt: skip
    if isinstance(saved, Conflict):
        await _conflict(page, saved)
        return
    if isinstance(saved, Refused):
        ui.notify(refusal(t, saved), type="negative")
        return
    version = saved.version if isinstance(saved, Unchanged) else saved
    editing.based_on = version.number
    if version.state is not State.DRAFT:
        ui.notify(t("template.nothing_new"), type="info")
        return
    await Gate(page, publishing(version)).open()


async def _conflict(page: TemplatePage, conflict: Conflict[Version]) -> None:
    """Somebody saved another version meanwhile: both are put together where that can be done."""
    t, editing = page.t, page.editing
    merged = merge_texts(conflict.base, conflict.theirs.text, conflict.yours)
    with ui.dialog() as dialog, ui.card(), tag("div", classes="ask-sure"):
        tag("h2", t("template.conflict", who=conflict.theirs.author, n=conflict.theirs.number))
        if merged is None or merged.conflicts:
            tag("p", t("template.conflict_apart"))
            with tag("ul"):
                for one in merged.conflicts if merged else ():
                    tag("li", f"{one.key}: {one.theirs} / {one.yours}")
        else:
            tag("p", t("template.conflict_together"))
        with tag("div", classes="actions"):
            if merged is not None:
                yes = tag("button", t("template.merge"), "button", type="button")
                yes.on("click", lambda: dialog.submit(True))
            no = tag("button", t("template.cancel"), "button second", type="button")
            no.on("click", lambda: dialog.submit(False))
    if await dialog and merged is not None:
        editing.based_on = conflict.theirs.number
        await page.change(editing.write, merged.text, "merged")
        page.changed()


class Gate:
    """The dialog that says what a change would bring, asks why, and does it."""

    def __init__(self, page: TemplatePage, change: Change) -> None:
        self.page, self.t, self.change = page, page.t, change

    async def open(self) -> None:
        t, page = self.t, self.page
        retire_ = self.change.text is None
        with (
            ui.dialog().props(f'persistent aria-label="{t("template.gate")}"') as self.dialog,
            ui.card().classes("gate"),
            tag("section", aria_label=t("template.gate")) as self.body,
        ):
            tag("h2", t("template.gate_retire" if retire_ else "template.gate"))
            self.status = tag("p", t("template.gate_begins"), "quiet", role="status")
            self.bar = ui.linear_progress(0, show_value=False).props(
                f'indeterminate aria-label="{t("template.gate")}"'
            )
            self.told = tag("div", classes="gate-told")
            self.foot = tag("div", classes="gate-foot")
            with self.foot:
                self._cancel()
        self.dialog.open()
        looking = asyncio.ensure_future(
            look(page.visit.rooms.settings, self.change, self._progress)
        )
        # Who closes it does not wait: it may be asked for again at once.
        self.dialog.on_value_change(looking.cancel)
        await asyncio.wait([looking])
        if looking.cancelled() or self.body.is_deleted:
            return
        preview = looking.result()
        with self.body:
            self._show(preview)

    def _progress(self, what: str, done: int, total: int) -> None:
        self.status.text = self.t(f"template.gate_{what}", n=done, of=total)
        if total:
            self.bar.props(remove="indeterminate")
            self.bar.set_value(done / total)

    def _show(self, preview: Preview) -> None:
        t = self.t
        self.bar.delete()
        self.status.text = t(
            "template.gate_changed", n=preview.changed, of=preview.stored,
            seconds=t.number(preview.seconds),
        )  # fmt: skip
        with self.told:
            self._findings(preview)
        self.foot.clear()
        with self.foot:
            if not preview.passed:
                tag("p", t("template.gate_fails"), "told told-bad", role="alert")
                self._cancel()
                return
            self._reason(preview)

    def _findings(self, preview: Preview) -> None:
        t = self.t
        for error in preview.errors:
            tag("p", t.told(error), "told told-bad")
        for sample in preview.samples:
            if not sample.passed:
                with tag("div", classes="told told-bad"):
                    tag("p", t("template.sample_fails", name=sample.sample))
                    if sample.problem:
                        tag("p", t.told(sample.problem))
                    changes(self.page, sample.fields)
        with tag("dl", classes="gate-figures"):
            for program, points in preview.points.items():
                tag("dt", t("template.points_of", name=self._program(program)))
                tag("dd", f"{points:+d}")
            for move in preview.moves:
                tag("dt", t("template.moves", before=move.before, after=move.after))
                tag("dd", t.number(move.count))
            if preview.samples:
                tag("dt", t("template.samples_right"))
                right = sum(sample.passed for sample in preview.samples)
                tag("dd", f"{right} / {len(preview.samples)}")
            for rest in preview.not_replayed:
                tag("dt", t("template.not_replayed"))
                with tag("dd"):
                    tag("span", t.number(rest.count))
                    tag("span", t.told(rest.why), "quiet small")
        if files := _named_files(self.change):
            tag("p", t("template.files_not_tried", n=len(files), names=", ".join(files)), "told")
        if preview.documents:
            self._documents(preview)

    def _documents(self, preview: Preview) -> None:
        t = self.t
        with tag("details"):
            tag("summary", t("template.gate_documents", n=preview.changed))
            with tag("table", classes="list"), tag("tbody"):
                for one in preview.documents[:DOCUMENTS_SHOWN]:
                    with tag("tr"):
                        tag("td", one.receipt_id[-8:], "mono", title=one.receipt_id)
                        with tag("td"):
                            if one.status_before != one.status_after:
                                before, after = (
                                    t(f"template.status.{status}") if status else "–"
                                    for status in (one.status_before, one.status_after)
                                )
                                tag("p", t("template.turns", before=before, after=after))
                            changes(self.page, one.fields)
                        tag("td", f"{one.points_after - one.points_before:+d}", "number")

    def _program(self, key: str) -> str:
        program = self.page.visit.rooms.programs.get(key)
        return program.name if program else key

    def _reason(self, preview: Preview) -> None:
        t, retire_ = self.t, self.change.text is None

        async def confirm() -> None:
            await self._publish(preview, (reason.value or "").strip()[:300])

        with form("reasoned"):
            reason = ui.input(t("template.reason")).props("outlined dense maxlength=300 autofocus")
            with tag("div", classes="actions"):
                name = "template.retire" if retire_ else "template.publish_now"
                tag("button", t(name), "button", type="submit").on("click", confirm)
                self._cancel()

    def _cancel(self) -> None:
        with tag("div", classes="actions"):
            no = tag("button", self.t("template.cancel"), "button second", type="button")
            no.on("click", self.dialog.close)

    async def _publish(self, preview: Preview, reason: str) -> None:
        t, page, visit = self.t, self.page, self.page.visit
        if page.refused():
            return
        if not reason:
            ui.notify(t("template.reason_missing"), type="warning")
            return
        editing = page.editing
        done = await visit.run(
            publish, editing.catalog, preview, actor=editing.author, reason=reason
        )
        if isinstance(done, tuple):
            await visit.run(discard, visit.rooms.ground, editing.key, editing.author, editing.layer)
            self.dialog.close()
            page.visit.go(page.address(tab="versions"))
            return
        self.foot.clear()
        with self.foot:
            said = refusal(t, done) if isinstance(done, Refused) else t("template.stale")
            tag("p", said, "told told-warn", role="alert")
            self._cancel()


def _named_files(change: Change) -> list[str]:
    """The sample files that the text names: reading them takes an OCR engine, which is not here."""
    found = (template_data(change.text or "") or {}).get("samples")
    entries = found if isinstance(found, list) else []
    return [str(one["file"]) for one in entries if isinstance(one, dict) and "file" in one]


def refusal(t: Words, refused: Refused) -> str:
    why = t.told(refused.why)
    return f"{why[:1].upper()}{why[1:]}. {t.told(refused.remedy)}"
