"""Signing in and out: plain forms, so that they work before anything else is loaded."""

from __future__ import annotations

import functools
from html import escape
from urllib.parse import quote

import anyio
import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.plain import language_of, plain_page
from console.rooms import BASE, Rooms
from console.security import cookie_name, safe_path, set_session, token_in
from console.words import Words
from preuve.access import SignedIn, TooManyFailures, forget_ended, sign_in, sign_out

AT_ONCE = anyio.CapacityLimiter(2)
"""Each password costs 64 MB and a core for a moment; a flood of them waits here."""
AGAIN = f"{BASE}/sign-in/again"
"""Where a window ends that was opened to sign in again beside a page that is kept."""

router = APIRouter()


@router.get("/sign-in")
async def form(request: Request) -> Response:
    """The form; `next` is the page to go on with."""
    return _form(request, request.query_params.get("next"), "", None)


@router.post("/sign-in")
async def enter(request: Request) -> Response:
    """Opens a session and goes on; says what is wrong, but not whether the login exists."""
    rooms: Rooms = request.state.rooms
    given = await request.form(max_files=0, max_fields=10, max_part_size=10_000)
    login, password, back = (str(given.get(key, "")) for key in ("login", "password", "next"))
    asker = request.client.host if request.client else None
    work = functools.partial(sign_in, rooms.ground, login, password, asker)
    done = await anyio.to_thread.run_sync(work, limiter=AT_ONCE)
    words = Words(language_of(request))
    if isinstance(done, TooManyFailures):
        seconds = max(1, round(done.wait.total_seconds()))
        return _form(request, back, login, words("sign_in.too_many", n=seconds), 429)
    if not isinstance(done, SignedIn):
        return _form(request, back, login, words("sign_in.wrong"), 401)
    await anyio.to_thread.run_sync(forget_ended, rooms.ground, rooms.lasting)
    answer = RedirectResponse(back if back == AGAIN else safe_path(back), 303)
    set_session(answer, done.token, rooms.settings.console_url)
    return answer


@router.post("/sign-out")
async def leave(request: Request) -> Response:
    """Ends the session on the server, not in this browser alone."""
    rooms: Rooms = request.state.rooms
    token = token_in(request.headers.get("cookie", ""), rooms.settings.console_url)
    if token:
        await anyio.to_thread.run_sync(sign_out, rooms.ground, token)
    answer = RedirectResponse(f"{BASE}/sign-in", 303)
    answer.delete_cookie(cookie_name(rooms.settings.console_url), path="/")
    return answer


@router.get("/sign-in/again")
async def again(request: Request) -> Response:
    """What the window says that was opened to sign in again: close it."""
    words = Words(language_of(request))
    content = f"<p>{escape(words('sign_in.again.told'))}</p>"
    return plain_page(words, words("sign_in.again.title"), content)


@router.get("/session")
async def session() -> Response:
    """204 while the session lasts; the guard says 401 after."""
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _form(
    request: Request, back: str | None, login: str, wrong: str | None, status: int = 200
) -> HTMLResponse:
    words = Words(language_of(request))
    told = f'<p class="told told-bad" role="alert" id="wrong">{escape(wrong)}</p>' if wrong else ""
    described = ' aria-describedby="wrong" aria-invalid="true"' if wrong else ""
    first, second = ("", " autofocus") if login else (" autofocus", "")
    content = f"""{told}
<form method="post" action="{BASE}/sign-in">
<input type="hidden" name="next" value="{escape(back or "")}">
<label for="login">{escape(words("sign_in.login"))}</label>
<input id="login" name="login" value="{escape(login)}" autocomplete="username"
  autocapitalize="none" spellcheck="false" required maxlength="100"{described}{first}>
<label for="password">{escape(words("sign_in.password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
  required maxlength="200"{described}{second}>
<button class="button" type="submit">{escape(words("sign_in.enter"))}</button>
</form>"""
    return plain_page(words, words("sign_in.title"), content, status)


def sign_in_address(back: str) -> str:
    return f"{BASE}/sign-in?next={quote(back, safe='')}"
