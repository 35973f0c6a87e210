"""A receipt's pages as pictures with boxes over them.

A value on the page that carries `data_mark="total"` (see `html.tag`) and the box of the mark
`total` light each other up: by pointing at either, by the focus on the value, and a click on the
box gives the value the focus. That happens in the browser alone; `on_mark` tells the server too.

In the mode "words" a click on a word, or a frame drawn around several, tells `on_words`; where
there is `on_box` a frame tells that instead, with words in it or none. By keyboard, with the focus
on the picture: arrows and Enter for words, with Shift for a frame, + - 0 to zoom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from console.visit import Visit
from preuve.reading.page import Box, Page, Pages, Point
from preuve.reading.result import Place

Mode = Literal["look", "words"]
Tone = Literal["plain", "good", "warn", "bad", "item", "zone"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A box: the value's key, where it stands, and what is said on pointing at it."""

    key: str
    place: Place
    label: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class WordPlace:
    """A word by its place in what was read: page (from 1), row and word there (from 0)."""

    page: int
    row: int
    word: int

    @property
    def key(self) -> str:
        return f"{self.page}-{self.row}-{self.word}"

    @classmethod
    def of(cls, key: str) -> WordPlace:
        page, row, word = (int(part) for part in key.split("-"))
        return cls(page, row, word)


class ReceiptPicture(Element, component="picture.js"):
    """The pages of one receipt. What is drawn within stands beside the tools for zooming."""

    def __init__(
        self,
        visit: Visit,
        receipt_id: str,
        pages: Pages,
        marks: Sequence[Mark] = (),
        *,
        mode: Mode = "look",
        with_words: bool = False,
        on_mark: Callable[[str], Any] | None = None,
        on_words: Callable[[tuple[WordPlace, ...], bool], Any] | None = None,
        on_box: Callable[[Place, tuple[WordPlace, ...], bool], Any] | None = None,
    ) -> None:
        """`on_words` gets the words and whether they come to those picked before (Shift);
        `on_box` the frame's place before them."""
        super().__init__()
        self._pages: Mapping[int, Page] = {page.number: page for page in pages}
        t = visit.t
        self._props["pages"] = [
            {
                "number": page.number,
                "width": page.turned_size[0],
                "height": page.turned_size[1],
                "src": visit.link(
                    f"/receipts/{receipt_id}/pages/{page.number}", turned=page.quarters
                ),
                "alt": t("picture.page", n=page.number),
            }
            for page in pages
        ]
        self._props["mode"] = mode
        self._props["words"] = list(_words(pages)) if with_words else []
        self._props["boxes"] = on_box is not None
        self._props["texts"] = {
            name: t(f"picture.{name}")
            for name in ("tools", "smaller", "fit", "larger", "picture", "gone", "coming")
        }
        self.show(marks)
        if on_mark:
            self.on("mark", lambda event: on_mark(str(event.args["key"])))
        if on_words:
            self.on("words", lambda event: on_words(*_picked(event)))
        if on_box:
            self.on("box", lambda event: on_box(self._drawn(event), *_picked(event)))

    def show(self, marks: Sequence[Mark]) -> None:
        """Draws these boxes in place of those before."""
        self._props["marks"] = [
            {
                "key": mark.key,
                "page": mark.place.page,
                "points": _points(self._pages[mark.place.page], mark.place.box),
                "label": mark.label,
                "tone": mark.tone,
            }
            for mark in marks
            if mark.place.page in self._pages
        ]
        self.update()

    def pick(self, words: Sequence[WordPlace]) -> None:
        """Shows these words as picked."""
        self._props["picked"] = [word.key for word in words]
        self.update()

    def _drawn(self, event: GenericEventArguments) -> Place:
        given = event.args
        page = self._pages[int(given["page"])]
        left, top, right, bottom = (
            float(given[side]) for side in ("left", "top", "right", "bottom")
        )
        corners: list[Point] = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return Place(page.number, page.box_at(corners))


def _picked(event: GenericEventArguments) -> tuple[tuple[WordPlace, ...], bool]:
    return tuple(map(WordPlace.of, event.args["keys"])), bool(event.args["more"])


def _words(pages: Pages) -> Iterator[dict[str, Any]]:
    rows = count()
    for page in pages:
        for number, row in enumerate(page.rows):
            through_all = next(rows)
            for index, word in enumerate(row.words):
                yield {
                    "key": WordPlace(page.number, number, index).key,
                    "page": page.number,
                    "row": through_all,
                    "points": _points(page, word.box),
                    "text": word.text,
                }


def _points(page: Page, box: Box) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in page.turned_outline(box))
