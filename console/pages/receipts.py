"""The program's receipts: found by what they say and what became of them."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.receipts"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/receipts", "frame.receipts", draw, wide=True),)
