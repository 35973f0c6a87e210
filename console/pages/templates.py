"""Document templates: what they read, and how well."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.templates"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/templates", "frame.templates", draw),)
