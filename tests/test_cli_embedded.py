"""The supervisor of `preuve serve`, with small programs in the place of Redis and workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from cli.embedded import Child, ChildFailedError, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(condition: object, seconds: float = 15.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def test_stop_ends_the_children_and_what_they_started(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    script = (
        "import subprocess, sys, time, pathlib\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(p.pid))\n"
        "time.sleep(600)\n"
    )
    supervisor = Supervisor(tmp_path / "logs")
    supervisor.start(Child("parent", [sys.executable, "-c", script], ready=note.exists))
    assert eventually(note.read_text)
    pids = [supervisor.pids()["parent"], int(note.read_text())]
    assert all(alive(pid) for pid in pids)
    supervisor.stop()
    assert eventually(lambda: not any(alive(pid) for pid in pids))


def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    armed = tmp_path / "armed"
    script = (
        "import signal, time, pathlib\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(armed)!r}).touch()\n"
        "time.sleep(600)\n"
    )
    supervisor = Supervisor(tmp_path / "logs")
    child = Child("deaf", [sys.executable, "-c", script], ready=armed.exists, grace=0.2)
    supervisor.start(child)
    pid = supervisor.pids()["deaf"]
    supervisor.stop()
    assert not alive(pid)


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs")
    supervisor.start(Child("sleeper", SLEEP))
    first = supervisor.pids()["sleeper"]
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: not alive(first))
    supervisor.watch()
    second = supervisor.pids()["sleeper"]
    assert second != first
    assert alive(second)
    supervisor.stop()


def test_a_child_that_dies_again_and_again_ends_it_all_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs", restarts=2)
    supervisor.start(Child("broken", [sys.executable, "-c", "print('no paper'); exit(3)"]))

    def watched() -> bool:
        supervisor.watch()
        return False

    with pytest.raises(ChildFailedError, match=r"broken died 3 times.*exit code 3(?s:.*)no paper"):
        eventually(watched)
    supervisor.stop()


def test_a_child_that_cannot_start_says_why(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs")
    command = [sys.executable, "-c", "exit('port is taken')"]
    with pytest.raises(ChildFailedError, match=r"while starting(?s:.*)port is taken"):
        supervisor.start(Child("unready", command, ready=lambda: False))
    supervisor.stop()


def test_a_child_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path / "logs")
    with pytest.raises(ChildFailedError, match="not ready after"):
        supervisor.start(Child("slow", SLEEP, ready=lambda: False, start_timeout=0.3))
    pid = supervisor.pids()["slow"]
    supervisor.stop()
    assert not alive(pid)


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from cli.embedded import Child, Supervisor
        s = Supervisor(Path({str(tmp_path)!r}))
        s.start(Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"]))
        print(s.pids()["sleeper"], flush=True)
        time.sleep(600)
        """
    )
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert alive(child)
        supervisor.kill()
    assert eventually(lambda: not alive(child))


def test_a_child_says_itself_when_it_is_ready(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = (
        "import os, pathlib, socket, time\n"
        "out = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n"
        "out.sendto(b'STATUS=loading', os.environ['NOTIFY_SOCKET'])\n"
        "time.sleep(0.3)\n"
        f"pathlib.Path({str(said)!r}).touch()\n"
        "out.sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])\n"
        "time.sleep(600)\n"
    )
    supervisor = Supervisor(tmp_path / "logs")
    supervisor.start(Child("talker", [sys.executable, "-c", script], notifies=tmp_path / "ears"))
    assert said.exists()
    supervisor.stop()
