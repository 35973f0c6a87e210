"""Decisions by persons against what else happens to a receipt, and taken back."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from preuve.intake import (
    Amendment,
    Finished,
    Refusal,
    Refused,
    Status,
    amend,
    last_decision,
    next_for,
    plan_run,
    refuse,
    reprocess,
    undo,
    view,
)
from preuve.loyalty import Program, balance
from preuve.reasons import ReasonCode
from preuve.store import Ground
from tests.conftest import Wakes
from tests.factories import TRUSTED, claimed, doubtful, reading, send, work


def amended(
    ground: Ground, program: Program, receipt_id: str, amendment: Amendment
) -> tuple[Status, int]:
    done = amend(ground, program, receipt_id, amendment, operator="eve", reason="looked at it")
    assert isinstance(done, Finished)
    return done.status, done.points


def test_a_receipt_that_changed_meanwhile_is_not_amended(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    amended(ground, program, receipt_id, Amendment())
    late = amend(
        ground,
        program,
        receipt_id,
        Amendment(decision="reject"),
        operator="ben",
        reason="-",
        seen_revision=1,
    )
    assert late == Refused(Refusal.CHANGED)
    assert view(ground, "demo", receipt_id).points == 62  # type: ignore[union-attr]


def test_a_decision_can_be_taken_back(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    before = view(ground, "demo", receipt_id)
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    back = undo(ground, program, receipt_id, operator="eve")
    assert isinstance(back, Finished)
    assert (back.status, back.points) == (Status.PENDING_REVIEW, 0)
    after = view(ground, "demo", receipt_id)
    assert before is not None
    assert after == replace(before, revision=3)
    assert balance(ground, "demo", "ann").available == 0
    assert given_next(ground) == receipt_id
    assert undo(ground, program, receipt_id, operator="eve") == Refused(Refusal.NOT_THE_LAST)


def given_next(ground: Ground) -> str | None:
    waiting = next_for(ground, "demo", "ana", "page")
    return waiting.receipt_id if waiting else None


def test_taking_back_one_of_two_leaves_the_first(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    amended(ground, program, receipt_id, Amendment(decision="reject"))
    back = undo(ground, program, receipt_id, operator="eve")
    assert isinstance(back, Finished)
    assert (back.status, back.points) == (Status.VALID, 59)


def test_only_ones_own_last_decision_is_taken_back(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    refused = Refused(Refusal.NOT_THE_LAST)
    assert undo(ground, program, receipt_id, operator="eve") == refused
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    assert undo(ground, program, receipt_id, operator="ben") == refused
    dearer = program.model_copy(update={"earn": program.earn[:1]})
    run = plan_run(ground, dearer, templates_version="2")
    list(reprocess(ground, run, lambda _pages, _context: (reading(), TRUSTED)))
    assert undo(ground, program, receipt_id, operator="eve") == refused


def test_what_was_never_read_is_as_before_when_taken_back(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    refuse(ground, claimed(ground, receipt_id), ReasonCode.DAMAGED_FILE, "cut short")
    amended(ground, program, receipt_id, Amendment(decision="reject"))
    back = undo(ground, program, receipt_id, operator="eve")
    assert isinstance(back, Finished)
    assert back.status is Status.INCOMPLETE
    assert [reason.code for reason in back.reasons] == [ReasonCode.DAMAGED_FILE]


def test_another_reading_changes_nothing_that_a_person_has_seen(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    amend(ground, program, receipt_id, Amendment(), operator="eve", reason="-", seen_revision=1)
    run = plan_run(ground, program, templates_version="2")
    (replayed,) = reprocess(ground, run, lambda _pages, _context: (reading(total="99.00"), TRUSTED))
    assert not replayed.changed
    assert replayed.after.points == 62


def test_a_request_for_a_better_photo_outlives_another_reading(
    ground: Ground, program: Program, wakes: Wakes
) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id)
    retake = Amendment(decision="retake", reason=ReasonCode.TOO_BLURRED)
    amended(ground, program, receipt_id, retake)
    run = plan_run(ground, program, templates_version="2")
    (replayed,) = reprocess(ground, run, lambda _pages, _context: (reading(total="99.00"), TRUSTED))
    assert (replayed.after.status, replayed.after.points) == (Status.INCOMPLETE, 0)


def test_ones_last_decision_is_found_again(ground: Ground, program: Program, wakes: Wakes) -> None:
    receipt_id = send(ground, program, wakes)
    work(ground, program, receipt_id, verdict=doubtful(ReasonCode.TOTAL_UNCERTAIN))
    assert last_decision(ground, "demo", "eve") is None
    amended(ground, program, receipt_id, Amendment(total=Decimal("9.90")))
    last = last_decision(ground, "demo", "eve")
    assert last is not None
    assert (last.receipt_id, last.points_before) == (receipt_id, 0)
    assert (last.after.status, last.after.points) == (Status.VALID, 59)
    assert last_decision(ground, "demo", "ben") is None
    assert last_decision(ground, "other", "eve") is None
    undo(ground, program, receipt_id, operator="eve")
    assert last_decision(ground, "demo", "eve") is None
