from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from preuve.intake import (
    Claim,
    Finished,
    RetryLater,
    Status,
    claim,
    fail,
    finish,
    refuse,
    stored_pages,
    sweep,
    view,
)
from preuve.intake.tables import JobRow, ReadingRow
from preuve.loyalty import Program, balance
from preuve.reasons import ReasonCode
from preuve.store import Ground
from preuve.store.outbox import OutboxRow
from tests.conftest import Clock, Wakes
from tests.factories import (
    TRUSTED,
    claimed,
    doubtful,
    full_reading,
    pages,
    reading,
    send,
    unusable,
    work,
)


def codes(finished: Finished) -> list[ReasonCode]:
    return [reason.code for reason in finished.reasons]


def last_error(ground: Ground, receipt_id: str) -> str | None:
    with ground.database.read() as session:
        return session.get_one(JobRow, receipt_id).last_error


def test_a_trusted_receipt_is_credited(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    done = work(ground, program, receipt_id)
    assert done == Finished(receipt_id, Status.VALID, (), 62)
    assert balance(ground, "demo", "ann").available == 62


def test_readings_and_pages_come_back_exactly(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    verdict = doubtful(ReasonCode.ITEMS_DO_NOT_ADD_UP)
    work(ground, program, receipt_id, full_reading(), verdict)
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert repr(shown.reading) == repr(full_reading())
    assert shown.verdict == verdict
    assert repr(stored_pages(ground, "demo", receipt_id)) == repr(pages())


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ReasonCode.TOO_DARK, Status.INCOMPLETE),
        (ReasonCode.CUT_OFF, Status.INCOMPLETE),
        (ReasonCode.NO_TEXT, Status.REJECTED),
        (ReasonCode.NOT_A_RECEIPT, Status.REJECTED),
    ],
)
def test_an_unusable_receipt_earns_nothing(
    code: ReasonCode, status: Status, ground: Ground, program: Program, wakes: Wakes
) -> None:
    done = work(ground, program, send(ground, program, wakes), verdict=unusable(code))
    assert (done.status, codes(done), done.points) == (status, [code], 0)


def test_a_doubtful_receipt_goes_to_a_person(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    verdict = doubtful(ReasonCode.TOTAL_UNCERTAIN)
    done = work(ground, program, send(ground, program, wakes), verdict=verdict)
    assert (done.status, codes(done), done.points) == (
        Status.PENDING_REVIEW,
        [ReasonCode.TOTAL_UNCERTAIN],
        0,
    )


def test_the_same_task_twice_credits_once(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    held = claimed(ground, receipt_id)
    assert claim(ground, receipt_id) is None
    first = finish(ground, program, held, pages(), reading(), TRUSTED, engine="fake")
    second = finish(ground, program, held, pages(), reading(), TRUSTED, engine="fake")
    assert first is not None
    assert second is None
    assert claim(ground, receipt_id) is None
    assert balance(ground, "demo", "ann").lifetime == 62


def test_many_workers_at_once_have_one_claim(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_ids = [send(ground, program, wakes, member="ann") for _ in range(5)]
    claims: list[Claim | None] = []

    def each_one() -> None:
        claims.extend(claim(ground, receipt_id) for receipt_id in receipt_ids)

    threads = [threading.Thread(target=each_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = [each.receipt_id for each in claims if each is not None]
    assert sorted(held) == sorted(receipt_ids)


def test_a_worker_killed_after_its_claim_is_followed_by_another(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    wakes.clear()
    dead = claimed(ground, receipt_id)
    clock.advance(seconds=119)
    assert sweep(ground, wakes) == 0
    assert claim(ground, receipt_id) is None
    clock.advance(seconds=1)
    assert sweep(ground, wakes) == 1
    assert wakes == [(receipt_id, "interactive")]
    done = work(ground, program, receipt_id)
    assert (done.status, done.points) == (Status.VALID, 62)
    # The first was only slow: what it brings now is not taken.
    assert finish(ground, program, dead, pages(), reading(), TRUSTED, engine="fake") is None
    assert fail(ground, dead, "late") is None
    assert refuse(ground, dead, ReasonCode.DAMAGED_FILE, "late") is None
    assert balance(ground, "demo", "ann").lifetime == 62
    clock.advance(hours=1)
    assert sweep(ground, wakes) == 0


def test_a_stale_token_cannot_finish_what_another_reads(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    stale = claimed(ground, receipt_id)
    clock.advance(minutes=5)
    fresh = claimed(ground, receipt_id)
    assert finish(ground, program, stale, pages(), reading(), TRUSTED, engine="fake") is None
    assert finish(ground, program, fresh, pages(), reading(), TRUSTED, engine="fake") is not None


def test_a_failure_is_tried_again_later_and_then_shown_to_a_person(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    waits = []
    for attempt in (1, 2):
        held = claimed(ground, receipt_id)
        assert held.attempt == attempt
        later = fail(ground, held, "the engine crashed")
        assert isinstance(later, RetryLater)
        assert claim(ground, receipt_id) is None
        waits.append(later.next_attempt_at - clock.now)
        clock.now = later.next_attempt_at
        wakes.clear()
        assert sweep(ground, wakes) == 1
    assert waits == [timedelta(seconds=5), timedelta(seconds=20)]
    done = fail(ground, claimed(ground, receipt_id), "the engine crashed")
    assert isinstance(done, Finished)
    assert (done.status, codes(done)) == (Status.PENDING_REVIEW, [ReasonCode.READING_FAILED])
    assert last_error(ground, receipt_id) == "the engine crashed"
    clock.advance(days=1)
    assert sweep(ground, wakes) == 0


def test_a_receipt_that_kills_its_workers_goes_to_a_person(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    for _ in range(3):
        claimed(ground, receipt_id)
        clock.advance(minutes=3)
    assert claim(ground, receipt_id) is None
    shown = view(ground, "demo", receipt_id)
    assert shown is not None
    assert shown.status is Status.PENDING_REVIEW
    assert [reason.code for reason in shown.reasons] == [ReasonCode.READING_FAILED]
    assert shown.finished_at == clock.now


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (ReasonCode.DAMAGED_FILE, Status.INCOMPLETE),
        (ReasonCode.PICTURE_TOO_LARGE, Status.INCOMPLETE),
        (ReasonCode.UNSUPPORTED_FILE, Status.INCOMPLETE),
        (ReasonCode.PROTECTED_FILE, Status.REJECTED),
        (ReasonCode.TOO_MANY_PAGES, Status.REJECTED),
    ],
)
def test_a_file_that_cannot_be_read_ends_at_once(
    code: ReasonCode,
    status: Status,
    ground: Ground,
    program: Program,
    wakes: Wakes,
    clock: Clock,
) -> None:
    receipt_id = send(ground, program, wakes)
    done = refuse(ground, claimed(ground, receipt_id), code, "page 2 is broken")
    assert done is not None
    assert (done.status, codes(done)) == (status, [code])
    clock.advance(days=1)
    assert claim(ground, receipt_id) is None


def test_what_was_never_published_is_woken_ever_more_rarely(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    wakes.down = True
    receipt_id = send(ground, program, wakes)
    wakes.down = False
    assert sweep(ground, wakes) == 0
    pauses = []
    before = clock.now
    while len(pauses) < 7:
        clock.advance(seconds=5)
        if sweep(ground, wakes):
            pauses.append((clock.now - before).seconds)
            before = clock.now
    assert pauses == [10, 15, 30, 60, 120, 240, 300]
    assert set(wakes) == {(receipt_id, "interactive")}


def test_one_process_at_a_time_sweeps(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(ground, program, wakes)
    clock.advance(seconds=10)
    assert sweep(ground, wakes) == 1
    send(ground, program, wakes)
    clock.advance(seconds=10)
    monkeypatch.setattr("preuve.intake.sweeper._process", lambda: "another:1")
    assert sweep(ground, wakes) == 0
    clock.advance(seconds=30)
    assert sweep(ground, wakes) == 2


def test_a_sweep_while_the_broker_is_down_is_made_up_for(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    wakes.down = True
    send(ground, program, wakes)
    clock.advance(seconds=10)
    assert sweep(ground, wakes) == 0
    wakes.down = False
    clock.advance(seconds=15)
    assert sweep(ground, wakes) == 1


def test_the_outside_is_told_once_of_each_change(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id)
    with ground.database.read() as session:
        (event,) = session.scalars(select(OutboxRow))
    assert event.kind == "receipt.valid"
    assert event.payload == {
        "receipt_id": receipt_id,
        "member_id": "ann",
        "status": "valid",
        "reasons": [],
        "points": 62,
    }


def test_a_crash_while_finishing_leaves_nothing_half_done(
    ground: Ground, program: Program, wakes: Wakes, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    held = claimed(ground, receipt_id)

    def crash(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("preuve.intake.settle._hold_purchase", crash)
        with pytest.raises(MemoryError):
            finish(ground, program, held, pages(), reading(), TRUSTED, engine="fake")
    assert balance(ground, "demo", "ann").lifetime == 0
    with ground.database.read() as session:
        assert session.scalar(select(func.count()).select_from(ReadingRow)) == 0
    clock.advance(minutes=3)
    assert work(ground, program, receipt_id).points == 62
