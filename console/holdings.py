"""What a member's points are made of: the lots that are open, and what was spent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from console.html import Tag, tag
from console.rule_sentences import rule_names
from console.visit import Visit
from preuve.loyalty.ledger.balances import OpenLot
from preuve.loyalty.ledger.redemption import Redemption, State

TONES = {State.RESERVED: "warn", State.CONFIRMED: "good"}


def draw_lots(visit: Visit, lots: Sequence[OpenLot], most: int) -> None:
    """The first `most`, and that there are more; nothing where no lot is open."""
    t, names = visit.t, rule_names(visit.program)
    if not lots:
        return
    tag("h2", t("members.lots.title"))
    with _table(t("members.lots.title")):
        _head(visit, "lots", ("rule", "earned", "remaining", "available", "expires"), "remaining")
        with tag("tbody"):
            for lot in lots[:most]:
                with tag("tr"):
                    tag("td", names.get(lot.rule, lot.rule))
                    tag("td", _day(visit, lot.earned_at), "quiet")
                    tag("td", t.number(lot.remaining), "number")
                    with tag("td"):
                        tone = "warn" if lot.pending else "good"
                        told = t("members.lots.now")
                        if lot.pending:
                            told = t("members.lots.from", day=_day(visit, lot.available_at))
                        tag("span", told, f"chip chip-{tone}")
                    tag("td", _day(visit, lot.expires_at), "quiet")
    if len(lots) > most:
        tag("p", t("members.lots.first", n=most), "quiet small")


def draw_redemptions(visit: Visit, redemptions: Sequence[Redemption], most: int) -> None:
    """The first `most`, and that there are more; nothing where the member never spent any."""
    t = visit.t
    if not redemptions:
        return
    tag("h2", t("members.redemptions.title"))
    with _table(t("members.redemptions.title")):
        _head(visit, "redemptions", ("at", "what", "points", "state", "until"), "points")
        with tag("tbody"):
            for one in redemptions[:most]:
                with tag("tr"):
                    tag("td", t.moment(one.created_at), "quiet")
                    tag("td", one.what or "–")
                    tag("td", t.number(one.points), "number")
                    with tag("td"):
                        state = t(f"members.redemptions.states.{one.state}")
                        tag("span", state, f"chip chip-{TONES.get(one.state, 'none')}")
                    tag("td", t.moment(one.settled_at or one.expires_at), "quiet")
    if len(redemptions) > most:
        tag("p", t("members.redemptions.last", n=most), "quiet small")


def _table(title: str) -> Tag:
    scroll = tag("div", classes="table-scroll", tabindex="0")
    with scroll:
        table = tag("table", classes="list")
    with table:
        tag("caption", title, "unseen")
    return table


def _head(visit: Visit, table: str, names: Sequence[str], number: str) -> None:
    with tag("thead"), tag("tr"):
        for name in names:
            style = "number" if name == number else ""
            tag("th", visit.t(f"members.{table}.{name}"), style, scope="col")


def _day(visit: Visit, at: datetime | None) -> str:
    return visit.t.day(at.astimezone(visit.t.zone).date()) if at else "–"
