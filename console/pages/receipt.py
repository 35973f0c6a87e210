"""One receipt: its picture, what was read, and what became of it."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.path["receipt_id"])
    nothing(visit.t("frame.coming"))


PAGES = (Page("/receipts/{receipt_id}", "frame.receipt", draw, wide=True),)
