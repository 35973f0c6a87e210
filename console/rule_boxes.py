"""The boxes of the rule form, and the sentence that the rule would be, as it is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from nicegui import ui
from nicegui.elements.mixins.value_element import ValueElement
from pydantic import ValidationError

from console.filter_form import choices_of
from console.html import Tag, tag
from console.rule_form import (
    ANY_OCCASION,
    CAPS,
    EFFECTS,
    GRANTS,
    OF_ITEMS,
    PER,
    TRIGGERS,
    Missing,
    Said,
    Written,
    has_box,
    rule_of,
)
from console.rule_sentences import sentence
from console.visit import Visit
from preuve.loyalty import Program
from preuve.loyalty.programs.versions import Refused
from preuve.loyalty.rules.program import Campaign
from preuve.loyalty.rules.rule import RECEIPTS, EarnRule
from preuve.loyalty.rules.windows import WEEKDAYS
from preuve.loyalty.rules.written import RETAILER

Box = TypeVar("Box", bound=ValueElement[Any])


def known_retailers(visit: Visit) -> dict[str, str]:
    """The retailers of the program's receipts that rules can name. Asks the database."""
    found = choices_of(visit).retailers
    return {one.value: one.name for one in found if re.match(RETAILER, one.value)}


class RuleForm:
    """Draws itself; `written` gives the rule, or what is missing.

    `program` is what the rule is added to, `retailers` those that can be chosen, by key.
    """

    def __init__(self, visit: Visit, program: Program, retailers: Mapping[str, str]) -> None:
        self.t, self.program, self.retailers = visit.t, program, retailers
        self.boxes: dict[str, ValueElement[Any]] = {}
        self.sections: dict[str, Tag] = {}
        self._section("who", self._who, opened=True)
        self._section("gives", self._gives, opened=True)
        self._section("products", self._products)
        self._section("days", self._days)
        self._section("caps", self._caps)
        self._section("budget", self._budget)
        self._section("order", self._order)
        with tag("div", classes="card rule-preview", role="status"):
            tag("p", self.t("programs.form.preview"), "quiet small")
            self._sentence = tag("p")
        self._chosen()

    def written(self) -> Written | Missing:
        taken = frozenset(rule.rule for rule in self.program.earn)
        return rule_of(self._said(), taken, frozenset(self.program.campaigns))

    def label(self, box: str) -> str:
        """What a box is called."""
        name, _, number = box.partition("_")
        if name == "cap":
            return self.t("programs.form.cap", number=int(number) + 1)
        return self.t(f"programs.form.{box}")

    def told(self, refused: Refused) -> list[str]:
        """What is wrong with the rule, each with the box that it is about."""
        told = []
        for error in refused.errors:
            parts = [part for part in re.split(r"\W+", error.where) if not part.isdecimal()]
            named = (f"programs.form.{part}" for part in reversed(parts))
            box = next((self.t(key) for key in named if self.t.has(key)), "")
            told.append(f"{box} : {self.t.told(error.message)}".removeprefix(" : "))
        return told

    def _section(self, name: str, fill: Callable[[], None], *, opened: bool = False) -> None:
        self.sections[name] = tag("details", classes="card", open=opened)
        with self.sections[name]:
            tag("summary", self.t(f"programs.form.sections.{name}"))
            fill()

    def _who(self) -> None:
        with tag("div", classes="boxes"):
            self._text("name")
            self._choice("trigger", "triggers", TRIGGERS)
            self._text("number")
            self._choice("per", "pers", ("ever", "day", "week", "month", "year"))
            self._tick("every")
            self._text("event")
            self._text("min_total")
            if self.retailers:
                self._several("retailers", self.retailers)
            self._text("segments")
            self._text("not_segments")

    def _gives(self) -> None:
        with tag("div", classes="boxes"):
            self._choice("effect", "effects", tuple(EFFECTS))
            self._text("points")
            self._text("amount", "1")
            self._text("times", "2")
            self._choice("rounding", "roundings", ("down", "nearest", "up"), "as_program")
        with tag("div", classes="boxes"):
            self._choice("grant", "grants", GRANTS, "nothing")
            for name in ("grant_name", "value"):
                self._text(name)

    def _products(self) -> None:
        tag("p", self.t("programs.form.products_told"), "quiet small")
        with tag("div", classes="boxes"):
            if self.program.products:
                lists = {key: one.name for key, one in self.program.products.items()}
                self._several("lists", lists)
            for name in ("words", "never", "gtins", "min_pieces"):
                self._text(name)

    def _days(self) -> None:
        with tag("div", classes="boxes"):
            for name in ("starts_on", "ends_on"):
                self._text(name).props("type=date stack-label")
            days = [(day, self.t(f"programs.sentence.days.{day}")) for day in WEEKDAYS]
            self._several("weekdays", dict[str, str](days))
            for name in ("from_hour", "to_hour"):
                self._text(name).props("type=time stack-label")
        tag("p", self.t("programs.form.hours_told"), "quiet small")

    def _caps(self) -> None:
        t = self.t
        tag("p", t("programs.form.caps_told"), "quiet small")
        for index in range(CAPS):
            row, number = tag("div", classes="boxes caps"), index + 1
            if index:
                row.bind_visibility_from(self.boxes[f"cap_{index - 1}"], "value", bool)
            with row:
                box = ui.input(t("programs.form.cap", number=number), on_change=self._chosen)
                self.boxes[f"cap_{index}"] = box.props("outlined dense inputmode=numeric")
                for name, keys in (
                    ("unit", ("points", "times")),
                    ("per", PER),
                    ("of", ("member", "all")),
                ):
                    shown = {key: t(f"programs.form.cap_{name}s.{key}") for key in keys}
                    label = t(f"programs.form.cap_{name}", number=number)
                    self._select(f"cap_{index}_{name}", label, shown, keys[0])

    def _budget(self) -> None:
        tag("p", self.t("programs.form.campaign_told"), "quiet small")
        known = {key: one.name for key, one in self.program.campaigns.items()}
        told = {name: self.t(f"programs.form.campaigns.{name}") for name in ("nothing", "new")}
        shown = {"": told["nothing"], **known, "new": told["new"]}
        with tag("div", classes="boxes"):
            campaign = self._select("campaign", self.t("programs.form.campaign"), shown, "")
            for name in ("campaign_name", "budget", "member_cap"):
                box = self._text(name)
                box.bind_visibility_from(campaign, "value", lambda chosen: chosen == "new")

    def _order(self) -> None:
        tag("p", self.t("programs.form.order_told"), "quiet small")
        with tag("div", classes="boxes"):
            self._text("priority")
            self._tick("last")

    def _text(self, name: str, value: str = "") -> ui.input:
        box = ui.input(self.t(f"programs.form.{name}"), value=value, on_change=self._chosen)
        box.props("outlined dense maxlength=400 debounce=300")
        return self._kept(name, box)

    def _tick(self, name: str) -> None:
        self._kept(name, ui.checkbox(self.t(f"programs.form.{name}"), on_change=self._chosen))

    def _choice(self, name: str, shown: str, keys: tuple[str, ...], none: str = "") -> None:
        """`none` is what no choice is called, where there may be none."""
        told = {key: self.t(f"programs.form.{shown}.{key}") for key in keys}
        if none:
            told = {"": self.t(f"programs.form.{shown}.{none}"), **told}
        self._select(name, self.t(f"programs.form.{name}"), told, "" if none else keys[0])

    def _select(self, name: str, label: str, shown: Mapping[str, str], value: str) -> ui.select:
        box = ui.select(dict(shown), label=label, value=value, on_change=self._chosen)
        return self._kept(name, box.props("outlined dense options-dense"))

    def _several(self, name: str, shown: Mapping[str, str]) -> None:
        label = self.t(f"programs.form.{name}")
        box = ui.select(dict(shown), label=label, value=[], multiple=True, on_change=self._chosen)
        self._kept(name, box.props("outlined dense options-dense"))

    def _kept(self, name: str, box: Box) -> Box:
        self.boxes[name] = box
        return box

    def _said(self) -> Said:
        said = {name: box.value for name, box in self.boxes.items()}
        # Names of weekdays, lists and retailers come in the order in which they were chosen.
        said["weekdays"] = [day for day in WEEKDAYS if day in (said["weekdays"] or ())]
        currencies = self.program.limits.currencies
        return said | {"currency": currencies[0] if currencies else "EUR"}

    def _chosen(self) -> None:
        """Something was filled in: which boxes there are, and the sentence."""
        if "last" not in self.boxes:
            return
        trigger, effect = self.boxes["trigger"], self.boxes["effect"]
        shown = EFFECTS if trigger.value in RECEIPTS else ANY_OCCASION
        assert isinstance(effect, ui.select)
        if set(effect.options) != set(shown):
            told = {key: self.t(f"programs.form.effects.{key}") for key in shown}
            effect.set_options(told, value=effect.value if effect.value in shown else "fixed")
        self.sections["products"].set_visibility(trigger.value in RECEIPTS)
        if effect.value in OF_ITEMS:
            self.sections["products"].props("open")
        for name, box in self.boxes.items():
            if not name.startswith(("cap_", "campaign_", "budget", "member_cap")):
                box.set_visibility(has_box(name, str(trigger.value), str(effect.value)))
        for name in ("grant_name", "value"):
            kind = self.boxes["grant"].value
            self.boxes[name].set_visibility(kind == "voucher" if name == "value" else bool(kind))
        self._sentence.text = self._preview()

    def _preview(self) -> str:
        """The sentence, or the box that is still to be filled."""
        made = self.written()
        if isinstance(made, Missing):
            return self.t("programs.form.incomplete", told=self.label(made.box))
        try:
            rule = EarnRule.model_validate(made.rule)
            new = {key: Campaign.model_validate(one) for key, one in made.campaigns.items()}
        except ValidationError:
            return "…"
        campaigns = {**self.program.campaigns, **new}
        return sentence(self.t, rule, self.program.model_copy(update={"campaigns": campaigns}))
