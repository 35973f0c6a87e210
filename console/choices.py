"""Choices as the browser's own radio buttons and check boxes, which screen readers know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count

from nicegui.events import GenericEventArguments

from console.html import tag

_names = count(1)


class Radios:
    """One of several; `value` is the key of what is chosen."""

    def __init__(self, legend: str, choices: Mapping[str, str], value: str) -> None:
        self.value = value
        name = f"radios-{next(_names)}"
        with tag("fieldset"):
            tag("legend", legend)
            for key, text in choices.items():
                with tag("label", classes="choice"):
                    chosen = tag("input", type="radio", name=name, value=key, checked=key == value)
                    chosen.on("change", self._choose, js_handler="(e) => emit(e.target.value)")
                    tag("span", text)

    def _choose(self, event: GenericEventArguments) -> None:
        self.value = str(event.args)


class Ticks:
    """Any of several; `values` are the keys of those that are ticked."""

    def __init__(self, legend: str, choices: Mapping[str, str], values: Collection[str]) -> None:
        self.values = set(values)
        with tag("fieldset"):
            tag("legend", legend)
            for key, text in choices.items():
                with tag("label", classes="choice"):
                    box = tag("input", type="checkbox", value=key, checked=key in values)
                    box.on(
                        "change",
                        self._tick,
                        js_handler="(e) => emit([e.target.value, e.target.checked])",
                    )
                    tag("span", text)

    def _tick(self, event: GenericEventArguments) -> None:
        key, ticked = event.args
        if ticked:
            self.values.add(str(key))
        else:
            self.values.discard(str(key))
