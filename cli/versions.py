"""How versions of what operators write are shown: their history, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from preuve.store.versions import Event


def show_history(out: Console, events: Iterable[Event], states: Mapping[int, str]) -> None:
    """A line for each event; `states` are the versions' present ones."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("version", "now", "was", "by", "at (UTC)", "because"):
        table.add_column(heading)
    for event in events:
        at = f"{event.created_at:%Y-%m-%d %H:%M}"
        told = escape(event.actor), at, escape(event.reason)
        table.add_row(str(event.number), states[event.number], event.action, *told)
    out.print(table)


def show_lines(out: Console, difference: str) -> None:
    """A unified difference, coloured."""
    for line in difference.splitlines():
        style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "")
        out.print(line, style=style, markup=False, soft_wrap=True)
