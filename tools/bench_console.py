"""How long the console's pages take over many receipts. `make bench-console` runs it.

    python tools/bench_console.py FOLDER --receipts 100000 [--times 9]

The folder keeps the database for another run. The console runs as it does in use, a process of
its own, on SQLite; somebody signs in by the form and asks for each page again and again, one
after the other. Server: processor time of that process, with the database, which runs within it.
Wall: until the whole page is there, other work of the machine included. What a page fetches once
its connection stands is not in it.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT), str(ROOT / "tools")]

from many_receipts import fill  # noqa: E402

from preuve.access import Role, add_user  # noqa: E402
from preuve.intake import count_receipts, list_receipts  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402

PROGRAM = "demo"
LOGIN, PASSWORD = "bench@example.com", "correct horse battery"
FIRST = 2
"""Requests before what counts: the first one loads templates and programs."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the database is kept")
    parser.add_argument("--receipts", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9, help="requests of each page, at least 2")
    chosen = parser.parse_args()
    settings = Settings(data_dir=chosen.folder, database_url="")
    migrate(settings)
    ground = open_ground(settings)
    held = count_receipts(ground, PROGRAM, most=10**9).number
    if held not in (0, chosen.receipts):
        sys.exit(f"{chosen.folder} holds {held} receipts: say --receipts {held}, or another folder")
    if not held:
        fill(ground, PROGRAM, chosen.receipts)
    add_user(ground, LOGIN, PASSWORD, name="Bench", role=Role.ADMIN, programs=[PROGRAM])
    pages = pages_of(ground)
    ground.close()
    with console(settings) as (pid, client):
        print(f"{chosen.receipts} receipts, load {os.getloadavg()[0]:.1f}, milliseconds")
        print(f"{'page':24}{'server':>8}{'p95':>8}{'wall':>8}{'p95':>8}{'first':>8}")
        for name, path in pages.items():
            measure(name, f"/console/p/{PROGRAM}{path}", pid, client, chosen.times)
        print(f"load {os.getloadavg()[0]:.1f} at the end")


def pages_of(ground: Ground) -> dict[str, str]:
    """What is asked for, by its name: one receipt and one member are the newest's."""
    newest = next(
        one for one in list_receipts(ground, PROGRAM).receipts if one.template and one.points
    )
    return {
        **{f"dashboard, {name}": f"/dashboard?period={name}" for name in ("24h", "7d", "30d")},
        "dashboard, 90d": "/dashboard?period=90d",
        "receipts": "/receipts",
        "search: most receipts": "/receipts?q=total",
        "search: a phrase": "/receipts?q=%22total+ttc%22",
        "search: none": "/receipts?q=introuvable",
        "one receipt": f"/receipts/{newest.id}",
        "review, nothing there": "/review",
        "templates": "/templates",
        "one template": f"/templates/{newest.template}",
        "programs": "/programs",
        "members": "/members",
        "one member": f"/members?member={newest.member_id}",
        "data": "/export",
    }


def measure(name: str, path: str, pid: int, client: httpx.Client, times: int) -> None:
    server, wall = [], []
    for _ in range(FIRST + times):
        begun, worked = time.perf_counter(), processor(pid)
        answer = client.get(path)
        wall.append((time.perf_counter() - begun) * 1000)
        server.append((processor(pid) - worked) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answers {answer.status_code}")
    figures = (f"{part:8.0f}" for some in (server, wall) for part in told(some[FIRST:]))
    print(f"{name:24}{''.join(figures)}{wall[0]:8.0f}", flush=True)


def told(some: list[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return median(some), quantiles(some, n=20, method="inclusive")[-1]


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used: Linux keeps a clock for each."""
    return time.clock_gettime(~pid << 3 | 2)


@contextmanager
def console(settings: Settings) -> Iterator[tuple[int, httpx.Client]]:
    """The console on a free port: its process, and somebody who is signed in."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    log = settings.data_dir / "console.log"
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "console", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "PREUVE_DATA_DIR": str(settings.data_dir), "DATABASE_URL": ""},
            stdout=out,
            stderr=out,
        )
    try:
        with httpx.Client(base_url=url, timeout=60) as client:
            wait(client, server, log)
            given = {"login": LOGIN, "password": PASSWORD}
            entered = client.post("/console/sign-in", data=given, headers={"Origin": url})
            if entered.status_code != 303:
                sys.exit(f"signing in is answered by {entered.status_code}")
            yield server.pid, client
    finally:
        server.terminate()
        server.wait(15)


def wait(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            client.get("/console/sign-in")
            return
        except httpx.TransportError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    sys.exit(f"the console does not start:\n{log.read_text()}")


if __name__ == "__main__":
    main()
