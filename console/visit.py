"""One page that a person has open: who, in which program, what the address says."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

import anyio.to_thread
from nicegui import ui
from starlette.requests import Request

from console.rooms import BASE, Asking, Rooms
from console.words import Words
from preuve.access import Person, Right
from preuve.loyalty import Program

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(eq=False)
class Visit:
    """What a page is drawn from. Person and programs are as of the last thing done on the page.

    `query` and `path` hold what the address says; `t` gives texts in the person's language.
    """

    rooms: Rooms
    asking: Asking
    token: str
    t: Words
    query: Mapping[str, str]
    path: Mapping[str, str]
    url: str
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while it is asked whether the session lasts: what is done stays in its order."""
    typed: list[dict[str, Any]] = field(default_factory=list)
    """What was typed after the session ended, as messages of the websocket."""

    @classmethod
    def of(cls, request: Request) -> Visit:
        """The visit of a request that has come past the guard."""
        asking: Asking = request.state.asking
        query = request.url.query
        visit = cls(
            rooms=request.state.rooms,
            asking=asking,
            token=request.state.token,
            t=Words(asking.person.language),
            query=dict(request.query_params),
            path=dict(request.path_params),
            url=request.url.path + (f"?{query}" if query else ""),
        )
        # A page of no program keeps the clock of the first one.
        clock = visit.of_program or next(iter(visit.programs), None)
        if clock:
            visit.t = Words(asking.person.language, clock.timezone)
        return visit

    @property
    def person(self) -> Person:
        return self.asking.person

    @property
    def of_program(self) -> Program | None:
        """The program that the address names, where it is one of the person's."""
        key = self.path.get("program", "")
        return self.asking.programs.get(key) if key in self.person.programs else None

    @property
    def program(self) -> Program:
        """The program that the page is of; on a page of none this is a fault."""
        if self.of_program is None:
            raise LookupError("this page belongs to no program")
        return self.of_program

    @property
    def programs(self) -> tuple[Program, ...]:
        """The programs that the person sees, by name."""
        known = (self.asking.programs.get(key) for key in self.person.programs)
        return tuple(sorted((p for p in known if p), key=lambda p: p.name.casefold()))

    def may(self, right: Right) -> bool:
        """Whether the person has `right` here, as their account stands now.

        Ask it in every handler that changes something, too: a hidden button is no lock.
        """
        return self.person.may(right, self.of_program.program if self.of_program else None)

    def link(self, path: str, *, program: str | None = None, **query: object) -> str:
        """The address of a page of this program, or of `program`; None leaves a value out."""
        key = program or (self.of_program.program if self.of_program else None)
        base = f"{BASE}/p/{key}" if key else BASE
        return base + path + _query(query)

    def go(self, address: str) -> None:
        """Leads the browser to a page; `address` is a whole path, as `link` gives it."""
        # What was typed is saved, or given up, where the server leads elsewhere.
        ui.run_javascript(f"preuve.unsaved = false; location.assign({json.dumps(address)})")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Does `work` in a thread: whatever asks the database or the disk goes through here."""
        return await anyio.to_thread.run_sync(functools.partial(work, *args, **kwargs))

    def every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> ui.timer:
        """Does `work` again and again while the page is open and the session lasts.

        It does not make the session last: looking on is not doing.
        """

        async def tick() -> None:
            if await self.run(self.rooms.asking, self.token, seen=False):
                await work()

        return ui.timer(seconds, tick, immediate=False)


def _query(values: Mapping[str, object]) -> str:
    given = {key: str(value) for key, value in values.items() if value not in (None, "")}
    return f"?{urlencode(given)}" if given else ""
