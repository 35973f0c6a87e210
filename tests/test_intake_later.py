"""What becomes of a member's later receipts when an earlier one changes."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from preuve.intake import Amendment, Status, amend, follow, list_receipts, view
from preuve.intake.reviewing.queue import queue
from preuve.loyalty import Program
from preuve.loyalty.occasions.events import Happened, take_event
from preuve.loyalty.rules.load import parse_program
from preuve.store import Ground
from preuve.store.outbox import OutboxRow
from tests.conftest import Clock, Wakes
from tests.factories import reading, send, work

HEAD = (
    "program: demo\nname: D\ntimezone: Europe/Paris\nlimits: {retailers: {unknown: true}}\nearn:\n"
)
FIRST = HEAD + "  - {rule: a, name: A, trigger: first_receipt, effect: {kind: fixed, points: 7}}\n"
FAILS = (
    HEAD + "  - rule: a\n    name: A\n    effect: {kind: fixed, points: 7}\n"
    "    condition:\n"
    '      when: "history.spent(30) == 0 || 100 / (history.spent(30) - 500) > -9"\n'
)
CAMPAIGN = (
    HEAD + "  - {rule: a, name: A, campaign: spring, effect: {kind: fixed, points: 7}}\n"
    "  - {rule: b, name: B, campaign: spring, trigger: event, event: poll,"
    " effect: {kind: fixed, points: 6}}\n"
    "campaigns:\n  spring: {name: Spring, member_cap: 10}\n"
)


@pytest.fixture
def two(ground: Ground, wakes: Wakes, clock: Clock) -> tuple[str, str]:
    """Two receipts of one member, sent one after the other."""
    program = parse_program(FIRST, "demo.yaml")
    early = send(ground, program, wakes)
    clock.advance(minutes=1)
    return early, send(ground, program, wakes)


def read(ground: Ground, program: Program, receipt_id: str, total: str, hour: int) -> None:
    found = reading(total=total, purchased_at=time(hour), receipt_number=f"00{hour}417", items=())
    work(ground, program, receipt_id, found)


def stands(ground: Ground, receipt_id: str) -> tuple[Status, int]:
    seen = view(ground, "demo", receipt_id)
    assert seen is not None
    return seen.status, seen.points


def test_the_one_that_was_the_first_is_told_that_it_no_longer_is(
    ground: Ground, two: tuple[str, str]
) -> None:
    early, late = two
    program = parse_program(FIRST, "demo.yaml")
    read(ground, program, late, "20.00", 9)
    assert stands(ground, late) == (Status.VALID, 7)
    read(ground, program, early, "5.00", 8)
    assert [stands(ground, one) for one in two] == [(Status.VALID, 7), (Status.VALID, 0)]
    reject = Amendment(decision="reject")
    amend(ground, program, early, reject, operator="ana", reason="not theirs")
    assert [stands(ground, one) for one in two] == [(Status.REJECTED, 0), (Status.VALID, 7)]
    with ground.database.read() as session:
        told = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    assert [(row.payload["receipt_id"], row.payload["points"]) for row in told] == [
        (late, 7),
        (early, 7),
        (late, 0),
        (early, 0),
        (late, 7),
    ]


def test_one_whose_rule_fails_now_waits_for_a_person(ground: Ground, two: tuple[str, str]) -> None:
    early, late = two
    program = parse_program(FAILS, "demo.yaml")
    read(ground, program, late, "20.00", 9)
    read(ground, program, early, "5.00", 8)
    assert [stands(ground, one) for one in two] == [(Status.VALID, 7), (Status.PENDING_REVIEW, 0)]
    seen = view(ground, "demo", late)
    assert seen is not None
    assert [reason.code for reason in seen.reasons] == ["rule_error"]
    assert queue(ground, "demo").points_at_stake == 7
    amend(ground, program, early, Amendment(total="6.00"), operator="ana", reason="misread")
    amend(ground, program, late, Amendment(), operator="ana", reason="once more")
    assert stands(ground, late) == (Status.VALID, 7)


def test_one_that_gets_less_since_an_earlier_event_is_told_of_says_so(
    ground: Ground, wakes: Wakes, clock: Clock
) -> None:
    program = parse_program(CAMPAIGN, "demo.yaml")
    before = clock()
    clock.advance(minutes=1)
    sent = send(ground, program, wakes)
    read(ground, program, sent, "20.00", 9)
    assert [one.points for one in list_receipts(ground, "demo").receipts] == [7]
    event = Happened("e1", "m-1", "poll", before, {})
    take_event(ground, program, event, follow=follow)
    assert [one.points for one in list_receipts(ground, "demo").receipts] == [4]
    with ground.database.read() as session:
        told = session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    assert [row.payload.get("points") for row in told] == [7, 4]
