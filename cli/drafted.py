"""A drafted template shown to the person who will look it over."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from preuve.reading.template.draft import Draft, Field

GOOD = 0.6
"""The score from which a paper is recognized."""


def show(draft: Draft, console: Console) -> None:
    """How the draft reads its own documents, field by field, and what is wrong with it."""
    console.print(f"\n[bold]{draft.key}[/], which extends {draft.extends}", highlight=False)
    console.print(_fields(draft))
    for line in _warnings(draft):
        console.print(line, soft_wrap=True)


def _fields(draft: Draft) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, show_edge=False)
    for heading in ("document", "field", "confirmed", "read without it", "read with it"):
        table.add_column(heading, overflow="fold")
    for (document, fields), known in zip(
        groupby(draft.fields, key=lambda field: field.document), draft.known, strict=True
    ):
        name = document
        for field in fields:
            before, after = _cell(field, field.before.got), _cell(field, field.after.got, True)
            if field.field == "retailer":
                after = Text(f"recognized, {known:.2f}", "green" if known >= GOOD else "red")
            table.add_row(name, field.field, field.want, before, after)
            name = ""
    return table


def _cell(field: Field, text: str, drafted: bool = False) -> Text:
    right = (field.after if drafted else field.before).right
    return Text(text or "–", "green" if right else "red")


def _warnings(draft: Draft) -> Iterator[Text]:
    for missing in draft.missing:
        yield Text(str(missing), "red")
    for refused in draft.refused:
        yield Text(f'left out "{refused.text}": {refused.why}', "yellow")
    if draft.rivals:
        told = ", ".join(draft.rivals)
        yield Text(f"other templates know these documents: {told}; edit those instead?", "yellow")
    if min(draft.known, default=0.0) < GOOD:
        yield Text("not every document is recognized: add a name or a number by hand", "red")
