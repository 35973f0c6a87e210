"""What tests of the console's pages start from: a real server, a real browser, people signed in.

`console` is a server of its own for each test module, on a SQLite folder of its own; tests seed
it through `console.ground` with what `tests/factories.py` and `tests/shop.py` make. `browser`
is one Chromium for all. Faults on a page (an error in its scripts, something that the content
security policy refused, a request that leaves the server) fail the test that opened it.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from preuve.access import Lasting, Person, Role, SignedIn, add_user, person_of, sign_in
from preuve.loyalty import Program, load_programs
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests import processes
from tests.databases import in_memory, migrated

PASSWORD = "correct horse battery"
COOKIE = "preuve_session"
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LASTING = Lasting(timedelta(hours=2), timedelta(hours=12))
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
# Five seconds, its default, are soon over where servers, browsers and tests share two cores.
expect.set_options(timeout=15_000)


@dataclass
class Console:
    """A running console. `signed_in(role)` gives a page of a person of that role."""

    url: str
    settings: Settings
    ground: Ground
    programs: dict[str, Program]
    browser: Browser
    people: dict[tuple[str, str], Person] = field(default_factory=dict)
    contexts: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)
    strangers: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def program(self) -> Program:
        return self.programs["demo"]

    def person(self, role: Role | str = Role.ADMIN, name: str = "ana") -> Person:
        """An account with the password PASSWORD, made where it was not yet."""
        key = (str(role), name)
        if key not in self.people:
            made = add_user(
                self.ground,
                f"{name}.{role}@example.com",
                PASSWORD,
                name=f"{name.title()} {str(role).title()}",
                role=Role(role),
                programs=self.programs,
            )
            assert isinstance(made, Person)
            self.people[key] = made
        return self.people[key]

    def blank(self, size: str = "wide", **options: object) -> Page:
        """A page of a browser that knows nothing of us."""
        context = self._context(size, **options)
        self.strangers.append(context)
        return context.new_page()

    def signed_in(
        self, role: Role | str = Role.ADMIN, name: str = "ana", size: str = "wide"
    ) -> Page:
        """An empty page of a person of that role, who is signed in.

        A module's tests share each person's browser, with its cookies and what it has cached.
        """
        login = self.person(role, name).login
        context = self.contexts.get((login, size)) or self._context(size)
        self.contexts[login, size] = context
        held = [cookie["value"] for cookie in context.cookies()]
        if not any(person_of(self.ground, token, LASTING) for token in held):
            done = sign_in(self.ground, login, PASSWORD)
            assert isinstance(done, SignedIn)
            cookie = {"name": COOKIE, "value": done.token, "url": self.url}
            context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
        return context.new_page()

    def sign_in(self, page: Page, login: str, password: str = PASSWORD) -> None:
        """Fills in the form, where the page does not show it yet after going there."""
        if "/sign-in" not in page.url:
            page.goto(f"{self.url}/console/sign-in")
        page.fill("#login", login)
        page.fill("#password", password)
        page.press("#password", "Enter")

    def at(self, path: str, program: str = "demo") -> str:
        """The address of a page of the program: `at("/receipts?status=valid")`."""
        return f"{self.url}/console/p/{program}{path}"

    def open(self, page: Page, path: str, program: str = "demo") -> None:
        """Goes to a page of the program and waits until it answers to what is done on it."""
        page.goto(self.at(path, program))
        ready(page)

    def close_pages(self) -> None:
        for context in self.strangers:
            context.close()
        self.strangers.clear()
        for page in [page for context in self.contexts.values() for page in context.pages]:
            page.close()

    def _context(self, size: str, **options: object) -> BrowserContext:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", lambda request: self._leaves(request.url))
        context.on("console", lambda said: self._said(said.type, said.text))
        return context

    def _leaves(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:", self.url.replace("http", "ws", 1))):
            self.faults.append(f"a request leaves the server: {address}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and not re.search(r"status of 4\d\d", text):
            self.faults.append(f"console: {text}")


def ready(page: Page) -> None:
    """Waits until the page's connection stands: what is clicked before is not heard."""
    page.wait_for_function("window.did_handshake === true")


def heard(page: Page) -> None:
    """Waits until the server has taken all that the page has sent: it answers to one thing more."""
    one_more = "window.socket.emit('event', {client_id: window.clientId, id: -1}, done)"
    page.evaluate(f"() => new Promise((done) => {one_more})")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def console_server(browser: Browser) -> Iterator[Console]:
    with tempfile.TemporaryDirectory(dir=in_memory()) as name:
        settings = migrated("", Path(name))
        ground = open_ground(settings)
        with serving(settings) as url:
            programs = load_programs(settings.programs_dir)
            running = Console(url, settings, ground, programs, browser)
            yield running
            for context in running.contexts.values():
                context.close()
        ground.close()


@pytest.fixture
def console(console_server: Console) -> Iterator[Console]:
    """The module's console. What one test leaves in its database the next one finds."""
    yield console_server
    console_server.close_pages()
    told, console_server.faults[:] = list(console_server.faults), []
    assert told == []


@contextmanager
def serving(settings: Settings, port: int = 0, **environment: str) -> Iterator[str]:
    """A console of these settings, at a free port if none is said; gives its address."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = settings.data_dir / "console.log"
    log.touch()
    set_by_us = {
        "PREUVE_DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "PREUVE_PROGRAMS_DIR": str(settings.programs_dir),
    }
    process = processes.console(port, {**os.environ, **set_by_us, **environment}, log)
    try:
        _wait(url, process, log)
        yield url
        process.terminate()
        process.join(15)
        assert "Application shutdown complete." in log.read_text()
    finally:
        process.kill()
        process.join()


def _wait(url: str, process: ForkServerProcess, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(f"{url}/console/sign-in", timeout=5):
                return
        except (URLError, HTTPError, OSError):
            assert process.is_alive(), log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
