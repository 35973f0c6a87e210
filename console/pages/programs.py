"""What receipts earn: the program's limits and rules."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.programs"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/programs", "frame.programs", draw),)
