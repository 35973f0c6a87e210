"""Who may use the console, for those who decide it."""

from __future__ import annotations

from console.frame import heading, nothing
from console.page import Page
from console.visit import Visit
from preuve.access import Right


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.accounts"))
    nothing(visit.t("frame.coming"))


PAGES = (Page("/accounts", "frame.accounts", draw, needs=Right.MANAGE_ACCOUNTS, of_program=False),)
