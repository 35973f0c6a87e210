"""What templates are called on screen: the general ones by their language, others by their shop."""

from __future__ import annotations

from console.visit import Visit
from console.words import Words


def template_name(t: Words, key: str, name: str) -> str:
    """The general templates' own names are English; `name` is what the template says."""
    general = f"templates.general.{key.removeprefix('base.')}"
    return t(general) if key.startswith("base.") and t.has(general) else name


def field_name(t: Words, name: str) -> str:
    """A value that templates read; their own fields are called as they are keyed."""
    key = f"template.field.{name}"
    return t(key) if t.has(key) else name.removeprefix("fields.").replace("_", " ")


def template_names(visit: Visit, keys: list[str]) -> dict[str, str]:
    """The names of these templates as they are in force. In a thread: it may load them all."""
    templates = visit.rooms.templates(visit.program.program)
    found = {key: templates.get(key) for key in keys}
    return {
        key: template_name(visit.t, key, one.name if one else key) for key, one in found.items()
    }


def version_address(visit: Visit, key: str, version: str, receipt_id: str) -> str:
    """Where a template's version is shown, the document beside it.

    `version` is as readings have it: `2.5` is the operators' fifth of the file's second, and one
    without a point is the file's own, which has no page but the template's.
    """
    number = version.rpartition(".")
    asked = {"tab": "versions", "version": number[2]} if number[1] and number[2].isdecimal() else {}
    return visit.link(f"/templates/{key}", receipt=receipt_id, **asked)
