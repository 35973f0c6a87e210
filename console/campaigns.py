"""What a program's campaigns have spent of their budgets."""

from __future__ import annotations

from collections.abc import Sequence

from console.html import tag
from console.visit import Visit
from preuve.loyalty.occasions.budgets import Budget


def draw_budgets(visit: Visit, budgets: Sequence[Budget]) -> None:
    """Nothing where the program has no campaign."""
    t = visit.t
    if not budgets:
        return
    with tag("section", classes="card panel"):
        tag("h2", t("programs.budgets.title"))
        with tag("ol", classes="bars plain-bars"):
            for one in budgets:
                with tag("li"):
                    tag("span", one.name, "bar-name")
                    tag("span", t("programs.budgets.spent", n=one.spent), "bar-number")
                    _left(visit, one)


def _left(visit: Visit, one: Budget) -> None:
    t = visit.t
    if one.budget is None:
        tag("span", t("programs.budgets.no_end"), "quiet small")
        return
    # A budget may have been lowered below what was spent before.
    width = min(one.spent / one.budget, 1)
    with tag("span", classes="bar-rail", aria_hidden="true"):
        kind = "fill-valid" if one.left else "fill-rejected"
        tag("i", classes=kind, style=f"width:{width:.1%}")
    told = t("programs.budgets.left", n=one.left, budget=one.budget)
    tag("span", told, "quiet small")
