"""What receipts earn: the program's rules in words, a form for the usual ones, text, versions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from console.campaigns import draw_budgets
from console.frame import heading, nothing
from console.html import form, link, tag
from console.page import Page
from console.pages.held import held_notice
from console.program_text import draw_mistakes, draw_text
from console.rule_boxes import RuleForm, known_retailers
from console.rule_form import Missing
from console.rule_sentences import sentence
from console.simulation import draw_simulation
from console.visit import Visit
from preuve.access import Right
from preuve.catalog import text_difference
from preuve.loyalty import Program
from preuve.loyalty.occasions.budgets import budgets
from preuve.loyalty.occasions.held import how_many_are_held
from preuve.loyalty.programs.versions import (
    Conflict,
    Refused,
    State,
    Unchanged,
    Version,
    checked,
    newest,
    publish,
    published_version,
    roll_back,
    save_draft,
    versions,
)
from preuve.loyalty.programs.writing import with_campaign, with_rule

TABS = ("rules", "add", "text", "simulate", "versions")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is in force, and what the newest draft says; `program` is None where that is wrong."""

    in_force: str
    newest: Version | None
    text: str
    program: Program | None
    errors: Refused | None

    @property
    def draft(self) -> Version | None:
        return self.newest if self.newest and self.newest.state == State.DRAFT else None


async def draw(visit: Visit) -> None:
    t = visit.t
    seen = await visit.run(_look, visit)
    may = visit.may(Right.EDIT)
    tabs = [name for name in TABS if may or name in ("rules", "versions")]
    chosen = visit.query.get("view", "rules")
    with tag("div", classes="heading heading-row"):
        heading(visit.program.name, t("programs.told"))
        with tag("nav", classes="segments", aria_label=t("programs.tab")):
            for name in tabs:
                here = "page" if name == chosen else None
                link(
                    t(f"programs.tabs.{name}"),
                    visit.link("/programs", view=name),
                    aria_current=here,
                )
    if seen.draft and may:
        _draft(visit, seen, seen.draft)
    if chosen == "add" and may:
        await _form(visit, seen)
    elif chosen == "text" and may:
        draw_text(visit, seen.text, seen.errors, partial(_save_text, visit, seen))
    elif chosen == "simulate" and may:
        draw_simulation(visit, seen.program or visit.program)
    elif chosen == "versions":
        await _versions(visit, seen, may)
    else:
        held_notice(
            visit, await visit.run(how_many_are_held, visit.rooms.ground, visit.program.program)
        )
        draw_budgets(visit, await visit.run(budgets, visit.rooms.ground, visit.program))
        _rules(visit, seen)


def _look(visit: Visit) -> Seen:
    ground, key = visit.rooms.ground, visit.program.program
    published, latest = published_version(ground, key), newest(ground, key)
    in_force = published.text if published else visit.rooms.programs.file_text(key) or ""
    text = latest.text if latest and latest.state == State.DRAFT else in_force
    program = checked(key, text, latest.number if latest else 0)
    if isinstance(program, Refused):
        return Seen(in_force, latest, text, None, program)
    return Seen(in_force, latest, text, program, None)


def _draft(visit: Visit, seen: Seen, draft: Version) -> None:
    t = visit.t
    with tag("section", classes="card panel"):
        tag("h2", t("programs.draft.title", number=str(draft.number)))
        tag("p", t("programs.draft.told", author=draft.author, reason=draft.reason), "quiet")
        if seen.errors:
            draw_mistakes(visit, seen.errors)
            return
        with form("actions"):
            reason = _box(t("programs.draft.reason"))

            async def go() -> None:
                if not _allowed(visit, reason.value):
                    return
                done = await visit.run(
                    publish,
                    visit.rooms.ground,
                    visit.program.program,
                    draft.number,
                    actor=visit.person.login,
                    reason=reason.value,
                )
                if isinstance(done, Refused):
                    ui.notify(t.told(done.why), type="negative")
                    return
                ui.notify(t("programs.draft.published"), type="positive")
                visit.go(visit.link("/programs"))

            _button(t("programs.draft.publish"), go, "submit")


def _rules(visit: Visit, seen: Seen) -> None:
    t = visit.t
    # A draft is its authors' affair; one that cannot be read shows nothing of itself.
    program = seen.program if visit.may(Right.EDIT) and seen.program else visit.program
    if not program.earn:
        nothing(t("programs.none"), t("programs.none_told"), "loyalty")
        return
    standing = {rule.rule: rule for rule in visit.program.earn}
    with tag("ol", classes="rules"):
        for rule in program.earn:
            with tag("li", classes="card rule"):
                with tag("div", classes="panel-head"):
                    tag("h2", rule.name)
                    if standing.get(rule.rule) == rule:
                        tag("span", t("programs.in_force"), "chip chip-good")
                    else:
                        tag("span", t("programs.versions.states.draft"), "chip chip-warn")
                tag("p", sentence(t, rule, program))
                tag("p", rule.rule, "mono quiet small")


async def _form(visit: Visit, seen: Seen) -> None:
    t = visit.t
    retailers = await visit.run(known_retailers, visit)
    if seen.program is None:
        tag("p", t("programs.form.draft_wrong"), "told told-bad")
        with tag("div", classes="rule-form", inert=True):
            RuleForm(visit, visit.program, retailers)
        return
    with tag("div", classes="rule-form", data_unsaved=True):
        rule = RuleForm(visit, seen.program, retailers)
        wrong = tag("div", role="alert")

        async def save() -> None:
            if not _allowed(visit, reason.value):
                return
            made = rule.written()
            if isinstance(made, Missing):
                told = t("programs.form.incomplete", told=rule.label(made.box))
                ui.notify(told, type="negative")
                return
            text = with_rule(seen.text, made.rule)
            for key, campaign in made.campaigns.items():
                text = with_campaign(text, key, campaign)
            found = await visit.run(checked, visit.program.program, text, 0)
            if isinstance(found, Refused):
                wrong.clear()
                with wrong:
                    tag("p", t("programs.form.refused"), "told told-bad")
                    with tag("ul", classes="mistakes"):
                        for told in rule.told(found):
                            tag("li", told)
                return
            await _save(visit, seen, text, reason.value, "rules")

        with form("reasoned"):
            reason = _box(t("programs.form.reason"))
            _button(t("programs.form.save"), save, "submit")


async def _save_text(visit: Visit, seen: Seen, text: str, reason: str) -> None:
    if _allowed(visit, reason):
        await _save(visit, seen, text, reason, "text")


async def _save(visit: Visit, seen: Seen, text: str, reason: str, view: str) -> None:
    t = visit.t
    done = await visit.run(
        save_draft,
        visit.rooms.ground,
        visit.program.program,
        text,
        based_on=seen.newest.number if seen.newest else 0,
        author=visit.person.login,
        reason=reason,
    )
    if isinstance(done, Conflict):
        ui.notify(t("programs.conflict", author=done.theirs.author), type="negative")
    elif isinstance(done, Unchanged):
        ui.notify(t("programs.unchanged"), type="info")
    elif isinstance(done, Refused):
        ui.notify(t.told(done.why), type="negative")
    else:
        visit.go(visit.link("/programs", view=view))


async def _versions(visit: Visit, seen: Seen, may: bool) -> None:
    t = visit.t
    saved = await visit.run(versions, visit.rooms.ground, visit.program.program)
    if not saved:
        nothing(t("programs.versions.none"), "", "history")
        return
    with tag("div", classes="table-scroll"), tag("table", classes="list"):
        tag("caption", t("programs.tabs.versions"), "unseen")
        with tag("thead"), tag("tr"):
            for name in ("number", "state", "author", "reason", "at", "compare"):
                tag("th", t(f"programs.versions.{name}"), scope="col")
        with tag("tbody"):
            for version in reversed(saved):
                with tag("tr"):
                    tag("td", str(version.number), "number")
                    with tag("td"):
                        style = "chip-good" if version.state == State.PUBLISHED else ""
                        tag("span", t(f"programs.versions.states.{version.state}"), f"chip {style}")
                    tag("td", version.author)
                    tag("td", version.reason)
                    tag("td", t.moment(version.created_at), "quiet")
                    with tag("td"):
                        target = visit.link("/programs", view="versions", of=version.number)
                        link(t("programs.versions.compare"), target)
    number = visit.query.get("of", "")
    for version in saved:
        if str(version.number) == number:
            _difference(visit, seen, version, may)


def _difference(visit: Visit, seen: Seen, version: Version, may: bool) -> None:
    t = visit.t
    number = str(version.number)
    names = t("programs.in_force"), number
    with tag("section", classes="card panel"):
        tag("h2", t("programs.versions.difference", number=number))
        changed = text_difference(seen.in_force, version.text, *names)
        tag("pre", changed or t("programs.versions.same"), "difference", tabindex="0")
        if not may or version == seen.draft:
            return

        async def take_up() -> None:
            reason = t("programs.versions.rolled_back", number=number)
            if not _allowed(visit, reason):
                return
            await visit.run(
                roll_back,
                visit.rooms.ground,
                visit.program.program,
                version.number,
                author=visit.person.login,
                reason=reason,
            )
            visit.go(visit.link("/programs"))

        _button(t("programs.versions.roll_back"), take_up)


def _allowed(visit: Visit, reason: str | None) -> bool:
    if not visit.may(Right.EDIT):
        ui.notify(visit.t("programs.not_allowed"), type="negative")
        return False
    if not (reason or "").strip():
        ui.notify(visit.t("programs.reason_missing"), type="negative")
        return False
    return True


def _box(label: str) -> ui.input:
    return ui.input(label).props("outlined dense maxlength=200")


def _button(text: str, work: Callable[[], Awaitable[None]], kind: str = "button") -> None:
    tag("button", text, "button", type=kind).on("click", work)


PAGES = (Page("/programs", "frame.programs", draw),)
