"""A template as a form: each control sets one key of the text, and all else stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from nicegui.events import GenericEventArguments

from console.html import tag
from console.template_names import template_name
from preuve.reading.template.fields import Direction, FieldType
from preuve.reading.template.kinds import DocumentKind
from preuve.reading.template.model import Role

if TYPE_CHECKING:
    from console.pages.template import TemplatePage

Keys: TypeAlias = tuple[str, ...]

EVIDENCE = ("names", "legal", "domains", "words", "not")
NUMBERS = ("siren", "vat")
ROLES = ("total", "date", "receipt_number", "other_date", "subtotal", "discount", "ignore")
"""The labels that a form always asks for; others where the template has them."""

SIDED = ("total", "date", "receipt_number")
ZONES = ("items", "total", "date", "retailer")
MOST_PHRASES = 100


class Form:
    """The tab with the form."""

    def __init__(self, page: TemplatePage) -> None:
        self.page, self.t, self.editing = page, page.t, page.editing
        self.number = 0
        self.opened = {"identity", "recognize", "fields"}
        """The sections that the person has open."""

    @property
    def may_write(self) -> bool:
        """A text that cannot be read is mended where it is written, not here."""
        return self.page.may_write and self.editing.data is not None

    def draw(self) -> None:
        self.root = tag("div", classes="template-form")
        self._fill()
        self.page.written["form"] = self._fill

    def _fill(self) -> None:
        self.root.clear()
        self.number = 0  # a control keeps its id: the one with the focus is known by it
        with self.root:
            if self.editing.data is None:
                tag("p", self.t("template.form_unreadable"), "told told-warn")
            self._section("identity", self._identity)
            self._section("recognize", self._recognize)
            self._section("labels", self._labels)
            self._section("fields", self._fields)
            self._section("places", self._places)

    def _section(self, name: str, fill: Callable[[], None]) -> None:
        def turned(event: GenericEventArguments) -> None:
            (self.opened.add if event.args else self.opened.discard)(name)

        section = tag("details", classes="card", open=name in self.opened)
        section.on("toggle", turned, js_handler="(e) => emit(e.target.open)")
        with section:
            tag("summary", self.t(f"template.section.{name}"))
            with tag("div", classes="controls"):
                fill()

    def _identity(self) -> None:
        self._text(("name",), 200)
        self._choice(("kind",), {
            kind: self.t(f"template.kind.{kind}") for kind in get_args(DocumentKind)
        }, "receipt")  # fmt: skip
        known = self.editing.desk.templates.bases
        bases = {key: template_name(self.t, key, base.name) for key, base in known.items()}
        now = self.editing.value("extends")
        if isinstance(now, str) and now not in bases:
            bases[now] = now
        if now or self.editing.key not in known:
            self._choice(("extends",), bases, now or "")
        self._text(("country",), 2)
        self._text(("notes",), 1000)

    def _recognize(self) -> None:
        for name in EVIDENCE:
            self._phrases(("recognize", name))
        for name in NUMBERS:
            entries = self.editing.value("recognize", name)
            for entry in entries if isinstance(entries, list) else ():
                if isinstance(entry, dict):
                    self._entry(("recognize", name), entry)

    def _entry(self, route: Keys, entry: dict[str, Any]) -> None:
        """A register number with its source: shown, and taken away."""
        with tag("div", classes="entry"):
            tag("span", f"{route[-1].upper()} {entry.get('number', '')}", "mono")
            tag("span", self.t.told(str(entry.get("source", ""))), "quiet small")
            kept = [one for one in self.editing.value(*route) or () if one != entry]
            self._remove(route, kept, str(entry.get("number", "")))

    def _labels(self) -> None:
        own = self.editing.value("labels")
        others = [role for role in own if role not in ROLES] if isinstance(own, dict) else []
        known = {str(role) for role in Role}
        for role in (*ROLES, *(one for one in others if one in known)):
            self._phrases(("labels", role))
            if role in SIDED:
                sides = {side: self.t(f"template.side.{side}") for side in get_args(Direction)}
                self._choice(("directions", role), {"": self.t("template.side.any"), **sides}, "")

    def _fields(self) -> None:
        own = self.editing.value("fields")
        for name, spec in own.items() if isinstance(own, dict) else ():
            if isinstance(spec, dict):
                self._field(name, spec)
        if not own:
            tag("p", self.t("template.no_fields"), "quiet")

    def _field(self, name: str, spec: dict[str, Any]) -> None:
        at = ("fields", name)
        with tag("fieldset"):
            tag("legend", str(spec.get("title") or name))
            self._text((*at, "title"), 200)
            kinds = {kind: self.t(f"template.type.{kind}") for kind in get_args(FieldType)}
            self._choice((*at, "type"), kinds, "text")
            self._phrases((*at, "labels"))
            self._text((*at, "pattern"), 200)
            if "zone" in spec:
                self._zone((*at, "zone"))
            with tag("div", classes="actions"):
                self._check((*at, "required"))
                self._check((*at, "unique"))
            self._remove(at, None, str(spec.get("title") or name))

    def _places(self) -> None:
        self._phrases(("row_patterns",))
        for name in ZONES:
            if self.editing.value("zones", name):
                self._zone(("zones", name))
        if not self.editing.value("zones"):
            tag("p", self.t("template.no_zones"), "quiet")

    def _zone(self, route: Keys) -> None:
        """A zone in words; the paper is where one is made."""
        zone = self.editing.value(*route)
        name = "zone" if route[0] == "fields" else f"zones.{route[-1]}"
        with tag("div", classes="entry"):
            tag("span", self._label((name,)), "label")
            told = []
            for key, value in zone.items() if isinstance(zone, dict) else ():
                said = ", ".join(value) if isinstance(value, list) else str(value)
                told.append(self.t(f"template.zone.{key}", said=said))
            tag("span", "; ".join(told))
            self._remove(route, None, self._label((name,)))

    def _text(self, route: Keys, most: int) -> None:
        self._control(
            "input", route, self.editing.value(*route) or "", str.strip, maxlength=str(most)
        )

    def _phrases(self, route: Keys) -> None:
        """A list of phrases, one a line, and those that are inherited below it."""
        phrases = self.editing.value(*route)
        own = [one for one in phrases if isinstance(one, str)] if isinstance(phrases, list) else []
        self._control(
            "textarea",
            route,
            "\n".join(own),
            _lines,
            rows=str(max(1, len(own))),
            spellcheck="false",
        )
        inherited = self.editing.inherited(*route)
        if isinstance(inherited, list) and inherited:
            with tag("details", classes="inherited"):
                tag("summary", self.t("template.inherited", n=len(inherited)), "quiet small")
                tag("p", ", ".join(str(one) for one in inherited), "quiet small")

    def _control(
        self, kind: str, route: Keys, value: str, read: Callable[[str], object], **more: str
    ) -> None:
        name = self._id()

        async def changed(event: GenericEventArguments) -> None:
            await self._set(route, read(str(event.args)[:20_000]))

        with tag("div", classes="control"):
            tag("label", self._label(route), for_=name)
            disabled = not self.may_write
            control = tag(kind, id=name, value=value, disabled=disabled, **more)
            control.on("change", changed, js_handler="(e) => emit(e.target.value)")

    def _choice(self, route: Keys, options: dict[str, str], without: str) -> None:
        """One of several; `without` is what holds where the key is left out."""
        name, now = self._id(), str(self.editing.value(*route) or without)

        async def changed(event: GenericEventArguments) -> None:
            chosen = str(event.args)
            if chosen in options:
                keep = chosen if chosen != without or route == ("extends",) else None
                await self._set(route, keep)

        with tag("div", classes="control"):
            tag("label", self._label(route), for_=name)
            with tag("select", id=name, disabled=not self.may_write).on(
                "change", changed, js_handler="(e) => emit(e.target.value)"
            ):
                for value, text in options.items():
                    tag("option", text, value=value, selected=value == now)

    def _check(self, route: Keys) -> None:
        on = str(self.editing.value(*route)).lower() in ("yes", "true", "on", "1")

        async def changed(event: GenericEventArguments) -> None:
            await self._set(route, "yes" if event.args else None)

        with tag("label", classes="check"):
            box = tag("input", type="checkbox", checked=on, disabled=not self.may_write)
            box.on("change", changed, js_handler="(e) => emit(e.target.checked)")
            tag("span", self._label(route))

    def _remove(self, route: Keys, left: Sequence[object] | None, name: str) -> None:
        async def gone() -> None:
            await self._set(route, list(left) if left else None)
            self._fill()

        if self.may_write:
            label = self.t("template.remove_label", name=name)
            tag("button", self.t("template.remove"), "as-link", type="button",
                aria_label=label).on("click", gone)  # fmt: skip

    async def _set(self, route: Keys, value: object) -> None:
        page = self.page
        if page.refused():
            return
        if not await page.change(self.editing.put, route, value):
            return
        page.changed(by="form")

    def _label(self, route: Keys) -> str:
        """What a control is called: by its whole key, or by that below a field of its own."""
        name = ".".join(route[2:] if route[0] == "fields" and len(route) > 2 else route)
        if route[0] == "fields" and len(route) > 2:
            name = f"own.{name}"
        if route[0] == "directions":
            return self.t("template.key.direction", name=self.t(f"template.key.labels.{route[1]}"))
        key = f"template.key.{name}"
        return self.t(key) if self.t.has(key) else name.replace("_", " ")

    def _id(self) -> str:
        self.number += 1
        return f"control-{self.number}"


def _lines(text: str) -> list[str]:
    """Phrases as they are typed, one a line; each once."""
    given = (line.strip()[:200] for line in text.splitlines())
    return list(dict.fromkeys(line for line in given if line))[:MOST_PHRASES]
