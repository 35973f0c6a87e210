"""The queue of receipts that wait for a person."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from preuve.intake import (
    HOLD,
    Amendment,
    Draft,
    HeldBy,
    NotWaiting,
    Queue,
    Status,
    Waiting,
    amend,
    draft_of,
    drop_draft,
    fail,
    hold,
    next_for,
    queue,
    release,
    renew,
    save_draft,
    skip,
    sweep_drafts,
    unfinished,
)
from preuve.intake.reviewing.order import DOUBLES_EVERY, expected_points
from preuve.intake.reviewing.tables import ReviewRow
from preuve.loyalty import Program
from preuve.reading.result import Reason, Verdict
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Clock, Wakes
from tests.factories import claimed, doubtful, reading, send, work


def waits(
    ground: Ground, program: Program, wakes: Wakes, total: str = "10.00", confidence: float = 0.5
) -> str:
    """A doubtful receipt that would earn its total in points."""
    receipt_id = send(ground, program, wakes, member=f"m-{total}")
    verdict = Verdict("doubtful", confidence, (Reason(ReasonCode.TOTAL_UNCERTAIN),))
    read = reading(total=total, items=(), receipt_number=receipt_id)
    done = work(ground, program, receipt_id, read, verdict)
    assert done.status is Status.PENDING_REVIEW
    return receipt_id


def given(waiting: Waiting | None) -> str | None:
    return waiting.receipt_id if waiting else None


def test_the_riskiest_comes_first(ground: Ground, program: Program, wakes: Wakes) -> None:
    likely = waits(ground, program, wakes, "40.00", confidence=0.9)
    unlikely = waits(ground, program, wakes, "30.00", confidence=0.2)
    first = next_for(ground, "demo", "ana", "page")
    assert first is not None
    assert (first.receipt_id, first.points_at_stake) == (unlikely, 30)
    assert (first.doubt, first.estimated) == (pytest.approx(0.8), False)
    assert given(next_for(ground, "demo", "ana", "page", besides=[unlikely])) == likely
    assert queue(ground, "demo") == Queue(2, 2, 70, ground.now())
    assert next_for(ground, "other", "ana", "page") is None


def test_two_operators_never_get_the_same(ground: Ground, program: Program, wakes: Wakes) -> None:
    first, second = (waits(ground, program, wakes, total) for total in ("20.00", "10.00"))
    assert given(next_for(ground, "demo", "ana", "page of ana")) == first
    assert given(next_for(ground, "demo", "ben", "page of ben")) == second
    assert next_for(ground, "demo", "eve", "page of eve") is None
    assert hold(ground, "demo", first, "ben", "page of ben") == HeldBy("ana")


def test_many_operators_at_the_same_moment_get_one_each(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    wanted = {waits(ground, program, wakes, f"{n}.00") for n in range(10, 16)}
    start, found = Barrier(6), []

    def operator(number: int) -> None:
        start.wait()
        found.append(given(next_for(ground, "demo", f"operator {number}", f"page {number}")))

    threads = [Thread(target=operator, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == wanted


def test_what_is_given_back_or_runs_out_is_free(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = waits(ground, program, wakes)
    next_for(ground, "demo", "ana", "page")
    release(ground, "page")
    assert given(next_for(ground, "demo", "ben", "page of ben")) == receipt_id
    clock.now += HOLD / 2
    assert renew(ground, "page of ben") == {receipt_id}
    clock.now += HOLD * 3 / 4
    assert next_for(ground, "demo", "ana", "page") is None
    clock.now += HOLD
    assert given(next_for(ground, "demo", "ana", "page")) == receipt_id
    assert renew(ground, "page of ben") == frozenset()


def test_a_page_that_is_loaded_again_keeps_its_receipt(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = waits(ground, program, wakes)
    next_for(ground, "demo", "ana", "page before")
    taken = hold(ground, "demo", receipt_id, "ana", "page now")
    assert isinstance(taken, Waiting)
    release(ground, "page before")
    assert next_for(ground, "demo", "ben", "page of ben") is None
    assert renew(ground, "page now") == {receipt_id}


def test_what_was_skipped_comes_last_for_this_operator_alone(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    large, small = (waits(ground, program, wakes, total) for total in ("20.00", "10.00"))
    for expected in (large, small):
        assert given(next_for(ground, "demo", "ana", "page")) == expected
        clock.advance(seconds=1)
        assert skip(ground, expected, "ana", "page")
        assert not skip(ground, expected, "ana", "page")
    assert given(next_for(ground, "demo", "ben", "page of ben")) == large
    release(ground, "page of ben")
    assert given(next_for(ground, "demo", "ana", "page")) == large


def test_a_decision_takes_it_out_and_another_brings_it_back(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = waits(ground, program, wakes)
    next_for(ground, "demo", "ana", "page")
    skip(ground, receipt_id, "ben", "another page")
    amend(ground, program, receipt_id, Amendment(), operator="ana", reason="-")
    assert queue(ground, "demo") == Queue(0, 0, 0, None)
    assert hold(ground, "demo", receipt_id, "ana", "page") == NotWaiting()
    assert renew(ground, "page") == frozenset()


def test_still_waiting_it_stays_in_the_same_hands(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    no_unknown = program.limits.retailers.model_copy(update={"unknown": False})
    strict = program.model_copy(
        update={"limits": program.limits.model_copy(update={"retailers": no_unknown})}
    )
    receipt_id = waits(ground, program, wakes)
    next_for(ground, "demo", "ana", "page")
    done = amend(
        ground, strict, receipt_id, Amendment(total=Decimal(90)), operator="ana", reason="-"
    )
    assert getattr(done, "status", None) is Status.PENDING_REVIEW
    assert renew(ground, "page") == {receipt_id}
    assert queue(ground, "demo").points_at_stake == 90


def test_what_could_not_be_read_waits_too(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    receipt_id = send(ground, program, wakes)
    for _ in range(3):
        fail(ground, claimed(ground, receipt_id), "the engine crashed")
        clock.advance(minutes=2)
    waiting = next_for(ground, "demo", "ana", "page")
    assert waiting is not None
    assert (waiting.receipt_id, waiting.points_at_stake, waiting.doubt) == (receipt_id, 0, 1.0)
    assert waiting.estimated


def test_points_that_are_not_known_are_estimated_from_what_was_credited(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    for total in ("20.00", "40.00"):
        paid = reading(total=total, items=(), receipt_number=total)
        work(ground, program, send(ground, program, wakes, member="m-9"), paid)
    poor = waits(ground, program, wakes, "9.00")
    untold = send(ground, program, wakes)
    no_total = reading(total=None, items=(), receipt_number="none")
    work(ground, program, untold, no_total, doubtful(ReasonCode.NO_TOTAL))
    first = next_for(ground, "demo", "ana", "page")
    assert first is not None
    assert (first.receipt_id, first.points_at_stake, first.estimated) == (untold, 30, True)
    assert given(next_for(ground, "demo", "ana", "page", besides=[untold])) == poor
    with ground.database.read() as session:
        assert expected_points(session, "demo", 1500) == 15
        assert expected_points(session, "other", 1500) == 0


def test_who_waits_long_enough_comes_first(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    poor = waits(ground, program, wakes, "5.00", confidence=0.9)
    nothing = waits(ground, program, wakes, "0.00", confidence=0.9)
    clock.now += 8 * DOUBLES_EVERY
    rich = waits(ground, program, wakes, "80.00", confidence=0.2)
    found: list[str] = []
    while one := next_for(ground, "demo", "ana", "page", besides=found):
        found.append(one.receipt_id)
    assert found == [poor, rich, nothing]
    clock.now += 4 * DOUBLES_EVERY
    richer = waits(ground, program, wakes, "81.00", confidence=0.2)
    assert given(next_for(ground, "demo", "ana", "page", besides=[poor, rich])) == nothing, richer


def test_a_possible_duplicate_that_was_read_well_is_no_small_risk(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    photo = b"two receipts on one photo"
    first = send(ground, program, wakes, photo)
    work(ground, program, first, reading(receipt_number="1"))
    doubted = waits(ground, program, wakes, "12.00", confidence=0.6)
    again = send(ground, program, wakes, photo, b"and another")
    late = reading(total="12.50", receipt_number="2", purchased_at=None, items=())
    done = work(ground, program, again, late)
    assert [reason.code for reason in done.reasons] == [ReasonCode.POSSIBLE_DUPLICATE]
    waiting = next_for(ground, "demo", "ana", "page")
    assert waiting is not None
    assert (waiting.receipt_id, waiting.points_at_stake) == (again, 12), doubted


def test_a_draft_is_kept_until_it_is_dropped(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = waits(ground, program, wakes)
    for entered in ({"total": "9"}, {"total": "9,90"}):
        save_draft(ground, "demo", receipt_id, "ana", 1, entered)
    kept = Draft(1, {"total": "9,90"}, ground.now())
    assert draft_of(ground, "demo", receipt_id, "ana") == kept
    assert draft_of(ground, "demo", receipt_id, "ben") is None
    assert draft_of(ground, "other", receipt_id, "ana") is None
    drop_draft(ground, receipt_id, "ana")
    assert draft_of(ground, "demo", receipt_id, "ana") is None


def test_corrections_that_were_left_are_listed_and_swept(
    ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    open_one, decided, old = (waits(ground, program, wakes, f"{n}.00") for n in (10, 11, 12))
    for receipt_id in (old, open_one, decided):
        save_draft(ground, "demo", receipt_id, "ana", 1, {"total": "9"})
        clock.advance(hours=1)
    amend(ground, program, decided, Amendment(), operator="ben", reason="-")
    assert [(one.receipt_id, one.status) for one in unfinished(ground, "demo", "ana")] == [
        (decided, Status.VALID),
        (open_one, Status.PENDING_REVIEW),
        (old, Status.PENDING_REVIEW),
    ]
    assert unfinished(ground, "demo", "ben") == unfinished(ground, "other", "ana") == ()
    assert sweep_drafts(ground, timedelta(days=2)) == 0
    clock.advance(days=1)
    assert sweep_drafts(ground, timedelta(days=2)) == 1
    clock.advance(days=1, hours=-2)
    assert sweep_drafts(ground, timedelta(days=2)) == 1
    assert [one.receipt_id for one in unfinished(ground, "demo", "ana")] == [open_one]


def test_the_migration_ranks_what_waits_already_as_a_decision_does(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    waits(ground, program, wakes)
    migration = import_module("preuve.store.migrations.versions.0015_order")
    with ground.database.write() as session:
        ranked = session.scalars(select(ReviewRow.rank)).one()
        session.execute(text("UPDATE reviews SET rank = 0"))
        migration.set_ranks(session.connection())
        assert session.scalars(select(ReviewRow.rank)).one() == pytest.approx(ranked, abs=1e-3)


def test_two_programs_do_not_share_a_queue(ground: Ground, program: Program, wakes: Wakes) -> None:
    other = program.model_copy(update={"program": "other"})
    here, there = waits(ground, program, wakes), waits(ground, other, wakes)
    assert given(next_for(ground, "demo", "ana", "page")) == here
    assert given(next_for(ground, "other", "ana", "page")) == there
    assert hold(ground, "demo", there, "ana", "page") == NotWaiting()
