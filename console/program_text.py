"""A program's text as its authors write it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from console.code_editor import CodeEditor, Mistake
from console.html import form, link, tag
from console.visit import Visit
from console.words import Words
from preuve.loyalty.programs.versions import Refused, checked


def draw_text(
    visit: Visit, text: str, errors: Refused | None, save: Callable[[str, str], Awaitable[None]]
) -> None:
    """The text, checked as one types; `save` gets it with the reason."""
    t, key = visit.t, visit.program.program

    async def typed(text: str) -> None:
        program = await visit.run(checked, key, text, 0)
        editor.show(_mistakes(t, program) if isinstance(program, Refused) else ())

    async def done() -> None:
        await save(editor.text, reason.value or "")

    with tag("div", classes="card panel", data_unsaved=True):
        editor = CodeEditor(t, text, t("programs.text.label"), typed)
        editor.show(_mistakes(t, errors) if errors else ())
        if visit.query.get("line", "").isdecimal():
            editor.go_to(int(visit.query["line"]))
        with form("reasoned"):
            reason = ui.input(t("programs.text.reason")).props("outlined dense maxlength=200")
            tag("button", t("programs.form.save"), "button", type="submit").on("click", done)


def draw_mistakes(visit: Visit, refused: Refused) -> None:
    """What is wrong with a draft; each mistake leads to its line in the text."""
    t, mistakes = visit.t, _mistakes(visit.t, refused)
    tag("p", t("programs.invalid", n=len(mistakes)), "told told-bad", role="alert")
    with tag("ul", classes="mistakes"):
        for one in mistakes:
            with tag("li"):
                target = visit.link("/programs", view="text", line=one.line)
                link(t("code.line", n=one.line), target)
                tag("span", one.text)


def _mistakes(t: Words, refused: Refused) -> list[Mistake]:
    """Where the text is another program's, that is told of its first line."""
    if not refused.errors:
        return [Mistake(1, f"{t.told(refused.why)}. {t.told(refused.remedy)}")]
    return [
        Mistake(error.line, f"{error.where} {t.told(error.message)}".strip())
        for error in refused.errors
    ]
