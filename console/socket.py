"""What a person does on an open page comes by the websocket: here each message is let past.

The handshake was checked by the guard, but a page stays open for hours. So each message is
asked again whose session it came by. One that ended changes nothing: the page says so and
stays as it is, the person signs in again in a second window, and the page goes on. What was
typed meanwhile is kept for that moment; a click is not, it has to be done again.
"""

from __future__ import annotations

from typing import Any

from nicegui import Client, core

from console.rooms import Asking
from console.security import token_in
from console.visit import Visit

MOST_KEPT = 1000
TYPING = ("update:", "input", "change")
open_visits: dict[str, Visit] = {}
"""The pages that are open, by NiceGUI's client id."""


def guard_messages() -> None:
    """Puts the question before NiceGUI's own handler of events."""
    handle = core.sio.handlers["/"]["event"]

    async def event(sid: str, message: dict[str, Any]) -> None:
        visit = open_visits.get(message.get("client_id", ""))
        if visit is None:
            return
        async with visit.turn:
            asking = await _who(visit, sid)
            if asking is None:
                if _is_typing(message) and len(visit.typed) < MOST_KEPT:
                    visit.typed.append(message)
                await core.sio.emit("run_javascript", {"code": "preuve.signedOut()"}, room=sid)
                return
            visit.asking = asking
            for earlier in visit.typed:
                handle(sid, earlier)
            visit.typed.clear()
            handle(sid, message)

    core.sio.on("event", event)


def _is_typing(message: dict[str, Any]) -> bool:
    """Whether it tells the value of a field, and asks for nothing to be done."""
    client = Client.instances.get(message["client_id"])
    element = client.elements.get(message.get("id", -1)) if client else None
    listeners = element._event_listeners if element else {}
    listener = listeners.get(message.get("listener_id", ""))
    return listener is not None and listener.type.startswith(TYPING)


async def _who(visit: Visit, sid: str) -> Asking | None:
    """Whose session this socket came by, where it is the one whom the page was drawn for."""
    cookies = (core.sio.get_environ(sid) or {}).get("HTTP_COOKIE", "")
    token = token_in(cookies, visit.rooms.settings.console_url)
    asking = await visit.run(visit.rooms.asking, token) if token else None
    if asking is None or token is None or asking.person.user_id != visit.person.user_id:
        return None
    visit.token = token
    program = visit.path.get("program")
    return asking if program is None or program in asking.person.programs else None
