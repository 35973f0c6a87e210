"""From a `Page` to NiceGUI's: the right to see it, its frame, and what it says when it fails."""

from __future__ import annotations

import copy
from html import escape

import structlog
from nicegui import context, ui
from starlette.requests import Request
from starlette.responses import Response

from console.frame import frame, nothing
from console.html import link
from console.page import Page
from console.plain import nothing_here
from console.rooms import BASE
from console.sign_in import AGAIN, sign_in_address
from console.socket import open_visits
from console.style import STYLE
from console.visit import Visit

SCRIPT = f'<script src="{BASE}/static/console.js" defer></script>'
SLOWEST = 20.0
"""Seconds that a page may take to be drawn; each should take a fraction of one."""

log = structlog.get_logger(__name__)


def serve_page(page: Page) -> None:
    """Makes NiceGUI answer with `page` at its address."""

    async def shown(request: Request) -> Response | None:
        visit = Visit.of(request)
        if page.of_program and visit.of_program is None:
            return nothing_here(request)
        if page.needs and not visit.may(page.needs):
            return nothing_here(request)
        _open(visit)
        with frame(visit, page):
            try:
                await page.draw(visit)
            except Exception as error:
                log.error("page failed", path=visit.url, exc_info=error)
                context.client.status_code = 500
                context.slot.parent.clear()
                with context.slot.parent:
                    told = visit.t("frame.fault.told")
                    with nothing(visit.t("frame.fault.title"), told, "error"):
                        link(visit.t("frame.again"), visit.url, "button second")
        return None

    ui.page(page.address, response_timeout=SLOWEST)(shown)


def _open(visit: Visit) -> None:
    client = context.client
    # NiceGUI takes the language from the page, which all who open it share.
    client.page = copy.copy(client.page)
    client.page.language = "fr" if visit.t.language == "fr" else "en-GB"
    open_visits[client.id] = visit
    client.on_delete(lambda: open_visits.pop(client.id, None))
    client.on_exception(lambda error: _fault(visit, error))
    ui.add_head_html(STYLE)
    ui.add_head_html(SCRIPT)
    ui.add_body_html(_coming(visit))
    ui.add_body_html(_signed_out(visit))


def _coming(visit: Visit) -> str:
    """What stands alone until the page is drawn; `console.js` hides it, and shows it on leaving."""
    told = escape(visit.t("frame.coming"))
    return f'<div class="coming awaited" id="coming" role="status"><span>{told}</span></div>'


def _signed_out(visit: Visit) -> str:
    """What `console.js` shows over a page whose session ended; the page below it is kept."""
    t = visit.t
    return f"""<dialog id="signed-out" aria-labelledby="signed-out-title">
<h2 id="signed-out-title">{escape(t("frame.signed_out.title"))}</h2>
<p>{escape(t("frame.signed_out.told"))}</p>
<p class="actions"><a class="button" target="_blank" href="{sign_in_address(AGAIN)}">
{escape(t("frame.signed_out.again"))}</a></p>
</dialog>"""


def _fault(visit: Visit, error: Exception) -> None:
    log.error("action failed", path=visit.url, exc_info=error)
    ui.notify(visit.t("frame.fault.action"), type="negative")
