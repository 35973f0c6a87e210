"""How the program runs, at a glance."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.dashboard"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/dashboard", "frame.dashboard", draw),)
