"""Members and their points."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.members"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/members", "frame.members", draw),)
