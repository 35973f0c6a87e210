"""The worker as real processes on a real Redis; only the reader is a quick one."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from cli.embedded import Supervisor
from cli.serve import redis_server, worker_nodes
from preuve.catalog import Catalog, Version, gate, publish, publishing, save_draft
from preuve.intake import BULK, Status, Submission, Submitted, Waker, celery_waker, submit, view
from preuve.intake.tables import JobRow
from preuve.loyalty import Program, balance, entries, load_programs
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.databases import migrated
from tests.house import PNG

pytestmark = pytest.mark.slow

FAKES = Path(__file__).parent / "fakes"
MEMBER = "m-1"


@dataclass
class Running:
    settings: Settings
    ground: Ground
    program: Program
    supervisor: Supervisor
    wake: Waker

    def submit(self, content: str, wake: Waker | None = None) -> str:
        name = f"{content} #{time.monotonic_ns()}"
        sent = Submission(MEMBER, (PNG + name.encode(),), idempotency_key=name)
        answer = submit(self.ground, self.program, sent, wake or self.wake)
        assert isinstance(answer, Submitted)
        return answer.receipt_id

    def submit_to_bulk(self, content: str) -> str:
        """A receipt that waits where rereads wait."""

        def wake(receipt_id: str, _: str) -> None:
            mine = update(JobRow).where(JobRow.receipt_id == receipt_id)
            with self.ground.database.write() as session:
                session.execute(mine.values(queue=BULK))
            self.wake(receipt_id, BULK)

        return self.submit(content, wake)

    def status(self, receipt_id: str) -> Status:
        seen = view(self.ground, self.program.program, receipt_id)
        assert seen is not None
        return seen.status

    def attempts(self, receipt_id: str) -> int:
        with self.ground.database.read() as session:
            return session.get_one(JobRow, receipt_id).attempts

    def waiting(self, queue: str) -> int:
        """How many jobs of a queue are not done. A job knows the queue that it was put on."""
        open_jobs = select(func.count()).where(JobRow.queue == queue, JobRow.state != "done")
        with self.ground.database.read() as session:
            return session.scalar(open_jobs) or 0

    def wait(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not happen"
            self.supervisor.watch()
            time.sleep(0.05)

    def wait_until_final(self, *receipt_ids: str) -> None:
        self.wait(lambda: all(self.status(each).final for each in receipt_ids))

    def reading_pid(self) -> int:
        return int((self.settings.data_dir / "reading").read_text())

    def credited_once(self, *receipt_ids: str) -> bool:
        """Each receipt has one accrual, and the balance is their sum."""
        found = entries(self.ground, self.program.program, MEMBER, limit=1000)
        counted = Counter(entry.receipt_id for entry in found)
        total = balance(self.ground, self.program.program, MEMBER).available
        return all(counted[each] == 1 for each in receipt_ids) and total == sum(
            entry.points for entry in found
        )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One for all: each test leaves it working, which is what most of them are about."""
    tmp_path = tmp_path_factory.mktemp("house")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREUVE_LEASE", "3")
        patch.setenv("PREUVE_VISIBILITY_TIMEOUT", "3")
        patch.setenv("PYTHONPATH", str(FAKES))
        yield from _run(migrated("", tmp_path))


def _run(settings: Settings) -> Iterator[Running]:
    settings.redis_socket.parent.mkdir(exist_ok=True)
    ground = open_ground(settings)
    supervisor = Supervisor(settings.data_dir / "logs", restarts=20)
    try:
        supervisor.start(redis_server(settings))
        supervisor.start(*worker_nodes(settings, 2, app="quick_worker"))
        program = load_programs(settings.programs_dir)["demo"]
        wake = celery_waker(settings.broker_url)
        yield Running(settings, ground, program, supervisor, wake)
    finally:
        supervisor.stop()
        ground.close()


def test_a_receipt_is_read_and_credited_once_however_often_it_is_woken(running: Running) -> None:
    receipt_id = running.submit("sleep 0.3")
    for _ in range(5):
        running.wake(receipt_id, BULK)
    running.wait_until_final(receipt_id)
    for _ in range(5):
        running.wake(receipt_id, BULK)
    last = running.submit_to_bulk("sleep 0")
    running.wait_until_final(last)
    assert running.status(receipt_id) is Status.VALID
    assert running.attempts(receipt_id) == 1
    assert running.credited_once(receipt_id, last)


def test_a_child_that_is_killed_while_reading_loses_nothing(running: Running) -> None:
    receipt_id = running.submit("once sleep 1.5")
    running.wait(lambda: running.status(receipt_id) is Status.PROCESSING)
    running.wait((running.settings.data_dir / f"once-{receipt_id}").exists)
    os.kill(running.reading_pid(), signal.SIGKILL)
    running.wait_until_final(receipt_id)
    assert running.status(receipt_id) is Status.VALID
    assert running.attempts(receipt_id) == 2
    assert running.credited_once(receipt_id)


def test_a_node_that_is_killed_loses_nothing(running: Running) -> None:
    receipts = [running.submit("once sleep 0.8") for _ in range(8)]
    running.wait(lambda: any(running.status(each) is Status.PROCESSING for each in receipts))
    for name, pid in running.supervisor.pids().items():
        if name.startswith("worker"):
            os.killpg(pid, signal.SIGKILL)
    running.wait_until_final(*receipts)
    assert {running.status(each) for each in receipts} == {Status.VALID}
    assert running.credited_once(*receipts)


def test_a_queue_that_is_killed_loses_nothing(running: Running) -> None:
    receipts = [running.submit("sleep 0.3") for _ in range(10)]
    os.kill(running.supervisor.pids()["redis"], signal.SIGKILL)
    # Nobody can be told of this one; the sweeper finds it.
    receipts.append(running.submit("sleep 0.3"))
    running.wait_until_final(*receipts)
    assert {running.status(each) for each in receipts} == {Status.VALID}
    assert running.credited_once(*receipts)


def test_a_document_that_kills_its_reader_goes_to_a_person(running: Running) -> None:
    receipt_id = running.submit("die")
    running.wait_until_final(receipt_id)
    assert running.status(receipt_id) is Status.PENDING_REVIEW
    assert running.attempts(receipt_id) == 3
    after = running.submit("sleep 0")
    running.wait_until_final(after)
    assert running.status(after) is Status.VALID


@pytest.mark.parametrize("trouble", ["memory", "fail", "hang"])
def test_trouble_in_reading_is_tried_again_and_the_node_lives(
    running: Running, trouble: str
) -> None:
    nodes = running.supervisor.pids()
    receipt_id = running.submit(f"once {trouble}")
    running.wait_until_final(receipt_id)
    assert running.status(receipt_id) is Status.VALID
    assert running.attempts(receipt_id) == 2
    assert running.supervisor.pids() == nodes


def test_a_receipt_that_nobody_was_told_of_is_found(running: Running) -> None:
    def no_broker(_receipt_id: str, _queue: str) -> None:
        raise ConnectionError("no broker")

    receipt_id = running.submit("sleep 0", wake=no_broker)
    running.wait_until_final(receipt_id)
    assert running.status(receipt_id) is Status.VALID


def test_a_damaged_document_is_told_at_once(running: Running) -> None:
    receipt_id = running.submit("damaged")
    running.wait_until_final(receipt_id)
    seen = view(running.ground, running.program.program, receipt_id)
    assert seen is not None
    assert [reason.code for reason in seen.reasons] == ["damaged_file"]
    assert running.attempts(receipt_id) == 1


def test_a_members_upload_does_not_wait_behind_200_rereads(running: Running) -> None:
    bulk = [running.submit_to_bulk("sleep 0.3") for _ in range(200)]
    receipt_id = running.submit("sleep 0")
    waiting_before = running.waiting(BULK)
    running.wait_until_final(receipt_id)
    waiting_after = running.waiting(BULK)
    assert len(bulk) == 200
    assert waiting_after > 100
    # One process reads one of them in 0.3 s, and the member's receipt did not wait for it.
    assert waiting_before - waiting_after < 10


def test_what_is_published_reads_the_next_receipt(running: Running) -> None:
    """Within five seconds, in processes that have been running all the time."""
    catalog = Catalog(running.ground, running.settings.templates_dir)

    def read_by(receipt_id: str) -> tuple[str, str]:
        running.wait_until_final(receipt_id)
        seen = view(running.ground, running.program.program, receipt_id)
        assert seen is not None
        assert seen.reading is not None
        return seen.reading.match.template, seen.reading.match.version

    before = [running.submit("print Quincaillerie Oursin") for _ in range(4)]
    assert {read_by(each) for each in before} == {("base.fr", "1")}
    text = "template: fr.oursin\nname: Oursin\nextends: base.fr\ncountry: FR\n"
    text += "recognize:\n  names: [Quincaillerie Oursin]\n"
    who = {"author": "ann", "reason": "a new shop"}
    saved = save_draft(catalog, "fr.oursin", text, based_on=0, **who)
    assert isinstance(saved, Version)
    programs = load_programs(running.settings.programs_dir)
    preview = gate(catalog, [publishing(saved)], programs)
    assert preview.changed == 4
    assert isinstance(publish(catalog, preview, actor="ann", reason="a new shop"), tuple)
    after = [running.submit("print Quincaillerie Oursin") for _ in range(4)]
    assert {read_by(each) for each in after} == {("fr.oursin", "1.1")}
