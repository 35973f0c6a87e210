"""What tests of the review start from: doubtful receipts with pictures, and what is on screen."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete, select

from preuve.intake import Status, standing
from preuve.intake.reviewing.tables import ReviewRow, ReviewSkipRow
from preuve.intake.tables import AuditEventRow
from preuve.loyalty import Program, balance
from preuve.reading.page import Pages
from preuve.reading.result import Reason, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.browser import Console
from tests.conftest import Wakes
from tests.factories import numbers, send, work
from tests.paper import paper, understood

FORM = """\
            # EPICERIE DU PONT
         12 RUE DES BATELIERS
            67000 STRASBOURG
   Ticket {number}
   13/03/2026            {at}
   CAFE MOULU 250G           4,20
   PAIN DE MIE               8,30
   REMISE FIDELITE          -1,00
   TOTAL EUR                {total}
   CARTE BANCAIRE           {total}
   A RENDRE                 {change}
"""


def text(total: str = "11,50", change: str = "0,00") -> str:
    number = next(numbers)
    at = f"{8 + number // 60 % 12:02}:{number % 60:02}"
    return FORM.format(number=f"{number:06}", at=at, total=total, change=change)


def photo(pages: Pages) -> bytes:
    """A picture of these words, each where its box is."""
    page = pages[0]
    picture = Image.new("RGB", (int(page.width), int(page.height)), "#fdfdf8")
    pen = ImageDraw.Draw(picture)
    for row in page.rows:
        for word in row.words:
            pen.text((word.box.left, word.box.top), word.text, "#222", font_size=word.box.height)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def waits(
    console: Console,
    total: str = "11,50",
    member: str = "ann",
    codes: tuple[ReasonCode, ...] = (ReasonCode.TOTAL_UNCERTAIN,),
    confidence: float = 0.5,
    change: str = "0,00",
) -> str:
    """A doubtful receipt with its picture; gives its id."""
    printed = text(total, change)
    return held_back(console.ground, console.program, printed, member, codes, confidence)


def held_back(
    ground: Ground,
    program: Program,
    printed: str,
    member: str,
    codes: tuple[ReasonCode, ...] = (ReasonCode.TOTAL_UNCERTAIN,),
    confidence: float = 0.5,
) -> str:
    """A doubtful receipt of these rows, with its picture; gives its id."""
    words = paper(printed)
    reading, _ = understood(printed)
    fields = {ReasonCode.TOTAL_UNCERTAIN: "total", ReasonCode.DATE_UNCERTAIN: "purchased_on"}
    verdict = Verdict("doubtful", confidence, tuple(Reason(c, fields.get(c)) for c in codes))
    sent = send(ground, program, Wakes(), photo(words), member=member)
    done = work(ground, program, sent, reading, verdict, words)
    assert done.status is Status.PENDING_REVIEW, done
    return sent


@pytest.fixture
def queue(console: Console) -> Iterator[Console]:
    """The console with nothing waiting."""
    yield console
    with console.ground.database.write() as session:
        session.execute(delete(ReviewRow))
        session.execute(delete(ReviewSkipRow))


def opened(console: Console, role: str = "operator", name: str = "ana", size: str = "wide") -> Page:
    page = console.signed_in(role, name, size)
    console.open(page, "/review")
    return page


def shown(page: Page, receipt_id: str) -> None:
    """Waits until this receipt is on screen, and may be decided."""
    expect(page.locator(f'.review-desk[data-receipt="{receipt_id}"]')).to_be_visible()
    page.wait_for_timeout(350)


def word(page: Page, said: str, nth: int = 0) -> Locator:
    return page.locator(".word").filter(has_text=re.compile(f"^{re.escape(said)}$")).nth(nth)


def told(page: Page) -> Locator:
    return page.locator(".review-told [role=status]")


def points(console: Console, member: str) -> int:
    return balance(console.ground, "demo", member).available


def last_event(console: Console, receipt_id: str) -> AuditEventRow:
    events = select(AuditEventRow).filter_by(receipt_id=receipt_id).order_by(AuditEventRow.id)
    with console.ground.database.read() as session:
        return session.scalars(events).all()[-1]


def standing_of(console: Console, receipt_id: str) -> tuple[Status, list[ReasonCode]]:
    seen = standing(console.ground, "demo", receipt_id)
    assert seen is not None
    return seen.status, [reason.code for reason in seen.reasons]
