"""An operator's desk: the receipt in hand, the next one laid ready, what was just decided.

Everything here asks the database, so a page calls it off the event loop. One desk belongs to one
open page, whose token holds the receipts; `preuve.intake.reviewing.queue` has the queue.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from console.correction import Entered
from console.rooms import Rooms
from preuve.intake import (
    Amendment,
    Draft,
    Finished,
    HeldBy,
    NotWaiting,
    Paper,
    ReceiptView,
    Refused,
    Unfinished,
    Waiting,
    amend,
    draft_of,
    drop_draft,
    hold,
    last_decision,
    next_for,
    queue,
    release,
    renew,
    save_draft,
    skip,
    stored_pages,
    undo,
    unfinished,
    view,
)
from preuve.intake.amendment import NOTHING_READ
from preuve.loyalty import Program
from preuve.reading.page import Pages
from preuve.reading.result import Reading

ENOUGH = 2


@dataclass(frozen=True, slots=True)
class InHand:
    """A receipt on this desk, with all that its page shows.

    `waiting` is None for one that was opened to be corrected though it waits for nobody.
    `stale`: the draft was entered beside values that have changed since; `gone`: the picture
    is no longer there.
    """

    waiting: Waiting | None
    receipt: ReceiptView
    pages: Pages
    paper: Paper
    entered: Entered
    stale: bool
    gone: bool

    @property
    def reading(self) -> Reading:
        return self.receipt.reading or NOTHING_READ


@dataclass(frozen=True, slots=True)
class NoneWaiting:
    """The queue has nothing for this operator."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision: the points before it, and where the receipt stands.

    `undone`: a decision was taken back.
    """

    receipt_id: str
    points_before: int
    after: Finished
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """The receipt is no longer this desk's: `to` another operator, or decided by somebody."""

    to: str | None


class Desk:
    def __init__(self, rooms: Rooms, program_id: str, operator: str) -> None:
        """`operator` is the login: what is held and decided is theirs on every page."""
        self._rooms = rooms
        self._ground = rooms.ground
        self._program_id = program_id
        self._operator = operator
        self._page = secrets.token_hex(8)
        self._ready: InHand | None = None
        self._left = False

    def take(self, receipt_id: str) -> InHand | HeldBy | NotWaiting:
        """This very receipt."""
        held = hold(self._ground, self._program_id, receipt_id, self._operator, self._page)
        return self._held(held) if isinstance(held, Waiting) else held

    def open(self, receipt_id: str) -> InHand | HeldBy | None:
        """This very receipt, also where it does not wait; None where it cannot be amended."""
        held = self.take(receipt_id)
        if not isinstance(held, NotWaiting):
            return held
        receipt = view(self._ground, self._program_id, receipt_id)
        return self._lay_out(receipt, None) if receipt and receipt.status.final else None

    def next(self, besides: tuple[str, ...] = ()) -> InHand | NoneWaiting:
        """The one that was laid ready, where it is still this desk's; else the queue's first."""
        ready, self._ready = self._ready, None
        if ready and ready.receipt.id not in besides:
            still = self.take(ready.receipt.id)
            if isinstance(still, InHand):
                return still
        found = next_for(
            self._ground, self._program_id, self._operator, self._page, besides=besides
        )
        return self._held(found) if found else NoneWaiting()

    def lay_ready(self, besides: tuple[str, ...]) -> InHand | None:
        """Takes the next one in hand beforehand, so that it is there at once.

        The last free one is left to whoever comes first.
        """
        now = queue(self._ground, self._program_id)
        if self._left or now.waiting - now.held < ENOUGH:
            return None
        found = self.next(besides)
        self._ready = found if isinstance(found, InHand) else None
        if self._left:
            release(self._ground, self._page)
        return self._ready

    def keep(self, in_hand: InHand, entered: Entered) -> None:
        """Keeps what was entered, in case the page is lost; nothing, where all was taken back."""
        if entered == Entered():
            self.discard(in_hand.receipt.id)
            return
        receipt = in_hand.receipt
        save_draft(
            self._ground,
            self._program_id,
            receipt.id,
            self._operator,
            receipt.revision,
            entered.model_dump(mode="json"),
        )

    def unfinished(self, besides: str | None) -> tuple[Unfinished, ...]:
        """Corrections that the operator has begun on other receipts."""
        begun = unfinished(self._ground, self._program_id, self._operator)
        return tuple(one for one in begun if one.receipt_id != besides)

    def discard(self, receipt_id: str) -> None:
        """Throws away what was entered."""
        drop_draft(self._ground, receipt_id, self._operator)

    def decide(
        self, program: Program, in_hand: InHand, amendment: Amendment
    ) -> Decided | Lost | Refused:
        """Decides, unless another has the receipt by now, or has decided on it."""
        receipt = in_hand.receipt
        lost = self.lost(receipt.id) if in_hand.waiting else None
        if lost:
            return lost
        told = amendment.note or (amendment.reason or amendment.decision)
        done = amend(
            self._ground,
            program,
            receipt.id,
            amendment,
            operator=self._operator,
            reason=told,
            seen_revision=receipt.revision,
        )
        if isinstance(done, Refused):
            return done
        self.discard(receipt.id)
        return Decided(receipt.id, receipt.points, done)

    def lost(self, receipt_id: str) -> Lost | None:
        """Whether the receipt was lost; one whose time ran out is taken again if it is free."""
        held = hold(self._ground, self._program_id, receipt_id, self._operator, self._page)
        if isinstance(held, Waiting):
            return None
        return Lost(held.operator if isinstance(held, HeldBy) else None)

    def take_back(self, program: Program, decided: Decided) -> Decided | Refused:
        """Undoes a decision; the receipt waits again, for `take`."""
        back = undo(self._ground, program, decided.receipt_id, operator=self._operator)
        if isinstance(back, Refused):
            return back
        return Decided(decided.receipt_id, decided.after.points, back, undone=True)

    def last(self) -> Decided | None:
        """The operator's last decision, for a page that is opened again."""
        last = last_decision(self._ground, self._program_id, self._operator)
        return Decided(last.receipt_id, last.points_before, last.after) if last else None

    def skip(self, receipt_id: str) -> None:
        skip(self._ground, receipt_id, self._operator, self._page)

    def give_back(self, receipt_id: str) -> None:
        release(self._ground, self._page, receipt_id)

    def stay(self) -> frozenset[str]:
        """Says that the page is still open; gives the receipts that it holds."""
        return renew(self._ground, self._page)

    def leave(self) -> None:
        """Gives everything back."""
        self._left = True
        release(self._ground, self._page)

    def come_back(self) -> None:
        """The page is there again."""
        self._left = False

    def _held(self, waiting: Waiting) -> InHand:
        receipt = view(self._ground, self._program_id, waiting.receipt_id)
        if receipt is None:
            raise LookupError(f"receipt {waiting.receipt_id} waits and is not there")
        return self._lay_out(receipt, waiting)

    def _lay_out(self, receipt: ReceiptView, waiting: Waiting | None) -> InHand:
        pages = stored_pages(self._ground, self._program_id, receipt.id) or ()
        reading = receipt.reading or NOTHING_READ
        draft = draft_of(self._ground, self._program_id, receipt.id, self._operator)
        stale = draft is not None and draft.revision != receipt.revision
        return InHand(
            waiting=waiting,
            receipt=receipt,
            pages=pages,
            paper=self._paper(reading, receipt),
            entered=_entered(draft, stale),
            stale=stale,
            gone=any(not self._ground.blobs.path(name).exists() for name in receipt.blobs),
        )

    def _paper(self, reading: Reading, receipt: ReceiptView) -> Paper:
        """How the document's words are understood: by its template, else by a base."""
        templates = self._rooms.templates(self._program_id)
        bases = templates.bases
        template = (
            templates.get(reading.match.template)
            or bases.get(f"base.{reading.language}")
            or bases.get("base.fr")
            or next(iter(bases.values()))
        )
        return Paper(template, reading.country, receipt.received_at.date())


def _entered(draft: Draft | None, stale: bool) -> Entered:
    """What the draft holds; the items of another reading are not those of this one."""
    entered = Entered.model_validate(draft.entered) if draft else Entered()
    if stale and entered.lines is not None:
        return entered.with_lines(
            [line.model_copy(update={"source": None}) for line in entered.lines]
        )
    return entered
