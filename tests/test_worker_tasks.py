"""The task in this process: what it does with each way a reading can end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import update

import worker.reader
from preuve.catalog.learning import catch_up, learn
from preuve.catalog.specimens import specimen, take
from preuve.intake import Claim, Status, Submission, Submitted, claim, submit, view
from preuve.intake.tables import JobRow
from preuve.loyalty import Program, balance, load_programs
from preuve.reading.document import (
    DEFAULT,
    DocumentError,
    EmptyFile,
    ProtectedFile,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    TooSlow,
    WrongType,
)
from preuve.reading.pipeline import Read
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.databases import migrated
from tests.house import PNG, page, reading, trusted
from worker.app import app, configuration
from worker.tasks import read_receipt


class FakeEngine:
    name, version = "fake", "1"


@dataclass(frozen=True)
class FakeReader(worker.reader.Reader):
    """Does `what` instead of reading, and counts how often."""

    what: Callable[[], Any] = lambda: None
    read_ids: list[str] = field(default_factory=list)

    def read(self, claim: Claim) -> Read:
        self.read_ids.append(claim.receipt_id)
        self.what()
        return Read((page(),), reading(on=claim.received_on), trusted())


@dataclass
class Desk:
    ground: Ground
    program: Program
    install: Callable[[Callable[[], Any]], FakeReader]

    def send(self) -> str:
        sent = submit(
            self.ground, self.program, Submission("m-1", (PNG,), "k"), lambda _id, _queue: None
        )
        assert isinstance(sent, Submitted)
        return sent.receipt_id

    def status(self, receipt_id: str) -> tuple[Status, list[str]]:
        seen = view(self.ground, self.program.program, receipt_id)
        assert seen is not None
        return seen.status, [str(reason.code) for reason in seen.reasons]


@pytest.fixture
def desk(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = migrated("", tmp_path)
    ground = open_ground(settings)
    programs = load_programs(settings.programs_dir)
    nothing: Any = None

    def install(what: Callable[[], Any]) -> FakeReader:
        engine: Any = FakeEngine()
        fake = FakeReader(settings, ground, nothing, programs, engine, what)
        monkeypatch.setattr(worker.reader, "reader", lambda: fake)
        return fake

    yield Desk(ground, programs["demo"], install)
    ground.close()


def raising(error: BaseException) -> Callable[[], Any]:
    def what() -> None:
        raise error

    return what


def test_twice_is_once(desk: Desk) -> None:
    fake = desk.install(lambda: None)
    receipt_id = desk.send()
    read_receipt(receipt_id)
    read_receipt(receipt_id)
    assert fake.read_ids == [receipt_id]
    assert desk.status(receipt_id) == (Status.VALID, [])
    assert balance(desk.ground, desk.program.program, "m-1").available == 40


def test_what_was_read_was_learned_from(desk: Desk) -> None:
    desk.install(lambda: None)
    receipt_id = desk.send()
    read_receipt(receipt_id)
    assert desk.status(receipt_id) == (Status.VALID, [])
    assert not learn(desk.ground, desk.program.program, receipt_id)


def test_a_receipt_is_finished_even_where_nothing_can_be_learned(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.install(lambda: None)
    receipt_id = desk.send()
    monkeypatch.setattr("worker.tasks.learn", lambda *_: 1 / 0)
    read_receipt(receipt_id)
    assert desk.status(receipt_id) == (Status.VALID, [])
    monkeypatch.undo()
    assert catch_up(desk.ground) == 1


def test_a_specimen_is_read_and_is_no_receipt(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    fake, program = desk.install(lambda: None), desk.program.program
    monkeypatch.setattr(FakeReader, "see", lambda *_: (page(),))
    shown = take(desk.ground, program, PNG, author="ana", wake=lambda *_: None)
    read_receipt(shown)
    found = specimen(desk.ground, program, shown)
    assert found
    assert found.pages == (page(),)
    assert fake.read_ids == []
    assert view(desk.ground, program, shown) is None

    monkeypatch.setattr(FakeReader, "see", lambda *_: raising(ProtectedFile("locked"))())
    locked = take(desk.ground, program, PNG, author="ana", wake=lambda *_: None)
    read_receipt(locked)
    refused = specimen(desk.ground, program, locked)
    assert refused
    assert refused.problem == "protected_file"


def test_an_unknown_receipt_is_no_fault(desk: Desk) -> None:
    fake = desk.install(lambda: None)
    read_receipt("rcp_none")
    assert fake.read_ids == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ProtectedFile("The PDF is encrypted."), "protected_file"),
        (TooManyPages("The document has 1,000 pages."), "too_many_pages"),
        (EmptyFile("The file is empty."), "empty_file"),
        (TooManyPixels("The file has 9,000 x 9,000 pixels."), "picture_too_large"),
        (TooSlow("The file could not be opened within 10 seconds."), "file_too_complex"),
        (WrongType("The file is none of JPEG, PNG."), "unsupported_file"),
    ],
)
def test_a_document_that_cannot_be_read_ends_with_its_reason(
    desk: Desk, error: DocumentError, code: str
) -> None:
    desk.install(raising(error))
    receipt_id = desk.send()
    read_receipt(receipt_id)
    status, codes = desk.status(receipt_id)
    assert status.final
    assert codes == [code]


@pytest.mark.parametrize(
    "error", [MemoryError(), SoftTimeLimitExceeded(60), RuntimeError("broken"), OSError(5, "disk")]
)
def test_a_fault_never_leaves_the_task_and_is_tried_again(desk: Desk, error: Exception) -> None:
    desk.install(raising(error))
    receipt_id = desk.send()
    read_receipt(receipt_id)
    assert desk.status(receipt_id) == (Status.QUEUED, [])


def test_a_worker_opens_whatever_the_api_lets_through(desk: Desk) -> None:
    assert Settings().upload_limit == DEFAULT.bytes
    reader = desk.install(lambda: None)
    claimed = claim(desk.ground, desk.send())
    assert claimed is not None
    settings = reader.settings.model_copy(update={"upload_limit": len(PNG) - 1})
    with pytest.raises(TooLarge):
        worker.reader.Reader.read(replace(reader, settings=settings), claimed)


def test_a_claim_that_was_lost_while_reading_writes_nothing(desk: Desk) -> None:
    def another_finishes_first() -> None:
        with desk.ground.database.write() as session:
            session.execute(update(JobRow).values(token="another"))

    desk.install(another_finishes_first)
    receipt_id = desk.send()
    read_receipt(receipt_id)
    assert desk.status(receipt_id)[0] is Status.PROCESSING
    assert balance(desk.ground, desk.program.program, "m-1").lifetime == 0


def test_each_queue_gets_only_its_own_messages() -> None:
    for name in ("interactive", "bulk"):
        queue = app.amqp.queues[name]
        assert (queue.exchange.name, queue.routing_key) == (name, name)


def test_limits_lie_below_the_lease_and_the_redelivery() -> None:
    settings = Settings()
    chosen = configuration(settings)
    assert chosen["task_soft_time_limit"] < chosen["task_time_limit"] < settings.lease
    assert chosen["task_time_limit"] < settings.visibility_timeout
