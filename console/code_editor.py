"""A text that is written by hand, with its mistakes beside their lines as one types."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from console.html import tag
from console.words import Words

PAUSE = 0.25
"""Seconds without a key pressed after which what was typed is looked at."""

NAMED = """
const named = () => {
  const text = document.querySelector(".code .cm-content");
  text?.setAttribute("aria-label", %s);
  document.querySelector(".code .cm-scroller")?.setAttribute("tabindex", "0");
  return text;
};
if (!named()) {
  new MutationObserver((_, observer) => {
    if (named()) observer.disconnect();
  }).observe(document.body, { childList: true, subtree: true });
}
"""
"""Gives the code editor, once it is there, the name and the way by keyboard that it leaves out."""

GO = """
const view = getElement(%d).editor;
view.dispatch({ selection: { anchor: view.state.doc.line(%d).from } });
view.focus();
"""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is told of a line (from 1); `grave` keeps the text from being used."""

    line: int
    text: str
    grave: bool = True


class Newest:
    """Has the newest text looked at after each pause in typing. One look at a time, so that what
    is told of an older text never comes after what is told of a newer one."""

    def __init__(self, text: str, look: Callable[[str], Awaitable[None]]) -> None:
        self.text = text
        self._look = look
        self._looking = asyncio.Lock()

    async def typed(self, text: str) -> None:
        if text == self.text:
            return
        self.text = text
        await asyncio.sleep(PAUSE)
        async with self._looking:
            if text == self.text:
                await self._look(text)


class CodeEditor:
    """One a page. `on_typed` gets the text after each pause in typing."""

    def __init__(
        self,
        t: Words,
        text: str,
        label: str,
        on_typed: Callable[[str], Awaitable[None]],
        *,
        may_write: bool = True,
    ) -> None:
        self._t = t
        self._newest = Newest(text, on_typed)
        self._was_typed_in = False
        self._listed: list[tuple[int, Mistake]] = []
        with tag("div", classes="code"):
            self._editor = ui.codemirror(
                text, language="YAML", theme="githubLight", on_change=self._typed
            )
            if not may_write:
                self._editor.disable()
            with tag("div", role="status"):
                self._list = tag("ul", classes="mistakes")
        ui.run_javascript(NAMED % json.dumps(label))

    @property
    def text(self) -> str:
        return self._editor.value or ""

    def write(self, text: str) -> None:
        """Puts another text in its place: nobody typed it."""
        self._newest.text = text
        self._editor.set_value(text)

    def show(self, mistakes: Sequence[Mistake]) -> None:
        """These mistakes, in place of those before, behind their lines and in a list."""
        lines = self.text.split("\n")
        ends = list(accumulate((len(one) + 1 for one in lines), initial=-1))
        at: dict[int, list[Mistake]] = defaultdict(list)
        for one in sorted(mistakes, key=lambda one: (one.line, not one.grave)):
            at[min(max(one.line, 1), len(lines))].append(one)
        decorations = [
            decoration
            for line, told in at.items()
            for decoration in (
                {"kind": "line", "line": line, "class": _style("code-line", told)},
                {
                    "kind": "widget",
                    "position": ends[line],
                    "text": " · ".join(one.text for one in told),
                    "class": _style("code-told", told),
                },
            )
        ]
        if self._was_typed_in:
            # As a prop they would come with the whole text as it was here just now, which takes
            # back what was typed meanwhile.
            self._editor.run_method("setDecorations", decorations)
        else:
            self._editor.decorations = decorations
        self._list_them([(line, one) for line, told in at.items() for one in told])

    def go_to(self, line: int) -> None:
        """Shows a line and puts the cursor there."""
        line = min(max(line, 1), self.text.count("\n") + 1)
        self._editor.reveal_line(line)
        ui.run_javascript(GO % (self._editor.id, line))

    def _list_them(self, mistakes: list[tuple[int, Mistake]]) -> None:
        if mistakes == self._listed:
            return  # a button that is pressed just now stays the one that is heard
        self._listed = mistakes
        self._list.clear()
        with self._list:
            for line, one in mistakes:
                self._entry(line, one)

    def _entry(self, line: int, one: Mistake) -> None:
        with tag("li", classes="" if one.grave else "only-warns"):
            tag("button", self._t("code.line", n=line), "as-link", type="button").on(
                "click", lambda: self.go_to(line)
            )
            tag("span", one.text)

    async def _typed(self, event: ValueChangeEventArguments[str]) -> None:
        self._was_typed_in = True
        await self._newest.typed(event.value)


def _style(name: str, told: Sequence[Mistake]) -> str:
    return f"{name} {name}-{'wrong' if any(one.grave for one in told) else 'warns'}"
