"""What was read, for those who work on it elsewhere."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.export"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/export", "frame.export", draw),)
