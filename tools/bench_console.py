"""How long the console's pages take over many receipts. `make bench-console` runs it.

    python tools/bench_console.py FOLDER --receipts 100000 [--times 9] [--postgres]

The folder keeps the SQLite database for another run; with `--postgres`, a PostgreSQL is started,
filled and removed again, unless `--database` says where one is. The console runs as it does in
use, a process of its own; somebody signs in by the form and asks for all pages in turn, again
and again, so slowly that no figures are shared. Server: processor time of that process and of
the database. Wall: until the whole page is there, other work of the machine included. What a
page fetches once its connection stands is not in it.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from statistics import median, quantiles

import httpx
from sqlalchemy import text

ROOT = Path(__file__).parent.parent
sys.path += [str(ROOT), str(ROOT / "tools")]

from many_receipts import fill  # noqa: E402

from preuve.access import Role, add_user  # noqa: E402
from preuve.intake import count_receipts, list_receipts  # noqa: E402
from preuve.settings import Settings  # noqa: E402
from preuve.store import Ground, migrate, open_ground  # noqa: E402
from tests.databases import running_postgres  # noqa: E402

PROGRAM = "demo"
LOGIN, PASSWORD = "bench@example.com", "correct horse battery"
FIRST = 1
"""Rounds before what counts."""
ROUND = 4.5
"""Seconds that a round takes at least: dashboards share what was found out in the last four."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the database is kept")
    parser.add_argument("--receipts", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=9, help="requests of each page, at least 2")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    parser.add_argument("--database", default="", help="a PostgreSQL's address")
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with running_postgres() if chosen.postgres else nullcontext() as cluster:
        url = cluster.new_database() if cluster else chosen.database
        settings = Settings(data_dir=chosen.folder, database_url=url)
        ground = filled(settings, chosen.receipts)
        pages = pages_of(ground)
        with console(settings) as (pid, client):
            spent = Spent(ground, pid)
            print(f"{chosen.receipts} receipts, load {os.getloadavg()[0]:.1f}, milliseconds")
            tell(measured(pages, spent, client, chosen.times))
            print(f"load {os.getloadavg()[0]:.1f} at the end")
        ground.close()


def filled(settings: Settings, receipts: int) -> Ground:
    """The database with so many receipts in it, and somebody who may sign in."""
    migrate(settings)
    ground = open_ground(settings)
    held = count_receipts(ground, PROGRAM, most=10**9).number
    if held not in (0, receipts):
        sys.exit(f"there are {held} receipts: say --receipts {held}, or another folder")
    if not held:
        fill(ground, PROGRAM, receipts)
    add_user(ground, LOGIN, PASSWORD, name="Bench", role=Role.ADMIN, programs=[PROGRAM])
    return ground


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
        "review, one in hand": "/review",
        "templates": "/templates",
        "one template": f"/templates/{newest.template}",
        "programs": "/programs",
        "members": "/members",
        "one member": f"/members?member={newest.member_id}",
        "data": "/export",
    }


def measured(
    pages: dict[str, str], spent: Spent, client: httpx.Client, times: int
) -> dict[str, list[tuple[float, float]]]:
    """For each page, and each time that it was asked for: milliseconds of the server, and wall."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in pages}
    for _ in range(FIRST + times):
        ends = time.monotonic() + ROUND
        for name, path in pages.items():
            worked, begun = spent(), time.perf_counter()
            answer = client.get(f"/console/p/{PROGRAM}{path}")
            wall = (time.perf_counter() - begun) * 1000
            took[name].append(((spent() - worked) * 1000, wall))
            if answer.status_code != 200:
                sys.exit(f"{path} answers {answer.status_code}")
        time.sleep(max(0.0, ends - time.monotonic()))
    return took


def tell(took: dict[str, list[tuple[float, float]]]) -> None:
    print(f"{'page':24}{'server':>8}{'p95':>8}{'wall':>8}{'p95':>8}{'first':>8}")
    for name, each in took.items():
        server, wall = zip(*each[FIRST:], strict=True)
        figures = "".join(f"{part:8.0f}" for some in (server, wall) for part in told(some))
        print(f"{name:24}{figures}{each[0][1]:8.0f}", flush=True)


def told(some: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return median(some), quantiles(some, n=20, method="inclusive")[-1]


class Spent:
    """Seconds of processor time that the console and the database have used so far.

    SQLite runs within the console; PostgreSQL has a process for each connection. One that has
    ended counts as it last was.
    """

    def __init__(self, ground: Ground, console: int) -> None:
        self._ground, self._console = ground, console
        self._known: dict[int, float] = {}

    def __call__(self) -> float:
        for pid in (self._console, *self._backends()):
            with suppress(OSError):
                # Linux keeps a clock for each process.
                self._known[pid] = time.clock_gettime(~pid << 3 | 2)
        return sum(self._known.values())

    def _backends(self) -> list[int]:
        if self._ground.database.engine.dialect.name != "postgresql":
            return []
        others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
        with self._ground.database.read() as session:
            return list(session.scalars(text(f"{others} pg_backend_pid()")))


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
            env={
                **os.environ,
                "PREUVE_DATA_DIR": str(settings.data_dir),
                "DATABASE_URL": settings.database_url,
            },
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
