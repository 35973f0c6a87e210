"""A house for tests of the doors: a data folder with its database, the API, and a key."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from api.app import create
from preuve.access import Scope, create_key
from preuve.intake import Finished, claim, finish
from preuve.loyalty import Program, load_programs
from preuve.reading.page import Box, Page, Row, Word
from preuve.reading.result import (
    Item,
    MatchResult,
    Place,
    Reading,
    Reason,
    Retailer,
    Value,
    Verdict,
)
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.databases import migrated

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
SCOPES = tuple(Scope)


@dataclass
class House:
    settings: Settings
    ground: Ground
    program: Program
    client: httpx.Client
    key: str
    woken: list[tuple[str, str]] = field(default_factory=list)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def send(
        self,
        *files: bytes,
        key: str = "k1",
        member: str = "m-1",
        headers: dict[str, str] | None = None,
        **fields: str,
    ) -> Any:
        """A submission; without `files`, one small PNG."""
        parts = [("files", (f"{n}.jpg", data)) for n, data in enumerate(files or (PNG,))]
        return self.client.post(
            "/v1/receipts",
            headers=self.headers | {"Idempotency-Key": key} | (headers or {}),
            data={"member_id": member} | fields,
            files=parts,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=self.headers | headers)

    def read(self, receipt_id: str, reading: Reading, verdict: Verdict) -> Finished:
        """What the worker does, with a reading that is given."""
        claimed = claim(self.ground, receipt_id)
        assert claimed is not None
        pages = (page(),)
        done = finish(self.ground, self.program, claimed, pages, reading, verdict, engine="fake 1")
        assert done is not None
        return done


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    settings = migrated("", folder)
    ground = open_ground(settings)
    program = load_programs(settings.programs_dir)["demo"]
    key = create_key(ground, program.program, "tests", SCOPES)
    woken: list[tuple[str, str]] = []
    app = create(settings, wake=lambda receipt_id, queue: woken.append((receipt_id, queue)))
    with served(app) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield House(settings, ground, program, client, key, woken)
    ground.close()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The app on a real server, in a thread; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the API did not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def page() -> Page:
    word = Word("TOTAL", Box(10, 20, 60, 40), 0.9, "fake")
    return Page(1, 400, 800, (Row((word,)),), "ocr", 400, 800)


def reading(
    total: str = "40.03",
    name: str = "SUPERVAL",
    on: date = date(2026, 11, 12),
    number: str = "T-770088",
) -> Reading:
    """A French receipt of one item."""
    amount = Decimal(total)
    place = Place(1, Box(10, 20, 60, 40))
    return Reading(
        kind="receipt",
        language="fr",
        match=MatchResult("base.fr", "1", 0.0),
        country="FR",
        currency=Value("EUR", 0.9, "test"),
        retailer=Value(Retailer(name), 0.9, "test", name, place),
        purchased_on=Value(on, 0.95, "test", on.strftime("%d/%m/%Y"), place),
        total=Value(amount, 0.97, "test", f"TOTAL {total}", place),
        receipt_number=Value(number, 0.9, "test"),
        items=(Item("PAIN 1", "PAIN", amount, place=place, confidence=0.9),),
    )


def trusted() -> Verdict:
    return Verdict("trusted", 0.95)


def doubtful(*reasons: Reason) -> Verdict:
    return Verdict("doubtful", 0.5, reasons)
