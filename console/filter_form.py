"""The form by which receipts are chosen, for a list and for an export.

It is a plain form whose answers stand in the address.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from console.html import Tag, icon, link, put, tag, written
from console.receipt_filters import filters_of, given
from console.template_names import template_names
from console.visit import Visit
from console.words import Words
from preuve.intake import Choice, Status, retailer_choices, template_choices
from preuve.reasons import ReasonCode

MORE = (
    "template", "reason", "member", "bought_from", "bought_to",
    "min", "max", "points_min", "points_max",
)  # fmt: skip
"""The filters that stand folded below the others."""

DAYS = ("from", "to", "bought_from", "bought_to")
CHOICES_LAST = 60.0
LONGEST = 500
"""Characters of a text in the form: an address of more than some 8 KB is refused on its way."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from."""

    retailers: Sequence[Choice]
    templates: Sequence[Choice]


def choices_of(visit: Visit) -> Choices:
    """As they were within the last minute. Asks the database."""
    ground, program = visit.rooms.ground, visit.program.program

    def found() -> Choices:
        templates = template_choices(ground, program)
        names = template_names(visit, [one.value for one in templates])
        many = Counter(names.values())
        called = {
            key: name if many[name] == 1 or name == key else f"{name} ({key})"
            for key, name in names.items()
        }
        named = [replace(one, name=called[one.value]) for one in templates]
        return Choices(retailer_choices(ground, program), named)

    return visit.rooms.recent(("choices", program, visit.t.language), CHOICES_LAST, found)


def draw_filters(visit: Visit, choices: Choices, path: str, **kept: str) -> None:
    """The form, and the filters that hold; `kept` stays in the address of the page at `path`."""
    t, said = visit.t, visit.query
    with tag("form", classes="card filters", method="get", role="search"):
        for name, value in kept.items():
            tag("input", type="hidden", name=name, value=value)
        with tag("div", classes="filter-row"):
            with _field(t("receipts.search"), "q", "grow"):
                _input(visit, "q", "search", placeholder=t("receipts.search_told"))
            statuses = {status.value: t(f"statuses.{status}") for status in Status}
            _select(visit, "status", statuses)
            _select(visit, "retailer", _names(choices.retailers))
            for name in ("from", "to"):
                _day_box(visit, name)
            tag("button", t("receipts.apply"), "button", type="submit")
        opened = any(said.get(name) for name in MORE)
        with tag("details", classes="more-filters", open=opened):
            tag("summary", t("receipts.more_filters"))
            with tag("div", classes="filter-row"):
                _select(visit, "template", _names(choices.templates))
                reasons = {str(code): t(f"reasons.{code}") for code in ReasonCode}
                _select(visit, "reason", dict(sorted(reasons.items(), key=lambda one: one[1])))
                with _field(t("receipts.filter.member"), "member"):
                    _input(visit, "member", "text")
                for name in ("bought_from", "bought_to"):
                    _day_box(visit, name)
                for name in ("min", "max", "points_min", "points_max"):
                    with _field(t(f"receipts.filter.{name}"), name, "short"):
                        _input(visit, name, "text", inputmode="decimal")
    _chosen(visit, choices, path, kept)
    if filters_of(said).search_cut or len(said.get("q", "")) >= LONGEST:
        tag("p", t("receipts.search_cut"), "told told-warn", role="status")


def _chosen(visit: Visit, choices: Choices, path: str, kept: Mapping[str, str]) -> None:
    """The filters that hold, each with the way to be rid of it."""
    t, said = visit.t, given(visit.query)
    if not said:
        return
    names = {choice.value: choice.name for choice in (*choices.retailers, *choices.templates)}
    with tag("ul", classes="chosen", aria_label=t("receipts.chosen")):
        for name, value in said.items():
            rest = {key: other for key, other in said.items() if key != name}
            shown = names.get(value, value)
            if name == "status":
                shown = ", ".join(t(f"statuses.{s}") for s in filters_of(said).statuses)
            elif name == "reason" and t.has(f"reasons.{value}"):
                shown = t(f"reasons.{value}")
            elif name in DAYS:
                shown = _day(t, value)
            label = f"{t(f'receipts.filter.{name}')} : {shown[:60]}"
            with tag("li"), link("", visit.link(path, **kept, **rest), "chip chip-info"):
                tag("span", label)
                tag("span", t("receipts.drop"), "unseen")
                icon("close")
        with tag("li"):
            link(t("receipts.drop_all"), visit.link(path, **kept))


def _field(label: str, name: str, style: str = "") -> Tag:
    field = tag("div", classes=f"field {style}".strip())
    with field:
        tag("label", label, for_=f"filter-{name}")
    return field


def _input(visit: Visit, name: str, kind: str, **more: str) -> None:
    value = visit.query.get(name, "")
    field = {"id": f"filter-{name}", "name": name, "type": kind, "value": value, **more}
    tag("input", **field, maxlength=LONGEST)


def _day_box(visit: Visit, name: str) -> None:
    """A day, with what it is in words: the box writes it as the browser does, 04/05 or 05/04."""
    t, box = visit.t, f"filter-{name}"
    with tag("div", classes="field"):
        with tag("label", t(f"receipts.filter.{name}"), for_=box):
            tag("output", _day(t, visit.query.get(name, "")), "day-told", for_=box)
        _input(visit, name, "date")


def _day(t: Words, value: str) -> str:
    """A day out of the address in words; what is none stays as it is."""
    try:
        return t.day(date.fromisoformat(value))
    except ValueError:
        return value


def _select(visit: Visit, name: str, choices: Mapping[str, str]) -> None:
    t, value = visit.t, visit.query.get(name, "")
    options = [written("option", t("receipts.any"), value="")]
    options += (
        written("option", text, value=key, selected=key == value) for key, text in choices.items()
    )
    if value and value not in choices:
        options.append(written("option", value[:60], value=value, selected=True))
    label = written("label", t(f"receipts.filter.{name}"), for_=f"filter-{name}")
    chooser = written("select", *options, id=f"filter-{name}", name=name)
    put("div", label, chooser, classes="field")


def _names(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.value: f"{choice.name} ({choice.receipts})" for choice in choices}
