"""What the template reads from the document beside it, value by value, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.editing import Need
from console.html import icon, link, tag
from console.said import own_said
from preuve.catalog.outcomes import SURE
from preuve.reading.result import Reading, Value

if TYPE_CHECKING:
    from console.pages.template import TemplatePage

POINTED = ("retailer", "purchased_on", "total", "receipt_number", "items")
"""The values of every purchase that may be shown on the paper."""


MISTAKES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Shown:
    """One row: the value in words (None: not found), how sure, and whether it must be there."""

    field: str
    text: str | None
    confidence: float | None
    needed: bool


class Values:
    """The table on the right that says what is read, with a way to show each value."""

    def __init__(self, page: TemplatePage) -> None:
        self.page, self.t, self.editing = page, page.t, page.editing

    def draw(self) -> None:
        self.card = tag("section", classes="card read-values", aria_label=self.t("template.values"))
        self._fill()
        self.page.shown.append(self._fill)

    def title(self, field: str) -> str:
        """What people call a field."""
        own = field.removeprefix("fields.")
        if own != field:
            return str(self.editing.value("fields", own, "title") or own.replace("_", " "))
        return self.t(f"template.field.{field}")

    def text(self, field: str) -> str | None:
        """What is read of a field, in words; None where it is not found."""
        trial = self.editing.trial
        rows = self._rows(trial.reading) if trial else ()
        return next((one.text for one in rows if one.field == field), None)

    def _fill(self) -> None:
        t, editing = self.t, self.editing
        self.card.clear()
        with self.card:
            if editing.trial is None:
                if editing.errors:
                    self._mistakes()
                else:
                    tag("p", t("template.no_paper_told"), "quiet")
                return
            self._state()
            label = t("template.values")
            with tag("table", classes="values-table", aria_label=label), tag("tbody"):
                for one in self._rows(editing.trial.reading):
                    self._row(one)

    def _state(self) -> None:
        """Known or not, trusted or not, and what to do about it."""
        t, editing, trial = self.t, self.editing, self.editing.trial
        assert trial is not None, "a state is of a trial"
        needs = editing.needs()
        if editing.errors:
            self._mistakes()
        with tag("div", classes="chips"):
            known = "chip-good" if trial.taken else "chip-bad"
            tag("span", t("template.known" if trial.taken else "template.unknown"), f"chip {known}")
            sure = trial.taken and trial.verdict.status == "trusted"
            tag("span", t("template.trusted" if sure else "template.not_trusted"),
                f"chip {'chip-good' if sure else 'chip-warn'}")  # fmt: skip
        if not needs:
            if not editing.errors:
                tag("p", t("template.all_read"), "told told-good")
            return
        with tag("ul", classes="needs"):
            for need in needs:
                with tag("li"):
                    tag("span", self._need(need))
                    if need.field and self._can_point(need.field):
                        self._show_button(need.field)

    def _mistakes(self) -> None:
        """What has to be mended in the text, each with the way to its line."""
        with tag("div", classes="told told-bad", role="alert"):
            tag("p", self.t("template.mend"))
            with tag("ul", classes="mistakes"):
                for one in self.editing.errors[:MISTAKES_SHOWN]:
                    line = one.mark.line
                    with tag("li"):
                        target = self.page.address(tab="yaml", line=str(line))
                        link(self.t("code.line", n=line), target)
                        tag("span", self.t.told(one.message))

    def _need(self, need: Need) -> str:
        key = f"template.need.{need.key}"
        return self.t(
            key if self.t.has(key) else "template.need.other", detail=self.t.told(need.detail)
        )

    def _can_point(self, field: str) -> bool:
        return field in POINTED or field.startswith("fields.")

    def _rows(self, reading: Reading) -> Iterator[_Shown]:
        t = self.t
        retailer = reading.retailer
        yield self._shown("retailer", retailer, retailer.value.name if retailer else None, reading)
        day, total = reading.purchased_on, reading.total
        yield self._shown("purchased_on", day, t.day(day.value) if day else None, reading)
        currency = reading.currency.value if reading.currency else None
        money = t.money(total.value, currency) if total else None
        yield self._shown("total", total, money, reading)
        number = reading.receipt_number
        yield self._shown("receipt_number", number, number.value if number else None, reading)
        items = t("template.items", n=len(reading.items)) if reading.items else None
        yield _Shown("items", items, None, False)
        for own in reading.fields:
            name = f"fields.{own.name}"
            value = own.value
            text = own_said(own, reading, t)
            yield _Shown(name, text, value.confidence if value else None, own.required)

    def _shown(
        self, field: str, value: Value[Any] | None, text: str | None, reading: Reading
    ) -> _Shown:
        needed = field in reading.requires
        return _Shown(field, text, value.confidence if value else None, needed)

    def _row(self, one: _Shown) -> None:
        t = self.t
        with tag("tr", data_mark=one.field):
            tag("th", self.title(one.field), scope="row")
            with tag("td"):
                if one.text is None:
                    tag("span", t("template.not_found"), "bad" if one.needed else "quiet")
                else:
                    tag("span", one.text)
                    if one.confidence is not None and one.confidence < SURE:
                        tag("span", t("template.unsure"), "chip chip-warn")
            with tag("td", classes="number"):
                self._show_button(one.field)

    def _show_button(self, field: str) -> None:
        if not self.page.may_write:
            return
        label = self.t("template.show_label", name=self.title(field))
        button = tag("button", "", "icon-button", type="button", aria_label=label, title=label)
        with button:
            icon("ads_click")
        button.on("click", lambda: self.page.document.arm(field))
