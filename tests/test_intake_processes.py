"""Real processes on one database: in a race, and killed at the worst moments."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from preuve.intake import Status, claim, finish, submit, sweep, view
from preuve.intake.outcomes import Submission, Submitted
from preuve.loyalty import Program, balance, load_programs
from preuve.settings import Settings
from preuve.store import Ground, open_ground
from tests.conftest import Clock, Wakes
from tests.factories import TRUSTED, claimed, pages, reading, send, work
from tests.processes import forked


def run(job: Callable[..., None], *arguments: object, times: int = 1) -> list[int | None]:
    """Runs `job` in new processes, all at once; gives their exit codes."""
    processes = [forked.Process(target=job, args=arguments) for _ in range(times)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def work_off(settings: Settings, receipt_ids: list[str]) -> None:
    ground = open_ground(settings)
    program = load_programs(settings.programs_dir)["demo"]
    for receipt_id in receipt_ids:
        held = claim(ground, receipt_id)
        if held is not None:
            finish(ground, program, held, pages(), reading(), TRUSTED, engine="fake")
    ground.close()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after_claim(settings: Settings, receipt_id: str) -> None:
    if claim(open_ground(settings), receipt_id) is not None:
        die()


def die_in_finish(settings: Settings, receipt_id: str) -> None:
    """Everything is written and nothing committed."""
    ground = open_ground(settings)
    program = load_programs(settings.programs_dir)["demo"]
    held = claimed(ground, receipt_id)
    event.listen(Session, "before_commit", lambda session: (session.flush(), die()))
    finish(ground, program, held, pages(), reading(), TRUSTED, engine="fake")


def die_before_waking(settings: Settings) -> None:
    program = load_programs(settings.programs_dir)["demo"]
    submit(open_ground(settings), program, Submission("ann", (b"photo",), "k"), lambda *_: die())


def test_processes_in_a_race_credit_once(
    settings: Settings, ground: Ground, program: Program, wakes: Wakes
) -> None:
    """Six photos of one purchase, two processes that both want all of them."""
    receipt_ids = [send(ground, program, wakes, member="ann") for _ in range(6)]
    assert run(work_off, settings, receipt_ids, times=2) == [0, 0]
    shown = [view(ground, "demo", receipt_id) for receipt_id in receipt_ids]
    statuses = sorted(each.status for each in shown if each)
    assert statuses == [Status.DUPLICATE] * 5 + [Status.VALID]
    assert balance(ground, "demo", "ann").lifetime == 62


@pytest.mark.parametrize("death", [die_after_claim, die_in_finish])
def test_a_killed_worker_is_followed_by_another(
    death: Callable[..., None],
    settings: Settings,
    ground: Ground,
    program: Program,
    wakes: Wakes,
    clock: Clock,
) -> None:
    receipt_id = send(ground, program, wakes, member="ann")
    wakes.clear()
    assert run(death, settings, receipt_id) == [-signal.SIGKILL]
    assert balance(ground, "demo", "ann").lifetime == 0
    assert claim(ground, receipt_id) is None
    # The other process looked at the real clock.
    clock.now = datetime.now(UTC) + timedelta(minutes=3)
    assert sweep(ground, wakes) == 1
    assert wakes == [(receipt_id, "interactive")]
    assert work(ground, program, receipt_id).points == 62
    assert balance(ground, "demo", "ann").lifetime == 62


def test_an_upload_whose_process_dies_before_the_message_is_read_all_the_same(
    settings: Settings, ground: Ground, program: Program, wakes: Wakes, clock: Clock
) -> None:
    assert run(die_before_waking, settings) == [-signal.SIGKILL]
    clock.now = datetime.now(UTC) + timedelta(seconds=11)
    assert sweep(ground, wakes) == 1
    ((receipt_id, _),) = wakes
    bought_now = reading(purchased_on=program.day_of(clock.now))
    assert work(ground, program, receipt_id, bought_now).points == 62
    # The client heard nothing and sends again.
    again = submit(ground, program, Submission("ann", (b"photo",), "k"), wakes)
    assert isinstance(again, Submitted)
    assert (again.receipt_id, again.replayed) == (receipt_id, True)
