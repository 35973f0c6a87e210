"""The corrections that an operator has begun and left: a list that unfolds, a link to each."""

from __future__ import annotations

from collections.abc import Sequence

from console.html import link, tag
from console.visit import Visit
from preuve.intake import Status, Unfinished


class Begun:
    def __init__(self, visit: Visit) -> None:
        """Draws an empty list, which is not seen."""
        self._visit = visit
        self._shown: Sequence[Unfinished] = ()
        with tag("details", classes="review-begun") as self._all:
            self._title = tag("summary", "")
            self._list = tag("ul")
        self._all.set_visibility(False)

    def show(self, begun: Sequence[Unfinished]) -> None:
        """These, the latest first; drawn anew only where they are others."""
        if begun == self._shown:
            return
        t, self._shown = self._visit.t, begun
        self._all.set_visibility(bool(begun))
        self._title.text = t("review.begun.title", n=len(begun))
        self._list.clear()
        with self._list:
            for one in begun:
                waits = one.status is Status.PENDING_REVIEW
                parts = [
                    one.retailer_name or t("review.begun.no_retailer"),
                    t.day(one.purchased_on) if one.purchased_on else "",
                    t("review.begun.saved", at=t.moment(one.saved_at)),
                    "" if waits else t("review.begun.decided", status=t(f"statuses.{one.status}")),
                ]
                told = " · ".join(part for part in parts if part)
                with tag("li"):
                    link(told, self._visit.link(f"/review/{one.receipt_id}"))
