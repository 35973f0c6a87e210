"""The boxes of a correction as a page draws them: header fields, own fields, the table of items."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal

from nicegui import ui
from nicegui.events import GenericEventArguments

from console.correction import COLUMNS, Column, Entered, Entry, Form, Line, Shown
from console.desk import InHand
from console.html import Tag, tag
from console.picture import Mark, Tone
from console.words import Words
from preuve.intake import WordAt

LONGEST = 200
"""Characters of a box: more than any value has."""
SURE = 0.8


class Correcting:
    """The boxes of one receipt. `entered` is awaited after each change, with all that stands."""

    def __init__(
        self, t: Words, in_hand: InHand, entered: Callable[[Entered], Awaitable[None]]
    ) -> None:
        self._t = t
        self._in_hand = in_hand
        self._entered = entered
        self.form = Form(in_hand.reading, in_hand.entered, t.language)
        self.active = ""
        self._boxes: dict[str, _Box] = {}
        self._table: Tag | None = None
        self._sum: Tag | None = None

    def draw(self) -> None:
        doubted = {reason.field for reason in self._in_hand.receipt.reasons}
        with tag("div", classes="review-fields").on(
            "focusin", self._activate, js_handler="(e) => emit(e.target.dataset.field)"
        ):
            for shown in self.form.fields():
                self._draw_field(shown, doubted)
            tag("h2", self._t("review.items"))
            self._table = tag("table", classes="review-items")
            self._draw_lines()
            with tag("p", classes="review-sum"):
                self._sum = tag("span", role="status")
                tag("button", self._t("review.add_item"), "button second small", type="button").on(
                    "click", self._add_line
                )
        self._tell_sum()

    def marks(self) -> list[Mark]:
        """Where the values stand on the document."""
        fields = [
            Mark(shown.name, shown.place, self.title(shown.name), _tone(shown))
            for shown in self.form.fields()
            if shown.place
        ]
        lines = [
            Mark(f"items.{at}", place, line.cells["description"].text, "item")
            for at, line in enumerate(self.form.lines())
            if (place := self.form.place_of(line))
        ]
        return [*fields, *lines]

    def title(self, name: str) -> str:
        if name.startswith("items."):
            _, number, column = name.split(".")
            told = self._t(f"review.field.{column}")
            return self._t("review.item", n=int(number) + 1, column=told)
        if name.startswith("fields."):
            return next(shown.title for shown in self.form.fields() if shown.name == name)
        return self._t(f"review.field.{name}")

    async def type(self, name: str, text: str, *, left: bool = True) -> None:
        """Takes what was typed into a box; `left`: the person is through with it."""
        box = self._boxes.get(name)
        if box is None:
            return
        if text != box.entry.text:
            entry = self.form.from_typing(text[:LONGEST], _column(name), self._in_hand.paper)
            box.entry = entry
            await self._enter(name, entry)
        if left and name in self._touched():
            box.show(box.entry, self._note(name))

    async def type_all(self, values: Mapping[str, object]) -> None:
        """Takes the boxes as they stand in the browser, heard of or not."""
        for name, text in values.items():
            await self.type(name, str(text))

    async def point(self, at: Sequence[WordAt]) -> bool:
        """Takes the words for the active box; False where they say no such value."""
        entry = self.form.from_words(
            self._in_hand.pages, at, _column(self.active), self._in_hand.paper
        )
        if entry is None:
            return False
        await self._enter(self.active, entry)
        self._boxes[self.active].show(entry, self._note(self.active))
        return True

    def mark_wrong(self) -> str | None:
        """Shows what is not understood; gives the first such box."""
        wrong = self.form.wrong()
        for name in wrong:
            self._boxes[name].note(self._note(name))
        return next(iter(wrong), None)

    def at(self, words: Sequence[WordAt]) -> str | None:
        """The box whose value stands on the first of these words."""
        pages = {page.number: page for page in self._in_hand.pages}
        for word in words[:1]:
            x, y = pages[word.page].rows[word.row].words[word.word].box.center
            for mark in self.marks():
                box = mark.place.box
                here = box.left <= x <= box.right and box.top <= y <= box.bottom
                if mark.place.page == word.page and here:
                    return f"{mark.key}.amount" if mark.key.startswith("items.") else mark.key
        return None

    def activate(self, name: str) -> None:
        """Makes a box the one that words on the picture are for."""
        if name in self._boxes and name != self.active:
            if self.active in self._boxes:
                self._boxes[self.active].root.classes(remove="active")
            self._boxes[name].root.classes("active")
            self.active = name

    def _activate(self, event: GenericEventArguments) -> None:
        self.activate(str(event.args))

    async def _enter(self, name: str, entry: Entry) -> None:
        entered = self.form.entered
        if name.startswith("items."):
            lines, at = list(self.form.lines()), int(name.split(".")[1])
            cells = {**lines[at].cells, _cell(name): entry}
            lines[at] = lines[at].model_copy(update={"cells": cells})
            entered = entered.with_lines(lines)
        else:
            entered = entered.with_value(name, entry)
        self.form = Form(self.form.reading, entered, self._t.language)
        self._tell_sum()
        await self._entered(entered)

    def _touched(self) -> set[str]:
        lines = self.form.entered.lines or ()
        cells = {f"items.{at}.{column}" for at in range(len(lines)) for column in COLUMNS}
        return {*self.form.entered.values, *cells}

    def _note(self, name: str) -> str:
        wrong = self.form.wrong().get(name)
        if wrong is None:
            return self._t("review.entered")
        if wrong == "empty":
            return self._t("review.wrong.empty")
        key = f"review.example.{_column(name)}"
        example = self._t(key if self._t.has(key) else "review.example.other")
        return self._t("review.wrong.not_understood", example=example)

    def _draw_field(self, shown: Shown, doubted: set[str | None]) -> None:
        doubtful = shown.name in doubted or shown.name.removeprefix("fields.") in doubted
        title = self.title(shown.name)
        with tag("div", classes="review-field") as root:
            tag("label", title, for_=f"box-{shown.name}")
            box = self._box(root, shown.name, shown.entry, title, doubtful, self._options(shown))
            note, kind = self._said_of(shown, doubtful)
            box.note(note, kind)

    def _said_of(self, shown: Shown, doubtful: bool) -> tuple[str, str]:
        if shown.entered:
            return self._note(shown.name), "bad" if shown.name in self.form.wrong() else "info"
        if shown.confidence is None:
            return self._t("review.not_read"), "warn" if doubtful else "quiet"
        told = self._t("review.sure", share=self._t.percent(shown.confidence))
        return told, "warn" if doubtful or shown.confidence < SURE else "good"

    def _options(self, shown: Shown) -> tuple[str, ...]:
        """What else the paper may say, each as it would be typed."""
        texts = dict.fromkeys(candidate.strip() for candidate in shown.others)
        return tuple(text for text in texts if text and text != shown.entry.text)

    def _box(
        self,
        root: Tag,
        name: str,
        entry: Entry,
        title: str,
        doubtful: bool = False,
        options: tuple[str, ...] = (),
        width: str = "",
    ) -> _Box:
        element = tag(
            "input",
            classes=width,
            id=f"box-{name}",
            maxlength=LONGEST,
            autocomplete="off",
            spellcheck="false",
            data_field=name,
            data_mark=None if name.startswith("items.") else name,
            data_doubt=doubtful,
            data_options=json.dumps(options) if options else None,
            title=self._t("review.options") if options else None,
            aria_label=title if name.startswith("items.") else None,
            aria_describedby=f"note-{name}",
        )

        # As an attribute: NiceGUI's Vue sets a property again whenever it draws anything, and so
        # would undo what is being typed.
        element.props["^value"] = entry.text

        async def typing(event: GenericEventArguments) -> None:
            await self.type(name, str(event.args), left=False)

        async def left(event: GenericEventArguments) -> None:
            await self.type(name, str(event.args))

        take = "(e) => emit(e.target.value)"
        element.on("input", typing, throttle=0.4, leading_events=False, js_handler=take)
        element.on("change", left, js_handler=take)
        note = tag("span", classes="review-note", id=f"note-{name}")
        self._boxes[name] = _Box(root, element, note, entry)
        return self._boxes[name]

    def _draw_lines(self) -> None:
        if self._table is None:
            return
        for name in [name for name in self._boxes if name.startswith("items.")]:
            del self._boxes[name]
        self._table.clear()
        with self._table:
            with tag("thead"), tag("tr"):
                for column in COLUMNS:
                    tag("th", self._t(f"review.field.{column}"), column, scope="col")
                tag("td")
            with tag("tbody"):
                for at, line in enumerate(self.form.lines()):
                    self._draw_line(at, line)

    def _draw_line(self, at: int, line: Line) -> None:
        wrong = self.form.wrong()
        with tag("tr", data_mark=f"items.{at}"):
            for column in COLUMNS:
                name = f"items.{at}.{column}"
                with tag("td", classes=column) as cell:
                    box = self._box(cell, name, line.cells[column], self.title(name))
                    if name in wrong:
                        box.note(self._note(name))
            with tag("td"):
                told = self._t("review.remove_item", n=at + 1)
                tag("button", "✕", "as-link", type="button", aria_label=told, title=told).on(
                    "click", lambda: self._remove_line(at)
                )

    async def _add_line(self) -> None:
        lines = self.form.lines()
        empty: dict[Column, Entry] = {column: Entry(text="") for column in COLUMNS}
        await self._set_lines([*lines, Line(cells=empty)])
        name = f"items.{len(lines)}.description"
        self.activate(name)
        ui.run_javascript(f"preuve.review.focus({json.dumps(name)})")

    async def _remove_line(self, at: int) -> None:
        await self._set_lines([line for n, line in enumerate(self.form.lines()) if n != at])

    async def _set_lines(self, lines: Sequence[Line]) -> None:
        entered = self.form.entered.with_lines(lines)
        self.form = Form(self.form.reading, entered, self._t.language)
        self._draw_lines()
        self._tell_sum()
        await self._entered(entered)

    def _tell_sum(self) -> None:
        if self._sum is None:
            return
        total, summed = self.form.total(), self.form.sum_of_lines()
        currency = self.form.currency()
        if not self.form.lines() or total is None:
            text, kind = "", ""
        elif summed is None:
            text, kind = self._t("review.sum.open"), "warn"
        elif summed == total:
            text, kind = self._t("review.sum.fits", sum=self._t.money(summed, currency)), "good"
        else:
            text = self._t(
                "review.sum.differs",
                sum=self._t.money(summed, currency),
                difference=self._t.money(Decimal(total - summed), currency),
            )
            kind = "warn"
        self._sum.text = text
        self._sum.classes(replace=f"said-{kind}" if kind else "")


class _Box:
    """One box: its element, the line below it that says what is thought of it."""

    def __init__(self, root: Tag, element: Tag, note: Tag, entry: Entry) -> None:
        self.root, self._element, self._note, self.entry = root, element, note, entry

    def show(self, entry: Entry, note: str) -> None:
        """Shows the entry, which did not come from this box, or the person is through with it."""
        self.entry = entry
        told = json.dumps([self._element.props["data-field"], entry.text])
        self._element.client.run_javascript(f"preuve.review.write(...{told})")
        self.note(note, "info" if entry.value is not None or not entry.text.strip() else "bad")

    def note(self, text: str, kind: str = "bad") -> None:
        self._note.text = text
        self._note.classes(replace=f"review-note said-{kind}")
        self._element.props["aria-invalid"] = "true" if kind == "bad" else "false"
        self._element.update()


def _tone(shown: Shown) -> Tone:
    if shown.entered or shown.confidence is None:
        return "good"
    return "warn" if shown.confidence < SURE else "plain"


def _column(name: str) -> str:
    """What the text of a box is understood as."""
    return name.rsplit(".", 1)[1] if name.startswith("items.") else name


def _cell(name: str) -> Column:
    return next(column for column in COLUMNS if name.endswith(f".{column}"))
