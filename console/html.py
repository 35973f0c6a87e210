"""Plain HTML elements beside NiceGUI's: a table is a table, a heading a heading."""

from __future__ import annotations

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement


class Tag(TextElement):
    """One HTML element. What is put into it by `with` stands after its text."""


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
            if (name, attribute) == ("input", "value"):
                # As Vue's property it would come back over what is typed, with each update.
                attribute = "^value"
            element.props[attribute] = "" if value is True else value
    return element


def link(text: str, target: str, classes: str = "", **attributes: object) -> Tag:
    """A link within the page's window. `target` is a whole path, as `Visit.link` gives it."""
    return tag("a", text, classes, href=target, **attributes)


def icon(name: str, classes: str = "") -> ui.icon:
    """A Material icon, hidden from screen readers: the text beside it says what it is."""
    return ui.icon(name).classes(classes).props('aria-hidden="true"')
