"""What stands before every page: who is asking, from which site, and what a page may load.

The content security policy lets a page load from this server alone. It has to allow three
things: `unsafe-eval`, because NiceGUI runs what the server tells the page (event handlers,
messages) by `eval`; inline styles, because Quasar and the code editor write them; `data:` and
`blob:` pictures, which are how drawn cursors and downloads come. Inline scripts need the
nonce of the answer that they stand in.
"""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.rooms import BASE, Rooms

SOCKET = f"{BASE}/_nicegui_ws/"
OPEN = (f"{BASE}/_nicegui/", f"{BASE}/static/", f"{BASE}/sign-in", "/favicon.ico")
"""What anybody may ask for: the files of the pages themselves, and the way in."""
SAFE = {"GET", "HEAD", "OPTIONS"}

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware around the whole console, its websocket too.

    Past it, `request.state` has `rooms`, and where the address is not open to all, `asking` and
    the session's `token`.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        rooms: Rooms = scope["app"].state.rooms
        headers, path = Headers(scope=scope), scope["path"]
        refused: Response | None = None
        if crosses_sites(scope, headers, rooms.settings.console_url):
            refused = PlainTextResponse("This request comes from another site.", 403)
        elif not path.startswith(OPEN):
            token = token_in(headers.get("cookie", ""), rooms.settings.console_url)
            asking = await anyio.to_thread.run_sync(rooms.asking, token) if token else None
            if asking is None:
                refused = _signed_out(scope, headers)
            scope.setdefault("state", {}).update(asking=asking, token=token)
        scope.setdefault("state", {})["rooms"] = rooms
        if scope["type"] == "websocket":
            if refused:
                await send({"type": "websocket.close", "code": 1008})
            else:
                await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        if refused:
            await refused(scope, receive, answer)
        else:
            await self.app(scope, receive, answer)


class _Answer:
    """Adds the headers to an answer; to the scripts of a page of NiceGUI's, their nonce."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.nonce = secrets.token_urlsafe(16)
        self.page: list[bytes] | None = None
        self.start: Message = {}

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = POLICY.format(nonce=self.nonce)
            if headers.get("X-NiceGUI-Content") == "page":
                self.page, self.start = [], message
                return
        if self.page is None or message["type"] != "http.response.body":
            await self.send(message)
            return
        self.page.append(message.get("body", b""))
        if message.get("more_body"):
            return
        # What pages show comes as escaped JSON: every script tag in here is NiceGUI's or ours.
        body = b"".join(self.page).replace(b"<script", b'<script nonce="%b"' % self.nonce.encode())
        MutableHeaders(scope=self.start)["Content-Length"] = str(len(body))
        await self.send(self.start)
        await self.send({"type": "http.response.body", "body": body})


def crosses_sites(scope: Scope, headers: Headers, console_url: str | None) -> bool:
    """Whether the request may change something and does not come from our own pages.

    The websocket counts as one that changes things, with its polling; a browser says the origin
    of all these, or at least whether it is the same.
    """
    socket = scope["path"].startswith(SOCKET)
    if not socket and scope["type"] == "http" and scope["method"] in SAFE:
        return False
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") != "same-origin"
    ours = urlsplit(console_url).netloc if console_url else headers.get("host")
    return urlsplit(origin).netloc != ours


def cookie_name(console_url: str | None) -> str:
    """Behind TLS the name's prefix has browsers keep it to this host, and to TLS."""
    return "__Host-preuve" if is_secure(console_url) else "preuve_session"


def is_secure(console_url: str | None) -> bool:
    return (console_url or "").startswith("https:")


def set_session(response: Response, token: str, console_url: str | None) -> None:
    """Hands the browser its token; it lasts as long as the browser runs, and as the server says."""
    response.set_cookie(
        cookie_name(console_url),
        token,
        path="/",
        secure=is_secure(console_url),
        httponly=True,
        samesite="lax",
    )


def token_in(cookies: str, console_url: str | None) -> str | None:
    """The session's token in a Cookie header."""
    try:
        found = SimpleCookie(cookies).get(cookie_name(console_url))
    except CookieError:
        return None
    return found.value if found else None


def safe_path(path: str | None) -> str:
    """`path` where it leads to a page of ours, else the console's first page."""
    if path and path.startswith(f"{BASE}/") and "\\" not in path and not urlsplit(path).netloc:
        return path
    return f"{BASE}/"


def _signed_out(scope: Scope, headers: Headers) -> Response:
    if scope["type"] == "http" and "text/html" in headers.get("accept", ""):
        query = scope["query_string"].decode("latin-1")
        back = scope["path"] + (f"?{query}" if query else "")
        return RedirectResponse(f"{BASE}/sign-in?next={quote(back, safe='')}", 303)
    return PlainTextResponse("Not signed in.", 401)
