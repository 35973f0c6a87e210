"""What the newest rules would have given for what came in: run in a thread, told while it runs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import anyio
from nicegui import ui

from console.html import link, tag
from console.visit import Visit
from console.words import Words
from preuve.access import Right
from preuve.loyalty import Program
from preuve.loyalty.programs.simulate import simulate
from preuve.loyalty.programs.tally import RuleResult, Simulation
from preuve.loyalty.rules.facts_of import exponent_of

DAYS = (7, 30, 90)
ALONE = anyio.CapacityLimiter(1)
"""One at a time a process: it is busy for as long as it lasts."""


class Stopped(Exception):
    """The page was closed meanwhile."""


def draw_simulation(visit: Visit, program: Program) -> None:
    """The form and, behind it, what came of the last run."""
    t = visit.t
    client = ui.context.client
    with tag("section", classes="card panel"):
        with tag("div", classes="panel-head"):
            tag("h2", t("programs.simulate.title"))
            tag("p", t("programs.simulate.told"), "quiet")
        days = ui.select({n: t("programs.simulate.days", n=n) for n in DAYS}, value=30)
        days.props("outlined dense").props(f'label="{t("programs.simulate.since")}"')
        start = tag("button", t("programs.simulate.run"), "button", type="button")
        running = tag("p", t("programs.simulate.running"), "quiet", role="status")
        running.visible = False
        bar = ui.linear_progress(0, show_value=False).props(
            f'aria-label="{t("programs.simulate.running")}"'
        )
        bar.bind_visibility_from(running)
        results = tag("div", classes="panel")

        async def run() -> None:
            if not visit.may(Right.EDIT) or running.visible:
                return
            running.visible, bar.value = True, 0
            results.clear()
            ahead = [0.0]

            def progress(done: int, total: int) -> None:
                ahead[0] = done / max(total, 1)
                if client.id not in client.instances:
                    raise Stopped

            def work() -> Simulation:
                since = program.day_of(visit.rooms.ground.now()) - timedelta(days=days.value)
                return simulate(visit.rooms.ground, program, since=since, progress=progress)

            watch = ui.timer(0.3, lambda: bar.set_value(ahead[0]))
            try:
                told = await anyio.to_thread.run_sync(work, limiter=ALONE)
            except Stopped:
                return
            finally:
                watch.cancel()
                running.visible = False
            with results:
                _results(visit, told)

        start.on("click", run)


def _results(visit: Visit, told: Simulation) -> None:
    t = visit.t
    if not told.occasions:
        tag("p", t("programs.simulate.none"), "quiet")
        return
    tag(
        "p",
        t(
            "programs.simulate.sum",
            points=told.points,
            really=told.really,
            members=told.members,
            n=told.occasions,
        ),
        role="status",
    )
    if told.failures:
        tag("p", t("programs.simulate.failed", n=told.failures), "told told-bad")
        _failed(visit, told)
    _limits(visit, told)
    most = max((max(rule.points, rule.really) for rule in told.rules), default=1) or 1
    with tag("div", classes="table-scroll", tabindex="0"), tag("table", classes="list"):
        tag("caption", t("programs.simulate.title"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("rule", "points", "really", "held_back", "times", "members", "grants"):
                style = "" if name == "rule" else "number"
                tag("th", t(f"programs.simulate.{name}"), style, scope="col")
        with tag("tbody"):
            for rule in told.rules:
                with tag("tr"):
                    with tag("td"):
                        tag("div", rule.name)
                        with tag("div", classes="bar-rail", aria_hidden="true"):
                            tag("i", classes="fill-valid", style=f"width:{rule.points / most:.1%}")
                    for number in (
                        rule.points,
                        rule.really,
                        rule.held_back,
                        rule.times,
                        rule.members,
                    ):
                        tag("td", t.number(number), "number")
                    tag("td", _granted(t, rule), "number")
    tag("h3", t("programs.simulate.largest"))
    with tag("ol", classes="largest"):
        for one in told.largest:
            with tag("li"):
                link(one.occasion, visit.link(f"/receipts/{one.occasion}"), "mono")
                points = t("programs.sentence.points", n=one.points)
                tag("span", f" {one.member_id} : {points} ({t.number(one.really)})")


def _granted(t: Words, rule: RuleResult) -> str:
    """How many gifts, vouchers, badges and messages, and what the vouchers are worth."""
    worth = (
        t.money(Decimal(minor).scaleb(-exponent_of(currency)), currency)
        for currency, minor in rule.vouchers.items()
    )
    return " · ".join((t.number(rule.grants), *worth)) if rule.grants else "–"


def _failed(visit: Visit, told: Simulation) -> None:
    """Each rule that could not be computed, and why, once."""
    t, names = visit.t, {rule.rule: rule.name for rule in told.rules}
    with tag("ul", classes="mistakes"):
        for rule, why in dict.fromkeys((one.rule, one.told) for one in told.failed):
            tag("li", t("programs.simulate.failed_rule", name=names[rule], why=t.told(why)))


def _limits(visit: Visit, told: Simulation) -> None:
    """The receipts that the limits would keep out, by reason."""
    t = visit.t
    tag("p", t("programs.simulate.no_wider"), "quiet small")
    if not told.kept_out:
        return
    tag("p", t("programs.simulate.kept_out", n=told.kept_out), "told told-bad")
    with tag("div", classes="table-scroll", tabindex="0"), tag("table", classes="list"):
        tag("caption", t("programs.simulate.limits"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("limit", "refused", "waiting", "lost"):
                style = "" if name == "limit" else "number"
                tag("th", t(f"programs.simulate.{name}"), style, scope="col")
        with tag("tbody"):
            for limit in told.limits:
                with tag("tr"):
                    tag("td", t(f"reasons.{limit.code}"))
                    for number in (limit.refused, limit.waiting, limit.points):
                        tag("td", t.number(number), "number")
