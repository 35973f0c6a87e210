"""Pages without NiceGUI: signing in, and where there is nothing to show."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse

from console.rooms import BASE
from console.style import STYLE
from console.words import Words
from preuve.access import LANGUAGES

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Preuve</title>
<link rel="icon" href="{base}/static/mark.svg">
{style}
</head>
<body class="plain">
<main class="plain-card">
<p class="plain-brand"><img src="{base}/static/mark.svg" alt="" width="28" height="28">Preuve</p>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


def plain_page(words: Words, title: str, content: str, status: int = 200) -> HTMLResponse:
    """A page of `content`, which is HTML; `title` is text."""
    page = _PAGE.format(
        language=words.language, base=BASE, style=STYLE, title=escape(title), content=content
    )
    return HTMLResponse(page, status, headers={"Cache-Control": "no-store"})


def nothing_here(request: Request) -> HTMLResponse:
    """There is no such page, or it is not this person's to see: which, is not said."""
    words = Words(language_of(request))
    content = (
        f"<p>{escape(words('frame.missing.told'))}</p>"
        f'<p><a class="button" href="{BASE}/">{escape(words("frame.missing.home"))}</a></p>'
    )
    return plain_page(words, words("frame.missing.title"), content, 404)


def language_of(request: Request) -> str:
    """The signed-in person's language; without one, the first of ours that the browser asks for."""
    asking = getattr(request.state, "asking", None)
    if asking is not None:
        return str(asking.person.language)
    for part in request.headers.get("accept-language", "").split(","):
        asked = part.split(";")[0].strip()[:2].lower()
        if asked in LANGUAGES:
            return asked
    return LANGUAGES[0]
