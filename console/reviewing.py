"""The receipt in hand as the review shows it: picture, why it is doubtful, values, decisions."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from nicegui.events import GenericEventArguments

from console.correcting import Correcting
from console.correction import Entered
from console.desk import InHand
from console.html import Tag, icon, link, tag
from console.picture import ReceiptPicture, WordPlace
from console.visit import Visit
from preuve.intake import REJECT_REASONS, RETAKE_REASONS, WordAt
from preuve.reading.result import Reason
from preuve.reasons import ReasonCode

Handler = Callable[[GenericEventArguments], Awaitable[None]]
ByReason = Callable[[ReasonCode, GenericEventArguments], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Actions:
    """What the buttons do; each gets what stands in the boxes."""

    accept: Handler
    skip: Handler
    reject: ByReason
    retake: ByReason
    discard: Handler


def press(text: str, keys: str, work: Callable[..., Any], kind: str = "") -> Tag:
    """A button that these keys press, the first of which it shows; it tells what is entered."""
    button = tag("button", text, f"button {kind}", type="button", data_keys=keys)
    button.on("click", work, js_handler="() => emit(preuve.review.entered())")
    with button:
        tag("kbd", keys.split()[0].upper(), aria_hidden="true")
    return button


class Reviewing:
    """Draws one receipt. `keep` is awaited with what was entered, `tell` says something."""

    def __init__(
        self,
        visit: Visit,
        in_hand: InHand,
        actions: Actions,
        keep: Callable[[Entered], Awaitable[None]],
        tell: Callable[[str, str], None],
    ) -> None:
        self._visit, self._t = visit, visit.t
        self._in_hand, self._actions = in_hand, actions
        self._keep, self._tell = keep, tell
        self.boxes = Correcting(visit.t, in_hand, self._entered)
        self._picture: ReceiptPicture | None = None
        self._picked: tuple[WordPlace, ...] = ()

    @staticmethod
    def pictures(visit: Visit, in_hand: InHand) -> list[str]:
        """The addresses of the pages' pictures; none where the document is gone."""
        if in_hand.gone:
            return []
        pages = [(page.number, page.quarters) for page in in_hand.pages] or [(1, 0)]
        base = f"/receipts/{in_hand.receipt.id}/pages"
        return [visit.link(f"{base}/{number}", turned=turned) for number, turned in pages]

    def draw(self) -> None:
        with tag("div", classes="review-desk", data_receipt=self._in_hand.receipt.id):
            with tag("section", classes="review-picture", aria_label=self._t("review.picture")):
                self._draw_picture()
            with tag("section", classes="review-form"):
                self._draw_why()
                self._draw_draft()
                tag("h2", self._t("review.values"))
                self._hint = tag("p", self._t("review.hint"), "quiet")
                self.boxes.draw()
            self._draw_actions()

    def _draw_picture(self) -> None:
        in_hand, t = self._in_hand, self._t
        if in_hand.gone:
            told = "review.no_picture" if in_hand.pages else "review.nothing_left"
            tag("p", t(told), "told told-warn")
        if in_hand.pages:
            self._picture = ReceiptPicture(
                self._visit,
                in_hand.receipt.id,
                in_hand.pages,
                self.boxes.marks(),
                mode="words",
                with_words=True,
                on_words=self._point,
            )
        elif not in_hand.gone:
            tag("p", t("review.no_words"), "told")
            for address in self.pictures(self._visit, in_hand):
                tag("img", classes="review-plain", src=address, alt=t("review.picture"))

    def _draw_why(self) -> None:
        t, receipt = self._t, self._in_hand.receipt
        with tag("div", classes="review-why"):
            with tag("ul", aria_label=t("review.why")):
                for reason in receipt.reasons:
                    with tag("li"):
                        icon("help_outline")
                        tag("span", self._in_words(reason))
            with tag("p", classes="quiet"):
                self._draw_stake()
                tag("span", t("review.member", member=receipt.member_id))
                link(t("review.details"), self._visit.link(f"/receipts/{receipt.id}"))
                if receipt.original_id:
                    twin = self._visit.link(f"/receipts/{receipt.original_id}")
                    link(t("review.twin"), twin, target_="_blank")

    def _draw_stake(self) -> None:
        t, waiting, receipt = self._t, self._in_hand.waiting, self._in_hand.receipt
        if waiting is None:
            status = t(f"statuses.{receipt.status}")
            tag("strong", t("review.not_waiting", status=status, n=receipt.points))
            return
        stake = "review.stake_estimated" if waiting.estimated else "review.stake"
        tag("strong", t(stake, n=waiting.points_at_stake))
        tag("span", t("review.doubt", share=t.percent(waiting.doubt)))
        tag("span", t("review.since", at=t.moment(waiting.waiting_since)))

    def _in_words(self, reason: Reason) -> str:
        """The reason, the field it is about where that is one of the template's own, and more."""
        told = self._t(f"reasons.{reason.code}")
        own = {field.name: field.title for field in self._in_hand.reading.fields}
        title = own.get(reason.field or "")
        parts = [f"{told} : {title}" if title else told, self._t.told(reason.detail)]
        return " — ".join(part for part in parts if part)

    def _draw_draft(self) -> None:
        if self._in_hand.entered == Entered():
            return
        key = "review.stale" if self._in_hand.stale else "review.drafted"
        with tag("p", classes="told told-warn" if self._in_hand.stale else "told"):
            tag("span", self._t(key) + " ")
            tag("button", self._t("review.discard"), "as-link", type="button").on(
                "click", self._actions.discard, js_handler="() => emit(preuve.review.entered())"
            )

    def _draw_actions(self) -> None:
        t, actions = self._t, self._actions
        with tag("div", classes="review-actions", role="group", aria_label=t("review.actions")):
            self._panel("review-reject", "review.why_reject", REJECT_REASONS, actions.reject)
            self._panel("review-photo", "review.why_photo", RETAKE_REASONS, actions.retake)
            with tag("div", classes="actions"):
                press(t("review.accept"), "a Enter", actions.accept)
                press(t("review.skip"), "n ArrowRight", actions.skip, "second")
                self._opener(t("review.edit"), "E", "second", data_edits=True)
                self._opener(t("review.reject"), "R", "danger", data_opens="review-reject")
                self._opener(t("review.photo"), "P", "second", data_opens="review-photo")
            tag("p", t("review.keys"), "unseen")

    def _opener(self, text: str, key: str, kind: str, **attributes: object) -> None:
        opens = "data_opens" in attributes
        with tag(
            "button",
            text,
            f"button {kind}",
            type="button",
            data_keys=key.lower(),
            aria_expanded="false" if opens else None,
            aria_controls=attributes.get("data_opens"),
            **attributes,
        ):
            tag("kbd", key, aria_hidden="true")

    def _panel(
        self, name: str, title: str, codes: tuple[ReasonCode, ...], decide: ByReason
    ) -> None:
        with tag("div", classes="review-panel", id=name, hidden=True):
            tag("h2", self._t(title))
            with tag("div", classes="actions"):
                for number, code in enumerate(codes, 1):
                    text = self._t(f"reasons.{code}")
                    press(text, str(number), functools.partial(decide, code), "second")
            if ReasonCode.NOT_ACCEPTED in codes:
                tag("label", self._t("review.note"), for_="review-note")
                tag("input", id="review-note", maxlength=1000, autocomplete="off")

    async def _entered(self, entered: Entered) -> None:
        await self._keep(entered)
        if self._picture:
            self._picture.show(self.boxes.marks())

    async def _point(self, words: tuple[WordPlace, ...], more: bool) -> None:
        """Words were picked: they are for the active box, else the box whose they are is."""
        self._picked = (*self._picked, *words) if more else words
        if self._picture:
            self._picture.pick(self._picked)
        at = [WordAt(word.page, word.row, word.word) for word in self._picked]
        if not self.boxes.active:
            name = self.boxes.at(at)
            if name is None:
                self._tell(self._t("review.choose_first"), "warn")
            else:
                self.boxes.activate(name)
            return
        if not await self.boxes.point(at):
            printed = " ".join(self._word(one) for one in at)
            field = self.boxes.title(self.boxes.active)
            self._tell(self._t("review.says_nothing", text=printed[:80], field=field), "warn")

    def _word(self, at: WordAt) -> str:
        page = next(page for page in self._in_hand.pages if page.number == at.page)
        return page.rows[at.row].words[at.word].text
