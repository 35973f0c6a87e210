"""A layout laid over its template: one way to read, with nothing left to choose."""

from __future__ import annotations

from typing import Any

from preuve.reading.template.inherit import merge
from preuve.reading.template.model import Layout, Reads, Template


def laid_over(template: Template, layout: Layout) -> Template:
    """The template as the layout has it read: what the layout says goes before what it has."""
    changes: dict[str, Any] = {}
    for key in layout.model_fields_set - {"recognize"}:
        own = layout.model_dump(mode="json", by_alias=True, include={key}, exclude_unset=True)
        has = template.model_dump(mode="json", by_alias=True, include={key}, exclude_unset=True)
        changes[key] = merge(has.get(key), own[key], key)
    made = Reads.model_validate(changes)
    update = {key: getattr(made, key) for key in changes}
    return template.model_copy(update={**update, "layouts": {}})
