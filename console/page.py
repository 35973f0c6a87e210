"""What a page of the console is: its address, its title, who may see it, and who draws it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from console.visit import Visit
from preuve.access import Right


@dataclass(frozen=True, slots=True)
class Page:
    """`path` as `/receipts/{receipt_id}`; `title` is the key of a text.

    A page is of one program (its address is `/console/p/{program}` and `path`) unless
    `of_program` is False. `needs` is the right that it takes to see it.
    """

    path: str
    title: str
    draw: Callable[[Visit], Awaitable[None]]
    needs: Right | None = None
    of_program: bool = True
    wide: bool = False
    """Whether it takes the window's whole width."""

    @property
    def address(self) -> str:
        return f"/p/{{program}}{self.path}" if self.of_program else self.path
