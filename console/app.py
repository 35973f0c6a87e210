"""The operators' web pages, an ASGI app of its own: NiceGUI below `/console`.

To add a page, write a module in `console/pages/` with `PAGES`, a tuple of `Page`, and name the
module in `MODULES` below. A page's `draw(visit)` is called for each person that opens it, on the
event loop; it draws with NiceGUI and `console.html` and gets all else from its `Visit`:

- `visit.program`, `visit.person`, `visit.rooms` (database, templates, settings), `visit.t` (texts
  of `words/<page>.yaml`, numbers, money, days), `visit.query` and `visit.path` (the address).
- `await visit.run(function, ...)` does what asks the database or the disk, in a thread.
- `visit.may(Right.X)` before every change, in its handler; who may see the page is `Page.needs`.
- `visit.link("/receipts", status="valid")` is the address of a page of this program; `visit.go`
  leads there. (NiceGUI's own `ui.link` and `ui.navigate.to` put `/console` before a path.)
- `visit.every(seconds, work)` keeps a page live.

State lives in the address and the database: a reload loses nothing. A download or a picture is a
route of `router` (a FastAPI APIRouter, below `/console`) in the same module; the guard has let the
person in, `Visit.of(request)` tells who, and `visit.of_program` is None where the program in
the path is not theirs.

`tests/browser.py` has what tests of pages start from.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import anyio.to_thread
import nicegui.run
from fastapi import FastAPI
from nicegui import app as nicegui_app
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from console import pictures, sign_in, words
from console.pages import (
    accounts,
    dashboard,
    export,
    held,
    me,
    members,
    programs,
    receipt,
    receipts,
    review,
    template,
    template_new,
    templates,
)
from console.plain import nothing_here
from console.rooms import BASE, Rooms
from console.security import Guard
from console.serving import serve_page
from console.socket import guard_messages
from console.style import ADDRESS, sheet
from console.visit import Visit
from preuve import logs
from preuve.catalog import Catalog
from preuve.intake import celery_waker
from preuve.lasting import set_apart_what_lasts
from preuve.loyalty import ProgramsInForce
from preuve.settings import Settings
from preuve.store import open_ground

MODULES: tuple[ModuleType, ...] = (
    dashboard,
    receipts,
    receipt,
    review,
    templates,
    template_new,
    template,
    programs,
    held,
    members,
    export,
    accounts,
    me,
)

COLORS = {
    "primary": "#1f4e5f",
    "secondary": "#566273",
    "accent": "#1d6fd6",
    "positive": "#1a6b4a",
    "negative": "#a8232b",
    "warning": "#8a5200",
    "info": "#2a5aa0",
}
"""Quasar's, as `static/style/base.css` has them."""
FREE_EVERY = 20.0
WORTH_FREEING = 10
"""So many rounds over the younger objects: about ten pages."""
NEVER = 2**31 - 1
STATIC = Path(__file__).parent / "static"


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. One a process: NiceGUI keeps its pages in one place."""
    chosen = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        logs.configure()
        # Texts and programs that cannot be used are told now, not to the first person.
        words.keys()
        ground = open_ground(chosen)
        programs = ProgramsInForce(ground, chosen.programs_dir)
        programs.now()
        rooms = app.state.rooms = Rooms(
            settings=chosen,
            ground=ground,
            catalog=Catalog(ground, chosen.templates_dir, chosen.cache_dir),
            programs=programs,
            wake=celery_waker(chosen.broker_url),
        )
        await anyio.to_thread.run_sync(rooms.prepare)
        set_apart_what_lasts()
        freeing = asyncio.create_task(_free_pages())
        yield
        freeing.cancel()
        ground.close()

    app = FastAPI(title="Preuve", lifespan=lifespan, openapi_url=None)
    app.add_middleware(Guard)
    app.add_middleware(GZipMiddleware)
    app.add_route("/", lambda _: RedirectResponse(f"{BASE}/"))
    app.add_route(f"{BASE}", lambda _: RedirectResponse(f"{BASE}/"))
    app.add_route(f"{BASE}/", home)
    for room in (sign_in, pictures):
        app.include_router(room.router, prefix=BASE)
    for module in MODULES:
        if hasattr(module, "router"):
            app.include_router(module.router, prefix=BASE)
        for page in module.PAGES:
            serve_page(page)
    app.add_route(ADDRESS, sheet)
    app.mount(f"{BASE}/static", _AskedEachTime(directory=STATIC), name="console-static")
    nicegui_app.add_exception_handler(404, lambda request, _: nothing_here(request))
    guard_messages()
    nicegui_app.colors(**COLORS)
    # A child that forked would inherit threads and connections in the middle of their work.
    nicegui.run.process_pool_start_method = "spawn"
    ui.run_with(
        app,
        mount_path=BASE,
        title="Preuve",
        favicon=STATIC / "mark.svg",
        tailwind=False,
        gzip_middleware_factory=None,
        reconnect_timeout=30,
        show_welcome_message=False,
    )
    return app


async def _free_pages() -> None:
    """Frees the pages that are gone, by the clock.

    Their parts point to each other, so that Python has to look through all that is alive, 0.3 s
    with a hundred pages. Left to itself it does so in the middle of every twentieth page.
    """
    youngest, young, _ = gc.get_threshold()
    gc.set_threshold(youngest, young, NEVER)
    while True:
        await asyncio.sleep(FREE_EVERY)
        if gc.get_count()[2] >= WORTH_FREEING:
            gc.collect()


class _AskedEachTime(StaticFiles):
    """Browsers ask whether they have the newest: after a release pages and style agree."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


async def home(request: Request) -> Response:
    """The dashboard of the person's first program."""
    programs = Visit.of(request).programs
    if not programs:
        return RedirectResponse(f"{BASE}/me", 303)
    return RedirectResponse(f"{BASE}/p/{programs[0].program}/dashboard", 303)
