"""Doubtful receipts, one after the other: look, correct by a click, decide by a key.

`console/desk.py` holds the receipts, `console/reviewing.py` draws the one in hand,
`console/correcting.py` its boxes, and the keys are in `static/review.js`.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from nicegui import background_tasks, context, ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError

from console.begun import Begun
from console.correction import Entered
from console.desk import Decided, Desk, InHand, Lost
from console.frame import nothing
from console.html import link, tag
from console.page import Page
from console.reviewing import Actions, Reviewing, press
from console.rooms import BASE
from console.visit import Visit
from preuve.access import Right
from preuve.intake import (
    Amendment,
    HeldBy,
    NotWaiting,
    Refusal,
    Refused,
    Status,
    queue,
    retailer_choices,
    standing,
)
from preuve.reasons import ReasonCode

SCRIPT = f'<script src="{BASE}/static/review.js" defer></script>'
EVERY = 5.0
"""Seconds between two looks at the queue."""
STAY = 60.0
"""Seconds between two signs that the page is still open."""
GRACE = 5.0
"""Seconds after which a page whose connection broke gives its receipts back."""
AT_LEAST_SEEN = 0.3
"""Seconds that a receipt must be on screen: a key pressed twice decides once."""

P = ParamSpec("P")
T = TypeVar("T")
Work = Callable[[InHand, Reviewing], Awaitable[None]]


async def draw(visit: Visit) -> None:
    ui.add_head_html(SCRIPT)
    await Review(visit).draw()


class Review:
    """One open page of the queue."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.t = visit, visit.t
        self.program_id = visit.program.program
        self.desk = Desk(visit.rooms, self.program_id, visit.person.login)
        self._client = context.client
        self._turn = asyncio.Lock()
        """One thing at a time: what is decided, and what is shown next."""
        self._desk_turn = asyncio.Lock()
        """The desk is in one thread at a time."""
        self._in_hand: InHand | None = None
        self._reviewing: Reviewing | None = None
        self._shown_at = 0.0
        self._last: Decided | None = None
        self._note = ""
        self._address = ""
        self._connected = True

    async def draw(self) -> None:
        with tag("div", classes="review"):
            with tag("div", classes="review-head"):
                tag("h1", self.t("frame.review"))
                self._figures = tag("p", classes="quiet")
                self._begun = Begun(self.visit)
            with tag("div", classes="review-told"):
                self._told = tag("p", role="status", aria_live="polite")
                self._undo = press(self.t("review.undo"), "u", self.undo, "second small")
            self._root = tag("div", data_anew=True)
        self._last = await self.visit.run(self.desk.last)
        self._tell_last()
        wanted = self.visit.path.get("receipt_id")
        if wanted:
            await self._open(wanted)
        else:
            await self._next()
        await self._look()
        self.visit.every(EVERY, self._look)
        self.visit.every(STAY, self._stay)
        self._client.on_connect(self._came_back)
        self._client.on_disconnect(self._went)

    async def accept(self, event: GenericEventArguments) -> None:
        await self._act(event, self._accept)

    async def reject(self, code: ReasonCode, event: GenericEventArguments) -> None:
        async def work(in_hand: InHand, _: Reviewing) -> None:
            if code is ReasonCode.NOT_ACCEPTED and not self._note:
                self._tell(self.t("review.note_needed"), "warn")
                self._client.run_javascript("document.getElementById('review-note').focus()")
                return
            await self._decide(in_hand, Amendment(decision="reject", reason=code, note=self._note))

        await self._act(event, work)

    async def retake(self, code: ReasonCode, event: GenericEventArguments) -> None:
        async def work(in_hand: InHand, _: Reviewing) -> None:
            await self._decide(in_hand, Amendment(decision="retake", reason=code, note=self._note))

        await self._act(event, work)

    async def skip(self, event: GenericEventArguments) -> None:
        async def work(in_hand: InHand, _: Reviewing) -> None:
            await self._at_desk(self.desk.skip, in_hand.receipt.id)
            self._tell(self.t("review.skipped"))
            await self._next()

        await self._act(event, work)

    async def discard(self, event: GenericEventArguments) -> None:
        async def work(in_hand: InHand, _: Reviewing) -> None:
            await self._at_desk(self.desk.discard, in_hand.receipt.id)
            await self._open(in_hand.receipt.id)

        await self._act(event, work)

    async def undo(self) -> None:
        """Takes back the last decision and shows its receipt again."""
        if self._turn.locked() or self._last is None or not self._may():
            return
        async with self._turn:
            last = self._last
            back = await self._at_desk(self.desk.take_back, self.visit.program, last)
            self._last = None
            if isinstance(back, Refused):
                self._tell(self.t("review.not_undone"), "warn")
                return
            await self._take(last.receipt_id)
            waits = back.after.status is Status.PENDING_REVIEW
            told = self.t(
                f"review.done.{'undone' if waits else 'undone_settled'}",
                before=back.points_before,
                after=back.after.points,
                status=self.t(f"statuses.{back.after.status}"),
            )
            self._tell(told)

    async def go_on(self) -> None:
        """On to the next one, from where there is nothing to decide."""
        async with self._turn:
            await self._next()

    async def _act(self, event: GenericEventArguments, work: Work) -> None:
        """Does `work` once what stands in the boxes was taken, for the receipt on screen."""
        in_hand, reviewing = self._in_hand, self._reviewing
        if self._turn.locked() or in_hand is None or reviewing is None or not self._may():
            return
        given = event.args if isinstance(event.args, dict) else {}
        too_soon = time.monotonic() - self._shown_at < AT_LEAST_SEEN
        if too_soon or given.get("receipt") != in_hand.receipt.id:
            return
        async with self._turn:
            self._note = str(given.get("note", ""))[:1000].strip()
            await reviewing.boxes.type_all(given.get("values", {}))
            await work(in_hand, reviewing)

    async def _accept(self, in_hand: InHand, reviewing: Reviewing) -> None:
        wrong = reviewing.boxes.mark_wrong()
        if wrong:
            self._tell(self.t("review.correct_first"), "warn")
            self._client.run_javascript(f"preuve.review.focus({json.dumps(wrong)})")
            return
        keys: dict[str, str] = {}
        if "retailer" in reviewing.boxes.form.entered.values:
            known = await self.visit.run(retailer_choices, self.visit.rooms.ground, self.program_id)
            keys = {choice.name.casefold(): choice.value for choice in known}
        try:
            amendment = reviewing.boxes.form.amendment(keys)
        except ValidationError as invalid:
            told = "; ".join(error["msg"] for error in invalid.errors())
            self._tell(f"{self.t('review.correct_first')} {told}", "warn")
            return
        await self._decide(in_hand, amendment)

    async def _decide(self, in_hand: InHand, amendment: Amendment) -> None:
        done = await self._at_desk(self.desk.decide, self.visit.program, in_hand, amendment)
        if isinstance(done, Lost):
            await self._draw_lost(in_hand.receipt.id, done)
        elif isinstance(done, Refused):
            await self._open(in_hand.receipt.id)
            key = "being_read" if done.why is Refusal.BEING_READ else "changed"
            self._tell(self.t(f"review.{key}"), "warn")
        else:
            self._last = done
            if done.after.status is Status.PENDING_REVIEW:
                await self._at_desk(self.desk.skip, in_hand.receipt.id)
            await self._next()
            self._tell_last()
            await self._look()

    def _may(self) -> bool:
        if self.visit.may(Right.REVIEW):
            return True
        self._tell(self.t("review.not_allowed"), "bad")
        return False

    async def _take(self, receipt_id: str) -> None:
        found = await self._at_desk(self.desk.take, receipt_id)
        if isinstance(found, InHand):
            await self._draw_receipt(found)
        elif isinstance(found, HeldBy):
            await self._draw_lost(receipt_id, Lost(found.operator))
        elif isinstance(found, NotWaiting):
            await self._draw_lost(receipt_id, Lost(None))

    async def _open(self, receipt_id: str) -> None:
        """The receipt that the address names, also where it does not wait."""
        found = await self._at_desk(self.desk.open, receipt_id)
        if isinstance(found, InHand):
            await self._draw_receipt(found)
        else:
            await self._draw_lost(receipt_id, Lost(found.operator if found else None))

    async def _next(self) -> None:
        found = await self._at_desk(self.desk.next)
        if isinstance(found, InHand):
            await self._draw_receipt(found)
            return
        self._show_none()
        figures = await self.visit.run(queue, self.visit.rooms.ground, self.program_id)
        with self._root:
            told = "review.empty.held" if figures.waiting else "review.empty.told"
            nothing(self.t("review.empty.title"), self.t(told), "task_alt")
        self._at_address(self.visit.link("/review"))

    async def _draw_receipt(self, in_hand: InHand) -> None:
        self._show_none()

        async def keep(entered: Entered) -> None:
            await self._at_desk(self.desk.keep, in_hand, entered)

        with self._root:
            self._reviewing = Reviewing(self.visit, in_hand, self._actions(), keep, self._tell)
            self._reviewing.draw()
        self._in_hand, self._shown_at = in_hand, time.monotonic()
        self._at_address(self.visit.link(f"/review/{in_hand.receipt.id}"))
        background_tasks.create(self._lay_ready(in_hand.receipt.id))

    def _actions(self) -> Actions:
        return Actions(self.accept, self.skip, self.reject, self.retake, self.discard)

    async def _draw_lost(self, receipt_id: str, lost: Lost) -> None:
        """The receipt is somebody else's, or was decided: says which, and goes on."""
        self._show_none()
        stands = await self.visit.run(
            standing, self.visit.rooms.ground, self.program_id, receipt_id
        )
        with self._root, tag("div", classes="review-lost"):
            if lost.to:
                nothing(
                    self.t("review.other.title", who=lost.to), self.t("review.other.told"), "group"
                )
            elif stands:
                status = self.t(f"statuses.{stands.status}")
                told = self.t("review.gone.told", status=status, n=stands.points)
                nothing(self.t("review.gone.title"), told, "published_with_changes")
            else:
                nothing(self.t("frame.missing.title"), self.t("frame.missing.told"), "search_off")
            with tag("div", classes="actions"):
                press(self.t("review.next"), "n Enter", self.go_on)
                if stands:
                    link(
                        self.t("review.gone.look"),
                        self.visit.link(f"/receipts/{receipt_id}"),
                        "button second",
                    )

    def _show_none(self) -> None:
        self._in_hand = self._reviewing = None
        self._root.clear()

    def _tell_last(self) -> None:
        """What the last decision came to; it can be taken back."""
        last = self._last
        self._undo.set_visibility(last is not None)
        if last is None:
            return
        keys = {
            Status.VALID: "credited",
            Status.INCOMPLETE: "retake",
            Status.DUPLICATE: "duplicate",
            Status.PENDING_REVIEW: "waits",
        }
        key = keys.get(last.after.status, "rejected")
        reasons = ", ".join(self.t(f"reasons.{reason.code}") for reason in last.after.reasons)
        told = self.t(
            f"review.done.{key}",
            before=last.points_before,
            after=last.after.points,
            reasons=reasons,
        )
        self._tell(told, "good" if key == "credited" else "")

    def _tell(self, text: str, kind: str = "") -> None:
        self._told.text = text
        self._told.classes(replace=f"told told-{kind}" if kind else "told")
        self._undo.set_visibility(self._last is not None)

    async def _look(self) -> None:
        """The queue's figures, and a receipt as soon as there is one."""
        now = await self.visit.run(queue, self.visit.rooms.ground, self.program_id)
        parts = [self.t("review.queue.waiting", n=now.waiting)]
        if now.held:
            parts.append(self.t("review.queue.held", n=now.held))
        if now.points_at_stake:
            parts.append(self.t("review.queue.points", n=now.points_at_stake))
        if now.oldest_at:
            parts.append(self.t("review.queue.oldest", at=self.t.moment(now.oldest_at)))
        self._figures.text = " · ".join(parts)
        in_hand = self._in_hand.receipt.id if self._in_hand else None
        self._begun.show(await self._at_desk(self.desk.unfinished, in_hand))
        nothing_shown = self._in_hand is None and self._address.endswith("/review")
        if nothing_shown and now.waiting > now.held and not self._turn.locked():
            await self.go_on()

    async def _stay(self) -> None:
        if not self._connected:
            return
        held = await self._at_desk(self.desk.stay)
        in_hand = self._in_hand
        waits = in_hand and in_hand.waiting
        if in_hand and waits and in_hand.receipt.id not in held and not self._turn.locked():
            async with self._turn:
                lost = await self._at_desk(self.desk.lost, in_hand.receipt.id)
                if lost:
                    await self._draw_lost(in_hand.receipt.id, lost)

    async def _lay_ready(self, receipt_id: str) -> None:
        ready = await self._at_desk(self.desk.lay_ready, (receipt_id,))
        if ready:
            for address in Reviewing.pictures(self.visit, ready):
                self._client.run_javascript(f"preuve.review.fetch({json.dumps(address)})")

    async def _went(self) -> None:
        self._connected = False
        await asyncio.sleep(GRACE)
        if not self._connected:
            await self._at_desk(self.desk.leave)

    async def _came_back(self) -> None:
        if self._connected:
            return
        self._connected = True
        self.desk.come_back()
        await self._stay()

    def _at_address(self, address: str) -> None:
        self._address = address
        self._client.run_javascript(f"preuve.review.at({json.dumps(address)})")

    async def _at_desk(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._desk_turn:
            return await self.visit.run(work, *args, **kwargs)


PAGES = tuple(
    Page(path, "frame.review", draw, needs=Right.REVIEW, wide=True)
    for path in ("/review", "/review/{receipt_id}")
)
