"""Doubtful receipts, one after the other."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit
from preuve.access import Right


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.review"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/review", "frame.review", draw, needs=Right.REVIEW),)
