"""The document beside a template: words to click, frames to draw, and what they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from console.editing import ZONES
from console.frame import nothing
from console.html import form, tag
from console.picture import Mark, ReceiptPicture, Tone, WordPlace
from preuve.catalog.outcomes import SURE
from preuve.reading.page import Box, Word
from preuve.reading.result import Place
from preuve.reading.template.drafting.pointing import Pointed

if TYPE_CHECKING:
    from console.pages.template import TemplatePage

FIELDS = ("retailer", "total", "purchased_on", "receipt_number", "items", "recognize")
"""What clicked words may be, besides a field of the template's own."""


class Document:
    """The left side: the paper, and a bar below it that asks what was clicked.

    Below, because a paper that moved as the bar grows would move from under the mouse.
    """

    def __init__(self, page: TemplatePage) -> None:
        self.page, self.t, self.editing = page, page.t, page.editing
        self.picture: ReceiptPicture | None = None
        self.armed: str | None = None
        """The field that the next click is for."""
        self.said: tuple[str, str] | None = None
        """What came of the last click, and whether it is good, to warn of, or bad."""
        self.chosen: list[WordPlace] = []
        self.drawn: Place | None = None
        """The frame that was drawn around them."""

    def draw(self) -> None:
        t, editing = self.t, self.editing
        self._chooser()
        if not editing.pages:
            nothing(t("template.no_paper"), t("template.no_paper_told"), "description")
            return
        self.picture = ReceiptPicture(
            self.page.visit,
            editing.receipt_id or "",
            editing.pages,
            self._marks(),
            mode="words" if self.page.may_write else "look",
            with_words=True,
            on_words=self._words,
            on_box=self._box,
        )
        self.bar = tag("div", classes="ask", role="status", aria_live="polite")
        self._ask()
        self.page.shown.append(self._show_marks)

    def arm(self, field: str | None) -> None:
        """The next click on the paper is this field's value."""
        self.armed, self.said = field, None
        self._let_go()
        if self.picture and field:
            ui.run_javascript("document.querySelector('.picture-pages').focus()")
        self._ask()

    def _chooser(self) -> None:
        """Which document stands beside the template."""
        t, editing = self.t, self.editing
        documents = editing.receipts
        if len(documents) < 2:
            return

        async def look(event: object) -> None:
            chosen = str(getattr(event, "args", ""))
            if chosen in documents:
                self.page.visit.go(self.page.address(receipt=chosen))

        with tag("label", classes="inline"):
            tag("span", t("template.beside"))
            with tag("select").on("change", look, js_handler="(e) => emit(e.target.value)"):
                for at, one in enumerate(documents, 1):
                    told = t("template.nth", n=at, of=len(documents))
                    tag("option", told, value=one, selected=one == editing.receipt_id)

    def _marks(self) -> list[Mark]:
        """What was read and the zones that it is looked for in; above them what was drawn."""
        zones = [
            Mark(
                f"zone.{field}", place, self.t("template.zone_of", name=self._title(field)), "zone"
            )
            for field, places in self.editing.zones().items()
            for place in places
        ]
        drawn = [Mark("drawn", self.drawn, "", "plain")] if self.drawn else []
        return [*zones, *marks_of(self.page), *drawn]

    def _show_marks(self) -> None:
        if self.picture:
            self.picture.show(self._marks())

    def _let_go(self) -> None:
        """Nothing is chosen any more."""
        self.chosen, self.drawn = [], None
        if self.picture:
            self.picture.pick([])
            self._show_marks()

    async def _words(self, words: Sequence[WordPlace], more: bool) -> None:
        await self._take(words, None, more)

    async def _box(self, place: Place, words: Sequence[WordPlace], more: bool) -> None:
        await self._take(words, None if more else place, more)

    async def _take(self, words: Sequence[WordPlace], drawn: Place | None, more: bool) -> None:
        if not self.page.may_write or not self.picture:
            return
        self.said, self.drawn = None, drawn
        self.chosen = list(dict.fromkeys((*(self.chosen if more else ()), *words)))
        self.picture.pick(self.chosen)
        self._show_marks()
        if self.armed and self.chosen:
            await self._learn(self.armed)
        else:
            self._ask()

    def _ask(self) -> None:
        t, editing = self.t, self.editing
        self.bar.clear()
        with self.bar:
            if self.armed:
                key = "template.empty_frame" if self.drawn else "template.click_it"
                tag("p", t(key, name=self._title(self.armed)), "ask-told")
                tag("button", t("template.cancel"), "as-link", type="button").on(
                    "click", lambda: self.arm(None)
                )
            elif (self.chosen or self.drawn) and editing.pages:
                self._what_is_it()
            else:
                if self.said:
                    tag("p", self.said[0], f"told told-{self.said[1]}")
                if self.page.may_write:
                    tag("p", t("template.click_words"), "quiet")

    def _what_is_it(self) -> None:
        """What the chosen words may be, and what may be looked for around them alone."""
        t = self.t
        if self.chosen:
            said = " ".join(word.text for _, word in self._picked())
            tag("p", t("template.what_is", words=said[:80]), "ask-told")
            with tag("div", classes="asked"):
                for field in (*FIELDS, *self._own()):
                    self._option(field, self._learn)
                self._naming()
        else:
            tag("p", t("template.nothing_framed"), "ask-told")
        with tag("details", open=self.drawn is not None):
            tag("summary", t("template.only_here"), "quiet")
            with tag("div", classes="asked"):
                for field in (*ZONES, *self._own()):
                    self._option(field, self._limit, "template.only_here_label")

    def _picked(self) -> list[tuple[int, Word]]:
        """The chosen words with their pages' numbers, in the order in which they are read."""
        pages = {page.number: page for page in self.editing.pages or ()}
        found = []
        for at in sorted(self.chosen, key=lambda one: (one.page, one.row, one.word)):
            rows = pages[at.page].rows if at.page in pages else ()
            words = rows[at.row].words if 0 <= at.row < len(rows) else ()
            if 0 <= at.word < len(words):
                found.append((at.page, words[at.word]))
        return found

    def _own(self) -> list[str]:
        own = self.editing.value("fields")
        return [f"fields.{name}" for name in own] if isinstance(own, dict) else []

    def _title(self, field: str) -> str:
        return self.page.values.title(field)

    def _option(
        self, field: str, work: Callable[[str], Awaitable[None]], label: str | None = None
    ) -> None:
        async def chosen() -> None:
            await work(field)

        name = self._title(field)
        said = self.t(label, name=name) if label else None
        tag("button", name, "button second small", type="button", aria_label=said).on(
            "click", chosen
        )

    def _naming(self) -> None:
        t = self.t

        async def named() -> None:
            title = (name.value or "").strip()[:100]
            if title:
                await self._learn("new", title)

        with form("naming"):
            name = ui.input(placeholder=t("template.own_name")).props(
                f'dense outlined maxlength=100 aria-label="{t("template.own_name")}"'
            )
            tag("button", t("template.own_add"), "button second small", type="submit").on(
                "click", named
            )

    async def _learn(self, field: str, title: str = "") -> None:
        page, t, editing = self.page, self.t, self.editing
        if page.refused() or not editing.pages:
            return
        places = [Place(page, word.box) for page, word in self._picked()]
        work = (editing.add_field, title) if field == "new" else (editing.point, field)
        learned = await page.change(work[0], work[1], places)
        self.armed = None
        self._let_go()
        name = title or page.values.title(field)
        if isinstance(learned, Pointed):
            missed = "learned_not_known" if field == "retailer" else "learned_not_read"
            key = "learned" if learned.read else missed
            value = page.values.text(field) if learned.read else None
            said = t(f"template.{key}", name=name, value=value or learned.value)
            self.said = said, "good" if learned.read else "warn"
        elif isinstance(learned, str):
            self.said = t(f"template.unclear.{learned}", name=name), "warn"
        else:
            self.said = t("template.unreadable"), "bad"
        page.changed()
        self._ask()

    async def _limit(self, field: str) -> None:
        """Where the frame is, or the chosen words are, is where the field is looked for."""
        page, t = self.page, self.t
        place = self.drawn or self._around()
        if page.refused() or place is None:
            return
        done = await page.change(self.editing.limit, field, place)
        self._let_go()
        value = page.values.text(field) if done else None
        if not done:
            self.said = t("template.unreadable"), "bad"
        elif value is None:
            self.said = t("template.zone_set_nothing", name=self._title(field)), "warn"
        else:
            self.said = t("template.zone_set", name=self._title(field), value=value), "good"
        page.changed()
        self._ask()

    def _around(self) -> Place | None:
        """The frame around the chosen words, with half a row's height to spare."""
        picked = self._picked()
        if not picked:
            return None
        number = picked[0][0]
        boxes = [word.box for page, word in picked if page == number]
        around, more = Box.around(boxes), max(box.height for box in boxes) / 2
        return Place(
            number,
            Box(around.left - more, around.top - more, around.right + more, around.bottom + more),
        )


def marks_of(page: TemplatePage) -> list[Mark]:
    """Everything that was read with a place."""
    trial, title = page.editing.trial, page.values.title
    if trial is None:
        return []
    reading, found = trial.reading, []
    for name in ("purchased_on", "total", "receipt_number"):
        value = getattr(reading, name)
        if value is not None and value.place:
            found.append(Mark(name, value.place, title(name), _tone(value.confidence)))
    clues = [one for one in trial.explanation.evidence if one.status == "found" and one.place]
    for number, clue in enumerate(clues):
        key = f"retailer.{number}" if number else "retailer"
        if clue.place:
            found.append(Mark(key, clue.place, title("retailer"), "good"))
    for number, item in enumerate(reading.items):
        key = f"items.{number}" if number else "items"
        if item.place:
            found.append(Mark(key, item.place, title("items"), "item"))
    for own in reading.fields:
        if own.value and own.value.place:
            tone = _tone(own.value.confidence)
            found.append(Mark(f"fields.{own.name}", own.value.place, own.title, tone))
    return found


def _tone(confidence: float) -> Tone:
    return "good" if confidence >= SURE else "warn"
