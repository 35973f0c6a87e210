"""Plain HTML elements beside NiceGUI's: a table is a table, a heading a heading."""

from __future__ import annotations

from collections.abc import Awaitable
from html import escape
from typing import Any, Self

from nicegui import helpers, ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.events import GenericEventArguments, Handler


class Tag(TextElement):
    """One HTML element. What is put into it by `with` stands after its text."""

    def on(
        self,
        type: str,  # noqa: A002
        handler: Handler[GenericEventArguments] | None = None,
        *args: Any,
        **more: Any,
    ) -> Self:
        """As NiceGUI's; but a click is not heard while what the one before began is under way.

        So a button that is pressed twice acts once, also where the server takes its time. Who
        asks in a dialog awaits it, so that there is one.
        """
        heard = _one_at_a_time(handler) if type == "click" and handler else handler
        return super().on(type, heard, *args, **more)


def _one_at_a_time(handler: Handler[GenericEventArguments]) -> Handler[GenericEventArguments]:
    under_way = False

    async def ended(done: Awaitable[Any]) -> None:
        nonlocal under_way
        try:
            await done
        finally:
            under_way = False

    def pressed(event: GenericEventArguments) -> Awaitable[None] | None:
        nonlocal under_way
        if under_way:
            return None
        done: Any = handler(event) if helpers.expects_arguments(handler) else handler()  # type: ignore[call-arg]
        if not helpers.should_await(done):
            return None
        under_way = True
        return ended(done)

    return pressed


def tag(name: str, /, text: str = "", classes: str = "", **attributes: object) -> Tag:
    """An HTML element with its text, which is never taken as HTML.

    An attribute's `_` stands for `-`, and one at the end is dropped (`for_`, `aria_label`);
    True is an attribute without a value, None and False leave it out.
    """
    element = Tag(tag=name, text=text)
    if classes:
        element.classes(classes)
    for key, value in attributes.items():
        if value is not None and value is not False:
            attribute = key.rstrip("_").replace("_", "-")
            # As Vue's property a value would come back over what is typed, with each update.
            if (name, attribute) == ("textarea", "value"):
                element.text = str(value)
                continue
            if (name, attribute) == ("input", "value"):
                attribute = "^value"
            element.props[attribute] = "" if value is True else value
    return element


def form(classes: str) -> Tag:
    """A form that sends nothing: Enter in one of its boxes clicks the button that submits it."""
    return tag("form", classes=classes).on("submit", js_handler="(event) => event.preventDefault()")


def link(text: str, target: str, classes: str = "", **attributes: object) -> Tag:
    """A link within the page's window. `target` is a whole path, as `Visit.link` gives it."""
    return tag("a", text, classes, href=target, **attributes)


class Written(str):
    """HTML in which everything that is not ours was escaped; `written` makes it."""


def written(name: str, /, *inside: str, classes: str = "", **attributes: object) -> Written:
    """An element as HTML text. What stands inside is text, unless it was written itself.

    Attributes are as `tag` takes them. For long tables: a thousand elements of NiceGUI's cost a
    third of a second of its time.
    """
    named = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    given = {"class": classes or None, **named}
    said = "".join(
        f' {key}="{"" if value is True else escape(str(value))}"'
        for key, value in given.items()
        if value is not None and value is not False
    )
    within = "".join(part if isinstance(part, Written) else escape(part) for part in inside)
    return Written(f"<{name}{said}>{within}</{name}>")


def put(name: str, *parts: Written, classes: str = "") -> None:
    """Draws what was written, in one element of that name."""
    ui.html("".join(parts), sanitize=False, tag=name).classes(classes)


def icon(name: str, classes: str = "") -> ui.icon:
    """A Material icon, hidden from screen readers: the text beside it says what it is."""
    return ui.icon(name).classes(classes).props('aria-hidden="true"')
