from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from preuve.intake import InProgress, KeyReused, Status, Submission, Submitted, claim, submit, view
from preuve.intake.tables import JobRow, ReceiptRow
from preuve.loyalty import Program
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.conftest import Clock, Wakes
from tests.factories import send


def receipts(ground: Ground) -> int:
    with ground.database.read() as session:
        return session.scalar(select(func.count()).select_from(ReceiptRow)) or 0


def test_a_submission_is_on_disk_and_wakes_a_worker(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    sent = Submission("ann", (b"top", b"bottom"), "k", reference_id="order 7")
    answer = submit(ground, program, sent, wakes)
    assert isinstance(answer, Submitted)
    assert wakes == [(answer.receipt_id, "interactive")]
    shown = view(ground, "demo", answer.receipt_id)
    assert shown is not None
    assert shown.status is Status.QUEUED
    assert (shown.member_id, shown.reference_id, shown.reading) == ("ann", "order 7", None)
    assert [ground.blobs.get(name) for name in shown.blobs] == [b"top", b"bottom"]


def test_the_same_key_gives_the_first_answer(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    sent = Submission("ann", (b"photo",), "k")
    first = submit(ground, program, sent, wakes)
    clock.advance(minutes=5)
    second = submit(ground, program, sent, wakes)
    assert isinstance(first, Submitted)
    assert second == Submitted(first.receipt_id, first.received_at, replayed=True)
    assert receipts(ground) == len(wakes) == 1


@pytest.mark.parametrize(
    "other",
    [
        Submission("ann", (b"another",), "k"),
        Submission("bob", (b"photo",), "k"),
        Submission("ann", (b"photo", b"photo"), "k"),
        Submission("ann", (b"photo",), "k", reference_id="r"),
    ],
)
def test_another_payload_under_the_same_key_is_told(
    other: Submission, ground: Ground, program: Program, wakes: Wakes
) -> None:
    first = submit(ground, program, Submission("ann", (b"photo",), "k"), wakes)
    assert isinstance(first, Submitted)
    assert submit(ground, program, other, wakes) == KeyReused(first.receipt_id)
    assert receipts(ground) == 1


def test_keys_of_two_programs_are_apart(ground: Ground, program: Program, wakes: Wakes) -> None:
    sent = Submission("ann", (b"photo",), "k")
    submit(ground, program, sent, wakes)
    other = program.model_copy(update={"program": "other"})
    assert isinstance(submit(ground, other, sent, wakes), Submitted)
    assert receipts(ground) == 2


def test_many_at_once_under_one_key_make_one_receipt(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    answers: list[object] = []

    def once() -> None:
        answers.append(submit(ground, program, Submission("ann", (b"photo",), "k"), wakes))

    threads = [threading.Thread(target=once) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = {answer.receipt_id for answer in answers if isinstance(answer, Submitted)}
    assert len(ids) == receipts(ground) == 1
    assert all(isinstance(answer, Submitted | InProgress) for answer in answers)


def test_a_key_taken_by_another_process_meanwhile_gives_its_answer(
    settings: Settings,
    ground: Ground,
    program: Program,
    wakes: Wakes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other commits between our look at the key and our insert."""
    sent = Submission("ann", (b"photo",), "k")
    other, put = open_ground(settings), ground.blobs.put
    others = []

    def put_while_the_other_commits(data: bytes) -> str:
        others.append(submit(other, program, sent, wakes))
        return put(data)

    monkeypatch.setattr(ground.blobs, "put", put_while_the_other_commits)
    answer = submit(ground, program, sent, wakes)
    other.close()
    (first,) = others
    assert isinstance(first, Submitted)
    assert answer == Submitted(first.receipt_id, first.received_at, replayed=True)
    assert receipts(ground) == 1


def test_a_broker_that_is_down_loses_nothing(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    wakes.down = True
    receipt_id = send(ground, program, wakes)
    assert claim(ground, receipt_id) is not None


def test_a_disk_that_is_full_leaves_no_receipt(
    ground: Ground, program: Program, wakes: Wakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: bytes) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ground.blobs, "put", full)
        with pytest.raises(OSError, match="No space"):
            submit(ground, program, Submission("ann", (b"photo",), "k"), wakes)
    assert receipts(ground) == len(wakes) == 0
    assert isinstance(
        submit(ground, program, Submission("ann", (b"photo",), "k"), wakes), Submitted
    )


def test_nothing_to_read_is_a_fault_of_the_caller(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    with pytest.raises(ValueError, match="at least one file"):
        submit(ground, program, Submission("ann", (), "k"), wakes)


def test_the_day_of_submission_is_told_by_the_programs_calendar(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    clock.now = datetime(2026, 3, 14, 23, 30, tzinfo=UTC)
    held = claim(ground, send(ground, program, wakes))
    assert held is not None
    assert held.received_on == date(2026, 3, 15)


def test_a_receipt_is_seen_in_its_own_program_only(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    assert view(ground, "other", send(ground, program, wakes)) is None


def test_each_receipt_has_one_job(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    with ground.database.read() as session:
        job = session.get_one(JobRow, receipt_id)
    assert (job.state, job.queue, job.attempts) == ("waiting", "interactive", 0)
