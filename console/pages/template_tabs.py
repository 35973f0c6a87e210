"""A template's other tabs: its YAML, how it does on other documents, and why it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from console.code_editor import CodeEditor, Mistake
from console.frame import nothing
from console.html import link, tag
from preuve.catalog import drop_sample, keep_sample
from preuve.catalog.trying import Tried
from preuve.catalog.workings import TYPED
from preuve.intake import FieldChange
from preuve.reading.template.source import MAX_BYTES

if TYPE_CHECKING:
    from console.pages.template import TemplatePage

FIELDS_SHOWN = 6


def yaml_tab(page: TemplatePage) -> None:
    """The text, with its mistakes at their lines as one types."""
    t, editing, visit = page.t, page.editing, page.visit

    async def typed(text: str) -> None:
        if text == editing.text or page.refused():
            return
        if len(text.encode(errors="replace")) > MAX_BYTES:
            ui.notify(t("template.too_long"), type="negative")
            return
        await page.change(editing.write, text, TYPED)
        page.changed(by="yaml")

    label, may_write = t("template.yaml_text"), page.may_write
    editor = CodeEditor(t, editing.text, label, typed, may_write=may_write)

    def show() -> None:
        wrong = (Mistake(one.mark.line, t.told(one.message)) for one in editing.errors)
        weak = (Mistake(one.mark.line, t.told(one.message), False) for one in editing.warnings)
        editor.show([*wrong, *weak])

    show()
    if visit.query.get("line", "").isdecimal():
        editor.go_to(int(visit.query["line"]))
    page.shown.append(show)
    page.written["yaml"] = lambda: editor.write(editing.text)


def try_tab(page: TemplatePage) -> None:
    """The other documents with what is in force and with this."""
    t, editing = page.t, page.editing

    async def run() -> None:
        button.props("disabled")
        root.clear()
        with root, tag("p", classes="quiet waiting", role="status"):
            ui.spinner(size="18px")
            tag("span", t("template.trying"))
        tried = await page.visit.run(editing.try_on_others)
        button.props(remove="disabled")
        root.clear()
        with root:
            _tried(page, tried)

    tag("p", t("template.try_told"), "quiet")
    button = tag("button", t("template.try"), "button second", type="button").on("click", run)
    root = tag("div", classes="tried")


def _tried(page: TemplatePage, tried: Sequence[Tried]) -> None:
    t = page.t
    if not tried:
        nothing(t("template.try_none"), t("template.try_none_told"), "description")
        return
    better = sum(one.trusted_after and not one.trusted_before for one in tried)
    worse = sum(one.trusted_before and not one.trusted_after for one in tried)
    taken = sum(one.taken for one in tried)
    told = t("template.tried", n=len(tried), taken=taken, better=better, worse=worse)
    tag("p", told, "told told-bad" if worse else "told told-good")
    region = tag("div", classes="table-scroll", tabindex="0", role="region", aria_label=told)
    with region, tag("table", classes="list"):
        with tag("thead"), tag("tr"):
            for name in ("document", "known", "verdict", "changes", "sample"):
                tag("th", t(f"template.column.{name}"), scope="col")
        with tag("tbody"):
            for one in tried:
                _tried_row(page, one)


def _tried_row(page: TemplatePage, one: Tried) -> None:
    t = page.t
    with tag("tr"):
        with tag("td"):
            target = page.address(receipt=one.receipt_id)
            link(one.receipt_id[-8:], target, "mono", title=one.receipt_id)
        with tag("td"):
            name = "known" if one.taken else "unknown"
            tag("span", t(f"template.{name}"), f"chip chip-{'good' if one.taken else 'bad'}")
        with tag("td"):
            sides = [t(f"template.sure.{side}") for side in (one.trusted_before, one.trusted_after)]
            same = sides[0] == sides[1]
            tag("span", sides[1] if same else t("template.turns", before=sides[0], after=sides[1]))
        with tag("td"):
            changes(page, one.fields)
        with tag("td"):
            _sample(page, one)


def changes(page: TemplatePage, fields: Sequence[FieldChange]) -> None:
    """Fields that are read otherwise: before and after."""
    t = page.t
    with tag("ul", classes="changes"):
        for field in fields[:FIELDS_SHOWN]:
            with tag("li"):
                key = f"template.field.{field.field}"
                name = t(key) if t.has(key) else field.field.removeprefix("fields.")
                tag("span", f"{name} ", "quiet")
                tag("del", (field.before or "–")[:80])
                tag("span", " → ")
                tag("ins", (field.after or "–")[:80])
        if len(fields) > FIELDS_SHOWN:
            tag("li", t("template.more_fields", n=len(fields) - FIELDS_SHOWN), "quiet")


def _sample(page: TemplatePage, one: Tried) -> None:
    """Keeps the document as a sample of the template, or drops it."""
    t, editing, visit = page.t, page.editing, page.visit
    state = {"kept": one.sample}

    async def turn() -> None:
        if page.refused():
            return
        ground, program = visit.rooms.ground, visit.program.program
        if state["kept"]:
            await visit.run(drop_sample, ground, editing.key, one.receipt_id, editing.layer)
        else:
            await visit.run(
                keep_sample, ground, editing.key, one.receipt_id, receipt_program=program,
                author=editing.author, program_id=editing.layer,
            )  # fmt: skip
        state["kept"] = not state["kept"]
        said()

    def said() -> None:
        button.text = t(f"template.sample.{'drop' if state['kept'] else 'keep'}")
        button.props["aria-label"] = f"{button.text} {one.receipt_id}"

    if page.may_write:
        button = tag("button", "", "as-link", type="button").on("click", turn)
        said()
    elif one.sample:
        tag("span", t("template.sample.kept"), "chip")


def why_tab(page: TemplatePage) -> None:
    """What speaks for and against taking the template for the document, in words."""
    t, editing = page.t, page.editing
    root = tag("div", classes="findings")

    def show() -> None:
        root.clear()
        with root:
            if editing.trial is None:
                tag("p", t("template.no_trial"), "quiet")
                return
            told = editing.trial.explanation
            score = t.percent(told.score)
            needed = t.percent(told.threshold)
            said = t(f"template.outcome.{told.outcome}", score=score, needed=needed)
            tag("p", said, f"told {'told-good' if told.outcome == 'taken' else 'told-warn'}")
            if not told.evidence:
                tag("p", t("template.no_evidence"), "quiet")
            with tag("ul", classes="evidence"):
                for one in told.evidence:
                    with tag("li"):
                        kind = {"found": "good", "dropped": "warn", "near": "info"}.get(one.status)
                        tag("span", t(f"template.evidence.{one.status}"),
                            f"chip chip-{kind}" if kind else "chip")  # fmt: skip
                        tag("span", t(f"template.clue.{one.kind}"), "quiet")
                        # What a pattern found says more than the pattern.
                        if one.kind != "pattern" or one.row is None:
                            tag("strong", one.phrase)
                        if one.row is not None:
                            tag("span", t("template.row", n=one.row, text=one.text[:60]), "quiet")
            idle = [use.key for use in told.keys if not use.rows]
            own = [_called(page, key) for key in idle if _is_own(page, key)]
            if own:
                tag("p", t("template.idle", keys=", ".join(own)), "quiet")

    show()
    page.shown.append(show)


def _called(page: TemplatePage, key: str) -> str:
    """What the form calls the key."""
    name, _, more = key.partition(" ")
    if name.startswith("fields."):
        return page.values.title(name)
    told = f"template.key.{name}"
    return f"{page.t(told) if page.t.has(told) else name} {more}".strip()


def _is_own(page: TemplatePage, key: str) -> bool:
    """Whether the template itself has the key, not only what it extends."""
    return bool(page.editing.value(*key.partition(" ")[0].split(".")))
