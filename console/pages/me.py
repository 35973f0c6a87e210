"""One's own account: password and language."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from console.frame import heading, nothing
from console.page import Page
from console.security import safe_path
from console.visit import Visit
from preuve.access import LANGUAGES, Change, change_user

router = APIRouter()


async def draw(visit: Visit) -> None:
    heading(visit.t("frame.me"))
    nothing(visit.t("frame.coming"))


@router.post("/language/{language}")
async def language(request: Request) -> Response:
    """Sets the person's language and goes back to the page that they were on."""
    visit = Visit.of(request)
    chosen = visit.path["language"]
    if chosen in LANGUAGES:
        change = Change(language=chosen)
        await visit.run(change_user, visit.rooms.ground, visit.person.user_id, change)
    given = await request.form(max_files=0, max_fields=10, max_part_size=10_000)
    return RedirectResponse(safe_path(str(given.get("next", ""))), 303)


PAGES = (Page("/me", "frame.me", draw, of_program=False),)
