"""Changes of a template's text that people make without writing YAML.

A key set in a form, words clicked on a document, a field of one's own, a template from one
document: each gives another text, in which all that was not changed stands as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from preuve.catalog.difference import template_data
from preuve.catalog.effective import Catalog
from preuve.catalog.versions import SHARED, newest
from preuve.folding import bare
from preuve.intake import ReceiptView
from preuve.reading.page import Pages
from preuve.reading.result import Context, Place
from preuve.reading.template.draft import Draft, draft
from preuve.reading.template.drafting.pointing import Pointed, Unclear, point, type_of_words
from preuve.reading.template.drafting.sketch import Edit
from preuve.reading.template.drafting.values import Example, Values
from preuve.reading.template.trying import Desk
from preuve.reading.template.writing import with_value


@dataclass(frozen=True, slots=True)
class Shown:
    """The text after words were clicked. `learned` says what was taken from them."""

    text: str
    learned: Pointed


def with_edits(text: str, edits: Iterable[Edit], tell: Callable[[str], str] = str) -> str:
    """The text with each edit, and why beside it, as `tell` says it.

    Raises ValueError where the text cannot be read.
    """
    for edit in edits:
        why = tell(edit.why)
        value, notes = edit.value, {edit.route: why} if why else {}
        if edit.adds:
            known = at(template_data(text) or {}, edit.route) or []
            if edit.value in known:
                continue
            value = [*known, edit.value]
            notes = {(*edit.route, str(edit.value)): why} if why else {}
        text = with_value(text, edit.route, value, notes)
    return text


def at(data: Any, route: Sequence[str]) -> Any:
    """What stands at a route of keys; None where nothing does."""
    for key in route:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def show(
    desk: Desk,
    text: str,
    pages: Pages,
    field: str,
    places: Sequence[Place],
    context: Context,
    tell: Callable[[str], str] = str,
) -> Shown | Unclear | None:
    """Makes the template find the value of `field` where the words at `places` stand.

    `tell` says the comments in another language. None where the text cannot be read, or extends
    no template that there is.
    """
    data = template_data(text)
    parent = desk.parent(data) if data else None
    if data is None or parent is None:
        return None
    found = point(pages, data, parent, desk.templates, field, places, context)
    return (
        Shown(with_edits(text, found.edits, tell), found) if isinstance(found, Pointed) else found
    )


def shares_of(pages: Pages, place: Place) -> dict[str, str]:
    """A drawn frame as a zone has it: shares of its page. Sides that bound nothing are left out.

    Raises LookupError where there is no such page.
    """
    page = next((one for one in pages if one.number == place.page), None)
    if page is None:
        raise LookupError(f"no page {place.page}")
    box = place.box
    shares = {
        "top": (box.top / page.height, 0.0),
        "bottom": (box.bottom / page.height, 1.0),
        "left": (box.left / page.width, 0.0),
        "right": (box.right / page.width, 1.0),
    }
    inside = {side: (min(1.0, max(0.0, at)), edge) for side, (at, edge) in shares.items()}
    return {side: f"{at:.3f}" for side, (at, edge) in inside.items() if abs(at - edge) > 0.001}


def with_own_field(
    desk: Desk, text: str, title: str, pages: Pages, places: Sequence[Place]
) -> tuple[str, str]:
    """The text with a field of its own, and the field's name; its type is what the words are."""
    data = template_data(text) or {}
    parent = desk.parent(data)
    taken = set(at(data, ("fields",)) or {}) | set(parent.fields if parent else ())
    name = free(slug(title)[:36] or "field", taken.__contains__)
    if not name[0].isalpha():
        name = f"f_{name}"[:40]
    kind = type_of_words(pages, parent, places) if parent else "text"
    return with_value(text, ("fields", name), {"title": title, "type": kind}), name


def values_of(seen: ReceiptView) -> Values:
    """What a draft may start from: what was read where it was trusted or an operator set it."""
    sure = seen.amended or (seen.verdict is not None and seen.verdict.status == "trusted")
    return Values.of(seen.reading) if seen.reading and sure else Values()


def draft_from(
    catalog: Catalog,
    program_id: str,
    example: Example,
    name: str,
    tell: Callable[[str], str] = str,
) -> Draft:
    """A template for the shop of one document, under a key that no other has; `tell` says its
    comments in another language.

    Raises NothingToDraftError.
    """
    named = replace(example, values=replace(example.values or Values(), retailer=name))
    made = draft([named], catalog.published(program_id), name=name, tell=tell)
    return under_free_key(catalog, program_id, made)


def under_free_key(catalog: Catalog, program_id: str, made: Draft) -> Draft:
    """The draft under a key that no other template has."""
    key = free(made.key, lambda one: is_taken(catalog, program_id, one))
    return replace(made, key=key, text=with_value(made.text, ("template",), key))


def is_taken(catalog: Catalog, program_id: str, key: str) -> bool:
    """Whether there is, or was, a template of this key that the program would see."""
    layers = dict.fromkeys((program_id, SHARED))
    return key in catalog.published(program_id).parents or any(
        newest(catalog.ground, key, layer) for layer in layers
    )


def slug(name: str) -> str:
    """A name as keys are written: small letters, digits and `_`."""
    return re.sub(r"[^a-z0-9]+", "_", bare(name)).strip("_")


def free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """The name that is wanted, with a number behind it where it is taken."""
    number, name = 2, wanted
    while is_taken(name):
        name, number = f"{wanted}_{number}", number + 1
    return name
