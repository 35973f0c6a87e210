"""The console's look: the files of `static/style/` as one sheet, in the order given here.

Its address tells its content, so that a browser asks for it once and never has an old one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from console.rooms import BASE

PARTS = (
    "base",
    "told",
    "frame",
    "forms",
    "lists",
    "picture",
    "dashboard",
    "charts",
    "receipt",
    "review",
    "templates",
    "editor",
    "code",
    "programs",
    "plain",
)
FOLDER = Path(__file__).parent / "static" / "style"
SHEET = "\n".join((FOLDER / f"{part}.css").read_text("utf-8") for part in PARTS)
ADDRESS = f"{BASE}/static/style-{hashlib.sha256(SHEET.encode()).hexdigest()[:12]}.css"
STYLE = f'<link rel="stylesheet" href="{ADDRESS}">'


async def sheet(_: Request) -> Response:
    return Response(
        SHEET,
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
