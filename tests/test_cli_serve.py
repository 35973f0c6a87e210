"""`preuve serve` as a real process, with real workers and the real engine."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.embedded import ChildFailedError
from cli.send import Api, find_documents, send_all
from cli.serve import CannotServeError, redis_server, running, settings_for, worker_nodes
from preuve.settings import Settings
from worker.app import configuration

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent


@dataclass
class Served:
    process: subprocess.Popen[str]
    url: str
    key: str


def serving(folder: Path) -> list[str]:
    ports = ["--port", "0", "--console-port", "0"]
    return [sys.executable, "-m", "cli.main", "serve", *ports, "--data-dir", str(folder)]


@contextmanager
def serve(folder: Path) -> Iterator[Served]:
    command = serving(folder)
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said: list[str] = []
    try:
        for line in process.stderr:
            said.append(line)
            if line.startswith("Ctrl-C"):
                break
        text = "".join(said)
        url, key = re.search(r"API +(\S+)/v1", text), re.search(r"Key +(\S+)", text)
        assert url, text
        assert key, text
        yield Served(process, url[1], key[1])
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def processes_of(folder: Path) -> list[str]:
    """What runs with this data folder, by their environments and command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            environment = (entry / "environ").read_bytes()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, NotADirectoryError, PermissionError, ProcessLookupError):
            continue
        ours = str(folder).encode() in environment or str(folder) in command
        if ours and entry.name != str(os.getpid()):
            found.append(command)
    return found


def wait_until_none(folder: Path, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while left := processes_of(folder):
        assert time.monotonic() < deadline, left
        time.sleep(0.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder"


def test_serve_reads_a_document_and_stops_with_all_its_children(folder: Path) -> None:
    with serve(folder) as served:
        commands = " ".join(processes_of(folder))
        for part in ("redis-server", "-m api", "-m console", "-m celery"):
            assert part in commands
        documents = find_documents([ROOT / "samples" / "images" / "03_fr_pharmacie.jpg"])
        with Api(served.url, served.key) as api:
            (outcome,) = send_all(api, documents, "m-1", jobs=1)
            assert api.balance("m-1")["available"] == outcome.points > 0
        expected = documents[0].expected
        assert expected is not None
        assert (outcome.status, outcome.value("total")) == (expected["status"], expected["total"])

        with pytest.raises(CannotServeError, match="running on"), running(settings_for(folder)):
            pass

        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(30) == 0
        assert processes_of(folder) == []

    with serve(folder) as again:
        assert again.key == served.key
        with Api(again.url, again.key) as api:
            assert api.balance("m-1")["available"] == outcome.points
        again.process.kill()
        wait_until_none(folder)


def test_a_port_that_is_taken_is_told_before_anything_starts(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with (
            pytest.raises(CannotServeError, match=f"port {port}"),
            running(settings_for(folder), port=port),
        ):
            pass
    assert processes_of(folder) == []


def test_without_redis_server_the_message_says_how_to_get_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotServeError, match="apt-get install redis-server"):
        redis_server(Settings(data_dir=folder))


def test_workers_that_cannot_load_end_the_start_with_their_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "templates"
    broken.mkdir()
    (broken / "x.yaml").write_text("template: [")
    monkeypatch.setenv("PREUVE_TEMPLATES_DIR", str(broken))
    with (
        pytest.raises(ChildFailedError, match=r"worker(?s:.*)x\.yaml"),
        running(settings_for(folder), workers=1),
    ):
        pass
    wait_until_none(folder)


def test_a_node_has_the_time_to_end_that_it_takes(folder: Path) -> None:
    settings = Settings(data_dir=folder)
    waits = configuration(settings)["worker_soft_shutdown_timeout"]
    assert all(node.grace > waits for node in worker_nodes(settings, 2))


def test_an_invalid_program_is_told_and_nothing_stays(folder: Path) -> None:
    programs = folder / "programs"
    programs.mkdir(parents=True)
    (programs / "spring.yaml").write_text("program: Spring!\n")
    command = serving(folder)
    environment = {**os.environ, "PREUVE_PROGRAMS_DIR": str(programs)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "spring.yaml:1: program:" in done.stderr
    assert "Traceback" not in done.stderr
    wait_until_none(folder)
